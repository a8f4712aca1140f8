"""Books of one krets and of a kommunestyrevalg, with numbers that were printed in 2019."""

from scanner.election import ElectionType
from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.explained_csv import explained_table, read_explained
from scanner.tally.motebok.filled import Explanation, Extent, Filled, Item, Key
from scanner.tally.motebok.model import Dimension
from scanner.tally.motebok.reading import form
from scanner.tally.motebok.table_csv import read_table, template

LISTS = Extent(((Dimension.LIST, (Item("DK", "=De Kristne"), Item("SP", "Senterpartiet"))),))


def lagaard(type_: ElectionType, approved: int, blank: int, doubtful: int, crosses: int) -> Evaluated:
    values = {
        Key("C1.godkjente.antall"): approved,
        Key("C1.blanke.antall"): blank,
        Key("C1.tvilsomme.antall"): doubtful,
        Key("C1.total.sondag"): 0,
        Key("C1.total.mandag"): crosses,
        Key("B1.saerskilt"): 0,
        Key("B1.beredskap"): 0,
    }
    return evaluate(Filled(form("stemmestyret_2019", type_, 2019), "Eigersund", LISTS, values))


def off(worked: Evaluated) -> dict[str, int]:
    return {one.control.id: one.difference for one in worked.checked if one.outcome is not Outcome.HOLDS}


def test_more_ballots_than_crosses_is_a_flag_that_never_blocks() -> None:
    """2 ballots more than crosses: ballots inside ballots, rejected later for want of a stamp."""
    county = lagaard(ElectionType.FYLKESTING, 782, 13, 2, 888)
    assert (county.number("C1.total.antall"), off(county)) == (797, {"Merknad": -91})
    council = lagaard(ElectionType.KOMMUNESTYRE, 880, 7, 3, 888)
    assert (council.number("C1.total.antall"), off(council)) == (890, {"Merknad": 2, "Merknad flere": 2})
    said = [Explanation(one, "Sedler lå inni andre.", "Leder") for one in off(council)]
    assert evaluate(council.filled.explained(*said)).closed


def test_list_votes_of_a_kommunestyrevalg() -> None:
    blank = Filled(form("valgstyret_2013", ElectionType.KOMMUNESTYRE, 2019), "Bergen", LISTS)
    values = {Key("E1.1.repr.mandater"): 67}
    for code, ballots, received, given in (("DK", 1113, 297, 310), ("SP", 7987, 556, 798)):
        values[Key("D1.3.antall", (code,))] = 0
        values[Key("D2.3.antall", (code,))] = ballots
        values[Key("E1.1.mottatt", (code,))] = received
        values[Key("E1.1.avgitt", (code,))] = given
    worked = evaluate(blank.with_values(values))
    assert worked.number("E1.1.listestemmetall", "DK") == 74558
    assert worked.number("E1.1.listestemmetall", "SP") == 534887
    assert off(worked)["Slengere"] == 297 + 556 - 310 - 798


def test_no_word_of_a_table_is_a_formula() -> None:
    blank = Filled(form("valgstyret_2009", ElectionType.STORTING, 2009), "Fjordvik", LISTS)
    filled = blank.with_values({Key("S.merknader"): "=HYPERLINK(1)", Key("B3.1.a", ("DK",)): 4})
    table = template(filled)
    cells = [one.strip('"') for line in table.splitlines() for one in line.split(",")]
    assert not [one for one in cells if one.startswith(("=", "+", "@"))]
    assert read_table(blank, table)[0] == filled.values
    said = (Explanation("=D1.c", "-2 ble funnet", "Kari", (), -2), Explanation("H6f", "Ja", "Ola", ("DK",)))
    assert read_explained(blank, explained_table(said)) == said


def test_a_sum_written_excuses_what_is_below_it_and_nothing_else() -> None:
    kretser = (Item("K1", "Krets 1"), Item("K2", "Krets 2"))
    extent = LISTS.having(Dimension.KRETS, kretser)
    blank = Filled(form("valgstyret_2013", ElectionType.KOMMUNESTYRE, 2019), "Bergen", extent)
    values = {Key("C1.sted", ("K1",)): "krets", Key("C1.sted", ("K2",)): "valgstyret"}
    values[Key("C1.urne", ("K1",))] = 100
    missing = {one for one in evaluate(blank.with_values(values)).missing if one.cell.startswith("ST")}
    assert Key("ST.blanke", ("K1",)) in missing
    assert Key("ST.C2.antall", ("SP", "K1")) in missing
    assert not [one for one in missing if "K2" in one.at], "that krets does not count itself"
    values[Key("C2.1.blanke.antall")] = 7
    again = {one for one in evaluate(blank.with_values(values)).missing if one.cell.startswith("ST")}
    assert missing - again == {Key("ST.blanke", ("K1",))}
    assert off(evaluate(blank.with_values(values)))["C1 urne"] == 93
