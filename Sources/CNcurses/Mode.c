// The terminal's mode, its size, its input, and how it is given back.

#include "CNcurses.h"
#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct kubarium_session kubarium_session = {.input = -1, .output = -1};

bool kubarium_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// A locale that is not installed, or none at all, leaves "C", in which nothing
// but ASCII can be drawn; a terminal of today understands UTF-8 even so. Another
// character set is somebody's choice.
bool kubarium_set_locale(void) {
  const char *chosen = setlocale(LC_ALL, "");
  bool is_plain = chosen == NULL || strstr(nl_langinfo(CODESET), "ANSI_X3.4") != NULL;
  if (is_plain && setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "C.utf8");
  setlocale(LC_NUMERIC, "C");
  return kubarium_is_utf8();
}

const char *kubarium_environment(const char *name) { return getenv(name); }

bool kubarium_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int kubarium_open_controlling_terminal(void) { return open("/dev/tty", O_RDWR | O_CLOEXEC); }

bool kubarium_write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
      poll(&waiting, 1, 100);
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

// From the background, setting the mode would stop the process; it is ours to
// give back, so it goes through.
static void set_mode(const struct termios *mode) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTTOU);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  while (tcsetattr(kubarium_session.input, TCSADRAIN, mode) != 0 && errno == EINTR) {
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
}

void kubarium_set_raw(void) {
  struct termios mode = kubarium_session.saved;
  mode.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  mode.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  mode.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
  mode.c_cflag |= CS8;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  set_mode(&mode);
}

void kubarium_set_cooked(void) {
  if (kubarium_session.has_settings) set_mode(&kubarium_session.saved);
}

void kubarium_restore_now(void) {
  if (!kubarium_session.is_active) return;
  kubarium_session.is_active = 0;
  ssize_t ignored = write(
      kubarium_session.output, kubarium_session.restore, kubarium_session.restore_length);
  (void)ignored;
  kubarium_set_cooked();
}

void kubarium_size(int *columns, int *rows) {
  struct winsize size = {0};
  if (ioctl(kubarium_session.output, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_col > 0 && size.ws_row > 0) {
    *columns = size.ws_col;
    *rows = size.ws_row;
  }
}

bool kubarium_wait(int milliseconds) {
  struct pollfd sources[2] = {
      {.fd = kubarium_session.input, .events = POLLIN},
      {.fd = kubarium_signal_descriptor(), .events = POLLIN},
  };
  if (poll(sources, 2, milliseconds) <= 0) return false;
  return sources[0].revents != 0;
}

// Only called when poll said that there is something, so it does not block; a
// terminal that hung up gives nothing or an error for ever.
long kubarium_read(uint8_t *bytes, size_t capacity) {
  ssize_t count = read(kubarium_session.input, bytes, capacity);
  if (count > 0) return (long)count;
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
  return -1;
}

int64_t kubarium_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
