"""What a reading process opens once: the election's paper, the models, the numbers of every stage."""

from dataclasses import dataclass

import cv2
from threadpoolctl import threadpool_limits

from scanner.ballot import Face
from scanner.classify.atlas import DPI, Faces, frame, known
from scanner.classify.box_eyes import Eyes, OnnxEyes
from scanner.classify.box_eyes import bounds as eye_bounds
from scanner.classify.digits import OnnxDigits, number_judge, number_limits
from scanner.classify.face import FaceBounds, FaceLimits
from scanner.classify.hairlines import HairLimits
from scanner.classify.hands import Hands, open_hands
from scanner.classify.identify import IdentifyBounds, Known
from scanner.classify.ink import InkLimits
from scanner.classify.marks import MarkLimits
from scanner.classify.on_canvas import CanvasBounds
from scanner.classify.printed_names import NameBounds
from scanner.classify.quality import QualityBounds
from scanner.classify.registered import Limits
from scanner.classify.renumbered import NumberReader
from scanner.classify.second_sheet import SecondSheetBounds
from scanner.classify.shadow_light import ShadowLimits
from scanner.classify.stamp_both import StampReaders
from scanner.classify.streaks import FeedLimits
from scanner.classify.touching import TouchLimits
from scanner.classify.upright import Frame, UprightBounds
from scanner.classify.woven import WovenBounds
from scanner.config import calibration, version
from scanner.election import Election
from scanner.layout.glyphs import digit_pictures
from scanner.layout.raster import pictures
from scanner.layout.styles import styles


@dataclass(frozen=True, slots=True)
class AllBounds:
    """The numbers of every stage, from `calibration/`."""

    quality: QualityBounds
    upright: UprightBounds
    identify: IdentifyBounds
    register: Limits
    face: FaceLimits
    names: NameBounds
    woven: WovenBounds
    second: SecondSheetBounds
    canvas: CanvasBounds


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Everything a reading process opens once: the election's paper, the learned eyes, the numbers."""

    election: Election
    faces: Faces
    frames: tuple[Frame, ...]
    known: tuple[Known, ...]
    eyes: Eyes
    numbers: NumberReader
    hands: Hands
    stamps: StampReaders
    bounds: AllBounds
    version: str


def open_atlas(election: Election) -> Atlas:
    """Draw the election's ballots, open the models, read the numbers. Takes about a second."""
    cv2.setNumThreads(1)  # parallel by sheet, single-threaded inside it
    threadpool_limits(1, "blas")  # with two threads a 250 x 1000 product took 40 ms beside other work, not 2
    every = styles(election)
    drawn = pictures(election, every, DPI)
    ink = calibration("ink", InkLimits)
    bounds = AllBounds(
        quality=calibration("quality", QualityBounds),
        upright=calibration("upright", UprightBounds),
        identify=calibration("identify", IdentifyBounds),
        register=calibration("registration", Limits),
        face=FaceLimits(
            ink,
            calibration("marks", MarkLimits),
            calibration("face", FaceBounds),
            calibration("feed_streaks", FeedLimits),
            calibration("shadows", ShadowLimits),
            calibration("hairlines", HairLimits),
            calibration("touching", TouchLimits),
            eye_bounds(),
        ),
        names=calibration("printed_names", NameBounds),
        woven=calibration("woven", WovenBounds),
        second=calibration("second_sheet", SecondSheetBounds),
        canvas=calibration("on_canvas", CanvasBounds),
    )
    frames = (frame(one, face, drawn[one.id, face]) for one in every for face in Face)
    return Atlas(
        election=election,
        faces=Faces(
            {one.id: one for one in every},
            lambda style, face: drawn[style.id, face],
            bounds.register,
            ink,
            bounds.face.face.rim_mm,
            bounds.face.face.loose_mm,
        ),
        frames=tuple({one.key(): one for one in frames}.values()),
        known=tuple(known(one, drawn[one.id, Face.INSIDE], digit_pictures(one, DPI)) for one in every),
        eyes=OnnxEyes(),
        numbers=NumberReader(OnnxDigits(), number_judge(), number_limits()),
        hands=open_hands(election),
        stamps=StampReaders.shipped(election.stamps),
        bounds=bounds,
        version=version(),
    )
