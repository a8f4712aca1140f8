/* Loaded before the C library: at the n-th thing that a process does to files or sockets, it dies as by
   kill -9, before doing it; or, torn, when half of a write is done. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long armed, left, seen, torn; /* armed: only the process that asked for it */

void kill_at(long n, long in_the_middle) {
  left = n;
  torn = in_the_middle;
  seen = 0;
  armed = getpid();
}

long acts_seen(void) { return seen; }

static int last(void) {
  if (!armed || armed != getpid()) return 0;
  return __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST) == left;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define DIES(result, name, given, passed) \
  result name given { \
    REAL(name); \
    if (last()) die(); \
    return real passed; \
  }

#define WRITES(result, name, given, whole, half) \
  result name given { \
    REAL(name); \
    if (last()) { \
      if (torn && size > 1) real half; \
      die(); \
    } \
    return real whole; \
  }

DIES(int, fsync, (int file), (file))
DIES(int, fdatasync, (int file), (file))
DIES(int, rename, (const char *from, const char *to), (from, to))
DIES(int, link, (const char *from, const char *to), (from, to))
DIES(int, unlink, (const char *path), (path))
DIES(int, mkdir, (const char *path, mode_t mode), (path, mode))
DIES(int, ftruncate, (int file, off_t size), (file, size))
DIES(int, ftruncate64, (int file, off64_t size), (file, size))
DIES(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
DIES(int, linkat, (int a, const char *from, int b, const char *to, int how), (a, from, b, to, how))
DIES(int, unlinkat, (int a, const char *path, int how), (a, path, how))

WRITES(ssize_t, write, (int file, const void *from, size_t size), (file, from, size), (file, from, size / 2))
WRITES(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at),
       (file, from, size / 2, at))
WRITES(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at),
       (file, from, size / 2, at))
WRITES(ssize_t, send, (int link, const void *from, size_t size, int how), (link, from, size, how),
       (link, from, size / 2, how))
