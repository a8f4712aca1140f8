from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.audit.chain import Flaw, Head, Kept, Link, checked, following, row_digest
from scanner.audit.events import START, Act, Event

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
ACTS = st.tuples(st.sampled_from(Act), TEXT, st.integers(1, 10**9), st.tuples(TEXT) | st.just(()))


def chain(acts: list[tuple[Act, str, int, tuple[str, ...]]]) -> list[Link]:
    links, head = [], Head()
    for act, of, at, by in acts:
        links.append(following(head, act, of, at=at, row=row_digest("rows", (of, at)), by=by))
        head = links[-1].head
    return links


def kept(links: list[Link]) -> list[Kept]:
    return [Kept(x.event.number, x.event.act.value, x.event.at, x.text, x.hash) for x in links]


def flaws(links: list[Kept]) -> list[Flaw]:
    return [one for one in checked(links) if isinstance(one, Flaw)]


@settings(max_examples=80, deadline=None)
@given(st.lists(ACTS, max_size=6))
def test_an_untouched_chain_holds_and_is_canonical_json(acts):
    links = chain(acts)
    assert [one.event for one in links] == list(checked(kept(links)))
    for one in links:
        assert rfc8785.dumps(msgspec.to_builtins(one.event)) == one.text.encode()
        assert sha256(one.text.encode()).hexdigest() == one.hash


def test_anybody_can_follow_it_with_sha256_alone():
    before = START
    for one in chain([(Act.BOX_ADDED, f"K{n}", n, ()) for n in range(1, 5)]):
        assert msgspec.json.decode(one.text)["before"] == before
        before = sha256(one.text.encode()).hexdigest()


EIGHT = [(Act.SHEET_KEPT, f"K1/{n:04d}", n, ()) for n in range(1, 9)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 7), st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_of_an_event_is_named(place, byte, flip):
    links = kept(chain(EIGHT))
    text = bytearray(links[place].text.encode())
    text[byte % len(text)] ^= flip
    links[place] = replace(links[place], text=text.decode("latin-1"))
    assert any(f"event {place + 1}" == one.where for one in flaws(links))


@pytest.mark.parametrize("place", range(8))
def test_an_event_rewritten_with_its_sha256_breaks_the_next(place):
    links = kept(chain(EIGHT))
    event = msgspec.structs.replace(msgspec.json.decode(links[place].text, type=Event), of="K9/0009")
    text = msgspec.json.encode(event, order="sorted")
    links[place] = replace(links[place], text=text.decode(), hash=sha256(text).hexdigest())
    found = flaws(links)
    if place == 7:
        assert found == []  # the last one has nothing after it: that is what signed checkpoints are for
    else:
        assert [one.where for one in found] == [f"event {place + 2}"]


@pytest.mark.parametrize("place", range(7))
def test_a_missing_event_is_named(place):
    links = kept(chain(EIGHT))
    del links[place]
    assert "1 events are missing" in flaws(links)[0].what


@pytest.mark.parametrize("place", range(7))
def test_two_events_in_the_wrong_order_are_named(place):
    links = kept(chain(EIGHT))
    links[place], links[place + 1] = links[place + 1], links[place]
    assert flaws(links)


def test_an_event_put_in_is_named():
    links = kept(chain(EIGHT))
    links.insert(4, links[2])
    assert flaws(links)


@given(st.lists(st.text(max_size=3) | st.integers() | st.none() | st.booleans(), min_size=1, max_size=4))
def test_a_row_digest_tells_values_places_and_tables_apart(values):
    one = row_digest("a", values)
    assert one != row_digest("b", values)
    assert one != row_digest("a", [*values, None])
    assert one == row_digest("a", list(values))


def test_the_number_one_and_the_text_are_two_things():
    assert row_digest("a", [1]) != row_digest("a", ["1"])
    assert row_digest("a", [200.0]) == row_digest("a", ["200.0"])  # numbers with a fraction go as text
