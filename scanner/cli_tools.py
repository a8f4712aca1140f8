"""The commands around a count: try it, measure it, look at the machine, train the readers."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from scanner.errors import ExitCode

_WHERE = "sqlite:FILE or postgresql://USER@HOST/NAME, with ?images=FOLDER or ?images=s3://BUCKET/PREFIX."
StoreUrl = Annotated[str, Parameter(name="--store", help=_WHERE)]
_BY = "Name of a person; give two where two must agree."
People = Annotated[tuple[str, ...], Parameter(name="--by", negative="", help=_BY)]
Json = Annotated[bool, Parameter(name="--json", negative="")]
Positive = Annotated[int, Parameter(validator=Number(gte=1))]
Seed = Annotated[int, Parameter(validator=Number(gte=0))]
WearLevel = Annotated[int, Parameter(validator=Number(gte=0, lte=3))]

bench = App(name="bench", help="Speed and accuracy on this machine.")
calibrate_app = App(name="calibrate", help="Bounds of the readers, chosen again; a scanner, measured.")


def demo(
    *,
    out: Path,
    ballots: Positive = 300,
    seed: Seed = 1,
    type: str = "kommunestyre",  # noqa: A002 - the option is called --type
    wear: WearLevel = 1,
    real_ink: Path | None = None,
) -> int:
    """A whole election day without paper: print, mark, scan, count, protocol; then compare with the truth.

    Parameters
    ----------
    out
        Folder for everything that is made.
    ballots
        How many voters.
    seed
        The same seed gives the same day.
    type
        kommunestyre, fylkesting, storting, sameting or folkeavstemning.
    wear
        0 a new scanner, 1 normal, 2 badly kept, 3 awful.
    real_ink
        Folder with ink of real writers; strokes are drawn without it.
    """
    from scanner.commands.demo import run_demo

    return run_demo(out=out, ballots=ballots, seed=seed, kind=type, wear=wear, real_ink=real_ink)


@bench.command
def speed(
    *, sheets: Positive = 40, workers: Positive = 1, election: Path | None = None, json: Json = False
) -> int:
    """Measure how fast this machine reads, stage by stage, against merely decoding the images.

    Parameters
    ----------
    sheets
        Simulated sheets to read, each twice; the better time of each stage counts.
    workers
        Reading processes.
    election
        Directory of an election package. Default: the kommunestyre that ships.
    json
        Print one JSON object.
    """
    from scanner.commands.bench import bench_speed

    return bench_speed(sheets, workers, election, json=json)


@bench.command(name="capture")
def capture_(
    *,
    sheets: Positive = 500,
    source: str = "escl,folder,twain,sane,saned",
    out: Path | None = None,
    json: Json = False,
) -> int:
    """Measure how fast sheets come from virtual scanners into the store, durable, and the memory it takes.

    Parameters
    ----------
    sheets
        Simulated ballots fed through each source.
    source
        escl, folder, twain, sane, saned (SANE over the network), or several of them; what is not
        installed is named as absent. SANE's raw pages take 8 MB of disk a sheet, and 8 more a source.
    out
        Empty folder for paper, spools and stores, on the disk to be measured. Default: a temporary one.
    json
        Print one JSON object a source.
    """
    from scanner.commands.bench import bench_capture

    return bench_capture(sheets, source, out, json=json)


@bench.command
def accuracy(
    *,
    election: str = "kommunestyre",
    deck: str = "random",
    wear: str = "1",
    sheets: Positive = 200,
    seed: Seed = 1,
    out: Path | None = None,
    workers: Positive | None = None,
    real_ink: Path | None = None,
    json: Json = False,
) -> int:
    """Measure how often the reading is wrong but sure, and how often it doubts, on simulated ballots.

    Parameters
    ----------
    election
        Shipped elections: kommunestyre,storting,... or all.
    deck
        vvsg (every position, every way to mark), random (as voters do), kinds (every odd ballot),
        twice (as voters do, every paper scanned again), or all.
    wear
        0 a new scanner, 1 normal, 2 badly kept, 3 awful; 0,1,2,3 or all.
    sheets
        Ballots to make and read of each deck of each election at each level of wear.
    seed
        The same seed gives the same ballots.
    out
        Folder of the campaign and its report: it goes on there where it stopped.
    workers
        Processes. Default: one for each core.
    real_ink
        Folder with ink of real writers; strokes are drawn without it.
    json
        Print one JSON object.
    """
    from scanner.bench.campaign import Campaign, ink_folder
    from scanner.bench.cases import Plan, piles
    from scanner.commands.bench import bench_accuracy

    campaign = Campaign(piles(deck, election, wear), sheets, Plan(seed, ink_folder(real_ink)))
    return bench_accuracy(campaign, out, workers, json=json)


@bench.command(name="store")
def store_(
    *,
    sheets: Positive = 20_000,
    store: str | None = None,
    marks: Positive = 70,
    seed: Seed = 1,
    out: Path | None = None,
    json: Json = False,
) -> int:
    """Measure what a large store costs: keeping, adding up and verifying sheets, and bytes a sheet.

    Parameters
    ----------
    sheets
        Sheets in the end, without images; measured at a sixteenth, an eighth … and all of them.
    store
        URL of a new store, also postgresql://. Default: a file in --out, or a temporary one.
    marks
        Fields on a ballot: a kommunestyre ballot has about 70, which make 16 kB of reading.
    seed
        The same seed gives the same sheets.
    out
        Folder for store.jsonl and store.png.
    json
        Print one JSON object a size.
    """
    from scanner.commands.bench_store import bench_store

    return bench_store(sheets, store, marks, seed, out, json=json)


@bench.command(name="sheet")
def one_sheet(
    *,
    out: Path,
    sheet: Positive,
    election: str = "kommunestyre",
    deck: str = "random",
    wear: WearLevel = 1,
    seed: Seed = 1,
    real_ink: Path | None = None,
    json: Json = False,
) -> int:
    """Make one sheet of the accuracy bench again: images, truth, reading and pictures of each stage.

    Parameters
    ----------
    out
        Folder for what is made.
    sheet
        Number of the sheet in its pile, 1 or more.
    election
        A shipped election.
    deck
        vvsg, random, kinds or twice.
    wear
        0 a new scanner, 1 normal, 2 badly kept, 3 awful.
    seed
        Seed of the campaign.
    real_ink
        The folder with ink of real writers that the campaign had.
    json
        Print the answer as one JSON object.
    """
    from scanner.bench.answers import Case
    from scanner.bench.campaign import ink_folder
    from scanner.bench.cases import Plan, piles
    from scanner.commands.bench import bench_sheet

    (pile,) = piles(deck, election, f"{wear}")[:1]
    return bench_sheet(Case(pile, seed, sheet), Plan(seed, ink_folder(real_ink)), out, json=json)


def doctor(
    *,
    source: str | None = None,
    report: Path | None = None,
    election: Path | None = None,
    profile: str | None = None,
    json: Json = False,
) -> int:
    """Look whether this machine, and a scanner, have what a count needs.

    Parameters
    ----------
    source
        Feed 1 to 3 blank white sheets from here and say where dirt lies on the glass.
    report
        PDF of the readiness report, to be signed before the count starts; needs --election.
    election
        Directory of the election package that will be counted.
    profile
        The scanner's profile, whose measured figures the report shows: a name in calibration/devices/
        or a TOML file. Default: found by the scanner's name.
    json
        Print one JSON object a check.
    """
    if report is not None:
        from scanner.commands.readiness import write_report

        return write_report(election, source, report, profile=profile, json=json)
    from scanner.commands.doctor import examine

    return examine(source, json=json)


def devices(spec: str | None = None, /, *, json: Json = False) -> int:
    """List the scanners that the machine's drivers find, or tell what one can do and be told.

    Parameters
    ----------
    spec
        The scanner to tell of, as `scan --source` takes it. Default: list them.
    json
        Print one JSON object a scanner; with SPEC, one for what it can do and one a setting.
    """
    from scanner.commands.devices import list_devices, tell_device

    return list_devices(json=json) if spec is None else tell_device(spec, json=json)


@calibrate_app.default
def calibrate(
    only: str | None = None, /, *, real_ink: Path | None = None, out: Path | None = None, json: Json = False
) -> int:
    """Choose the bounds of the learned readers again on their held-out cases; compare with the shipped.

    Parameters
    ----------
    only
        The one reader to look at. Default: all.
    real_ink
        Folder with ink of real writers, as training had it; bounds that rest on it differ without.
    out
        Folder for the bounds as files, as they lie in calibration/.
    json
        Print one JSON object a bound.
    """
    from scanner.commands.calibrate import calibrate as chosen_again

    return chosen_again(only, real_ink, out, json=json)


@calibrate_app.command
def targets(*, out: Path, count: Positive = 3) -> int:
    """Write target sheets as PDF, A4; print them at true size on one side.

    Parameters
    ----------
    out
        The PDF.
    count
        How many sheets.
    """
    from scanner.commands.measuring import print_targets

    return print_targets(out, count)


@calibrate_app.command
def device(*, source: str, out: Path, json: Json = False) -> int:
    """Measure a scanner by target sheets: scale, skew, stretch along the feed, tone, noise.

    Parameters
    ----------
    source
        Where the target sheets are fed: sane:DEVICE, escl:HOST, twain:NAME or folder:PATH.
    out
        The profile as TOML, for scan --profile or calibration/devices/: how the scanner is driven, and
        value, unit, date and how of each figure, for the front and the back.
    json
        Print one JSON object a figure.
    """
    from scanner.commands.measuring import measure_device

    return measure_device(source, out, json=json)


def train(only: str | None = None, /, *, out: Path = Path(), seed: int = 2026) -> int:
    """Train the learned readers again from their seed; needs the extra `train`.

    Parameters
    ----------
    only
        The one model to train, as its module in scanner/training is called. Default: all.
    out
        Folder that gets models/ and calibration/. Default: here.
    seed
        The same seed gives the same model on the same machine.
    """
    from scanner.training import train_models

    train_models(out, seed, only)
    return ExitCode.DONE


TOOLS = (bench, calibrate_app, demo, devices, doctor, train)
