/* What can be asked and set. The scanner wakes up as careless ones do: one side, one image, blank sides
   thrown away, pictures turned, paper fed ahead; a host that sets nothing loses paper. */
#include "ballot.h"
#include <string.h>

enum { XFER_COUNT = 1, PACKING = 0x100, PIXELS = 0x101, MECHANISM = 0x103, SUPPORTED = 0x1005, LOADED = 0x1003 };
enum { FILE_FORMAT = 0x110c, DEPTH = 0x112b, X_DPI = 0x1118, Y_DPI = 0x1119, AUTOSCAN = 0x1010, SERIAL = 0x1024 };
enum { BLANK_OFF = 0x1134, CHOICES = 8 };

typedef struct {
  uint16_t cap, item, kind;
  int fixed, count;
  double values[CHOICES], first;
  double now;
  int held; /* of a list: how many of `values` hold, as bits */
} Setting;

static char printed[256];
static Setting settings[] = {
  {XFER_COUNT, IT_INT16, IN_ONE, 0, 0, {0}, 1, 0, 0},
  {PACKING, IT_UINT16, IN_CHOICE, 0, 3, {PACK_NONE, PACK_GROUP4, PACK_JPEG}, PACK_NONE, 0, 0},
  {PIXELS, IT_UINT16, IN_CHOICE, 0, 3, {PIXEL_BW, PIXEL_GRAY, PIXEL_RGB}, PIXEL_BW, 0, 0},
  {0x102, IT_UINT16, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},               /* unit: centimetres at first */
  {MECHANISM, IT_UINT16, IN_CHOICE, 0, 2, {BY_FILE, BY_MEMORY}, BY_FILE, 0, 0},
  {0x1002, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},                /* feeder */
  {LOADED, IT_BOOL, IN_ONE, 1, 0, {0}, 0, 0, 0},
  {0x1007, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},                /* autofeed */
  {0x100b, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},                /* progress window */
  {0x100d, IT_BOOL, IN_ONE, 1, 0, {0}, 1, 0, 0},                      /* sees paper */
  {0x100e, IT_BOOL, IN_ONE, 1, 0, {0}, 1, 0, 0},                      /* can be used without windows */
  {0x100f, IT_BOOL, IN_ONE, 1, 0, {0}, 1, 0, 0},                      /* online */
  {AUTOSCAN, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},
  {0x1012, IT_UINT16, IN_ONE, 1, 0, {0}, 1, 0, 0},                    /* duplex in one pass */
  {0x1013, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},                /* both sides */
  {0x1015, IT_BOOL, IN_ONE, 1, 0, {0}, 1, 0, 0},                      /* settings as one lump */
  {0x101e, IT_UINT32, IN_RANGE, 0, 0, {1, 16, 1}, 3, 0, 0},           /* sheets ahead */
  {0x1022, IT_UINT16, IN_ARRAY, 0, 2, {13, 12}, 0, 0, 0},             /* news of jams */
  {SERIAL, IT_STR255, IN_ONE, 1, 0, {0}, 0, 0, 0},
  {0x1026, IT_UINT16, IN_CHOICE, 0, 1, {5}, 5, 0, 0},                 /* endorser, top, after */
  {0x1027, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},
  {0x1028, IT_UINT32, IN_ONE, 0, 0, {0}, 1, 0, 0},                    /* number printed next */
  {0x1029, IT_UINT16, IN_CHOICE, 0, 2, {0, 2}, 0, 0, 0},
  {0x102a, IT_STR255, IN_ONE, 0, 0, {0}, 0, 0, 0},                    /* text before the number */
  {0x104c, IT_UINT32, IN_ONE, 0, 0, {0}, 1, 0, 0},                    /* its step */
  {0x103f, IT_UINT16, IN_ARRAY, 0, 2, {0, 1}, 0, 0, 0},               /* double feed: ultrasonic, by length */
  {0x1042, IT_UINT16, IN_ARRAY, 0, 3, {0, 1, 2}, 0, 0, 0},            /* what follows on one */
  {0x1101, IT_FIX32, IN_RANGE, 0, 0, {-1000, 1000, 1}, 0, 0, 0},      /* brightness */
  {FILE_FORMAT, IT_UINT16, IN_CHOICE, 0, 2, {0, 4}, 0, 0, 0},
  {0x1111, IT_FIX32, IN_ONE, 1, 0, {0}, 12, 0, 0},                    /* inches wide, long */
  {0x1112, IT_FIX32, IN_ONE, 1, 0, {0}, 120, 0, 0},
  {X_DPI, IT_FIX32, IN_CHOICE, 0, 7, {100, 150, 200, 240, 300, 400, 600}, 300, 0, 0},
  {Y_DPI, IT_FIX32, IN_RANGE, 0, 0, {50, 600, 1}, 300, 0, 0},
  {0x111c, IT_UINT16, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},              /* order of bits */
  {0x111f, IT_UINT16, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},              /* zero is black, zero is white */
  {0x1120, IT_UINT16, IN_CHOICE, 0, 1, {0}, 0, 0, 0},
  {DEPTH, IT_UINT16, IN_ONE, 0, 0, {0}, 1, 0, 0},
  {0x112d, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},
  {0x112f, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 0, 0, 0},                /* tells of images */
  {BLANK_OFF, IT_INT32, IN_CHOICE, 0, 2, {-2, -1}, -1, 0, 0},
  {0x1150, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},                /* cuts borders */
  {0x1151, IT_BOOL, IN_CHOICE, 0, 2, {0, 1}, 1, 0, 0},                /* turns pictures */
  {0x1153, IT_INT16, IN_RANGE, 0, 0, {1, 100, 1}, 50, 0, 0},          /* JPEG quality */
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static Setting *find(uint16_t cap) {
  for (int n = 0; n < SETTINGS; n++)
    if (settings[n].cap == cap && !device_lacks(cap)) return settings + n;
  return 0;
}

double setting(uint16_t cap) { Setting *it = find(cap); return it ? it->now : 0; }
void setting_force(uint16_t cap, double value) { Setting *it = find(cap); if (it) it->now = value; }
const char *setting_text(uint16_t cap) { return cap == SERIAL ? device.serial : printed; }

void settings_reset(void) {
  for (int n = 0; n < SETTINGS; n++) settings[n].now = settings[n].first, settings[n].held = 0;
  printed[0] = 0;
}

const char *settings_extension(void) {
  if (setting(PACKING) == PACK_JPEG) return ".jpg";
  if (setting(PACKING) == PACK_GROUP4) return ".tif";
  const char *bare[] = {".pbm", ".pgm", ".ppm"};
  return bare[(int)setting(PIXELS)];
}

/* A value can only be had if there are images of that kind in the folder. */
static int possible(const Setting *it, double value) {
  int pixels = (int)setting(PIXELS);
  const char *bare[] = {".pbm", ".pgm", ".ppm"};
  if (it->cap == PACKING && value == PACK_JPEG) return paper_has(".jpg") && pixels != PIXEL_BW;
  if (it->cap == PACKING && value == PACK_GROUP4) return paper_has(".tif") && pixels == PIXEL_BW;
  if (it->cap == PACKING) return paper_has(bare[pixels]);
  if (it->cap == PIXELS && value == PIXEL_BW) return paper_has(".pbm") || paper_has(".tif");
  if (it->cap == PIXELS) return paper_has(".jpg") || paper_has(bare[(int)value]);
  if (it->cap == BLANK_OFF && device.keeps_blank_off) return value == -1;
  if (it->cap == AUTOSCAN && device.ahead) return value == 1;
  return 1;
}

static int size_of(uint16_t item) {
  if (item == IT_STR255) return 256;
  return item == IT_FIX32 || item == IT_INT32 || item == IT_UINT32 ? 4 : 2;
}

static void write_value(uint8_t *at, uint16_t item, double value) {
  int32_t whole = (int32_t)value;
  if (item == IT_FIX32) {
    int32_t parts = (int32_t)(value * 65536);
    Fix32 fix = {(int16_t)(parts >> 16), (uint16_t)parts};
    memcpy(at, &fix, 4);
  } else memcpy(at, &whole, (size_t)size_of(item));
}

static double read_value(const uint8_t *at, uint16_t item) {
  union { int16_t i16; uint16_t u16; int32_t i32; uint32_t u32; Fix32 fix; } it;
  memcpy(&it, at, 4);
  switch (item) {
    case IT_INT16: return it.i16;
    case IT_INT32: return it.i32;
    case IT_UINT32: return it.u32;
    case IT_FIX32: return it.fix.whole + it.fix.frac / 65536.0;
    default: return it.u16;
  }
}

static uint8_t *pack(Capability *body, uint16_t kind, uint32_t size, uint16_t item) {
  body->kind = kind;
  body->container = lent.alloc(size);
  uint8_t *at = lent.lock(body->container);
  memcpy(at, &item, 2);
  return at + 2;
}

static void pack_one(Capability *body, const Setting *it) {
  uint32_t size = (uint32_t)size_of(it->item);
  uint8_t *at = pack(body, IN_ONE, 2 + (size < 4 ? 4 : size), it->item);
  if (it->item == IT_STR255) strncpy((char *)at, setting_text(it->cap), 255);
  else write_value(at, it->item, it->now);
}

static void pack_array(Capability *body, const Setting *it, int held) {
  uint32_t count = 0;
  uint8_t *at = pack(body, IN_ARRAY, 6 + 4 * CHOICES, it->item);
  for (int n = 0; n < it->count; n++)
    if (held >> n & 1) write_value(at + 4 + size_of(it->item) * (int)count++, it->item, it->values[n]);
  memcpy(at, &count, 4);
}

static void pack_choice(Capability *body, const Setting *it) {
  uint32_t head[3] = {0, 0, 0};
  uint8_t *at = pack(body, IN_CHOICE, 14 + 4 * CHOICES, it->item);
  for (int n = 0; n < it->count; n++) {
    if (!possible(it, it->values[n]) && it->values[n] != it->now) continue;
    if (it->values[n] == it->now) head[1] = head[0];
    write_value(at + 12 + size_of(it->item) * (int)head[0]++, it->item, it->values[n]);
  }
  memcpy(at, head, 12);
}

static void pack_range(Capability *body, const Setting *it) {
  double slots[] = {it->values[0], it->values[1], it->values[2], it->first, it->now};
  uint8_t *at = pack(body, IN_RANGE, 22, it->item);
  for (int n = 0; n < 5; n++) write_value(at + 4 * n, it->item, slots[n]);
}

static void pack_names(Capability *body) {
  uint32_t count = 0;
  uint8_t *at = pack(body, IN_ARRAY, 6 + 2 * SETTINGS, IT_UINT16);
  for (int n = 0; n < SETTINGS; n++)
    if (!device_lacks(settings[n].cap)) write_value(at + 4 + 2 * count++, IT_UINT16, settings[n].cap);
  memcpy(at, &count, 4);
}

static uint16_t get(uint16_t message, Capability *body) {
  if (body->cap == SUPPORTED) return pack_names(body), RC_OK;
  Setting *it = find(body->cap);
  if (!it) return source_fail(CC_UNSUPPORTED);
  if (it->cap == LOADED) it->now = paper_left();
  if (it->kind == IN_ARRAY) pack_array(body, it, message == MSG_GET ? ~0 : it->held);
  else if (it->kind == IN_CHOICE && message == MSG_GET) pack_choice(body, it);
  else if (it->kind == IN_RANGE && message == MSG_GET) pack_range(body, it);
  else pack_one(body, it);
  lent.unlock(body->container);
  return RC_OK;
}

static int allowed(const Setting *it, double value) {
  if (it->kind == IN_RANGE) return value >= it->values[0] && value <= it->values[1];
  for (int n = 0; n < it->count; n++)
    if (it->values[n] == value) return possible(it, value);
  return !it->count;
}

/* One thing set changes others, as in real sources. */
static void follow(const Setting *it) {
  const int depth[] = {1, 8, 24};
  if (it->cap == PIXELS) {
    setting_force(DEPTH, depth[(int)it->now]);
    setting_force(PACKING, PACK_NONE);
  }
  if (device.rounds) setting_force(X_DPI, device.rounds), setting_force(Y_DPI, device.rounds);
}

static uint16_t set_list(Setting *it, const uint8_t *at) {
  uint32_t count;
  memcpy(&count, at, 4);
  it->held = 0;
  for (uint32_t m = 0; m < count; m++)
    for (int n = 0; n < it->count; n++)
      if (it->values[n] == read_value(at + 4 + 2 * m, it->item)) it->held |= 1 << n;
  return RC_OK;
}

static uint16_t set(Setting *it, const uint8_t *at) {
  if (it->item == IT_STR255) return strncpy(printed, (const char *)at, 255), RC_OK;
  if (it->kind == IN_ARRAY) return set_list(it, at);
  double value = read_value(at, it->item);
  if (!allowed(it, value)) return source_fail(CC_BAD_VALUE);
  it->now = value;
  follow(it);
  return RC_OK;
}

uint16_t settings_call(uint16_t message, Capability *body, int state) {
  if (message == MSG_GET || message == MSG_GET_CURRENT || message == MSG_GET_DEFAULT) return get(message, body);
  Setting *it = find(body->cap);
  if (!it) return source_fail(CC_UNSUPPORTED);
  if (state != 4) return source_fail(CC_SEQUENCE);
  if (it->fixed || message != MSG_SET) return source_fail(CC_BAD_OPERATION);
  uint8_t *at = lent.lock(body->container);
  uint16_t item;
  memcpy(&item, at, 2);
  uint16_t code = item == it->item ? set(it, at + 2) : source_fail(CC_BAD_VALUE);
  lent.unlock(body->container);
  return code;
}
