"""The readiness report: what stands ready before the count starts, on paper, for people to sign."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from scanner import __version__
from scanner.ballot import PageImage, Sheet
from scanner.bench.agreement import Agreement, agreement
from scanner.capture.sane_profiles import Profile, names_of, profile_for, profile_named
from scanner.capture.source import open_source
from scanner.classify.eyes import shipped_model
from scanner.commands.doctor import Check, glass_checks, machine_checks
from scanner.commands.shell import note, say
from scanner.config import shipped, version
from scanner.election import Election
from scanner.election_package import read_election
from scanner.engine import engine
from scanner.errors import ExitCode, UsageError
from scanner.layout.typeset import typeset
from scanner.simulate.deck import Deck, Press, SimulatedSheet
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.tally.count import count
from scanner.tally.counts import counts

TEMPLATE = Path(__file__).parents[1] / "layout" / "readiness.typ"
TEST_BALLOTS = 12
TEST_SEED = 2027
TEST = "TEST"
_SIDE = {"front": "forside", "back": "bakside"}
_FIGURE = {
    "scale_across": "skala på tvers",
    "scale_along": "skala langs matingen",
    "skew_deg": "skjevhet",
    "stretch": "strekk",
    "residual_mm": "rest",
    "noise": "støy",
    "tone": "gråtoner",
}


class Part(msgspec.Struct, frozen=True):
    """A table of the report."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class Report(msgspec.Struct, frozen=True):
    """All that is printed."""

    title: str
    election: str
    verdict: str
    tables: tuple[Part, ...]
    sign: str
    foot: str


def write_report(
    folder: Path | None, spec: str | None, out: Path, *, profile: str | None = None, json: bool
) -> int:
    """Write the report; exit code 1 if a check fails, 4 if the trial count or the zero count is wrong."""
    if folder is None or out.suffix.lower() != ".pdf":
        raise UsageError(
            "The readiness report is a PDF of one election: give --report FILE.pdf --election DIR."
        )
    election = read_election(folder)
    checks = (*machine_checks(), *(glass_checks(spec) if spec else ()))
    zero, trial = _zero(election), _trial(election)
    broken = [one.name for one in checks if not one.ok]
    wrong = [one.title for one in (zero, trial) if one.note.startswith("FEIL")]
    report = _report(election, (*_parts(spec, checks, profile), zero, trial), (*broken, *wrong))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(typeset(TEMPLATE, "report", msgspec.json.encode(report).decode()))
    note(f"Wrote {out}. {report.verdict}")
    if json:
        say(report)
    if broken:
        return ExitCode.BROKEN
    return ExitCode.DISAGREE if wrong else ExitCode.DONE


def _report(election: Election, tables: tuple[Part, ...], faults: tuple[str, ...]) -> Report:
    verdict = f"IKKE KLAR: {', '.join(faults)}." if faults else "Klar til telling."
    return Report(
        title="Klarmelding før telling",
        election=f"{election.name}, {election.area}",
        verdict=verdict,
        tables=tables,
        sign="Vi har sett at dette stemmer, før tellingen begynner:",
        foot=f"Valgpakke {fingerprint(election)[:16]} · leses med {version()}",
    )


def _parts(spec: str | None, checks: tuple[Check, ...], profile: str | None) -> Iterator[Part]:
    yield Part(
        "Programmet",
        ("del", "versjon"),
        (("valgskanner", __version__), ("kode, modeller og kalibrering", version()), *_models()),
    )
    rows = tuple((one.name, "ja" if one.ok else "NEI", one.seen) for one in checks)
    yield Part("Maskinen", ("sjekk", "i orden", "sett"), rows)
    if spec:
        about = open_source(spec).describe()
        told = {
            "enhet": about.device,
            "modell": about.model or "–",
            "serienummer": about.serial or "–",
            "oppløsninger": ", ".join(map(str, about.dpis)) or "–",
            "begge sider": "ja" if about.duplex else "nei",
            "dobbeltmating stopper": "ja" if about.double_feed else "nei",
            "stempler ark": "ja" if about.imprinter else "nei",
        }
        yield Part("Skanneren, slik den selv sier", ("hva", "verdi"), tuple(told.items()))
        yield _measured(profile_named(profile) if profile else profile_for(*names_of(spec, about)))
    elif profile:
        yield _measured(profile_named(profile))


def _measured(profile: Profile) -> Part:
    """What target sheets have shown of the scanner, by the profile that knows it."""
    rows = tuple(
        (_SIDE[side], _FIGURE[name], _number(one.value), f"{one.unit}; {one.how}", one.date)
        for one in profile.measured
        for side, _, name in [one.name.partition("_")]
    )
    words = "" if rows else "Ikke målt: mat målark, og legg profilen i calibration/devices/."
    return Part(
        "Skanneren, målt med målark", ("side", "hva", "verdi", "enhet og hvordan", "dato"), rows, words
    )


def _number(value: float | tuple[float, ...]) -> str:
    """As read in Norwegian."""
    values = value if isinstance(value, tuple) else (value,)
    return " · ".join(f"{one:g}".replace(".", ",") for one in values)


def _models() -> Iterator[tuple[str, str]]:
    for name in sorted(path.stem for path in shipped("models").glob("*.onnx")):
        yield f"modell {name}", shipped_model(name).card.sha256


def _zero(election: Election) -> Part:
    """What an empty store counts: nothing, for every list."""
    with open_store("sqlite::memory:") as store:
        store.bind(election)
        document = counts(count(store.ballots(), election), election)
    rows = tuple((one.party, str(one.total)) for one in document.lists)
    rows += tuple((one.text, str(one.total)) for one in document.options)
    rows += (("ark matet", str(document.fed)),)
    fault = any(number != "0" for _, number in rows)
    return Part("Nulltelling", ("liste", "stemmer"), rows, "FEIL: tallene er ikke null." if fault else "")


def _trial(election: Election) -> Part:
    """A few simulated ballots, read as a count would read them, against what is known of them."""
    deck = Deck(Press(election), TEST_SEED)
    sheets = [deck.sheet(index) for index in range(1, TEST_BALLOTS + 1)]
    jobs = ((_sheet(one), election.categories[0]) for one in sheets)
    verdicts = {one.sheet: one.verdict for one in engine(election, 1).read(jobs)}
    ends = Counter(agreement(one.truth, verdicts[_sheet(one).id]) for one in sheets)
    rows = (
        (TEST, "lest riktig og sikkert", str(ends[Agreement.RIGHT])),
        (TEST, "til mennesker", str(ends[Agreement.DOUBTFUL])),
        (TEST, "lest feil, men sikkert", str(ends[Agreement.WRONG_BUT_SURE])),
    )
    fault = ends[Agreement.WRONG_BUT_SURE] or ends.total() != TEST_BALLOTS
    words = f"{TEST}: {TEST_BALLOTS} simulerte stemmesedler, ikke avgitte stemmer. De står i ingen telling."
    return Part("Prøvebunke", ("", "utfall", "antall"), rows, f"FEIL. {words}" if fault else words)


def _sheet(one: SimulatedSheet) -> Sheet:
    pages = (("F", one.front), ("B", one.back))
    images = tuple(PageImage(f"{one.name}{side}.jpg", data, float(one.dpi)) for side, data in pages)
    return Sheet(TEST, one.truth.index, images, "simulated", name=one.name)
