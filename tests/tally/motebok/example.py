"""A møtebok of 2009, filled in by hand: fictional, and consistent in every number."""

from scanner.election import ElectionType
from scanner.tally.motebok.filled import Extent, Filled, Item, Key, Value
from scanner.tally.motebok.model import Dimension
from scanner.tally.motebok.reading import form

LISTS = ("A", "B", "C")
KRETSER = ("K1", "K2", "K3")

# cell: number, in the order of the form
SINGLE = {
    "B1.1a.I": 120, "B1.1a.II": 2, "B1.1a.III": 118,
    "B1.1b.I": 2410, "B1.1b.II": 14, "B1.1b.III": 2396,
    "B1.1c.I": 31, "B1.1c.II": 1, "B1.1c.III": 30,
    "B1.1d.III": 2544, "B1.1e.III": 2334, "B1.1f.III": 210, "B1.1g.III": 0,
    "B1.2.total.inn": 16, "B1.2a.inn": 9, "B1.2b.inn": 2, "B1.2c.inn": 0, "B1.2d.inn": 0,
    "B1.2e.inn": 1, "B1.2f.inn": 3, "B1.2g.inn": 1, "B1.2h.inn": 0,
    "B1.2.total.ut": 1, "B1.2a.ut": 1, "B1.2b.ut": 0, "B1.2c.ut": 0, "B1.2d.ut": 0,
    "B1.2e.ut": 0, "B1.2f.ut": 0, "B1.2g.ut": 0, "B1.2h.ut": 0,
    "B2.1a": 2334, "B2.1b": 12, "B2.1c": 11, "B2.1d": 2308, "B2.1x": 3,
    "B2.2a": 210, "B2.2b": 2, "B2.2c": 1, "B2.2d": 206, "B2.2x": 1,
    "B2.3a": 12, "B2.3b": 2, "B2.3c": 14, "B2.3d": 1, "B2.3e": 4, "B2.3f": 2, "B2.3g": 7,
    "C2.1a": 760, "C2.1b": 0, "C2.1c": 760, "C2.1d": 4, "C2.1e": 3, "C2.1f": 753,
    "C2.2.1a": 11, "C2.2.1b": 1, "C2.2.1c": 1, "C2.2.1d": 1, "C2.2.1e": 8, "C2.2.1x": 0,
    "C2.2.2a": 7, "C2.2.2b": 3, "C2.2.2c": 2, "C2.2.2d": 2,
    "C2.2.3a": 10, "C2.2.3b": 1, "C2.2.3c": 9, "C2.2.3d": 0, "C2.2.3e": 1, "C2.2.3f": 0, "C2.2.3g": 8,
    "C2.3a": 4, "C2.3b": 10, "C2.3c": 14, "C2.3d": 5, "C2.3e": 0, "C2.3f": 2, "C2.3g": 1, "C2.3h": 6,
    "D1.a": 2521, "D1.b": 3428, "D1.c": 5949, "D1.d": 1, "D1.e": 2, "D1.f": 0, "D1.g": 1, "D1.h": 0,
    "D1.i": 5945,
    "D2.1.sum.aU": 2320, "D2.1.sum.aR": 200, "D2.1.sum.bU": 3221, "D2.1.sum.bR": 204, "D2.1.sum.c": 5945,
    "D3.1.godkjente.f": 2544, "D3.1.godkjente.v": 3454, "D3.1.forkastede.f": 17, "D3.1.forkastede.v": 8,
    "D3.3.godkjente.f": 2521, "D3.3.godkjente.v": 3428, "D3.3.forkastede.f": 7, "D3.3.forkastede.v": 12,
    "D3.3.blanke.f": 12, "D3.3.blanke.v": 18,
    "D3.4.a.v": 7, "D3.4.b.f": 1, "D3.4.b.v": 0, "D3.4.c.f": 4, "D3.4.c.v": 4, "D3.4.d.f": 2, "D3.4.d.v": 1,
}  # fmt: skip

# cell per list: one number a list
PER_LIST = {
    "B3.1.a": (1200, 715, 393), "B3.1.b": (107, 63, 36), "B3.1.c": (3, 2, 2), "B3.1.d": (1310, 780, 431),
    "C3.1.a": (391, 233, 129), "C3.1.b": (1382, 824, 455), "C3.1.c": (4, 2, 2), "C3.1.d": (3, 1, 2),
    "C3.1.e": (1780, 1060, 588),
    "D2.1.aU": (1205, 718, 397), "D2.1.aR": (104, 62, 34), "D2.1.bU": (1672, 996, 553),
    "D2.1.bR": (106, 63, 35), "D2.1.c": (3087, 1839, 1019),
}  # fmt: skip

# cell per krets
PER_KRETS = {
    "C1.1.aI": (300, 0, 0), "C1.1.aII": (1480, 905, 760), "C1.1.b": (1779, 905, 760),
    "C1.1.c": (6, 3, 2), "C1.1.d": (4, 2, 1), "C1.1.sted": ("krets", "krets", "valgstyret"),
}  # fmt: skip

# stemmestyrene: krets, tvilsomme, blanke, per list
BOOKS = (("K1", 7, 9, (916, 546, 301)), ("K2", 3, 4, (466, 278, 154)))


def extent() -> Extent:
    """Three lists and three kretser."""
    lists = tuple(Item(one, f"Liste {one}") for one in LISTS)
    kretser = tuple(Item(one, f"Krets {one}") for one in KRETSER)
    return Extent(((Dimension.LIST, lists), (Dimension.KRETS, kretser)))


def written() -> dict[Key, Value]:
    """Every number of the fictional book, sums too."""
    values: dict[Key, Value] = {Key(cell): number for cell, number in SINGLE.items()}
    for cell, numbers in PER_LIST.items():
        values.update({Key(cell, (one,)): n for one, n in zip(LISTS, numbers, strict=True)})
    for cell, said in PER_KRETS.items():
        values.update({Key(cell, (one,)): n for one, n in zip(KRETSER, said, strict=True)})
    for krets, aside, blank, numbers in BOOKS:
        values[Key("ST.d", (krets,))] = aside
        values[Key("ST.e", (krets,))] = blank
        for one, n in zip(LISTS, numbers, strict=True):
            values[Key("ST.B3.2.antall", (one, krets))] = n
    return values


def second_count() -> dict[Key, Value]:
    """What the second count made blank or rejected, forhånd and valgting apart."""
    return {Key("M.blanke.f"): 1, Key("M.stempel.v"): 2, Key("M.liste.v"): 1}


def book() -> Filled:
    """The book as it was handed in."""
    blank = form("valgstyret_2009", ElectionType.STORTING, 2009)
    return Filled(blank, "Fjordvik", extent(), {**written(), **second_count()})
