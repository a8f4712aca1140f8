/* A production scanner in software: a SANE driver with a duplex feeder that gives pictures from files.
 *
 * Speaks the SANE API 1.0 and behaves as drivers of sheet-fed scanners do: reads block, settings are
 * refused while scanning, a double feed is JAMMED with a sensor set, what is left of a half-fed sheet
 * comes first if the device is not opened anew. Loaded through dll.conf as "ballot"; a device is named
 * by its folder, ballot:/FOLDER, in which lie
 *
 *   paper    one line a side: the path of a PBM, PGM or PPM (P4, P5, P6); front, back, front, back, ...
 *   faults   lines "KIND SIDE WHERE": see `faults` below; SIDE counts sides of the paper from 0
 *   hopper   written by it: number of sheets that have left the hopper (the operator may write it)
 *   fired    written by it: one byte a fault line, '1' once it has happened
 *   printed  written by it: what the imprinter put on each sheet
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum {
  GOOD, UNSUPPORTED, CANCELLED, BUSY, INVAL, END, JAMMED, NO_DOCS, COVER_OPEN, IO_ERROR, NO_MEM, DENIED
} Status;
typedef int Word;
typedef enum { BOOL, INT, FIXED, STRING, BUTTON, GROUP } Kind;
typedef struct { Word min, max, quant; } Range;
typedef struct {
  const char *name, *title, *desc;
  Kind type;
  int unit;
  Word size, cap;
  int constraint;
  union { const char *const *words; const Word *numbers; const Range *range; } of;
} Option;
typedef struct { int format, last, bytes_per_line, pixels, lines, depth; } Parameters;

enum { SET = 1, READ = 4, INACTIVE = 32 };
enum { RELOAD = 2, INEXACT = 1 };
enum { NONE, PIXEL, BIT, MM, DPI };
enum { ANY, IN_RANGE, IN_NUMBERS, IN_WORDS };

static const char *const sources[] = {"ADF Front", "ADF Back", "ADF Duplex", NULL};
static const char *const modes[] = {"Lineart", "Gray", "Color", NULL};
static const char *const actions[] = {"Default", "Continue", "Stop", NULL};
static const char *const switches[] = {"Default", "Off", "On", NULL};
static const char *const grounds[] = {"Default", "White", "Black", NULL};
static const Word dpis[] = {6, 100, 150, 200, 240, 300, 600};
static const Word bits[] = {2, 16, 24};
static const Range counter = {0, 16777215, 1}, steps = {-1, 1, 1};
static const Range wide = {0, 340 * 65536, 0}, tall = {0, 900 * 65536, 0};

enum {
  COUNT, SOURCE, MODE, RESOLUTION, WIDTH, HEIGHT, TL_X, TL_Y, BR_X, BR_Y, ACTION, THICKNESS,
  PREPICK, BUFFER, GROUND, ENDORSER, E_BITS, E_VAL, E_STEP, E_STRING, LOADED, COVER, DOUBLE, ERROR_CODE,
  INK, OPTIONS
};

static const Option described[OPTIONS] = {
  {"", "Number of options", "", INT, NONE, 4, READ, ANY, {NULL}},
  {"source", "Scan source", "Which sides", STRING, NONE, 16, SET | READ, IN_WORDS, {sources}},
  {"mode", "Scan mode", "Lineart, gray or colour", STRING, NONE, 16, SET | READ, IN_WORDS, {modes}},
  {"resolution", "Resolution", "Both ways", INT, DPI, 4, SET | READ, IN_NUMBERS, {.numbers = dpis}},
  {"page-width", "Page width", "For the guides", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &wide}},
  {"page-height", "Page height", "", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &tall}},
  {"tl-x", "Left", "", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &wide}},
  {"tl-y", "Top", "", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &tall}},
  {"br-x", "Right", "", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &wide}},
  {"br-y", "Bottom", "", FIXED, MM, 4, SET | READ, IN_RANGE, {.range = &tall}},
  {"df-action", "On double feed", "", STRING, NONE, 16, SET | READ, IN_WORDS, {actions}},
  {"df-thickness", "By thickness", "", BOOL, NONE, 4, SET | READ | INACTIVE, ANY, {NULL}},
  {"prepick", "Prepick", "", STRING, NONE, 16, SET | READ, IN_WORDS, {switches}},
  {"buffermode", "Buffer", "Feed ahead of the host", STRING, NONE, 16, SET | READ, IN_WORDS, {switches}},
  {"bgcolor", "Background", "", STRING, NONE, 16, SET | READ, IN_WORDS, {grounds}},
  {"endorser", "Imprinter", "", BOOL, NONE, 4, SET | READ, ANY, {NULL}},
  {"endorser-bits", "Counter", "", INT, BIT, 4, SET | READ | INACTIVE, IN_NUMBERS, {.numbers = bits}},
  {"endorser-val", "First number", "", INT, NONE, 4, SET | READ | INACTIVE, IN_RANGE, {.range = &counter}},
  {"endorser-step", "Step", "", INT, NONE, 4, SET | READ | INACTIVE, IN_RANGE, {.range = &steps}},
  {"endorser-string", "Text", "%08ud is the counter", STRING, NONE, 80, SET | READ | INACTIVE, ANY, {NULL}},
  {"page-loaded", "Paper in the hopper", "", BOOL, NONE, 4, READ, ANY, {NULL}},
  {"cover-open", "Cover open", "", BOOL, NONE, 4, READ, ANY, {NULL}},
  {"double-feed", "Double feed", "", BOOL, NONE, 4, READ, ANY, {NULL}},
  {"error-code", "Error code", "", INT, NONE, 4, READ, ANY, {NULL}},
  {"ink-low", "Ink low", "", BOOL, NONE, 4, READ, ANY, {NULL}},
};

/* What can happen. WHERE is "start" (no byte comes), "half" (after half of them) or "always" (as half,
 * and again each time the side is fed). */
