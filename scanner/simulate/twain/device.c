/* What the scanner is: read from its folder, so that each test has a scanner of its own. */
#include "ballot.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

Device device;

static void rest_of(char *into, size_t size, const char *text) {
  snprintf(into, size, "%s", text);
  into[strcspn(into, "\n")] = 0;
}

static void take_number(Device *it, const char *key, int value) {
  struct { const char *key; int *place; } places[] = {
    {"sheets", &it->sheets}, {"ahead", &it->ahead}, {"strip", &it->strip}, {"padding", &it->padding},
    {"rounds", &it->rounds}, {"stingy", &it->stingy}, {"mute", &it->mute},
    {"back_first", &it->back_first}, {"keeps_blank_off", &it->keeps_blank_off},
  };
  for (size_t n = 0; n < sizeof places / sizeof *places; n++)
    if (!strcmp(key, places[n].key)) *places[n].place = value;
  if (!strcmp(key, "lacks") && it->lack_count < MOST_LACKS) it->lacks[it->lack_count++] = (uint16_t)value;
}

static void take(Device *it, const char *key, const char *text) {
  if (!strcmp(key, "images")) rest_of(it->images, sizeof it->images, text);
  else if (!strcmp(key, "name")) rest_of(it->name, sizeof it->name, text);
  else if (!strcmp(key, "serial")) rest_of(it->serial, sizeof it->serial, text);
  else take_number(it, key, (int)strtol(text, 0, 0));
}

int device_read(const char *folder, Device *into) {
  char path[PATH + 16], line[PATH + 64];
  memset(into, 0, sizeof *into);
  snprintf(into->folder, sizeof into->folder, "%s", folder);
  snprintf(path, sizeof path, "%s/device", folder);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) {
    char *text = strchr(line, ' ');
    if (!text) continue;
    *text = 0;
    take(into, line, text + 1);
  }
  fclose(file);
  return 1;
}

/* The n-th folder in BALLOT_SOURCE, which names one scanner or several with colons between. */
int device_folder(int n, char *into) {
  const char *list = getenv("BALLOT_SOURCE");
  for (; list && *list; n--) {
    size_t length = strcspn(list, ":");
    if (n == 0) return snprintf(into, PATH, "%.*s", (int)length, list) < PATH;
    list += length + (list[length] == ':');
  }
  return 0;
}

void device_log(const char *format, ...) {
  char path[PATH + 16];
  snprintf(path, sizeof path, "%s/log", device.folder);
  FILE *file = fopen(path, "a");
  if (!file) return;
  va_list values;
  va_start(values, format);
  vfprintf(file, format, values);
  va_end(values);
  fputc('\n', file);
  fclose(file);
}

int device_lacks(uint16_t cap) {
  for (int n = 0; n < device.lack_count; n++)
    if (device.lacks[n] == cap) return 1;
  return 0;
}

/* How it names itself; the number it goes by is the manager's. */
void device_name(const Device *it, Identity *into) {
  uint32_t number = into->number;
  memset(into, 0, sizeof *into);
  into->number = number;
  into->version = (Version){1, 0, 13, 1, "1.0"};
  into->protocol_major = 2, into->protocol_minor = 5;
  into->groups = DG_CONTROL | DG_IMAGE | GROUP_DS2;
  strcpy(into->maker, "Valgskanner");
  strcpy(into->family, "Simulated");
  strcpy(into->name, it->name);
}
