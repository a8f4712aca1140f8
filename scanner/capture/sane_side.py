"""One side of a sheet out of a driver: every byte counted, none changed.

A driver that is cancelled, loses its device or runs out of paper gives a short page and says that
all is well (seen with sane-backends 1.2.1), so the bytes are counted against what was announced.
"""

import time

import numpy as np
from numpy.typing import NDArray

from scanner.capture import pnm
from scanner.capture.events import Fault, FeedError
from scanner.capture.sane_library import Device
from scanner.capture.sane_limits import sane_limits
from scanner.capture.sane_words import Frame, FrameFormat

_PASSES = (FrameFormat.RED, FrameFormat.GREEN, FrameFormat.BLUE)


class SideReader:
    """Memory for one side, used again for the next: a stack of any length needs no more."""

    def __init__(self) -> None:
        self._room: NDArray[np.uint8] = np.empty(0, np.uint8)

    def side(self, device: Device, until: float, where: str) -> bytes:
        """The side that `device.start()` has begun, as a PBM, PGM or PPM.

        `until` (monotonic seconds) is looked at between reads only: a read itself may block for
        ever. `where` names the side in what is raised: FeedError with SHORT_IMAGE, BAD_IMAGE,
        TIMEOUT or CONFIG, or SaneError.
        """
        frame = _checked(device.frame(), where)
        if frame.format not in _PASSES:
            lines, pixels = self._frame(device, frame, until, where)
            return pnm.wrap(frame.pixels_per_line, lines, frame.channels, frame.depth, pixels.data)
        return self._three_passes(device, frame, until, where)

    def _three_passes(self, device: Device, frame: Frame, until: float, where: str) -> bytes:
        """Red, green and blue as frames of their own, in any order, laid together."""
        passes: dict[int, NDArray[np.uint8]] = {}
        first, lines = frame, 0
        while True:
            lines, pixels = self._frame(device, frame, until, where)
            passes[frame.format] = pixels.copy()
            if frame.last or len(passes) == len(_PASSES):
                break
            if not device.start():
                break
            frame = _checked(device.frame(), where)
        if set(passes) != set(_PASSES) or len({one.size for one in passes.values()}) != 1:
            raise FeedError(Fault.BAD_IMAGE, f"{where} came without one of its three colours.")
        sample = first.depth // 8
        laid = np.stack([passes[one].reshape(-1, sample) for one in _PASSES], axis=1)
        return pnm.wrap(first.pixels_per_line, lines, 3, first.depth, laid.tobytes())

    def _frame(self, device: Device, frame: Frame, until: float, where: str) -> tuple[int, NDArray[np.uint8]]:
        """(lines, pixels without what pads the lines) of one frame."""
        got = self._filled(device, frame, until, where)
        lines = frame.lines if frame.lines >= 0 else got // frame.bytes_per_line
        wanted = lines * frame.bytes_per_line
        if got != wanted or not lines:
            short = got < wanted or not lines or frame.lines < 0
            fault = Fault.SHORT_IMAGE if short else Fault.BAD_IMAGE
            said = f"{wanted} bytes" if frame.lines >= 0 else "whole lines"
            raise FeedError(fault, f"{where} has {got} bytes, announced were {said}.")
        pixels = self._room[:wanted]
        if frame.line_bytes < frame.bytes_per_line:
            pixels = pixels.reshape(lines, frame.bytes_per_line)[:, : frame.line_bytes].ravel()
        return lines, pixels

    def _filled(self, device: Device, frame: Frame, until: float, where: str) -> int:
        """Read to the end of the frame: how many bytes came. One line more than announced is let in."""
        known = frame.lines >= 0
        limit = (frame.lines + 1 if known else sane_limits().hand_lines) * frame.bytes_per_line
        self._reserve(limit, 0)
        got = 0
        while True:
            if got == limit:
                if known or got >= sane_limits().max_hand_bytes:
                    raise FeedError(Fault.BAD_IMAGE, f"{where} has no end after {got} bytes.")
                limit = min(2 * limit, max(limit + 1, sane_limits().max_hand_bytes))
                self._reserve(limit, got)
            room = min(limit - got, sane_limits().read_bytes)
            came = device.read(self._room.ctypes.data + got, room)
            if came is None:
                return got
            got += came
            if time.monotonic() > until:
                raise FeedError(Fault.TIMEOUT, f"{where} did not come in time; {got} bytes had come.")
            if not came:
                time.sleep(sane_limits().nothing_s)

    def _reserve(self, size: int, keep: int) -> None:
        if size > self._room.size:
            larger = np.empty(size, np.uint8)
            larger[:keep] = self._room[:keep]
            self._room = larger


def _checked(frame: Frame, where: str) -> Frame:
    """A frame whose announcement can be true and whose bytes there is room for."""
    if frame.format not in set(FrameFormat) or frame.depth not in {1, 8, 16}:
        kind = f"kind {frame.format}, {frame.depth} bits"
        raise FeedError(Fault.CONFIG, f"{where} comes in a form that is not read ({kind}).")
    if frame.depth == 1 and frame.format != FrameFormat.GRAY:
        raise FeedError(Fault.CONFIG, f"{where} comes in colours of one bit, which no picture file holds.")
    if frame.pixels_per_line < 1 or frame.bytes_per_line < frame.line_bytes or frame.lines == 0:
        raise FeedError(
            Fault.BAD_IMAGE,
            f"{where} is announced as {frame.pixels_per_line} × {frame.lines} pixels "
            f"in lines of {frame.bytes_per_line} bytes.",
        )
    if max(frame.lines, 1) * frame.bytes_per_line > sane_limits().max_raw_bytes:
        raise FeedError(
            Fault.BAD_IMAGE,
            f"{where} is announced with {max(frame.lines, 1) * frame.bytes_per_line} bytes, "
            f"more than {sane_limits().max_raw_mib:g} MiB.",
        )
    return frame
