/* One image from disk: JPEG as it lies there, PNM and the strip of a Group 4 TIFF without their headers. */
#include "ballot.h"
#include <stdlib.h>
#include <string.h>

static unsigned big(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }
static unsigned little(const uint8_t *at, int bytes) {
  unsigned value = 0;
  while (bytes--) value = value << 8 | at[bytes];
  return value;
}

static int slurp(Picture *it, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return 0;
  fseek(file, 0, SEEK_END);
  it->file_size = it->size = (size_t)ftell(file);
  rewind(file);
  it->bytes = malloc(it->size + 1);
  size_t had = it->bytes ? fread(it->bytes, 1, it->size, file) : 0;
  fclose(file);
  if (had == it->size) it->bytes[it->size] = 0;
  return had == it->size;
}

static int jpeg(Picture *it) {
  for (size_t at = 2; at + 9 < it->size; at += 2 + big(it->bytes + at + 2)) {
    int marker = it->bytes[at + 1];
    if (marker < 0xC0 || marker > 0xC2) continue;
    it->length = (int)big(it->bytes + at + 5);
    it->width = (int)big(it->bytes + at + 7);
    it->channels = it->bytes[at + 9];
    it->bits = 8 * it->channels;
    return 1;
  }
  return 0;
}

static int pnm(Picture *it) {
  char kind;
  int white = 1, used = 0;
  int found = sscanf((char *)it->bytes, "P%c %d %d%n", &kind, &it->width, &it->length, &used);
  if (found != 3) return 0;
  if (kind != '4') {
    int more = 0;
    if (sscanf((char *)it->bytes + used, " %d%n", &white, &more) != 1) return 0;
    used += more;
  }
  it->channels = kind == '6' ? 3 : 1;
  it->bits = kind == '4' ? 1 : 8 * it->channels;
  it->start = (size_t)used + 1;
  return 1;
}

static int tiff(Picture *it) {
  size_t at = little(it->bytes + 4, 4);
  unsigned offset = 0, count = 0, entries = little(it->bytes + at, 2);
  for (unsigned n = 0; n < entries; n++) {
    const uint8_t *entry = it->bytes + at + 2 + 12 * n;
    unsigned value = little(entry + 8, little(entry + 2, 2) == 3 ? 2 : 4);
    switch (little(entry, 2)) {
      case 256: it->width = (int)value; break;
      case 257: it->length = (int)value; break;
      case 273: offset = value; break;
      case 279: count = value; break;
    }
  }
  it->channels = it->bits = 1;
  it->start = offset;
  if (offset + count <= it->size) it->size = offset + count;
  return offset && count;
}

int picture_load(Picture *it, const char *path, const char *extension) {
  picture_free(it);
  if (!slurp(it, path)) return 0;
  if (!strcmp(extension, ".jpg")) return jpeg(it);
  return strcmp(extension, ".tif") ? pnm(it) : tiff(it);
}

void picture_free(Picture *it) {
  free(it->bytes);
  memset(it, 0, sizeof *it);
}
