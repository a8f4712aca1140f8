"""Common Norwegian, Sámi and Swedish first and last names, combined at random: no list of real people."""

import numpy as np

Random = np.random.Generator

FIRST = tuple(
    """Anne Inger Kari Marit Ingrid Liv Eva Anna Maria Ida Hilde Berit Nina Astrid Elisabeth Kristin Bjørg
Randi Solveig Bente Silje Hanne Linda Marianne Else Camilla Emma Nora Sofie Ella Olivia Frida Thea Selma Åse
Aase Åshild Sigrun Øydis Sølvi Bjørn Jan Per Ole Lars Kjell Knut Arne Svein Thomas Hans Geir Tor Morten Terje
Odd Erik Martin Andreas John Anders Rune Trond Tore Daniel Jon Marius Kristian Øyvind Øystein Håkon Pål Åge
Åsmund Jørgen Børge Vidar Magnus Emil Noah Oliver Filip William Jakob Henrik Isak Nils Máret Ánte Niillas
Elle Biret Áilu Göran Jörgen Märta Zaynab Mohammed Yusuf Xenia Quang Wenche Carl Cecilie Vår Viktor Ulf Urban
Yngve Ylva Zlatan Wiggo Oskar Gudrun Gunn Heidi Jens Leif Roar Steinar Sverre Kåre Målfrid Ragnhild""".split()  # noqa: SIM905
)

LAST = tuple(
    """Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen
Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen
Jakobsen Moen Gundersen Iversen Strand Solberg Svendsen Eide Knutsen Martinsen Paulsen Bakken Kristoffersen
Mathisen Lie Amundsen Nguyen Rasmussen Ali Lunde Solheim Berge Nygård Bakke Kristensen Fredriksen Moe Holm
Sandvik Næss Ødegård Ødegaard Åsen Aasen Bråten Bråthen Sæther Sæter Bø Bøe Løken Løvås Øverby Østby Ånestad
Grønli Fjørtoft Vågsæther Wøien Kvæven Myhre Wold Tveit Vik Sunde Nesse Rød Skår Hætta Sara Gaup Utsi Buljo
Somby Eira Guttorm Boine Ahmed Hussain Khan Lindström Sjöberg Bäckström Åkesson Müller Dübeck Quist Wang Xu
Zachariassen Christensen Carlsen Wilhelmsen Schjelderup Thorvaldsen Aune Rønning Hjelmeland Kjøs
Fagerbakk""".split()  # noqa: SIM905
)


def name(random: Random, *, first: bool | None = None) -> str:
    """One name as people write it: one or two first names, a last name, now and then a hyphen.

    `first` alone gives a first name (True) or a last name (False).
    """
    if first is not None:
        return str(random.choice(FIRST if first else LAST))
    given = str(random.choice(FIRST))
    if random.random() < 0.25:
        given += random.choice([" ", " ", "-"]) + str(random.choice(FIRST))
    family = str(random.choice(LAST))
    if random.random() < 0.15:
        family += random.choice([" ", "-", "-"]) + str(random.choice(LAST))
    return f"{given} {family}"


def written(random: Random) -> str:
    """A name as it may stand on a ballot: in full, last name first, with initials, or one name alone."""
    kind = random.random()
    if kind < 0.55:
        return name(random)
    if kind < 0.85:
        first, last = name(random, first=True), name(random, first=False)
        forms = (f"{last} {first}", f"{last}, {first}", f"{first[0]}. {last}", f"{first[0]} {last}")
        return str(random.choice(forms))
    return name(random, first=bool(random.random() < 0.5))
