"""The last step of a scan: sheets leave the spool and are in the store."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from scanner.ballot import Sheet
from scanner.capture.batch import Known
from scanner.capture.spool import Spooled
from scanner.store.store import Store

Note = Callable[[str], None]
Watch = Callable[[Sheet], Iterable[str]]


def see_nothing(_: Sheet) -> Iterable[str]:
    """Look at no sheet."""
    return ()


def keep_in(store: Store, note: Note, watch: Watch = see_nothing) -> Callable[[Sequence[Spooled]], None]:
    """Puts sheets into the store, all that come at once in one transaction; notes go to `note`.

    `watch` tells what a person should know of a sheet.
    StoreError if the store cannot take them, or an image in the spool was changed.
    """

    def keep(sheets: Sequence[Spooled]) -> None:
        fed = [(one, one.sheet()) for one in sheets]
        for one, sheet in fed:
            store.keep_images(sheet, one.files)
        with store.transaction():
            for one, sheet in fed:
                for line in one.entry.notes:
                    note(line)
                store.add_sheet(sheet, kept=True)
                for line in watch(sheet):
                    note(line)

    return keep


def counted(store: Store, box: str) -> Iterator[tuple[int, Known]]:
    """Number and name of each sheet of a box that the store has."""
    for one in store.sheets(box):
        yield one.number, Known(one.device, one.name, tuple(side.sha256 for side in one.sides))
