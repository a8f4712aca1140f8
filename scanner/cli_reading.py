"""The commands that read what is fed: on this machine, on many, and once more with other eyes."""

from typing import Annotated, Literal

from cyclopts import Parameter

from scanner.cli_tools import Json, Positive, StoreUrl, bench

Several = Annotated[tuple[Positive, ...], Parameter(negative="")]
Flag = Annotated[bool, Parameter(negative="")]


def read(
    *,
    store: StoreUrl,
    workers: Positive | None = None,
    engine: Literal["local", "county"] = "local",
    json: Json = False,
) -> int:
    """Read every sheet that these eyes have not read yet.

    Parameters
    ----------
    workers
        Reading processes. Default: one for each core.
    engine
        local: this machine reads. county: the workers of a store on a server read, and are waited for.
    json
        Print one JSON object a sheet.
    """
    from scanner.commands.counting import read_store
    from scanner.commands.working import read_by_workers

    if engine == "county":
        return read_by_workers(store, json=json)
    return read_store(store, workers, json=json)


def worker(
    *, store: StoreUrl, workers: Positive | None = None, again: Flag = False, once: Flag = False
) -> int:
    """Read for a county: sheets of a store on a server, beside other workers, until told to stop.

    Parameters
    ----------
    store
        postgresql://USER@HOST/NAME?images=FOLDER.
    workers
        Reading processes. Default: one for each core.
    again
        Read although other eyes (another version) have read this store: a recount.
    once
        Stop when nothing is left to read.
    """
    from scanner.commands.working import run_worker

    return run_worker(store, workers, again=again, once=once)


def recount(*, store: StoreUrl, workers: Positive | None = None, json: Json = False) -> int:
    """Read all images again with these eyes and compare with those that read them before.

    Parameters
    ----------
    workers
        Reading processes. Default: one for each core.
    json
        Print the comparison as one JSON object.
    """
    from scanner.commands.compare import recount as counted_again

    return counted_again(store, workers, json=json)


@bench.command
def engine(
    *, store: StoreUrl, sheets: Positive = 480, workers: Several = (1, 2, 4), json: Json = False
) -> int:
    """Measure the county engine beside the local one, on the same server and the same sheets.

    Parameters
    ----------
    store
        postgresql://USER@HOST/NAME?images=FOLDER of a new database.
    sheets
        Simulated sheets to read with each engine and each number of workers.
    workers
        How many workers; may be given several times.
    json
        Print one JSON object a line of the table.
    """
    from scanner.commands.engines import bench_engines

    return bench_engines(store, sheets, workers, json=json)


COMMANDS = (read, worker, recount)
