"""One sheet of a campaign made again, for whoever wants to know why it was read so."""

from pathlib import Path

import cv2
import msgspec

from scanner.bench.answers import Answer, Case, answer
from scanner.bench.campaign import outcome, sheet
from scanner.bench.cases import Plan
from scanner.classify.pictures import Colour


def again(case: Case, plan: Plan, folder: Path) -> Answer:
    """Leave the two images, truth, reading, answer and a picture of each stage in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = sheet(case, plan)
    stem = f"{case.sheet:04d}"
    (folder / f"{stem}F.jpg").write_bytes(made.front)
    (folder / f"{stem}B.jpg").write_bytes(made.back)

    def show(stage: str, picture: Colour) -> None:
        _, png = cv2.imencode(".png", picture, (cv2.IMWRITE_PNG_COMPRESSION, 3))
        (folder / f"{stem}-{stage}.png").write_bytes(png.tobytes())

    seen = outcome(case, made, show)
    found = answer(case, made.truth, seen)
    for name, value in (("truth", made.truth), ("reading", seen), ("answer", found)):
        (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2))
    return found
