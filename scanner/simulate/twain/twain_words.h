/* The part of TWAIN 2.5 that a ballot scanner without a motor speaks: numbers and structures by our
   own names, laid out as the specification says (packed to 2). */
#ifndef TWAIN_WORDS_H
#define TWAIN_WORDS_H
#include <stdint.h>

enum { DG_CONTROL = 1, DG_IMAGE = 2 };
enum {
  DAT_NULL = 0, DAT_CAPABILITY = 1, DAT_EVENT = 2, DAT_IDENTITY = 3, DAT_PARENT = 4, DAT_PENDING = 5,
  DAT_SETUP_MEMORY = 6, DAT_SETUP_FILE = 7, DAT_STATUS = 8, DAT_INTERFACE = 9, DAT_CUSTOM = 0xC,
  DAT_DEVICE_EVENT = 0xD, DAT_CALLBACK = 0x10, DAT_IMAGE_INFO = 0x101, DAT_LAYOUT = 0x102,
  DAT_MEMORY = 0x103, DAT_FILE = 0x105, DAT_TOLD = 0x10B, DAT_ENTRY_POINT = 0x403
};
enum {
  MSG_GET = 1, MSG_GET_CURRENT = 2, MSG_GET_DEFAULT = 3, MSG_GET_FIRST = 4, MSG_GET_NEXT = 5, MSG_SET = 6,
  MSG_RESET = 7, MSG_READY = 0x101, MSG_DEVICE_EVENT = 0x104, MSG_OPEN_MANAGER = 0x301,
  MSG_CLOSE_MANAGER = 0x302, MSG_OPEN_SOURCE = 0x401, MSG_CLOSE_SOURCE = 0x402, MSG_DISABLE = 0x501,
  MSG_ENABLE = 0x502, MSG_END = 0x701, MSG_STOP_FEEDER = 0x702, MSG_REGISTER = 0x902
};
enum { RC_OK = 0, RC_FAILURE = 1, RC_TRIED = 2, RC_NOT_MINE = 5, RC_DONE = 6, RC_END_OF_LIST = 7, RC_NOT_TOLD = 8 };
enum {
  CC_OK = 0, CC_BUMMER = 1, CC_NO_SOURCE = 3, CC_BAD_PROTOCOL = 9, CC_BAD_VALUE = 10, CC_SEQUENCE = 11,
  CC_UNSUPPORTED = 13, CC_BAD_OPERATION = 14, CC_NO_FILE = 22, CC_NO_MEDIA = 29
};
enum { IT_INT16 = 1, IT_INT32 = 2, IT_UINT16 = 4, IT_UINT32 = 5, IT_BOOL = 6, IT_FIX32 = 7, IT_STR255 = 12 };
enum { IN_ARRAY = 3, IN_CHOICE = 4, IN_ONE = 5, IN_RANGE = 6 };
enum { GROUP_DSM2 = 0x10000000, GROUP_DS2 = 0x40000000 };
enum { PACK_NONE = 0, PACK_GROUP4 = 5, PACK_JPEG = 6 };
enum { PIXEL_BW = 0, PIXEL_GRAY = 1, PIXEL_RGB = 2 };
enum { BY_FILE = 1, BY_MEMORY = 2 };
enum { TOLD_PAGE = 0x123B, TOLD_SIDE = 0x1245, TOLD_PAPER = 0x1249, TOLD_PRINTED = 0x124A };

#pragma pack(push, 2)
typedef struct { int16_t whole; uint16_t frac; } Fix32;
typedef struct { uint16_t major, minor, language, country; char info[34]; } Version;
typedef struct {
  uint32_t number; Version version; uint16_t protocol_major, protocol_minor; uint32_t groups;
  char maker[34], family[34], name[34];
} Identity;
typedef uint16_t (*Entry)(Identity *, Identity *, uint32_t, uint16_t, uint16_t, void *);
typedef struct {
  uint32_t size; Entry manager; void *(*alloc)(uint32_t); void (*free)(void *);
  void *(*lock)(void *); void (*unlock)(void *);
} EntryPoint;
typedef struct { uint16_t cap, kind; void *container; } Capability;
typedef struct { uint16_t code, more; } Status;
typedef struct { uint16_t count; uint32_t end_of_job; } Pending;
typedef struct {
  Fix32 x_resolution, y_resolution; int32_t width, length; int16_t samples, bits_per_sample[8], bits;
  uint16_t planar; int16_t pixel; uint16_t compression;
} ImageInfo;
typedef struct { Fix32 left, top, right, bottom; uint32_t document, page, frame; } Layout;
typedef struct {
  uint16_t compression; uint32_t bytes_per_row, columns, rows, x, y, written;
  struct { uint32_t flags, length; void *address; } memory;
} Strip;
typedef struct { uint32_t least, most, preferred; } SetupMemory;
typedef struct { char name[256]; uint16_t format; int16_t volume; } SetupFile;
typedef struct { uint16_t what, item, count, code; uintptr_t value; } Told;
typedef struct { uint32_t count; Told first[1]; } ToldOfImage;
typedef struct { void *proc; uint32_t reference; int16_t message; } Callback;
typedef struct { uint32_t length; void *handle; } Custom;
typedef struct { uint32_t event; char device[256]; char rest[34]; } DeviceEvent;
#pragma pack(pop)
#endif
