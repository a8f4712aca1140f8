"""The common picture for whoever leads the count: boxes, queue, people, incidents."""

import time
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from scanner.store.records import BoxRecord, Progress
from scanner.web.office import Call, Office
from scanner.web.render import page


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A box and how far it has come."""

    box: BoxRecord
    progress: Progress

    @property
    def state(self) -> str:
        """The key of the text: which step the box is at."""
        if not self.progress.fed:
            return f"box_{self.box.standing.value}"
        if self.progress.unread:
            return "box_reading"
        return "box_review" if self.progress.doubtful else "box_done"


def show(office: Office, call: Call) -> Response:
    """The whole page; its numbers come anew by themselves."""
    return page(call, "leader.html", **_state(office))


def live(office: Office, call: Call) -> Response:
    """The numbers alone."""
    return page(call, "leader_live.html", **_state(office))


def _state(office: Office) -> dict[str, Any]:
    wait, board, held = office.queue.standing()
    boxes = tuple(BoxLine(one, office.store.progress(one.id)) for one in office.store.book.records())
    return {
        "whole": office.store.progress(),
        "wait": wait,
        "board": board,
        "held": held,
        "boxes": boxes,
        "state": office.store.record.state(),
        "incidents": tuple((_clock(one.at), one) for one in office.desk.log(40)),
        "accounts": office.desk.accounts(),
        "test": office.store.is_test(),
    }


def _clock(at: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(at))
