"""The report of a campaign for an election official and an auditor: `report.md` and its pictures."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.bench.accuracy import Accuracy, Score, Tally, accuracy
from scanner.bench.cases import Plan
from scanner.bench.contact import contact_sheet
from scanner.bench.figures import doubts, reliability, risk
from scanner.bench.positions import BOXED
from scanner.bench.record import NAME, answers, settings_of
from scanner.bench.worst import Shown, Why, Worst
from scanner.confidence import upper

_FIELDS = {
    "field": "What was decided",
    "shape": "How it was marked",
    "strength": "How strongly",
    "pen": "With which pen",
    "election": "In which election",
    "wear": "Wear of the scanner",
    "deck": "Which deck",
}
_BALLOTS = {
    "category": "True category",
    "deck": "Which deck",
    "election": "In which election",
    "wear": "Wear of the scanner",
    "handwriting": "Handwriting on it",
    "needs_person": "Needs a person",
    "stamp": "True stamp",
    "strength": "How strongly marked",
    "kind": "Odd kind of ballot",
}


def write_report(folder: Path, plan: Plan) -> Accuracy:
    """Read the record in `folder`, leave report.md and four PNGs beside it, and say what was counted."""
    counted, worst = Tally(), Worst()
    for one in answers(folder / NAME):
        counted.add(one)
        worst.add(one)
    settings = settings_of(folder)
    seen = accuracy(counted, settings.seed, settings.version)
    shown = worst.chosen()
    reliability(counted, folder / "reliability.png")
    risk(counted, boxes(seen), folder / "doubt_and_error.png")
    doubts(seen, folder / "doubt_without_cause.png")
    contact_sheet(shown, plan, folder / "worst.png")
    (folder / "report.md").write_text("\n".join(text(seen, counted, shown, settings.ink)) + "\n", "utf-8")
    return seen


def boxes(seen: Accuracy) -> Score:
    """All printed boxes together, which both readers look at."""
    rows = [one for name, one in seen.positions_by.get("field", {}).items() if name in BOXED]
    n, wrong = sum(one.n for one in rows), sum(one.wrong_but_sure for one in rows)
    return Score(n, wrong, sum(one.doubtful for one in rows), upper(wrong, n))


def text(seen: Accuracy, counted: Tally, shown: tuple[Shown, ...], ink: str) -> Iterator[str]:
    """The lines of the report."""
    yield from head(seen, counted, ink)
    yield from _findings(seen)
    yield from _without_cause(seen)
    yield "\n## Positions\n"
    yield (
        "A position is one field on which the machine decided. *Disputed* are marks about which careful "
        "people would differ: no answer to them is wrong; *decided* says how often the machine was sure. "
        "Fields that a ring, a comment or a stamp may touch are no positions, nor are those of a face that "
        "could not be read at all, nor of the odd kinds, which are judged whole.\n"
    )
    for name, title in _FIELDS.items():
        yield from table(title, seen.positions_by.get(name, {}))
    yield "\n## Ballots\n"
    yield "*Doubtful* holds here also the ballots that ought to be doubted.\n"
    for name, title in _BALLOTS.items():
        rows = seen.categories if name == "category" else seen.ballots_by.get(name, {})
        yield from table(title, rows)
    yield from _again(seen)
    yield from _reasons(seen)
    yield from _pictures()
    yield from _again_list(shown)


def head(seen: Accuracy, counted: Tally, ink: str) -> Iterator[str]:
    """What was read, and by which readers."""
    yield "# How sure is the reading: an accuracy campaign\n"
    yield f"- Readers: version `{seen.version}` (code, models and calibration); seed {seen.seed}"
    yield f"- Ink of real writers: {ink or 'none'}"
    yield f"- Elections: {seen.election}; scanners of wear {seen.wear}; decks: {seen.deck}"
    sizes = sorted(set(counted.piles.values()))
    each = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    yield f"- Piles: {len(counted.piles)}, of {each} sheets each"
    yield "\nSimulated ballots prove the readers against their generator only; real paper is measured apart."


def _findings(seen: Accuracy) -> Iterator[str]:
    claim, positions, ballots = seen.claim, seen.positions, seen.ballots
    yield "\n## What was found\n"
    yield f"- **{_wrong(positions)} positions wrong but sure**, {_share(positions)} doubted."
    yield f"- **{_wrong(ballots)} ballots wrong but sure**, at most {rate(ballots.upper95)} (95 %)."
    if claim is not None:
        yield (
            f"- A position was wrong on {claim.ballots.wrong_but_sure} of {claim.ballots.n:,} ballots: "
            f"at most {rate(claim.ballots.upper95)} of ballots carry one (95 %). *This claim holds without "
            "further assumptions, for positions on one ballot share a voter and a scan.*"
        )
        yield (
            f"- Doubts vary {claim.design_effect:g} times as much from ballot to ballot as they would if "
            f"positions were independent. Taken for errors too, {positions.n:,} positions are worth "
            f"{claim.worth:,}: at most {rate(claim.upper95)} of positions are wrong (95 %); were they "
            f"independent, {rate(positions.upper95)}."
        )
    yield (
        f"- Of {positions.disputed:,} marks that people would dispute, {positions.decided_disputed:,} were "
        f"decided silently; so were {ballots.decided_disputed:,} of {ballots.disputed:,} disputed ballots."
    )
    yield f"- {seen.misled:,} doubtful ballots gave no reason that leads to the place."
    yield from (f"  - {name.replace('_', ' ')}: {n:,}" for name, n in seen.misled_by.items())
    if seen.crashed:
        yield f"- **{seen.crashed:,} sheets killed the process that read them.**"


def _wrong(one: Score) -> str:
    return f"{one.wrong_but_sure:,} of {one.n:,}"


def _without_cause(seen: Accuracy) -> Iterator[str]:
    clear = seen.without_cause
    yield "\n## Doubt without cause\n"
    yield (
        f"{clear.n:,} ballots needed no person; {clear.doubtful:,} ({_share(clear)}) were sent to one "
        f"all the same, {clear.wrong_but_sure:,} were wrong but sure.\n"
    )
    for name, title in (
        ("wear, handwriting", "Wear, handwriting"),
        ("election", "Election"),
        ("deck", "Deck"),
        ("strength", "How strongly marked"),
        ("pen", "Pen"),
        ("kind", "Odd kind of ballot"),
    ):
        yield from table(title, seen.without_cause_by.get(name, {}))


def table(title: str, rows: Mapping[str, Score]) -> Iterator[str]:
    """A Markdown table of scores; nothing if there are none."""
    if not rows:
        return
    yield f"\n| {title} | n | wrong but sure | 95 % bound | doubtful | disputed | decided |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, one in rows.items():
        cells = f"{one.n:,} | {one.wrong_but_sure} | {rate(one.upper95)} | {one.doubtful:,} ({_share(one)})"
        yield f"| {name.replace('_', ' ')} | {cells} | {one.disputed:,} | {one.decided_disputed:,} |"


def rate(value: float) -> str:
    """A share in per cent with two figures; what nothing was tried for has no bound."""
    return "–" if value >= 1 else f"{100 * value:.2g} %"


def _share(one: Score) -> str:
    return f"{100 * one.doubt:.3g} %"


def _again(seen: Accuracy) -> Iterator[str]:
    if not seen.repeats:
        return
    yield "\n## The same paper scanned again\n"
    yield "| scanned again | papers | sure twice | other result | boxes decided twice | mark ↔ blank |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, one in seen.repeats.items():
        differs = f"{one.differs} (at most {rate(one.differs_upper95)})"
        flipped = f"{one.flipped} (at most {rate(one.flipped_upper95)})"
        yield f"| {name} | {one.papers:,} | {one.both_sure:,} | {differs} | {one.boxes:,} | {flipped} |"


def _reasons(seen: Accuracy) -> Iterator[str]:
    wears = sorted(seen.reasons)
    if not wears:
        return
    names = sorted({name for one in seen.reasons.values() for name in one})
    yield "\n## Reasons of doubt without cause\n"
    yield f"| reason | {' | '.join(f'wear {one}' for one in wears)} |"
    yield f"| --- |{' ---: |' * len(wears)}"
    for name in names:
        yield f"| {name} | {' | '.join(f'{seen.reasons[one].get(name, 0):,}' for one in wears)} |"


def _pictures() -> Iterator[str]:
    yield "\n## Pictures\n"
    yield "![Is reader B calibrated](reliability.png)\n"
    yield "Dots on the line: a probability of reader B means what it says.\n"
    yield "![What doubt buys](doubt_and_error.png)\n"
    yield "![Why there was doubt without cause](doubt_without_cause.png)\n"
    yield "![The worst fifty](worst.png)\n"
    yield "Each tile: as scanned, and as the machine read it (ink red, marked green, doubtful orange)."


def _again_list(shown: tuple[Shown, ...]) -> Iterator[str]:
    wrong = list(dict.fromkeys(one.case for one in shown if one.why is Why.WRONG))
    if not wrong:
        return
    yield "\n## Make the wrong ones again\n\n```"
    for case in wrong:
        pile = case.pile
        yield (
            f"valgskanner bench sheet --deck {pile.deck} --election {pile.election} --wear {pile.wear} "
            f"--seed {case.seed} --sheet {case.sheet} --out again"
        )
    yield "```"