static const struct { const char *name; Status status; } faults[] = {
  {"jam", JAMMED}, {"double_feed", JAMMED}, {"cover", COVER_OPEN}, {"ink", IO_ERROR}, {"io_error", IO_ERROR},
  {"stuck", JAMMED},       /* and then it never lets itself be stopped */
  {"no_docs", NO_DOCS}, {"busy", BUSY}, {"no_mem", NO_MEM}, {"inval", INVAL}, {"cancelled", CANCELLED},
  {"denied", DENIED}, {"unsupported", UNSUPPORTED}, {"unknown", 99},
  {"short", END},      /* the side ends too soon, and well */
  {"long", GOOD},      /* more bytes than announced */
  {"silent", GOOD},    /* no byte and no end, for ever, without blocking */
  {"freeze", GOOD},    /* a read that never returns */
  {"die", GOOD},       /* takes the process with it */
  {"endless", GOOD},   /* length unknown, and no end */
  {"hand", GOOD},      /* length unknown, the end is right */
  {"huge", GOOD},      /* announces 2 GB */
  {"narrow", GOOD},    /* announces lines shorter than their pixels */
  {"padded", GOOD},    /* lines with bytes behind their pixels */
  {"odd_form", GOOD},  /* a frame of a kind no host reads */
};
enum { KINDS = sizeof faults / sizeof faults[0], MOST_FAULTS = 4096, NOTHING = -1 };

typedef struct { int kind, side, start, always; } Fault;

typedef struct {
  char folder[1024], **paper, text[OPTIONS][80];
  Word number[OPTIONS];
  Option option[OPTIONS];
  int sides, planned, fed, left;  /* left: the sheet in the path has a side to come */
  Fault fault[MOST_FAULTS];
  char fired[MOST_FAULTS + 1];
  int scanning, running, side, now;  /* now: the fault of this side */
  unsigned char *page;
  long size, sent;
  Parameters told;
  int sensor;  /* the fault that the sensors tell */
} Device;

static char *at(const Device *d, const char *name) {
  static char path[1200];
  snprintf(path, sizeof path, "%s/%s", d->folder, name);
  return path;
}

static void keep(const Device *d, const char *name, const char *format, ...) {
  char whole[1210];
  va_list rest;
  snprintf(whole, sizeof whole, "%s.new", at(d, name));
  FILE *out = fopen(whole, "w");
  if (!out) return;
  va_start(rest, format);
  vfprintf(out, format, rest);
  va_end(rest);
  fclose(out);
  rename(whole, at(d, name));
}

static int is(const Device *d, int option, const char *word) { return !strcmp(d->text[option], word); }

static int duplex(const Device *d) { return is(d, SOURCE, "ADF Duplex"); }

static int paper_left(const Device *d) { return 2 * d->fed < d->sides; }

static void look_into_hopper(Device *d) {
  FILE *in = fopen(at(d, "hopper"), "r");
  if (!in || fscanf(in, "%d", &d->fed) != 1 || d->fed < 0) d->fed = 0;
  if (in) fclose(in);
}

static int read_lines(Device *d) {
  char line[4096];
  FILE *in = fopen(at(d, "paper"), "r");
  if (!in) return 0;
  while (fgets(line, sizeof line, in)) {
    line[strcspn(line, "\n")] = 0;
    char **more = realloc(d->paper, (d->sides + 1) * sizeof *more);
    if (!more) break;
    d->paper = more;
    d->paper[d->sides++] = strdup(line);
  }
  fclose(in);
  return 1;
}

