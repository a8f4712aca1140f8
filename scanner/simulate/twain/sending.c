/* Images on their way out: what is told of each, strip by strip or as a file, and every lie about them. */
#include "ballot.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Picture picture;
static SetupFile target;
static int cut_short, giant, narrow, endless, liar, hollow, overrun;

void forget_image(void) {
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
uint16_t strike(enum When when) {
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

static int load(void) {
  if (picture.bytes) return 1;
  paper_feed(look_ahead());
  const char *extension = settings_extension();
  return picture_load(&picture, paper_file(extension), extension);
}

uint16_t image_info(ImageInfo *info) {
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

uint16_t setup_memory(SetupMemory *body) {
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

uint16_t memory(Strip *strip) {
  if (state != 6 && state != 7) return out_of_turn(DAT_MEMORY, MSG_GET);
  if (setting(0x103) != BY_MEMORY) return source_fail(CC_SEQUENCE);
  if (!load()) return source_fail(CC_BUMMER);
  uint16_t code = picture.at || state == 6 ? strike(DURING) : 0;
  if (code) return code;
  if (cut_short && picture.at == 0) picture.size -= (picture.size - picture.start) / 2;
  state = 7;
  return strip_of(strip);
}

uint16_t to_file(void) {
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

uint16_t setup_file(uint16_t message, SetupFile *body) {
  if (message == MSG_SET) target = *body;
  else *body = target;
  return RC_OK;
}

uintptr_t text(const char *content) {
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

uint16_t tell(ToldOfImage *body) {
  if (state != 7) return out_of_turn(DAT_TOLD, MSG_GET);
  if (!setting(0x112f) || device.mute) return source_fail(CC_BAD_PROTOCOL);
  for (uint32_t n = 0; n < body->count; n++) tell_one(body->first + n);
  return RC_OK;
}
