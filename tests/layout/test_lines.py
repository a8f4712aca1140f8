"""What the layout command prints is fixed from outside: these names and shapes may grow, never change."""

import json

import msgspec
import pytest

from scanner.election import ElectionType
from scanner.layout.lines import layout_lines
from scanner.layout.styles import styles
from tests.layout.papers import full
from tests.strategies import small_election


def lines_of(election) -> list[dict]:
    return [json.loads(msgspec.json.encode(one)) for one in layout_lines(election)]


def test_a_line_a_style_with_the_promised_members() -> None:
    election = full("19")
    lines = lines_of(election)
    assert [one["style"] for one in lines] == [one.id for one in styles(election)]
    first = lines[0]
    assert {"style", "list", "kind", "page_mm", "fields"} <= set(first)
    assert (first["list"], first["kind"], first["page_mm"]) == ("A", "party", [420.4, 222.9])
    for field in first["fields"]:
        assert {"face", "kind", "candidate", "option", "line", "rect_mm"} <= set(field)
        assert len(field["rect_mm"]) == 4


def test_fields_say_whose_they_are() -> None:
    party, *_, blank, ticks = lines_of(full("01"))
    votes = [one for one in party["fields"] if one["kind"] == "personal_vote"]
    assert [one["candidate"] for one in votes] == list(range(1, 50))
    assert votes[0]["rect_mm"] == pytest.approx([13.0, 28.0, 4.0, 4.0], abs=0.2)
    assert {one["kind"] for one in blank["fields"]} == {"heading", "ballot_number", "stamp"}
    assert [one["list"] for one in ticks["fields"] if one["kind"] == "party_tick"] == ["A", "B", "C"]


def test_a_referendum_names_its_options() -> None:
    (line,) = lines_of(small_election(ElectionType.FOLKEAVSTEMNING))
    assert line["list"] is None
    assert [one["option"] for one in line["fields"] if one["kind"] == "option"] == ["ja", "nei"]