static void read_faults(Device *d) {
  char kind[32], where[16];
  int side;
  FILE *in = fopen(at(d, "faults"), "r");
  while (in && d->planned < MOST_FAULTS && fscanf(in, "%31s %d %15s", kind, &side, where) == 3)
    for (int k = 0; k < KINDS; k++)
      if (!strcmp(kind, faults[k].name))
        d->fault[d->planned++] = (Fault){k, side, !strcmp(where, "start"), !strcmp(where, "always")};
  if (in) fclose(in);
  memset(d->fired, '0', d->planned);
  if ((in = fopen(at(d, "fired"), "r"))) {
    char seen[MOST_FAULTS + 1];
    size_t got = fread(seen, 1, MOST_FAULTS, in);
    memcpy(d->fired, seen, got < (size_t)d->planned ? got : (size_t)d->planned);
    fclose(in);
  }
}

static int planned_for(Device *d, int side) {
  for (int n = 0; n < d->planned; n++)
    if (d->fault[n].side == side && (d->fault[n].always || d->fired[n] == '0')) return n;
  return NOTHING;
}

static int now_is(const Device *d, const char *kind) {
  return d->now != NOTHING && !strcmp(faults[d->fault[d->now].kind].name, kind);
}

static void happened(Device *d) {
  d->fired[d->now] = '1';
  keep(d, "fired", "%.*s", d->planned, d->fired);
}

/* The fault of this side comes to pass: what the call answers. */
static Status befall(Device *d) {
  Status status = faults[d->fault[d->now].kind].status;
  happened(d);
  if (now_is(d, "freeze")) for (;;) sleep(3600);
  if (now_is(d, "die")) _exit(139);
  d->sensor = d->fault[d->now].kind;
  d->running = 0;
  d->left = status == END || status == NO_DOCS ? d->left : d->side % 2 == 0 && duplex(d);
  return status;
}

static int sensed(const Device *d, const char *kind) {
  return d->sensor != NOTHING && !strcmp(faults[d->sensor].name, kind);
}

/* Pictures */

static long number(FILE *in) {
  long value = 0;
  int c = fgetc(in);
  while (c == ' ' || c == '\n' || c == '\t' || c == '\r') c = fgetc(in);
  for (; c >= '0' && c <= '9'; c = fgetc(in)) value = 10 * value + c - '0';
  return value;
}

static int level(const unsigned char *in, char kind, long width, long x, long y, int channel) {
  if (kind == '4') return in[y * ((width + 7) / 8) + x / 8] >> (7 - x % 8) & 1 ? 0 : 255;
  if (kind == '5') return in[y * width + x];
  return in[3 * (y * width + x) + channel];
}

/* The picture in the mode that is set; a picture of that mode already is given byte for byte. */
static int load(Device *d, const char *path) {
  FILE *in = fopen(path, "rb");
  char kind[2];
  if (!in || fread(kind, 1, 2, in) != 2 || kind[0] != 'P') return in ? fclose(in), 0 : 0;
  long w = number(in), h = number(in), top = kind[1] == '4' ? 1 : number(in);
  long line = kind[1] == '4' ? (w + 7) / 8 : kind[1] == '6' ? 3 * w : w;
  unsigned char *raw = malloc(line * h + 1);
  long got = raw ? (long)fread(raw, 1, line * h, in) : 0;
  fclose(in);
  if (got != line * h || top > 255) return free(raw), 0;
  char want = is(d, MODE, "Lineart") ? '4' : is(d, MODE, "Color") ? '6' : '5';
  long out = want == '4' ? (w + 7) / 8 : want == '6' ? 3 * w : w;
  free(d->page);
  if (want == kind[1]) d->page = raw;
  else {
    d->page = calloc(out * h + 1, 1);
    for (long y = 0; d->page && y < h; y++)
      for (long x = 0; x < w; x++) {
        int r = level(raw, kind[1], w, x, y, 0), g = level(raw, kind[1], w, x, y, 1);
        int b = level(raw, kind[1], w, x, y, 2), gray = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
        if (want == '4') d->page[y * out + x / 8] |= (gray < 128) << (7 - x % 8);
        else if (want == '5') d->page[y * out + x] = gray;
        else d->page[y * out + 3 * x] = r, d->page[y * out + 3 * x + 1] = g, d->page[y * out + 3 * x + 2] = b;
      }
    free(raw);
  }
  d->told = (Parameters){want == '6', 1, out, w, h, want == '4' ? 1 : 8};
  d->size = out * h;
  d->sent = 0;
  return d->page != NULL;
}

