/* The source itself: states 3 (closed) to 7 (an image is under way), triplet by triplet; images go out in
   sending.c. What is asked in the wrong state is refused and logged. */
#include "ballot.h"
#include <stdlib.h>
#include <string.h>

EntryPoint lent;
static Identity me;
static uint16_t why;
static int stopping;
int state = 3;
uint16_t news;
static Layout layout;
static char chosen[PATH];
static char lump[64];

uint16_t source_fail(uint16_t code) {
  why = code;
  return RC_FAILURE;
}

uint16_t out_of_turn(uint16_t about, uint16_t message) {
  device_log("SEQUENCE dat=%x msg=%x state=%d", about, message, state);
  return source_fail(CC_SEQUENCE);
}

void source_choose(const char *folder) { snprintf(chosen, sizeof chosen, "%s", folder); }

void say(uint16_t message) {
  if (lent.manager) lent.manager(&me, 0, DG_CONTROL, DAT_NULL, message, 0);
}

int duplex(void) { return setting(0x1013) != 0; }

int look_ahead(void) {
  if (stopping || device.stingy) return 0;
  if (device.ahead) return device.ahead;
  return setting(0x1010) ? (int)setting(0x101e) : 0;
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
