from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Decision, Opinion, Reading, Verdict
from scanner.election import ElectionType
from scanner.store.codec import decode, encode, fingerprint
from tests.strategies import small_election

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=8))


@settings(max_examples=60, deadline=None)
@given(st.from_type(Verdict) | st.from_type(Reading) | st.from_type(Opinion) | st.from_type(Decision))
def test_what_is_written_reads_back_equal(value: Verdict | Reading | Opinion | Decision) -> None:
    text = encode(value)
    assert decode(text, type(value)) == value
    assert encode(decode(text, type(value))) == text


def test_a_fingerprint_tells_elections_apart() -> None:
    marks = {fingerprint(small_election(kind)) for kind in ElectionType}
    assert len(marks) == len(ElectionType)
    assert fingerprint(small_election()) == fingerprint(small_election())
