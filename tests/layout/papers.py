"""Elections whose ballots are printed in the tests of this room."""

from dataclasses import replace

from hypothesis import strategies as st

from scanner.ballot import Rect
from scanner.election import Candidate, Election, ElectionType, NumberLine, PartyList
from scanner.layout.ink import Text
from scanner.layout.text import POINT, start, width
from tests.strategies import small_election

FORMS = {  # form code: type of election, seats, candidates that fill it
    "01": (ElectionType.KOMMUNESTYRE, 43, 49),
    "02": (ElectionType.KOMMUNESTYRE, 44, 73),
    "19": (ElectionType.KOMMUNESTYRE, 68, 93),
    "05": (ElectionType.FYLKESTING, 57, 63),
    "20": (ElectionType.FYLKESTING, 58, 93),
    "03": (ElectionType.STORTING, 19, 40),
}
LETTERS = "aøåæÆØÅ čđŋŠŧ-.'WMil\"\\#$*_[]@<>1"
names = st.text(LETTERS, min_size=1, max_size=300)


def full(form: str, number_line: NumberLine = NumberLine.DESIGN_2019) -> Election:
    """Three lists that fill the form to its last row."""
    kind, seats, candidates = FORMS[form]
    return replace(small_election(kind, candidates=candidates), seats=seats, number_line=number_line)


def every() -> tuple[Election, ...]:
    """An election for each form, a Sameting and a referendum."""
    more = small_election(ElectionType.SAMETING), small_election(ElectionType.FOLKEAVSTEMNING)
    return *(full(one) for one in FORMS), *more


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Elections with one list of any length that fits and names of any length."""
    kind, seats, most = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    person = st.tuples(names, st.none() | st.integers(1900, 2009), st.just("") | names, st.booleans())
    people = draw(st.lists(person, min_size=1, max_size=most))
    candidates = tuple(Candidate(n, *one) for n, one in enumerate(people, 1))
    party = PartyList("A", draw(st.text("0123456789", min_size=22, max_size=22)), draw(names), candidates)
    line = draw(st.sampled_from(NumberLine))
    return replace(small_election(kind), seats=seats, lists=(party,), area=draw(names), number_line=line)


def extent(text: Text) -> Rect:
    """Where the letters of a text can be: its advance by cap height and a descender, unturned texts."""
    x, y = start(text)
    high = text.size * POINT
    return Rect(x, y - 0.74 * high, width(text.words, text.size, text.font, text.tracking), 0.95 * high)


def inside_of(inner: Rect, outer: Rect) -> bool:
    """True if `inner` lies in `outer`, to a hundredth of a millimetre."""
    return (
        inner.x >= outer.x - 0.01
        and inner.y >= outer.y - 0.01
        and inner.x + inner.w <= outer.x + outer.w + 0.01
        and inner.y + inner.h <= outer.y + outer.h + 0.01
    )


def meet(a: Rect, b: Rect) -> bool:
    """True if two rectangles share more than a hundredth of a millimetre."""
    return (
        min(a.x + a.w, b.x + b.w) - max(a.x, b.x) > 0.01 and min(a.y + a.h, b.y + b.h) - max(a.y, b.y) > 0.01
    )
