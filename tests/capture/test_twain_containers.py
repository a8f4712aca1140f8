import ctypes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.capture import twain_types
from scanner.capture.twain_containers import (
    MAX_ITEMS,
    Choice,
    Container,
    One,
    Range,
    Several,
    Value,
    current,
    decode,
    encode,
    head_size,
    item_size,
    kind,
    offers,
    read_value,
    size,
)
from scanner.capture.twain_types import Fix32, fix32
from scanner.capture.twain_words import Con, Item

WHOLE = {
    Item.INT8: (-128, 127),
    Item.INT16: (-(2**15), 2**15 - 1),
    Item.INT32: (-(2**31), 2**31 - 1),
    Item.UINT8: (0, 255),
    Item.UINT16: (0, 2**16 - 1),
    Item.UINT32: (0, 2**32 - 1),
    Item.BOOL: (0, 1),
}
FIX = st.integers(-(2**31), 2**31 - 1).map(lambda parts: parts / 65536)
TEXT = st.text("abcØ–9 ", max_size=8)


def values(item: Item) -> st.SearchStrategy[Value]:
    if item in WHOLE:
        return st.integers(*WHOLE[item])
    if item is Item.FIX32:
        return FIX
    return st.tuples(FIX, FIX, FIX, FIX) if item is Item.FRAME else TEXT


@st.composite
def containers(draw: st.DrawFn) -> Container:
    item = draw(st.sampled_from(Item))
    how = draw(st.sampled_from(Con))
    if how is Con.ONEVALUE:
        return One(item, draw(values(item)))
    if how is Con.RANGE:
        number = draw(st.sampled_from([*WHOLE, Item.FIX32]))
        return Range(number, *draw(st.tuples(*[values(number)] * 5)))  # type: ignore[arg-type]
    several = tuple(draw(st.lists(values(item), min_size=1, max_size=5)))
    if how is Con.ARRAY:
        return Several(item, several)
    places = st.integers(0, len(several) - 1)
    return Choice(item, several, draw(places), draw(places))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(containers(), st.binary(max_size=9))
def test_what_is_packed_is_read_back(container: Container, behind: bytes) -> None:
    raw = encode(container)
    con = kind(container)
    assert size(con, raw[: head_size(con)]) == len(raw)
    assert decode(con, raw + behind) == container


@settings(deadline=None)
@given(st.sampled_from(Con), st.binary(max_size=80))
def test_nonsense_is_refused_and_costs_nothing(con: Con, raw: bytes) -> None:
    try:
        seen = decode(con, raw)
    except ValueError:
        return
    assert len(encode(seen)) <= len(raw) + 256


def test_a_list_that_claims_thousands_of_millions_is_refused_by_its_head() -> None:
    head = bytes([Item.UINT16, 0, 0xFF, 0xFF, 0xFF, 0xFF])
    with pytest.raises(ValueError, match="a list of 4294967295 values"):
        size(Con.ARRAY, head)
    with pytest.raises(ValueError, match="a list of"):
        decode(Con.ARRAY, head)
    longest = bytes([Item.UINT16, 0]) + MAX_ITEMS.to_bytes(4, "little")
    assert size(Con.ARRAY, longest) == 6 + 2 * MAX_ITEMS


@pytest.mark.parametrize(
    ("raw", "con"),
    [(b"", Con.ONEVALUE), (b"\x04", Con.ONEVALUE), (b"\x63\0\1\0\0\0", Con.ONEVALUE), (b"\4\0\1\0\0\0", 9)],
)
def test_what_is_no_container(raw: bytes, con: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        decode(con, raw)


def test_values_that_a_type_cannot_hold() -> None:
    for one in (
        One(Item.INT16, 40000),
        One(Item.STR32, "x" * 34),
        One(Item.STR255, "a\0b"),
        One(Item.FIX32, 4e4),
    ):
        with pytest.raises(ValueError, match="cannot hold"):
            encode(one)


def test_what_holds_now() -> None:
    assert current(One(Item.INT16, -1)) == -1
    assert current(Several(Item.UINT16, (13, 12))) == (13, 12)
    assert current(Choice(Item.UINT16, (5, 7, 9), 1, 0)) == 7
    assert current(Range(Item.FIX32, 50.0, 600.0, 1.0, 200.0, 300.0)) == 300.0


def test_what_could_be() -> None:
    assert offers(Choice(Item.FIX32, (600.0, 200.0, 300.0), 0, 0), 200, 32767) == (200, 300, 600)
    assert offers(Range(Item.FIX32, 50.0, 600.0, 50.0, 50.0, 50.0), 230, 320) == (250, 300)
    assert offers(Range(Item.FIX32, 50.0, 600.0, 0.0, 50.0, 50.0), 0, 1000) == (50, 600)
    assert offers(One(Item.STR32, "200"), 0, 1000) == ()
    assert len(offers(Range(Item.UINT32, 0, 2**32 - 1, 1, 0, 0), 0, 2**31)) == MAX_ITEMS


def test_a_value_by_itself() -> None:
    assert read_value(Item.UINT16, b"\2\0\0\0") == 2
    with pytest.raises(ValueError, match="cut short"):
        read_value(Item.UINT32, b"\2\0")


@settings(deadline=None)
@given(FIX)
def test_numbers_with_sixteen_bits_behind_the_point(value: float) -> None:
    assert fix32(value).value == value
    assert bytes(fix32(value)) == encode(One(Item.FIX32, value))[2:]


def test_a_number_with_no_place() -> None:
    with pytest.raises(OverflowError):
        fix32(32768)


def test_structures_are_as_long_as_the_specification_has_them() -> None:
    pointer = ctypes.sizeof(ctypes.c_void_p)
    lengths = {
        Fix32: 4,
        twain_types.Identity: 156,
        twain_types.EntryPoint: 4 + 5 * pointer,
        twain_types.Capability: 4 + pointer,
        twain_types.ImageInfo: 42,
        twain_types.MemoryTransfer: 34 + pointer,
        twain_types.SetupFile: 260,
        twain_types.PendingTransfers: 6,
        twain_types.ToldEntry: 8 + pointer,
        twain_types.DeviceNews: 294,
    }
    assert {one: ctypes.sizeof(one) for one in lengths} == lengths
    assert item_size(Item.FRAME) == 16
