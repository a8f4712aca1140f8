/* The source itself: states 3 (closed) to 7 (an image is under way), triplet by triplet. What is asked in
   the wrong state is refused and logged. */
#include "ballot.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

EntryPoint lent;
static Identity me;
static uint16_t why, news;
static int state = 3, stopping, cut_short, giant, narrow, endless, liar, hollow, overrun;
static Picture picture;
static SetupFile target;
static Layout layout;
static char chosen[PATH];
static char lump[64];

uint16_t source_fail(uint16_t code) {
  why = code;
  return RC_FAILURE;
}

static uint16_t out_of_turn(uint16_t about, uint16_t message) {
  device_log("SEQUENCE dat=%x msg=%x state=%d", about, message, state);
  return source_fail(CC_SEQUENCE);
}

void source_choose(const char *folder) { snprintf(chosen, sizeof chosen, "%s", folder); }

static void say(uint16_t message) {
  if (lent.manager) lent.manager(&me, 0, DG_CONTROL, DAT_NULL, message, 0);
}

static int duplex(void) { return setting(0x1013) != 0; }

static int look_ahead(void) {
  if (stopping || device.stingy) return 0;
  if (device.ahead) return device.ahead;
  return setting(0x1010) ? (int)setting(0x101e) : 0;
}

static void forget_image(void) {
  picture_free(&picture);
  cut_short = giant = narrow = endless = liar = hollow = overrun = 0;
}

static void wait_for(double seconds) { usleep((useconds_t)(seconds * 1e6)); }

/* A lie about the image under way. */
static void lie(const Fault *it) {
  struct { const char *kind; int *flag; } lies[] = {
    {"cut", &cut_short}, {"giant", &giant}, {"narrow", &narrow}, {"endless", &endless},
    {"overstate", &liar}, {"hollow", &hollow}, {"overrun", &overrun},
  };
  for (size_t n = 0; n < sizeof lies / sizeof *lies; n++)
    if (!strcmp(it->kind, lies[n].kind)) *lies[n].flag = 1;
}

static void damage(void) {
  size_t middle = picture.start + (picture.size - picture.start) / 2;
  if (picture.bytes && picture.size > middle + 64) memset(picture.bytes + middle, 0, 64);
}

/* Strike if a fault is due here; the return code the host sees, 0 to go on. */
static uint16_t strike(enum When when) {
  Fault it;
  if (!fault_due(when, paper_image(), &it)) return 0;
  device_log("FAULT %s %d image=%d", it.kind, it.number, it.image);
  if (!strcmp(it.kind, "fail")) return paper_lose(), source_fail((uint16_t)it.number);
  if (!strcmp(it.kind, "refuse")) return source_fail((uint16_t)it.number); /* no sheet is touched */
  if (!strcmp(it.kind, "code")) return paper_lose(), (uint16_t)it.number;
  if (!strcmp(it.kind, "event")) {
    news = (uint16_t)it.number;
    paper_lose();
    say(MSG_DEVICE_EVENT);
    return source_fail(CC_BUMMER);
  }
  if (!strcmp(it.kind, "wait")) wait_for(it.seconds);
  if (!strcmp(it.kind, "lost")) paper_feed(look_ahead()), paper_next(duplex());
  if (!strcmp(it.kind, "slip")) paper_skip_sheet();
  if (!strcmp(it.kind, "damage")) damage();
  lie(&it);
  return 0;
}

enum { GO_ON, KEEP_SILENT, REFUSE };

/* What goes wrong as the feeder starts: a refusal, silence, or news instead of the first image. */
static int at_start(uint16_t *code) {
  Fault it;
  if (!fault_due(AT_ENABLE, paper_image(), &it)) return GO_ON;
  device_log("FAULT %s %d image=%d", it.kind, it.number, it.image);
  if (!strcmp(it.kind, "fail")) return *code = source_fail((uint16_t)it.number), REFUSE;
  if (!strcmp(it.kind, "code")) return *code = (uint16_t)it.number, REFUSE;
  if (!strcmp(it.kind, "event")) news = (uint16_t)it.number, say(MSG_DEVICE_EVENT);
  else if (strcmp(it.kind, "silent")) return GO_ON;
  paper_lose();
  return KEEP_SILENT;
}

