/*
 * A machine whose clock is set and whose disk gets full, for one process: LD_PRELOAD puts this before the C library.
 * MACHINE_STATE names a file of two 64-bit numbers that a test changes meanwhile: by how many ns the clock is off, and how many
 * bytes more fit below MACHINE_DISK; -1: nothing there can be changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
/* How often a thread that waits for a time looks whether the clock was set, in ns. */
#define SLICE 20000000LL
/* Since the machine was started less than that has passed, and since the epoch more, in s. */
#define BOOT_TIMES 1000000000LL

struct machine {
  _Atomic int64_t clock;
  _Atomic int64_t room;
};

static struct machine usual = {0, INT64_MAX};
static struct machine *machine = &usual;
static char disk[PATH_MAX];

__attribute__((constructor)) static void start(void) {
  const char *state = getenv("MACHINE_STATE");
  const char *folder = getenv("MACHINE_DISK");
  if (folder != NULL) strncpy(disk, folder, sizeof disk - 1);
  if (state == NULL) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, state, O_RDWR | O_CLOEXEC);
  void *mapped = mmap(NULL, sizeof *machine, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file < 0 || mapped == MAP_FAILED) abort();
  machine = mapped;
  close(file);
}

/* The function of the C library, looked up once. */
#define REAL(name) ({ static __typeof__(&name) real; if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real; })

/* The clock */

static int64_t ns_of(const struct timespec *time) { return time->tv_sec * SECOND + time->tv_nsec; }

static struct timespec time_of(int64_t ns) {
  return (struct timespec){.tv_sec = ns / SECOND, .tv_nsec = ns % SECOND};
}

int clock_gettime(clockid_t id, struct timespec *time) {
  int result = REAL(clock_gettime)(id, time);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) *time = time_of(ns_of(time) + machine->clock);
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(struct timespec *time, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, time) == 0 ? base : 0;
}

typedef int (*wait_until)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

/* Who waits for a time of the clock waits longer where it is set back meanwhile, as the kernel has it. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
  static wait_until real;
  /* Of two versions of that name the older one has other conditions. */
  if (real == NULL) real = (wait_until)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (real == NULL) real = (wait_until)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  if (until->tv_sec < BOOT_TIMES) return real(condition, mutex, until);
  for (;;) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t left = ns_of(until) - ns_of(&now);
    if (left <= 0) return ETIMEDOUT;
    int64_t slice = left < SLICE ? left : SLICE;
    struct timespec end = time_of(ns_of(&now) - machine->clock + slice);
    int result = real(condition, mutex, &end);
    if (result != ETIMEDOUT) return result;
  }
}

/* The same by the names of C11, which librdkafka uses: the C library's types of both are one. */
int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until) {
  switch (pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until)) {
    case 0:
      return thrd_success;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

/* The disk */

static int is_below(const char *path) {
  size_t length = strlen(disk);
  return length > 0 && strncmp(path, disk, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int is_usual(void) { return machine->room == INT64_MAX; }

static int is_read_only(const char *path) { return machine->room == -1 && is_below(path); }

static int is_on_disk(int file) {
  char name[64], path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_below(path);
}

static int refuse(int error) {
  errno = error;
  return -1;
}

/*
 * How many of `count` bytes at `start` can be written, for which the room is taken then: what a file has already can be written over.
 * -1: none, and `errno` says why.
 */
static ssize_t fitting(int file, size_t count, off_t start) {
  if (is_usual() || count == 0 || !is_on_disk(file)) return (ssize_t)count;
  if (machine->room < 0) return refuse(EROFS);
  struct stat found;
  fstat(file, &found);
  off_t had = start < found.st_size ? found.st_size : start;
  off_t end = start + (off_t)count;
  off_t limit = had + machine->room;
  if (end > limit) end = limit;
  if (end <= start) return refuse(ENOSPC);
  if (end > had) machine->room -= end - had;
  return end - start;
}

static off_t place(int file) { return (fcntl(file, F_GETFL) & O_APPEND) ? lseek(file, 0, SEEK_END) : lseek(file, 0, SEEK_CUR); }

ssize_t write(int file, const void *bytes, size_t count) {
  ssize_t fits = is_usual() ? (ssize_t)count : fitting(file, count, place(file));
  return fits < 0 ? fits : REAL(write)(file, bytes, (size_t)fits);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t start) {
  ssize_t fits = fitting(file, count, start);
  return fits < 0 ? fits : REAL(pwrite64)(file, bytes, (size_t)fits, start);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t start) { return pwrite64(file, bytes, count, start); }

static size_t sum_of(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

/* Several parts are written whole or not at all. */
ssize_t writev(int file, const struct iovec *parts, int count) {
  size_t sum = is_usual() ? 0 : sum_of(parts, count);
  ssize_t fits = sum == 0 ? 0 : fitting(file, sum, place(file));
  return fits < (ssize_t)sum ? refuse(fits < 0 ? errno : ENOSPC) : REAL(writev)(file, parts, count);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t start) {
  size_t sum = is_usual() ? 0 : sum_of(parts, count);
  ssize_t fits = fitting(file, sum, start);
  return fits < (ssize_t)sum ? refuse(fits < 0 ? errno : ENOSPC) : REAL(pwritev64)(file, parts, count, start);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t start) { return pwritev64(file, parts, count, start); }

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)); }

/* `mode` is there where it is needed, and else nobody looks at it. */
#define OPEN(name)                                                   \
  int name(const char *path, int flags, ...) {                       \
    va_list more;                                                    \
    va_start(more, flags);                                           \
    mode_t mode = va_arg(more, mode_t);                              \
    va_end(more);                                                    \
    if (changes(flags) && is_read_only(path)) return refuse(EROFS);  \
    return REAL(name)(path, flags, mode);                            \
  }

OPEN(open)
OPEN(open64)

int mkdir(const char *path, mode_t mode) { return is_read_only(path) ? refuse(EROFS) : REAL(mkdir)(path, mode); }

int unlink(const char *path) { return is_read_only(path) ? refuse(EROFS) : REAL(unlink)(path); }

int remove(const char *path) { return is_read_only(path) ? refuse(EROFS) : REAL(remove)(path); }

int rename(const char *from, const char *to) { return is_read_only(from) ? refuse(EROFS) : REAL(rename)(from, to); }

int ftruncate64(int file, off64_t size) {
  return machine->room == -1 && is_on_disk(file) ? refuse(EROFS) : REAL(ftruncate64)(file, size);
}
