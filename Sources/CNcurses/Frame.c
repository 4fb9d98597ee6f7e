// The bytes of the frame, and the file in memory into which ncurses writes when
// it takes the terminal and gives it back.

#include "CNcurses.h"
#include "Internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static FILE *frame_file;
static char *frame;
static size_t frame_capacity;
static size_t frame_used;

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
  frame_used = 0;
  int descriptor = frame != NULL ? open_frame_file() : -1;
  frame_file = descriptor >= 0 ? fdopen(descriptor, "w+") : NULL;
  return frame_file != NULL;
}

void kubarium_frame_close(void) {
  if (frame_file != NULL) fclose(frame_file);
  frame_file = NULL;
}

FILE *kubarium_frame_file(void) { return frame_file; }

size_t kubarium_frame_length(void) { return frame_used; }

// Without memory the frame is cut; the next whole one puts that right.
static bool make_room(size_t more) {
  if (frame_used + more <= frame_capacity) return true;
  size_t wanted = (frame_used + more) * 2;
  char *larger = realloc(frame, wanted);
  if (larger == NULL) return false;
  frame = larger;
  frame_capacity = wanted;
  return true;
}

int kubarium_frame_byte(int byte) {
  if (!make_room(1)) return -1;
  frame[frame_used++] = (char)byte;
  return byte;
}

void kubarium_frame_append(const char *text) {
  size_t length = strlen(text);
  if (!make_room(length)) return;
  memcpy(frame + frame_used, text, length);
  frame_used += length;
}

void kubarium_frame_collect(void) {
  int descriptor = fileno(frame_file);
  off_t drawn = lseek(descriptor, 0, SEEK_CUR);
  if (drawn <= 0 || !make_room((size_t)drawn)) return;
  ssize_t count = pread(descriptor, frame + frame_used, (size_t)drawn, 0);
  lseek(descriptor, 0, SEEK_SET);
  if (count > 0) frame_used += (size_t)count;
}

void kubarium_frame_drop(void) { frame_used = 0; }

bool kubarium_frame_write(void) {
  size_t length = frame_used;
  frame_used = 0;
  return length == 0 || kubarium_write_all(kubarium_session.output, frame, length);
}