static uint16_t enable(void) {
  if (state != 4) return out_of_turn(DAT_INTERFACE, MSG_ENABLE);
  paper_open();
  if (!setting(0x1002) || !paper_left()) return source_fail(CC_NO_MEDIA);
  forget_image();
  uint16_t code = 0;
  int start = at_start(&code);
  if (start == REFUSE) return code;
  state = 5;
  device_log("ENABLE sheet=%d duplex=%d", paper_sheet() + 1, duplex());
  if (start == KEEP_SILENT) return RC_OK;
  state = 6;
  say(MSG_READY);
  return RC_OK;
}

static uint16_t interface(uint16_t message) {
  if (message == MSG_ENABLE) return enable();
  if (state != 5) return out_of_turn(DAT_INTERFACE, message);
  paper_drop_path();
  state = 4;
  device_log("DISABLE");
  return RC_OK;
}

static int load(void) {
  if (picture.bytes) return 1;
  paper_feed(look_ahead());
  const char *extension = settings_extension();
  return picture_load(&picture, paper_file(extension), extension);
}

static uint16_t image_info(ImageInfo *info) {
  if (state != 6 && state != 7) return out_of_turn(DAT_IMAGE_INFO, MSG_GET);
  uint16_t code = state == 6 ? strike(BEFORE) : 0;
  if (code) return code;
  if (!load()) return source_fail(CC_BUMMER);
  memset(info, 0, sizeof *info);
  info->x_resolution.whole = (int16_t)setting(0x1118);
  info->y_resolution.whole = (int16_t)setting(0x1119);
  info->width = giant ? 1 << 30 : picture.width - 7 * narrow;
  info->length = giant ? 1 << 30 : picture.length;
  info->samples = (int16_t)picture.channels;
  info->bits = (int16_t)picture.bits;
  info->pixel = (int16_t)setting(0x101);
  info->compression = (uint16_t)setting(0x100);
  return RC_OK;
}

static uint16_t setup_memory(SetupMemory *body) {
  uint32_t best = device.strip ? (uint32_t)device.strip : 1u << 20;
  *body = (SetupMemory){best < 4096 ? best : 4096, 1u << 24, best};
  return RC_OK;
}

/* Rows of bare pixels with padding behind each, bits the way round that was asked for. */
static size_t bare(Strip *strip, size_t row) {
  size_t wide = row + (size_t)device.padding, left = (picture.size - picture.start - picture.at) / row;
  size_t rows = strip->memory.length / wide;
  if (rows > left) rows = left;
  uint8_t *to = strip->memory.address;
  int invert = picture.bits == 1 && setting(0x111f) == 0;
  for (size_t n = 0; n < rows; n++, to += wide) {
    memcpy(to, picture.bytes + picture.start + picture.at + n * row, row);
    for (size_t k = 0; invert && k < row; k++) to[k] = (uint8_t)~to[k];
    memset(to + row, 0xEE, (size_t)device.padding);
  }
  strip->bytes_per_row = (uint32_t)wide;
  strip->rows = (uint32_t)rows;
  strip->y = (uint32_t)(picture.at / row);
  picture.at += rows * row;
  return rows * wide;
}

static size_t packed(Strip *strip) {
  size_t left = picture.size - picture.start - picture.at;
  size_t part = left < strip->memory.length ? left : strip->memory.length;
  memcpy(strip->memory.address, picture.bytes + picture.start + picture.at, part);
  picture.at += part;
  strip->bytes_per_row = 0;
  strip->rows = 0;
  strip->y = 0;
  return part;
}

static uint16_t strip_of(Strip *strip) {
  size_t row = ((size_t)picture.width * (size_t)picture.bits + 7) / 8;
  strip->compression = (uint16_t)setting(0x100);
  strip->columns = (uint32_t)picture.width;
  strip->x = 0;
  size_t written = hollow ? 0 : strip->compression ? packed(strip) : bare(strip, row);
  if (overrun) memset((char *)strip->memory.address + strip->memory.length, 0xDD, 8);
  strip->written = (uint32_t)written + (liar ? strip->memory.length : 0);
  if (endless) picture.at = 0;
  if (hollow || endless) return RC_OK;
  int whole = picture.at + picture.start >= picture.size;
  return whole || cut_short ? RC_DONE : RC_OK;
}

