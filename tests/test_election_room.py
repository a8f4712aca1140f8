"""What a package may hold is what its printed ballots hold."""

from dataclasses import replace

import pytest

from scanner.ballot import StyleKind
from scanner.election import ElectionType
from scanner.election_package import check_election, read_election
from scanner.election_room import MOST_LISTS, MOST_OPTIONS, room
from scanner.layout.forms import form
from scanner.simulate.elections import shipped_election
from tests.packages import HEADER, copy_of, only_fault
from tests.strategies import small_election

WITH_LISTS = [one for one in ElectionType if one is not ElectionType.FOLKEAVSTEMNING]


@pytest.mark.parametrize("kind", WITH_LISTS)
@pytest.mark.parametrize("seats", [1, 11, 43, 44, 57, 58, 67, 68, 169])
def test_the_printed_form_holds_what_the_package_may_hold(kind: ElectionType, seats: int) -> None:
    printed = form(replace(small_election(kind), seats=seats), StyleKind.PARTY)
    held = room(kind, seats)
    assert held.candidates <= printed.capacity
    assert held.lines == (printed.write_in.lines if printed.write_in else 0)
    if kind in {ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING}:
        assert held.candidates == printed.capacity


def test_the_ballots_without_a_list_hold_their_rows() -> None:
    assert form(small_election(), StyleKind.TICK_OFF).capacity == MOST_LISTS + 1
    referendum = small_election(ElectionType.FOLKEAVSTEMNING)
    assert form(referendum, StyleKind.REFERENDUM).capacity == MOST_OPTIONS


def test_one_list_too_many_is_named(tmp_path) -> None:
    folder = copy_of("kommunestyre", tmp_path)
    rows = [f"L{n},{n:022d},Parti {n},1,Ærlig Ånsås,1970,,0" for n in range(1, MOST_LISTS + 2)]
    (folder / "lists.csv").write_text("\n".join([HEADER, *rows[:-1]]), "utf-8")
    assert check_election(folder) == ()
    (folder / "lists.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
    assert (only_fault(folder).line, only_fault(folder).value) == (MOST_LISTS + 2, "40 lists")


def test_one_option_too_many_is_named(tmp_path) -> None:
    folder = copy_of("folkeavstemning", tmp_path)
    with (folder / "election.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'\n[[options]]\ncode = "o{n}"\ntext = "Valg {n}"\n' for n in range(MOST_OPTIONS - 1))
    fault = only_fault(folder)
    assert (fault.line, fault.value) == (13, str(MOST_OPTIONS + 1))
    assert read_election(shipped_election("folkeavstemning")).options[0].code == "ja"
