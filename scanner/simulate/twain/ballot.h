/* A ballot scanner without a motor, as one TWAIN source of the process. Its world is a folder that the
   test writes: `device` (what it is), `faults` (what goes wrong when), `position` (sheets that have
   left the hopper), `log` (what was asked of it). A killed host finds the paper where it was left. */
#ifndef BALLOT_H
#define BALLOT_H
#include "twain_words.h"
#include <stdio.h>

enum { PATH = 4096, MOST_LACKS = 16 };
enum When { AT_ENABLE, BEFORE, DURING, AFTER, NO_TIME };

typedef struct {
  char folder[PATH], images[PATH], name[34], serial[64];
  int sheets;      /* in the hopper at the beginning; the images are taken round and round */
  int ahead;       /* sheets it feeds ahead and cannot be kept from feeding */
  int strip;       /* bytes of a strip it likes best */
  int padding;     /* bytes behind each bare row */
  int rounds;      /* dpi it takes whatever is asked; 0: what is asked */
  int stingy;      /* says after each sheet that it has no more */
  int mute;        /* tells nothing of an image */
  int back_first;
  int keeps_blank_off; /* throws blank sides away and cannot be kept from it */
  int lack_count;
  uint16_t lacks[MOST_LACKS];
} Device;

typedef struct { char kind[16]; int number, image; enum When when; double seconds; } Fault;

typedef struct {
  uint8_t *bytes; size_t file_size, size, start, at; /* through memory goes bytes[start..size) */
  int width, length, channels, bits;
} Picture;

/* device.c */
extern Device device;
int device_read(const char *folder, Device *into);
int device_folder(int n, char *into);
void device_log(const char *format, ...);
int device_lacks(uint16_t cap);
void device_name(const Device *it, Identity *into);

/* paper.c */
int paper_open(void);
int paper_has(const char *extension);
int paper_left(void);
int paper_fed_ahead(void);
void paper_feed(int ahead);
void paper_lose(void);
void paper_next(int duplex);
void paper_skip_sheet(void);
void paper_drop_path(void);
int paper_image(void);
int paper_sheet(void);
int paper_side(void);
int paper_on_back(void);
const char *paper_file(const char *extension);

/* faults.c */
int fault_due(enum When when, int image, Fault *found);

/* picture.c */
int picture_load(Picture *it, const char *path, const char *extension);
void picture_free(Picture *it);

/* settings.c */
void settings_reset(void);
double setting(uint16_t cap);
void setting_force(uint16_t cap, double value);
const char *setting_text(uint16_t cap);
uint16_t settings_call(uint16_t message, Capability *body, int state);
const char *settings_extension(void);

/* source.c */
extern EntryPoint lent;
uint16_t source_fail(uint16_t code);
uint16_t DS_Entry(Identity *from, uint32_t group, uint16_t about, uint16_t message, void *body);
void source_choose(const char *folder);
extern int state;
extern uint16_t news;
uint16_t out_of_turn(uint16_t about, uint16_t message);
void say(uint16_t message);
int duplex(void);
int look_ahead(void);

/* sending.c */
void forget_image(void);
uint16_t strike(enum When when);
uint16_t image_info(ImageInfo *info);
uint16_t setup_memory(SetupMemory *body);
uint16_t memory(Strip *strip);
uint16_t to_file(void);
uint16_t setup_file(uint16_t message, SetupFile *body);
uint16_t tell(ToldOfImage *body);
uintptr_t text(const char *content);
#endif
