"""The words of TWAIN that this driver uses, by their own names and numbers (TWAIN specification 2.5).

Only numbers are here: what they are used for stands where they are used.
"""

from enum import IntEnum

DG_CONTROL = 1
DG_IMAGE = 2
DF_DSM2 = 0x10000000  # set by a manager of version 2: it has memory functions and callbacks
DF_APP2 = 0x20000000  # set by us: we know what to do with them
ANY = 0xFFFF  # TWON_DONTCARE16
ANY32 = 0xFFFFFFFF
UNKNOWN = -1  # a size that is known only after the transfer
MEMORY_FLAGS = 0x1 | 0x8  # TWMF_APPOWNS | TWMF_POINTER: our buffer, by its address


class Dat(IntEnum):
    """What a call is about."""

    CAPABILITY = 0x1
    EVENT = 0x2
    IDENTITY = 0x3
    PARENT = 0x4
    PENDINGXFERS = 0x5
    SETUPMEMXFER = 0x6
    SETUPFILEXFER = 0x7
    STATUS = 0x8
    USERINTERFACE = 0x9
    CUSTOMDSDATA = 0xC
    DEVICEEVENT = 0xD
    CALLBACK = 0x10
    IMAGEINFO = 0x101
    IMAGELAYOUT = 0x102
    IMAGEMEMXFER = 0x103
    IMAGEFILEXFER = 0x105
    EXTIMAGEINFO = 0x10B
    ENTRYPOINT = 0x403


class Msg(IntEnum):
    """What is done to it, and what a source says by itself."""

    NULL = 0x0
    GET = 0x1
    GETCURRENT = 0x2
    GETDEFAULT = 0x3
    GETFIRST = 0x4
    GETNEXT = 0x5
    SET = 0x6
    RESET = 0x7
    XFERREADY = 0x101
    CLOSEDSREQ = 0x102
    CLOSEDSOK = 0x103
    DEVICEEVENT = 0x104
    OPENDSM = 0x301
    CLOSEDSM = 0x302
    OPENDS = 0x401
    CLOSEDS = 0x402
    DISABLEDS = 0x501
    ENABLEDS = 0x502
    PROCESSEVENT = 0x601
    ENDXFER = 0x701
    STOPFEEDER = 0x702
    REGISTER_CALLBACK = 0x902


class Rc(IntEnum):
    """How a call ended."""

    SUCCESS = 0
    FAILURE = 1
    CHECKSTATUS = 2
    CANCEL = 3
    DSEVENT = 4
    NOTDSEVENT = 5
    XFERDONE = 6
    ENDOFLIST = 7
    INFONOTSUPPORTED = 8
    DATANOTAVAILABLE = 9
    BUSY = 10
    SCANNERLOCKED = 11


class Cc(IntEnum):
    """Why a call failed."""

    SUCCESS = 0
    BUMMER = 1
    LOWMEMORY = 2
    NODS = 3
    MAXCONNECTIONS = 4
    OPERATIONERROR = 5
    BADCAP = 6
    BADPROTOCOL = 9
    BADVALUE = 10
    SEQERROR = 11
    BADDEST = 12
    CAPUNSUPPORTED = 13
    CAPBADOPERATION = 14
    CAPSEQERROR = 15
    DENIED = 16
    FILEEXISTS = 17
    FILENOTFOUND = 18
    NOTEMPTY = 19
    PAPERJAM = 20
    PAPERDOUBLEFEED = 21
    FILEWRITEERROR = 22
    CHECKDEVICEONLINE = 23
    INTERLOCK = 24
    DAMAGEDCORNER = 25
    FOCUSERROR = 26
    DOCTOOLIGHT = 27
    DOCTOODARK = 28
    NOMEDIA = 29


class DeviceEvent(IntEnum):
    """What a device says by itself, in mid feed (TWDE)."""

    CHECKDEVICEONLINE = 2
    DEVICEOFFLINE = 7
    DEVICEREMOVED = 9
    PAPERDOUBLEFEED = 12
    PAPERJAM = 13
    LAMPFAILURE = 14


class Con(IntEnum):
    """How a value is packed (TWON)."""

    ARRAY = 3
    ENUMERATION = 4
    ONEVALUE = 5
    RANGE = 6


class Item(IntEnum):
    """Type of a value (TWTY)."""

    INT8 = 0
    INT16 = 1
    INT32 = 2
    UINT8 = 3
    UINT16 = 4
    UINT32 = 5
    BOOL = 6
    FIX32 = 7
    FRAME = 8
    STR32 = 9
    STR64 = 10
    STR128 = 11
    STR255 = 12


