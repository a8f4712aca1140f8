"""Two readings of the same ballots: other eyes over the same images, or the same box fed twice."""

import msgspec

from scanner.commands.counting import read_all
from scanner.commands.shell import answers, note, progress, say
from scanner.config import version
from scanner.errors import ExitCode, StoreError, UsageError
from scanner.store.codec import fingerprint
from scanner.store.opening import open_store
from scanner.store.store import Store
from scanner.tally.comparison import Answer, Comparison, answer, compare

Answers = dict[str, Answer]


def recount(url: str, workers: int | None, *, json: bool) -> int:
    """Read all with these eyes and compare with those before; exit code 4 if they are not identical.

    Readings are added, none is changed; what people decided stands. UsageError if no other eyes read.
    """
    eyes = version()
    with open_store(url, create=False) as store:
        before = [one for one in store.versions() if one != eyes]
        if not before:
            raise UsageError("There is nothing to compare with: no other version has read this store.")
        unread = sum(1 for _ in store.unread(eyes))
        for _ in progress(read_all(store, store.election(), workers), "reading again", unread):
            pass
        found = compare(_by_version(store, before[-1]), _by_version(store, eyes))
    return _told(found, before[-1][:12], eyes[:12], json=json)


def compare_versions(url: str, versions: tuple[str, ...], *, json: bool) -> int:
    """The readings of two versions, by default the last two; exit code 4 if they are not identical."""
    with open_store(url, create=False) as store:
        known = store.versions()
        first, second = _two(versions or known[-2:], "--version", "versions that have read this store", known)
        found = compare(_by_version(store, first), _by_version(store, second))
    return _told(found, first[:12], second[:12], json=json)


def compare_boxes(url: str, boxes: tuple[str, ...], *, json: bool) -> int:
    """Two passes of the same paper, fed as two boxes in the same order; exit code 4 if not identical."""
    with open_store(url, create=False) as store:
        known = tuple(one.id for one in store.boxes())
        first, second = _two(boxes, "--box", "boxes of this store", known)
        found = compare(_of_box(store, first), _of_box(store, second))
    return _told(found, f"box {first}", f"box {second}", json=json)


def compare_stores(url: str, other: str, boxes: tuple[str, ...], *, json: bool) -> int:
    """Two counts of the same boxes, as a municipality's and a county's; exit code 4 if not identical.

    StoreError if one is a trial and the other real, or they are of different elections.
    """
    with open_store(url, create=False) as here, open_store(other, create=False) as there:
        if here.is_test() is not there.is_test():
            raise StoreError("One of these is a test count and the other a real one: they are not compared.")
        if fingerprint(here.election()) != fingerprint(there.election()):
            raise StoreError("These stores belong to different elections: they are not compared.")
        known = {one.id for store in (here, there) for one in store.boxes()}
        if not set(boxes) <= known:
            raise UsageError(f"Neither store has a box {min(set(boxes) - known)!r}.")
        found = compare(*(answers_of(store, boxes) for store in (here, there)))
    return _told(found, "the first", "the second", json=json)


def answers_of(store: Store, boxes: tuple[str, ...]) -> Answers:
    """What a store's eyes read, by sheet, all boxes if none are named: the same paper has one name in two."""
    some = boxes or (None,)
    return {sheet: answer(one) for box in some for sheet, one in store.verdicts(box=box)}


def _two(asked: tuple[str, ...], option: str, what: str, known: tuple[str, ...]) -> tuple[str, str]:
    chosen = tuple(next((full for full in known if full.startswith(one)), one) for one in asked)
    if len(chosen) != 2 or chosen[0] == chosen[1] or not set(chosen) <= set(known):
        there = ", ".join(one[:12] for one in known) or "none"
        raise UsageError(f"Give {option} twice, with two of the {what}: {there}.")
    return chosen[0], chosen[1]


def _by_version(store: Store, version: str) -> Answers:
    return {sheet: answer(one) for sheet, one in store.verdicts(version)}


def _of_box(store: Store, box: str) -> Answers:
    """By number: the same paper has the same one in both passes."""
    return {sheet.rpartition("/")[2]: answer(one) for sheet, one in store.verdicts(box=box)}


def _told(found: Comparison, first: str, second: str, *, json: bool) -> int:
    if json:
        say(msgspec.to_builtins(found) | {"identiske": found.identiske})
    else:
        for pile in found.piles:
            difference = f"{pile.second - pile.first:+d}"
            words = f"{pile.list} {pile.category}: {pile.first} by {first}, {pile.second} by {second}"
            answers.print(f"{words} ({difference})", markup=False)
        for one in found.differences:
            pair = " / ".join(_words(side) for side in (one.first, one.second))
            answers.print(f"{one.sheet}: {pair}", markup=False)
    verdict = "identiske" if found.identiske else f"{len(found.differences)} differ"
    note(f"{found.ballots} ballots read by both, {found.identical} identical: {verdict}.")
    return ExitCode.DONE if found.identiske else ExitCode.DISAGREE


def _words(side: Answer | None) -> str:
    if side is None:
        return "not there"
    count = f", {len(side.amendments)} changes" if side.amendments else ""
    return f"{side.list or ''} {side.category}{count}".strip()
