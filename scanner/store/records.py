"""What the store hands out besides the nouns of `ballot`: sheets without their pixels, and counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SideRecord:
    """One side of a stored sheet; the bytes lie in the images folder under `sha256`."""

    sha256: str
    name: str
    dpi: float | None
    page: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A stored sheet without the bytes of its images."""

    box: str
    number: int
    name: str
    device: str
    imprint: str | None
    sides: tuple[SideRecord, ...]

    @property
    def id(self) -> str:
        """`box/number`, as `Sheet.id`."""
        return f"{self.box}/{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the count has come, in sheets.

    fed ≥ read; `doubtful` are read, not sure, and not settled by people yet.
    """

    fed: int
    read: int
    decided: int
    doubtful: int

    @property
    def unread(self) -> int:
        """Sheets no machine has read yet."""
        return self.fed - self.read
