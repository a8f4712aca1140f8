"""The lines that commands print with --json: a fixed interface, one object a line."""

from collections.abc import Iterable

import msgspec

from scanner.ballot import Amendment, AmendmentKind, Reading, Sheet, Verdict


def line(value: object) -> str:
    """One JSON object on one line; numbers and letters as they are, no ASCII escapes."""
    return msgspec.json.encode(value).decode()


def amendment_line(one: Amendment) -> dict[str, object]:
    """An amendment with the members its kind has, under the names of the fixed interface."""
    match one.kind:
        case AmendmentKind.PERSONAL_VOTE | AmendmentKind.STRIKE:
            members: dict[str, object] = {"candidate": one.candidate}
        case AmendmentKind.RENUMBER:
            members = {"candidate": one.candidate, "rank": one.rank}
        case AmendmentKind.WRITE_IN:
            members = {"line": one.line, "text": one.text, "candidate": one.person}
        case AmendmentKind.PARTY_TICK:
            members = {"list": one.list}
        case AmendmentKind.OPTION:
            members = {"option": one.option}
    return {"kind": one.kind.value, **members}


def amendment_lines(amendments: Iterable[Amendment]) -> list[dict[str, object]]:
    """All amendments of a ballot, in the order of the paper."""
    return [amendment_line(one) for one in amendments]


def verdict_line(sheet: Sheet, reading: Reading, verdict: Verdict) -> dict[str, object]:
    """What `valgskanner classify --json` prints for one sheet; `id` is unique where boxes share names."""
    return {
        "sheet": sheet.name or f"{sheet.number:04d}",
        "id": sheet.id,
        "images": [one.name for one in sheet.images],
        "category": verdict.category.value,
        "list": verdict.list,
        "identity": {
            "ballot_number": reading.identity.ballot_number,
            "heading": reading.identity.heading,
            "agree": reading.identity.agree,
        },
        "stamp": reading.stamp
        and {"state": reading.stamp.state.value, "probability": round(reading.stamp.probability, 4)},
        "amendments": amendment_lines(verdict.amendments),
        "reasons": [one.value for one in verdict.reasons],
        "proposed": {
            "category": verdict.proposed.category.value,
            "amendments": amendment_lines(verdict.proposed.amendments),
        },
        "confidence": round(verdict.confidence, 6),
        "problems": [one.problem for one in sheet.images if one.problem],
        "version": reading.version,
        "ms": {stage: round(ms, 2) for stage, ms in reading.ms},
    }


def amendment_text(one: Amendment) -> str:
    """An amendment in a few words, for people."""
    members = amendment_line(one)
    what = str(members.pop("kind")).replace("_", " ")
    return " ".join([what, *(str(value) for value in members.values() if value is not None)])