static void lie(Device *d) {
  Parameters *p = &d->told;
  if (now_is(d, "padded")) {
    long line = p->bytes_per_line, more = line + 5;
    unsigned char *wider = calloc(more * p->lines, 1);
    for (long y = 0; wider && y < p->lines; y++) memcpy(wider + y * more, d->page + y * line, line);
    free(d->page);
    d->page = wider;
    p->bytes_per_line = more;
    d->size = more * p->lines;
  }
  if (now_is(d, "hand") || now_is(d, "endless")) p->lines = -1;
  if (now_is(d, "huge")) p->lines = 2147483647 / p->bytes_per_line;
  if (now_is(d, "narrow")) p->bytes_per_line /= 2;
  if (now_is(d, "odd_form")) p->format = 11;
  static const char *const told_once[] = {"padded", "hand", "endless", "huge", "narrow", "odd_form", NULL};
  for (const char *const *one = told_once; *one; one++)
    if (now_is(d, *one)) happened(d);
  if (now_is(d, "padded") || now_is(d, "hand")) d->now = NOTHING;
}

/* The API. The names are those the dll driver looks for. */

Status sane_ballot_init(Word *version, void *authorize) {
  (void)authorize;
  if (version) *version = 1 << 24 | 1 << 16 | 1;
  return GOOD;
}

void sane_ballot_exit(void) {}

Status sane_ballot_get_devices(const void ***list, int local) {
  static const void *none[] = {NULL};
  (void)local;
  *list = none;
  return GOOD;
}

Status sane_ballot_open(const char *name, void **handle) {
  Device *d = calloc(1, sizeof *d);
  if (!d) return NO_MEM;
  snprintf(d->folder, sizeof d->folder, "%s", name);
  if (!read_lines(d)) return free(d), INVAL;
  if (!access(at(d, "off"), F_OK)) return free(d), IO_ERROR;
  read_faults(d);
  look_into_hopper(d);
  memcpy(d->option, described, sizeof described);
  strcpy(d->text[SOURCE], "ADF Front"), strcpy(d->text[MODE], "Lineart");
  strcpy(d->text[ACTION], "Default"), strcpy(d->text[PREPICK], "Default");
  strcpy(d->text[BUFFER], "Default"), strcpy(d->text[GROUND], "Default");
  strcpy(d->text[E_STRING], "%05ud");
  d->number[COUNT] = OPTIONS, d->number[RESOLUTION] = 600, d->number[E_BITS] = 16, d->number[E_STEP] = 1;
  d->number[WIDTH] = d->number[BR_X] = 216 * 65536, d->number[HEIGHT] = d->number[BR_Y] = 279 * 65536;
  d->sensor = d->now = NOTHING;
  *handle = d;
  return GOOD;
}

void sane_ballot_close(void *handle) {
  Device *d = handle;
  for (int n = 0; n < d->sides; n++) free(d->paper[n]);
  free(d->paper), free(d->page), free(d);
}

const Option *sane_ballot_get_option_descriptor(void *handle, Word n) {
  Device *d = handle;
  return n < 0 || n >= OPTIONS ? NULL : &d->option[n];
}

/* What depends on another setting becomes active with it. */
static void relate(Device *d) {
  for (int n = E_BITS; n <= E_STRING; n++)
    d->option[n].cap = SET | READ | (d->number[ENDORSER] ? 0 : INACTIVE);
  d->option[THICKNESS].cap = SET | READ | (is(d, ACTION, "Default") ? INACTIVE : 0);
}

static Status set(Device *d, Word n, void *value, Word *info) {
  const Option *o = &d->option[n];
  if (o->type == STRING) {
    if (o->constraint == IN_WORDS) {
      const char *const *w = o->of.words;
      while (*w && strcmp(*w, value)) w++;
      if (!*w) return INVAL;
    }
    snprintf(d->text[n], sizeof d->text[n], "%s", (char *)value);
  } else {
    Word v = *(Word *)value;
    if (o->constraint == IN_RANGE && (v < o->of.range->min || v > o->of.range->max)) return INVAL;
    if (o->constraint == IN_NUMBERS) {
      int known = 0;
      for (int k = 1; k <= o->of.numbers[0]; k++) known |= o->of.numbers[k] == v;
      if (!known) return INVAL;
    }
    d->number[n] = v;
  }
  if (n == ENDORSER || n == ACTION) relate(d), *info |= RELOAD;
  return GOOD;
}

