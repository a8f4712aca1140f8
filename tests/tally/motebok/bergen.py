"""The fylkestingsvalg of 2019 in Bergen, as printed in the valgprotokoll: lists, kretser and every number."""

from pathlib import Path

from scanner.election import ElectionType
from scanner.tally.motebok.filled import Extent, Filled, Item
from scanner.tally.motebok.model import Dimension
from scanner.tally.motebok.reading import form
from scanner.tally.motebok.table_csv import read_table

NUMBERS = Path(__file__).with_name("bergen_fylkesting_2019.csv")
LISTS = (
    "V", "PIR", "HELSE", "FRP", "MDG", "FNB", "SP", "R", "DK",
    "NKP", "DEM", "SV", "AP", "LIB", "PP", "KRF", "H",
)  # fmt: skip
KRETSER = (
    "Bergen sentrum", "Møhlenpris", "Nordnes", "Haukeland", "Ny Krohnborg", "Bønes", "Landås", "Slettebakken",
    "Gimle", "Hellen", "Rothaugen", "Eidsvåg", "Tertnes", "Mjølkeråen", "Haukedalen", "Hordvik", "Nyborg",
    "Rolland", "Ytre Arna", "Indre Arna", "Lone", "Kaland", "Kirkevoll", "Skjold", "Nesttun", "Paradis",
    "Sandsli", "Rå", "Liland", "Lynghaug", "Ortun", "Olsvik", "Vadmyra", "Alvøen", "Varden", "Damsgård",
    "Nygård", "Sædalen", "Flaktveit",
)  # fmt: skip


def empty() -> Filled:
    """The blank form for Bergen."""
    lists = tuple(Item(one, one) for one in LISTS)
    kretser = tuple(Item(f"{n:02}", name) for n, name in enumerate(KRETSER, 1))
    extent = Extent(((Dimension.LIST, lists), (Dimension.KRETS, kretser)))
    return Filled(form("valgstyret_2013", ElectionType.FYLKESTING, 2019), "Bergen", extent)


def printed() -> Filled:
    """The form with every number printed in the protocol, sums and deviations too."""
    values, refused = read_table(empty(), NUMBERS.read_text("utf-8"))
    assert not refused
    return empty().with_values(values)
