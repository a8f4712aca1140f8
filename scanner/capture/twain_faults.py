"""What a TWAIN source's codes mean to the operator."""

from scanner.capture.events import Fault, FeedError
from scanner.capture.twain_words import Cc, DeviceEvent, Rc

_FAULT = {
    Cc.BUMMER: (Fault.INTERNAL, "the driver failed and does not say why"),
    Cc.LOWMEMORY: (Fault.INTERNAL, "the driver has no memory left"),
    Cc.NODS: (Fault.OFFLINE, "the driver cannot be loaded"),
    Cc.MAXCONNECTIONS: (Fault.BUSY, "another program holds the scanner"),
    Cc.OPERATIONERROR: (Fault.INTERNAL, "the driver has a fault of its own and may show it in a window"),
    Cc.BADCAP: (Fault.CONFIG, "the driver does not know this setting"),
    Cc.BADPROTOCOL: (Fault.CONFIG, "the driver does not know this request"),
    Cc.BADVALUE: (Fault.CONFIG, "the driver does not take this value"),
    Cc.SEQERROR: (Fault.INTERNAL, "the driver has lost its place"),
    Cc.BADDEST: (Fault.INTERNAL, "the driver is not the one that was opened"),
    Cc.CAPUNSUPPORTED: (Fault.CONFIG, "the driver does not have this setting"),
    Cc.CAPBADOPERATION: (Fault.CONFIG, "the driver does not let this setting be changed"),
    Cc.CAPSEQERROR: (Fault.CONFIG, "the driver does not take this setting together with the others"),
    Cc.DENIED: (Fault.BUSY, "the driver is not let near the scanner"),
    Cc.FILEEXISTS: (Fault.INTERNAL, "a file of that name is there already"),
    Cc.FILENOTFOUND: (Fault.INTERNAL, "the driver does not find its file"),
    Cc.NOTEMPTY: (Fault.INTERNAL, "a folder of the driver is not empty"),
    Cc.PAPERJAM: (Fault.JAM, "a sheet is stuck"),
    Cc.PAPERDOUBLEFEED: (Fault.DOUBLE_FEED, "two sheets went in together"),
    Cc.FILEWRITEERROR: (Fault.DISK_FULL, "the driver cannot write its file"),
    Cc.CHECKDEVICEONLINE: (Fault.OFFLINE, "the scanner is off or its cable is out"),
    Cc.INTERLOCK: (Fault.COVER_OPEN, "the cover is open"),
    Cc.DAMAGEDCORNER: (Fault.JAM, "a sheet has a folded or torn corner"),
    Cc.FOCUSERROR: (Fault.BAD_IMAGE, "the picture is out of focus"),
    Cc.DOCTOOLIGHT: (Fault.BAD_IMAGE, "the sheet is too light"),
    Cc.DOCTOODARK: (Fault.BAD_IMAGE, "the sheet is too dark"),
    Cc.NOMEDIA: (Fault.HOPPER_EMPTY, "there is no paper"),
}
_UNNAMED = (Fault.INTERNAL, "the driver gives a code of its own")

_NEWS = {
    DeviceEvent.PAPERJAM: (Fault.JAM, "a sheet is stuck"),
    DeviceEvent.PAPERDOUBLEFEED: (Fault.DOUBLE_FEED, "two sheets went in together"),
    DeviceEvent.CHECKDEVICEONLINE: (Fault.OFFLINE, "the scanner is off or its cable is out"),
    DeviceEvent.DEVICEOFFLINE: (Fault.OFFLINE, "the scanner is off or its cable is out"),
    DeviceEvent.DEVICEREMOVED: (Fault.OFFLINE, "the scanner's cable is out"),
    DeviceEvent.LAMPFAILURE: (Fault.INTERNAL, "the scanner's lamp has failed"),
}


class TwainError(FeedError):
    """The TWAIN source stopped."""

    def __init__(self, fault: Fault, text: str, native: str = "", code: Cc | None = None) -> None:
        super().__init__(fault, text)
        self.native = native
        self.code = code


def refused(what: str, rc: int, code: int) -> TwainError:
    """The fault behind return code `rc` and condition code `code` of the call named `what`."""
    fault, why = _meaning(rc, code)
    native = f"TWRC {rc} {_name(Rc, rc)} TWCC {code} {_name(Cc, code)}".rstrip()
    known = Cc(code) if code in set(Cc) and rc == Rc.FAILURE else None
    return TwainError(fault, f"The scanner stopped at {what}: {why}.", native, known)


def news(event: int) -> TwainError | None:
    """The fault behind something a device said by itself; None if it is none."""
    if event not in set(_NEWS):
        return None
    fault, why = _NEWS[DeviceEvent(event)]
    return TwainError(fault, f"The scanner says that {why}.", f"TWDE {event} {DeviceEvent(event).name}")


def _meaning(rc: int, code: int) -> tuple[Fault, str]:
    match rc:
        case Rc.BUSY:
            return Fault.BUSY, "the scanner is busy"
        case Rc.SCANNERLOCKED:
            return Fault.BUSY, "the scanner is locked by another program"
        case Rc.CANCEL:
            return Fault.BUSY, "somebody stopped it at the scanner or in a window of its driver"
        case Rc.FAILURE if code in set(Cc):
            return _FAULT.get(Cc(code), _UNNAMED)
    return _UNNAMED


def _name(words: type[Rc] | type[Cc], code: int) -> str:
    return words(code).name if code in set(words) else "of its own"