class Cap(IntEnum):
    """What can be asked of a source, and most of it set."""

    CAP_XFERCOUNT = 0x0001
    ICAP_COMPRESSION = 0x0100
    ICAP_PIXELTYPE = 0x0101
    ICAP_UNITS = 0x0102
    ICAP_XFERMECH = 0x0103
    CAP_FEEDERENABLED = 0x1002
    CAP_FEEDERLOADED = 0x1003
    CAP_SUPPORTEDCAPS = 0x1005
    CAP_AUTOFEED = 0x1007
    CAP_INDICATORS = 0x100B
    CAP_UICONTROLLABLE = 0x100E
    CAP_DEVICEONLINE = 0x100F
    CAP_AUTOSCAN = 0x1010
    CAP_DUPLEX = 0x1012
    CAP_DUPLEXENABLED = 0x1013
    CAP_CUSTOMDSDATA = 0x1015
    CAP_MAXBATCHBUFFERS = 0x101E
    CAP_DEVICEEVENT = 0x1022
    CAP_SERIALNUMBER = 0x1024
    CAP_PRINTER = 0x1026
    CAP_PRINTERENABLED = 0x1027
    CAP_PRINTERINDEX = 0x1028
    CAP_PRINTERMODE = 0x1029
    CAP_PRINTERSTRING = 0x102A
    CAP_PRINTERSUFFIX = 0x102B
    CAP_CAMERASIDE = 0x1034
    CAP_DOUBLEFEEDDETECTION = 0x103F
    CAP_DOUBLEFEEDDETECTIONLENGTH = 0x1040
    CAP_DOUBLEFEEDDETECTIONSENSITIVITY = 0x1041
    CAP_DOUBLEFEEDDETECTIONRESPONSE = 0x1042
    CAP_PRINTERINDEXNUMDIGITS = 0x104B
    CAP_PRINTERINDEXSTEP = 0x104C
    ICAP_BRIGHTNESS = 0x1101
    ICAP_CONTRAST = 0x1103
    ICAP_IMAGEFILEFORMAT = 0x110C
    ICAP_PHYSICALWIDTH = 0x1111
    ICAP_PHYSICALHEIGHT = 0x1112
    ICAP_XRESOLUTION = 0x1118
    ICAP_YRESOLUTION = 0x1119
    ICAP_BITORDER = 0x111C
    ICAP_PIXELFLAVOR = 0x111F
    ICAP_PLANARCHUNKY = 0x1120
    ICAP_THRESHOLD = 0x1123
    ICAP_BITORDERCODES = 0x1126
    ICAP_BITDEPTH = 0x112B
    ICAP_UNDEFINEDIMAGESIZE = 0x112D
    ICAP_EXTIMAGEINFO = 0x112F
    ICAP_AUTODISCARDBLANKPAGES = 0x1134
    ICAP_PATCHCODEDETECTIONENABLED = 0x113F
    ICAP_AUTOMATICBORDERDETECTION = 0x1150
    ICAP_AUTOMATICDESKEW = 0x1151
    ICAP_AUTOMATICROTATE = 0x1152
    ICAP_JPEGQUALITY = 0x1153
    ICAP_AUTOSIZE = 0x1156


class Told(IntEnum):
    """What a source can tell of an image it has sent (TWEI)."""

    DOCUMENTNUMBER = 0x123A
    PAGENUMBER = 0x123B
    FRAMENUMBER = 0x123D
    PAGESIDE = 0x1245
    PAPERCOUNT = 0x1249
    PRINTERTEXT = 0x124A


class Pixel(IntEnum):
    """Kinds of picture (TWPT)."""

    BW = 0
    GRAY = 1
    RGB = 2


class Mechanism(IntEnum):
    """Ways an image comes over (TWSX)."""

    FILE = 1
    MEMORY = 2


class Compression(IntEnum):
    """How image bytes are packed (TWCP)."""

    NONE = 0
    GROUP4 = 5
    JPEG = 6


class FileFormat(IntEnum):
    """Kinds of file a source writes (TWFF)."""

    TIFF = 0
    JFIF = 4


FRONT, BACK = 1, 2  # TWCS_TOP, TWCS_BOTTOM: the page side told with an image
INCHES = 0  # TWUN
CHOCOLATE, VANILLA = 0, 1  # TWPF: zero is black, zero is white
MSB_FIRST = 1  # TWBO
CHUNKY = 0  # TWPC: the colours of a pixel stand together
KEEP_BLANK = -2  # TWBP_DISABLE
COMPOUND = 2  # TWPM: what is printed is string, number, suffix
DOUBLE_FEED_STOP = 0  # TWDP_STOP