static uint16_t memory(Strip *strip) {
  if (state != 6 && state != 7) return out_of_turn(DAT_MEMORY, MSG_GET);
  if (setting(0x103) != BY_MEMORY) return source_fail(CC_SEQUENCE);
  if (!load()) return source_fail(CC_BUMMER);
  uint16_t code = picture.at || state == 6 ? strike(DURING) : 0;
  if (code) return code;
  if (cut_short && picture.at == 0) picture.size -= (picture.size - picture.start) / 2;
  state = 7;
  return strip_of(strip);
}

static uint16_t to_file(void) {
  if (state != 6) return out_of_turn(DAT_FILE, MSG_GET);
  if (setting(0x103) != BY_FILE) return source_fail(CC_SEQUENCE);
  if (!load()) return source_fail(CC_BUMMER);
  uint16_t code = strike(DURING);
  if (code) return code;
  FILE *file = fopen(target.name, "wb");
  if (!file) return source_fail(CC_NO_FILE);
  fwrite(picture.bytes, 1, picture.file_size / (cut_short ? 2 : 1), file);
  fclose(file);
  state = 7;
  return RC_DONE;
}

static uint16_t setup_file(uint16_t message, SetupFile *body) {
  if (message == MSG_SET) target = *body;
  else *body = target;
  return RC_OK;
}

static uintptr_t text(const char *content) {
  char *handle = lent.alloc(256);
  strncpy(lent.lock(handle), content, 255);
  lent.unlock(handle);
  return (uintptr_t)handle;
}

static void tell_one(Told *it) {
  char printed[320];
  it->code = RC_OK, it->count = 1, it->item = IT_UINT32;
  switch (it->what) {
    case TOLD_SIDE: it->item = IT_UINT16, it->value = paper_on_back() ? 2 : 1; return;
    case TOLD_PAPER: it->value = (uintptr_t)paper_sheet() + 1; return;
    case TOLD_PAGE: it->value = (uintptr_t)paper_image() + 1; return;
    case TOLD_PRINTED:
      if (!setting(0x1027)) break;
      snprintf(printed, sizeof printed, "%s%06u", setting_text(0x102a), (unsigned)setting(0x1028));
      it->item = IT_STR255, it->value = text(printed);
      return;
  }
  it->code = RC_NOT_TOLD, it->count = 0;
}

static uint16_t tell(ToldOfImage *body) {
  if (state != 7) return out_of_turn(DAT_TOLD, MSG_GET);
  if (!setting(0x112f) || device.mute) return source_fail(CC_BAD_PROTOCOL);
  for (uint32_t n = 0; n < body->count; n++) tell_one(body->first + n);
  return RC_OK;
}

/* The image is over: the next side, the next sheet, or nothing more. */
static uint16_t end(Pending *left) {
  if (state != 7) return out_of_turn(DAT_PENDING, MSG_END);
  uint16_t code = strike(AFTER);
  if (code) return code;
  int was = paper_sheet();
  forget_image();
  paper_next(duplex());
  int over = paper_sheet() != was;
  if (over && setting(0x1027)) setting_force(0x1028, setting(0x1028) + 1);
  left->count = (uint16_t)(paper_left() && !(over && device.stingy) ? 0xFFFF : 0);
  left->end_of_job = 0;
  state = left->count ? 6 : 5;
  return RC_OK;
}

