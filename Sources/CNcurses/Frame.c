// The file in memory that ncurses draws into, and the bytes of the frame.

#include "Internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static FILE *frame_file;
static char *frame;
static size_t frame_capacity;

static int open_frame_file(void) {
  int descriptor = -1;
#ifdef __linux__
  descriptor = memfd_create("frame", MFD_CLOEXEC);
  if (descriptor >= 0) return descriptor;
#endif
  char path[] = "/tmp/kubarium-frame-XXXXXX";
  descriptor = mkstemp(path);
  if (descriptor >= 0) {
    unlink(path);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  return descriptor;
}

bool kubarium_frame_open(void) {
  if (frame == NULL) {
    frame_capacity = 256 * 1024;
    frame = malloc(frame_capacity);
  }
  int descriptor = frame != NULL ? open_frame_file() : -1;
  frame_file = descriptor >= 0 ? fdopen(descriptor, "w+") : NULL;
  return frame_file != NULL;
}

void kubarium_frame_close(void) {
  if (frame_file != NULL) fclose(frame_file);
  frame_file = NULL;
}

FILE *kubarium_frame_file(void) { return frame_file; }

// Adds what ncurses has drawn so far to the frame, after `used` bytes.
size_t kubarium_frame_collect(size_t used) {
  int descriptor = fileno(frame_file);
  off_t drawn = lseek(descriptor, 0, SEEK_CUR);
  if (drawn <= 0) return used;
  size_t wanted = used + (size_t)drawn + 64;
  if (wanted > frame_capacity) {
    char *larger = realloc(frame, wanted * 2);
    if (larger == NULL) return used;
    frame = larger;
    frame_capacity = wanted * 2;
  }
  ssize_t count = pread(descriptor, frame + used, (size_t)drawn, 0);
  lseek(descriptor, 0, SEEK_SET);
  return count > 0 ? used + (size_t)count : used;
}

size_t kubarium_frame_append(size_t used, const char *text) {
  size_t length = strlen(text);
  if (used + length > frame_capacity) return used;
  memcpy(frame + used, text, length);
  return used + length;
}

bool kubarium_frame_write(size_t used) {
  return kubarium_write_all(kubarium_session.output, frame, used);
}