static Word sensor(const Device *d, Word n) {
  if (n == LOADED) return paper_left(d);
  if (n == COVER) return sensed(d, "cover");
  if (n == DOUBLE) return sensed(d, "double_feed");
  if (n == INK) return sensed(d, "ink");
  return n == ERROR_CODE && d->sensor != NOTHING ? 0x80 + d->sensor : 0;
}

Status sane_ballot_control_option(void *handle, Word n, int action, void *value, Word *info) {
  Device *d = handle;
  Word none = 0;
  if (!info) info = &none;
  *info = 0;
  if (n < 0 || n >= OPTIONS || action > 1) return INVAL;
  const Option *o = &d->option[n];
  if (o->cap & INACTIVE) return INVAL;
  if (action == 1) return !(o->cap & SET) || d->scanning ? INVAL : set(d, n, value, info);
  if (o->type == STRING) strcpy(value, d->text[n]);
  else *(Word *)value = n >= LOADED ? sensor(d, n) : d->number[n];
  return GOOD;
}

Status sane_ballot_get_parameters(void *handle, Parameters *told) {
  Device *d = handle;
  *told = d->told;
  return GOOD;
}

static void imprint(Device *d) {
  char text[128], *counts = strstr(d->text[E_STRING], "%08ud");
  if (!d->number[ENDORSER] || strlen(d->text[E_STRING]) > 40) return;  /* too long: silently nothing */
  int before = counts ? counts - d->text[E_STRING] : (int)strlen(d->text[E_STRING]);
  snprintf(text, sizeof text, "%.*s", before, d->text[E_STRING]);
  if (counts) snprintf(text + before, sizeof text - before, "%08d", d->number[E_VAL]);
  FILE *out = fopen(at(d, "printed"), "a");
  if (out) fprintf(out, "%s\n", text), fclose(out);
  d->number[E_VAL] += d->number[E_STEP];
}

/* A sheet leaves the hopper. */
static void feed(Device *d) {
  d->side = 2 * d->fed + is(d, SOURCE, "ADF Back");
  d->fed++;
  d->left = duplex(d);
  keep(d, "hopper", "%d\n", d->fed + (is(d, BUFFER, "On") && paper_left(d)));
  imprint(d);
}

Status sane_ballot_start(void *handle) {
  Device *d = handle;
  if (d->running) return BUSY;
  d->sensor = NOTHING;
  d->scanning = 1;
  if (d->left) d->side++, d->left = 0;
  else {
    if (!paper_left(d)) return NO_DOCS;
    d->now = planned_for(d, 2 * d->fed);
    if (now_is(d, "no_docs") && d->fault[d->now].start) return happened(d), NO_DOCS;
    feed(d);
  }
  d->now = planned_for(d, d->side);
  if (d->now != NOTHING && d->fault[d->now].start) return befall(d);
  if (!load(d, d->paper[d->side])) return IO_ERROR;
  lie(d);
  d->running = 1;
  return GOOD;
}

static Status disturbed(Device *d, unsigned char *out, Word most, Word *got) {
  if (now_is(d, "endless")) return memset(out, 255, *got = most), GOOD;
  if (now_is(d, "huge") || now_is(d, "narrow") || now_is(d, "odd_form")) d->now = NOTHING;
  if (now_is(d, "silent") && d->sent >= d->size / 2) return happened(d), GOOD;
  if (now_is(d, "long") && d->sent == d->size) return happened(d), memset(out, 7, *got = most), GOOD;
  return END;
}

Status sane_ballot_read(void *handle, unsigned char *out, Word most, Word *got) {
  Device *d = handle;
  *got = 0;
  if (!d->running) return d->scanning ? END : CANCELLED;
  if (d->now != NOTHING) {
    if (disturbed(d, out, most, got) == GOOD) return GOOD;
    if (d->now != NOTHING && d->sent >= d->size / 2 && !now_is(d, "long")) return befall(d);
  }
  long until = d->now != NOTHING && d->sent < d->size / 2 ? d->size / 2 : d->size, rest = until - d->sent;
  if (!rest) return d->running = 0, END;
  *got = rest < most ? rest : most;
  memcpy(out, d->page + d->sent, *got);
  d->sent += *got;
  return GOOD;
}

void sane_ballot_cancel(void *handle) {
  Device *d = handle;
  while (sensed(d, "stuck")) sleep(3600);
  d->running = d->scanning = 0;
}

Status sane_ballot_set_io_mode(void *handle, int non_blocking) {
  (void)handle;
  return non_blocking ? UNSUPPORTED : GOOD;
}

Status sane_ballot_get_select_fd(void *handle, int *fd) {
  (void)handle, (void)fd;
  return UNSUPPORTED;
}
