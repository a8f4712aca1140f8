/* A TWAIN manager of version 2 in a hundred lines, for computers that have none: it lends memory, lists the
   scanners named in BALLOT_SOURCE, and passes all else on. Without this file the rest is a plain source. */
#include "ballot.h"
#include <stdlib.h>
#include <string.h>

static Callback host;
static int listed, opened;

static void *lend(uint32_t size) { return calloc(1, size ? size : 1); }
static void *same(void *handle) { return handle; }
static void nothing(void *handle) { (void)handle; }
uint16_t DSM_Entry(Identity *, Identity *, uint32_t, uint16_t, uint16_t, void *);
static const EntryPoint lending = {sizeof(EntryPoint), DSM_Entry, lend, free, same, nothing};

static uint16_t describe(int n, Identity *into) {
  char folder[PATH];
  Device it;
  if (!device_folder(n, folder)) return RC_END_OF_LIST;
  if (!device_read(folder, &it)) return RC_FAILURE;
  device_name(&it, into);
  into->number = (uint32_t)n + 1;
  return RC_OK;
}

static uint16_t open_source(Identity *source) {
  char folder[PATH];
  EntryPoint copy = lending;
  if (opened || !device_folder((int)source->number - 1, folder)) return RC_FAILURE;
  source_choose(folder);
  DS_Entry(0, DG_CONTROL, DAT_ENTRY_POINT, MSG_SET, &copy);
  uint16_t code = DS_Entry(0, DG_CONTROL, DAT_IDENTITY, MSG_OPEN_SOURCE, source);
  opened = code == RC_OK;
  return code;
}

static uint16_t close_source(Identity *source) {
  uint16_t code = DS_Entry(0, DG_CONTROL, DAT_IDENTITY, MSG_CLOSE_SOURCE, source);
  if (code == RC_OK) opened = 0, memset(&host, 0, sizeof host);
  return code;
}

static uint16_t sources(uint16_t message, Identity *body) {
  switch (message) {
    case MSG_GET_DEFAULT: case MSG_GET_FIRST: return describe(listed = 0, body);
    case MSG_GET_NEXT: return describe(++listed, body);
    case MSG_OPEN_SOURCE: return open_source(body);
    case MSG_CLOSE_SOURCE: return close_source(body);
  }
  return RC_FAILURE;
}

static uint16_t own_status(Status *body) {
  body->code = CC_NO_SOURCE, body->more = 0;
  return RC_OK;
}

/* A source speaks to the host by us: DAT_NULL goes to the function the host has registered. */
static uint16_t speak(Identity *from, Identity *to, uint16_t message) {
  Entry said = (Entry)host.proc;
  return said ? said(from, to, DG_CONTROL, DAT_NULL, message, 0) : RC_FAILURE;
}

uint16_t DSM_Entry(Identity *from, Identity *to, uint32_t group, uint16_t about, uint16_t message, void *body) {
  if (group == DG_CONTROL) switch (about) {
    case DAT_NULL: return speak(from, to, message);
    case DAT_PARENT:
      if (message == MSG_OPEN_MANAGER) from->number = 1, from->groups |= GROUP_DSM2;
      return RC_OK;
    case DAT_ENTRY_POINT: *(EntryPoint *)body = lending; return RC_OK;
    case DAT_CALLBACK: host = *(Callback *)body; return RC_OK;
    case DAT_IDENTITY: return sources(message, body);
    case DAT_STATUS: if (!to) return own_status(body);
  }
  return to && opened ? DS_Entry(from, group, about, message, body) : RC_FAILURE;
}
