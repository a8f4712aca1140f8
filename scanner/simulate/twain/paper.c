/* The paper: a hopper, a path, an exit tray. Sheets that have left the hopper stay out, delivered or
   not, until somebody lays them back; how many are out is on disk before their image can be had. */
#include "ballot.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static char **stems;
static int stem_count;
static int out;     /* sheets that have left the hopper */
static int current; /* the sheet whose images come next; below `out` it is in the path */
static int side;    /* 0: the image of it that comes first */
static char seen[256];

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int seen_extension(const char *extension) {
  const char *found = strstr(seen, extension);
  return found && found[strlen(extension)] == ' ';
}

static void note_extension(const char *extension) {
  if (strlen(seen) + strlen(extension) + 2 < sizeof seen && !seen_extension(extension)) {
    strcat(seen, extension);
    strcat(seen, " ");
  }
}

static void note_file(const char *name) {
  const char *dot = strrchr(name, '.');
  if (!dot || dot == name || dot[-1] != 'F') return;
  note_extension(dot);
  size_t length = (size_t)(dot - name - 1);
  for (int n = 0; n < stem_count; n++)
    if (strlen(stems[n]) == length && !strncmp(stems[n], name, length)) return;
  stems = realloc(stems, sizeof *stems * (size_t)(stem_count + 1));
  stems[stem_count++] = strndup(name, length);
}

static void list_images(void) {
  for (int n = 0; n < stem_count; n++) free(stems[n]);
  stem_count = 0;
  seen[0] = 0;
  DIR *folder = opendir(device.images);
  if (!folder) return;
  for (struct dirent *one; (one = readdir(folder));) note_file(one->d_name);
  closedir(folder);
  if (stem_count) qsort(stems, (size_t)stem_count, sizeof *stems, by_name);
}

static void read_position(void) {
  char path[PATH + 16];
  snprintf(path, sizeof path, "%s/position", device.folder);
  FILE *file = fopen(path, "r");
  out = 0;
  if (file && fscanf(file, "%d", &out) != 1) out = 0;
  if (file) fclose(file);
  current = out;
  side = 0;
}

static void write_position(void) {
  char path[PATH + 16], fresh[PATH + 16];
  snprintf(path, sizeof path, "%s/position", device.folder);
  snprintf(fresh, sizeof fresh, "%s/position.new", device.folder);
  FILE *file = fopen(fresh, "w");
  if (!file) return;
  fprintf(file, "%d\n", out);
  fclose(file);
  rename(fresh, path);
}

/* Look at the hopper as it lies now: an operator may have laid paper back. */
int paper_open(void) {
  list_images();
  read_position();
  return stem_count;
}

int paper_has(const char *extension) {
  if (!stem_count) list_images();
  return seen_extension(extension);
}

int paper_left(void) { return stem_count && current < device.sheets; }
int paper_fed_ahead(void) { return out - current; }
int paper_image(void) { return 2 * current + side; }
int paper_sheet(void) { return current; }
int paper_side(void) { return side; }
int paper_on_back(void) { return side != device.back_first; }

void paper_feed(int ahead) {
  int wanted = current + 1 + ahead;
  if (wanted > device.sheets) wanted = device.sheets;
  if (out >= wanted) return;
  out = wanted;
  write_position();
}

/* The sheet that comes next leaves the hopper and gives no image: what a fault takes is out, too. */
void paper_lose(void) { paper_feed(0); }

void paper_next(int duplex) {
  if (duplex && !side) side = 1;
  else side = 0, current++;
}

void paper_skip_sheet(void) {
  paper_feed(0);
  side = 0, current++;
}

void paper_drop_path(void) { current = out, side = 0; }

const char *paper_file(const char *extension) {
  static char path[2 * PATH];
  snprintf(path, sizeof path, "%s/%s%c%s", device.images, stems[current % stem_count],
           paper_on_back() ? 'B' : 'F', extension);
  return path;
}
