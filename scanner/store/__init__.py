"""Where every sheet, verdict, opinion and decision is kept: rows are added, none is changed.

with open_store("sqlite:count.db") as store:
    store.bind(election)
    store.add_box(Box("K1", "VO", "0001"))
    store.add_sheet(sheet)  # durable when this returns
"""

from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.store.records import Progress, SheetRecord, SideRecord
from scanner.store.store import Store

__all__ = ["Progress", "SheetRecord", "SideRecord", "Store", "fingerprint", "open_store"]