static uint16_t pending(uint16_t message, Pending *body) {
  switch (message) {
    case MSG_END: {
      uint16_t code = end(body);
      if (stopping && code == RC_OK && !paper_side() && !paper_fed_ahead()) body->count = 0, state = 5;
      return code;
    }
    case MSG_STOP_FEEDER:
      if (state != 6 || !look_ahead()) return source_fail(CC_SEQUENCE);
      stopping = 1;
      body->count = (uint16_t)paper_fed_ahead();
      return RC_OK;
    case MSG_RESET:
      if (state != 6) return out_of_turn(DAT_PENDING, message);
      forget_image();
      paper_drop_path();
      state = 5;
      /* fall through */
    case MSG_GET: body->count = 0; return RC_OK;
  }
  return source_fail(CC_BAD_PROTOCOL);
}

static uint16_t open_source(const Identity *body) {
  if (state != 3) return out_of_turn(DAT_IDENTITY, MSG_OPEN_SOURCE);
  if (!device_read(chosen, &device)) return source_fail(CC_BUMMER);
  settings_reset();
  paper_open();
  me = *body, state = 4;
  layout = (Layout){{0, 0}, {0, 0}, {8, 0}, {11, 0}, 1, 1, 1};
  device_log("OPEN");
  return RC_OK;
}

static uint16_t identity(uint16_t message, Identity *body) {
  if (!*chosen) device_folder(0, chosen);
  if (message == MSG_GET) return device_read(chosen, &device) ? device_name(&device, body), RC_OK : RC_FAILURE;
  if (message == MSG_OPEN_SOURCE) return open_source(body);
  if (state != 4) return out_of_turn(DAT_IDENTITY, message);
  state = 3;
  device_log("CLOSE");
  return RC_OK;
}

static uint16_t areas(uint16_t message, Layout *body) {
  if (message == MSG_GET) return *body = layout, RC_OK;
  if (state != 4) return out_of_turn(DAT_LAYOUT, message);
  int trimmed = body->right.whole >= 12;
  layout = *body;
  if (trimmed) layout.right = (Fix32){12, 0};
  return trimmed ? RC_TRIED : RC_OK;
}

static uint16_t custom(uint16_t message, Custom *body) {
  if (state != 4) return out_of_turn(DAT_CUSTOM, message);
  if (message == MSG_SET) {
    if (body->length >= sizeof lump) return source_fail(CC_BAD_VALUE);
    memcpy(lump, lent.lock(body->handle), body->length);
    lump[body->length] = 0;
    setting_force(0x1101, atof(lump + strlen("brightness ")));
    return RC_OK;
  }
  snprintf(lump, sizeof lump, "brightness %g", setting(0x1101));
  body->length = (uint32_t)strlen(lump);
  body->handle = (void *)text(lump);
  return RC_OK;
}

static uint16_t status(Status *body) {
  body->code = why, body->more = 0;
  why = CC_OK;
  return RC_OK;
}

static uint16_t device_event(DeviceEvent *body) {
  memset(body, 0, sizeof *body);
  body->event = news;
  return RC_OK;
}

static uint16_t control(uint16_t about, uint16_t message, void *body) {
  switch (about) {
    case DAT_IDENTITY: return identity(message, body);
    case DAT_ENTRY_POINT: lent = *(EntryPoint *)body; return RC_OK;
    case DAT_STATUS: return status(body);
    case DAT_CAPABILITY: return settings_call(message, body, state);
    case DAT_INTERFACE: stopping = 0; return interface(message);
    case DAT_EVENT: return RC_NOT_MINE;
    case DAT_PENDING: return pending(message, body);
    case DAT_SETUP_MEMORY: return setup_memory(body);
    case DAT_SETUP_FILE: return setup_file(message, body);
    case DAT_DEVICE_EVENT: return device_event(body);
    case DAT_CUSTOM: return custom(message, body);
  }
  return source_fail(CC_BAD_PROTOCOL);
}

uint16_t DS_Entry(Identity *from, uint32_t group, uint16_t about, uint16_t message, void *body) {
  (void)from;
  if (group == DG_CONTROL) return control(about, message, body);
  switch (about) {
    case DAT_IMAGE_INFO: return image_info(body);
    case DAT_MEMORY: return memory(body);
    case DAT_FILE: return to_file();
    case DAT_TOLD: return tell(body);
    case DAT_LAYOUT: return areas(message, body);
  }
  return source_fail(CC_BAD_PROTOCOL);
}
