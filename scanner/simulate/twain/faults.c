/* What goes wrong: one line each in `faults`, `KIND NUMBER IMAGE WHEN SECONDS`, struck out as it strikes. */
#include "ballot.h"
#include <string.h>

static enum When when_of(const char *word) {
  const char *words[] = {"enable", "before", "during", "after"};
  for (int n = 0; n < 4; n++)
    if (!strcmp(word, words[n])) return (enum When)n;
  return NO_TIME;
}

static int parse(const char *line, Fault *it) {
  char word[16];
  if (sscanf(line, "%15s %d %d %15s %lf", it->kind, &it->number, &it->image, word, &it->seconds) != 5) return 0;
  it->when = when_of(word);
  return 1;
}

/* The fault that is due at this point of this image, taken out of the list; 0: none. */
int fault_due(enum When when, int image, Fault *found) {
  char path[PATH + 16], kept[16384] = "", line[256];
  snprintf(path, sizeof path, "%s/faults", device.folder);
  FILE *file = fopen(path, "r");
  int due = 0;
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) {
    Fault one;
    if (!due && parse(line, &one) && one.when == when && one.image == image) *found = one, due = 1;
    else if (strlen(kept) + strlen(line) < sizeof kept) strcat(kept, line);
  }
  fclose(file);
  if (due && (file = fopen(path, "w"))) fputs(kept, file), fclose(file);
  return due;
}
