// The screen: ncurses draws into a file in memory, and each frame goes to the
// terminal in one write.
//
// Left to itself ncurses writes at every move of the cursor; a frame would show
// half done. In one piece, inside synchronized output, it never does.

#include "CNcurses.h"
#include "Internal.h"

#include <curses.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *frame_file;
static FILE *input_file;
static char *frame;
static size_t frame_capacity;
static bool is_modern;
static bool wants_mouse;

static const char begin_frame[] = "\033[?2026h";
static const char end_frame[] = "\033[?2026l";
static const char modes_on[] = "\033[?2004h";
static const char mouse_on[] = "\033[?1000h\033[?1002h\033[?1006h";
static const char modes_off[] = "\033[?2004l";
static const char mouse_off[] = "\033[?1006l\033[?1002l\033[?1000l";

// What a crash sends: modes and attributes off, the whole screen scrolls, the
// cursor is on; then the normal screen, or a clean one where there is only one.
static const char restore_modern[] =
    "\033[?2026l\033[?1006l\033[?1002l\033[?1000l\033[?2004l"
    "\033[0m\033[r\033[?7h\033[?25h\033[?1049l\r";
static const char restore_plain[] = "\033[0m\033[r\033[?25h\033[H\033[J";

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

static bool make_files(int input) {
  int buffer = open_frame_file();
  if (buffer < 0) return false;
  frame_file = fdopen(buffer, "w+");
  int copy = fcntl(input, F_DUPFD_CLOEXEC, 3);
  input_file = copy >= 0 ? fdopen(copy, "r") : NULL;
  return frame_file != NULL && input_file != NULL;
}

static void close_files(void) {
  if (frame_file != NULL) fclose(frame_file);
  if (input_file != NULL) fclose(input_file);
  frame_file = NULL;
  input_file = NULL;
}

static bool has(const char *capability) {
  char *value = tigetstr((char *)capability);
  return value != NULL && value != (char *)-1 && *value != '\0';
}

// Adds what ncurses has drawn so far to the frame, after `used` bytes.
static size_t collect(size_t used) {
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

static size_t append(size_t used, const char *text) {
  size_t length = strlen(text);
  if (used + length > frame_capacity) return used;
  memcpy(frame + used, text, length);
  return used + length;
}

static void set_or_unset(const char *name, const char *value) {
  if (value != NULL) {
    setenv(name, value, 1);
  } else {
    unsetenv(name);
  }
}

// ncurses cannot ask a file for its size, and the description of the Linux
// console has none: it is told through the environment, which is then as before.
static SCREEN *new_screen(const char *terminal) {
  int columns = 80, rows = 24;
  kubarium_size(&columns, &rows);
  const char *names[2] = {"COLUMNS", "LINES"};
  int sizes[2] = {columns, rows};
  char *before[2];
  for (int i = 0; i < 2; i++) {
    char text[16];
    snprintf(text, sizeof text, "%d", sizes[i]);
    const char *value = getenv(names[i]);
    before[i] = value != NULL ? strdup(value) : NULL;
    setenv(names[i], text, 1);
  }
  SCREEN *result = newterm((char *)terminal, frame_file, input_file);
  for (int i = 0; i < 2; i++) {
    set_or_unset(names[i], before[i]);
    free(before[i]);
  }
  return result;
}

static void set_up_curses(void) {
  def_prog_mode();
  typeahead(-1);
  nonl();
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  curs_set(0);
}

// Enters the modes that ncurses knows nothing of.
static void switch_modes_on(void) {
  if (!is_modern) return;
  size_t used = append(0, modes_on);
  if (wants_mouse) used = append(used, mouse_on);
  kubarium_write_all(kubarium_session.output, frame, used);
}

static void leave(void) {
  size_t used = append(0, is_modern ? end_frame : "");
  if (is_modern && wants_mouse) used = append(used, mouse_off);
  used = append(used, is_modern ? modes_off : "");
  used = append(used, "\033[r");
  endwin();
  used = collect(used);
  if (!is_modern) used = append(used, restore_plain);
  kubarium_session.is_active = 0;
  kubarium_write_all(kubarium_session.output, frame, used);
  kubarium_set_cooked();
}

static void enter(void) {
  kubarium_session.is_active = 1;
  kubarium_set_raw();
  switch_modes_on();
  kubarium_repaint();
}

int kubarium_open(const char *terminal, int input, int output, bool mouse) {
  struct kubarium_session *s = &kubarium_session;
  frame_capacity = 256 * 1024;
  if (frame == NULL) frame = malloc(frame_capacity);
  if (frame == NULL || !make_files(input)) {
    close_files();
    return KUBARIUM_NO_OUTPUT_BUFFER;
  }
  s->input = input;
  s->output = output;
  s->has_settings = tcgetattr(input, &s->saved) == 0;
  if (!s->has_settings) {
    close_files();
    return KUBARIUM_NO_SETTINGS;
  }
  // ncurses leaves alone the signals that are already handled.
  kubarium_install_handlers();
  set_escdelay(25);
  screen = new_screen(terminal);
  if (screen == NULL || !has("cup")) {
    bool is_known = screen != NULL;
    if (is_known) {
      endwin();
      delscreen(screen);
      screen = NULL;
    }
    kubarium_remove_handlers();
    close_files();
    return is_known ? KUBARIUM_NO_CURSOR_ADDRESSING : KUBARIUM_UNKNOWN_TERMINAL;
  }
  is_modern = has("smcup");
  wants_mouse = mouse;
  s->restore = is_modern ? restore_modern : restore_plain;
  s->restore_length = strlen(s->restore);
  set_up_curses();
  static bool is_registered;
  if (!is_registered) is_registered = atexit(kubarium_restore_now) == 0;
  enter();
  return KUBARIUM_OPENED;
}

void kubarium_close(void) {
  if (screen == NULL) return;
  if (kubarium_session.is_active) leave();
  kubarium_remove_handlers();
  delscreen(screen);
  screen = NULL;
  close_files();
}

void kubarium_suspend(bool whole_job) {
  leave();
  struct sigaction standard = {.sa_handler = SIG_DFL}, our_stop, our_continue;
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &our_stop);
  sigaction(SIGCONT, &standard, &our_continue);
  if (whole_job) {
    kill(0, SIGTSTP);
  } else {
    raise(SIGTSTP);
  }
  sigaction(SIGTSTP, &our_stop, NULL);
  sigaction(SIGCONT, &our_continue, NULL);
  enter();
}

void kubarium_reenter(void) { enter(); }

void kubarium_resize(int columns, int rows) {
  if (resize_term(rows, columns) == OK) kubarium_repaint();
}

void kubarium_repaint(void) {
  clearok(curscr, TRUE);
  werase(stdscr);
}

int kubarium_colors(void) { return has_colors() ? COLORS : 0; }
int kubarium_color_pairs(void) { return has_colors() ? COLOR_PAIRS : 0; }

bool kubarium_define_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

static attr_t attributes(int emphasis) {
  attr_t result = A_NORMAL;
  if (emphasis & KUBARIUM_BOLD) result |= A_BOLD;
  if (emphasis & KUBARIUM_DIM) result |= A_DIM;
  if (emphasis & KUBARIUM_UNDERLINE) result |= A_UNDERLINE;
  if (emphasis & KUBARIUM_REVERSE) result |= A_REVERSE;
  return result;
}

// What the C library would draw in another width than we reckon with, or not at
// all, becomes a dot and keeps its room.
static bool is_drawable(wchar_t scalar, int width) {
  if (scalar >= 0x20 && scalar < 0x7F) return true;
  return wcwidth(scalar) == width;
}

void kubarium_put(int row, int column, const uint64_t *cells, int count, int emphasis, int pair) {
  enum { BATCH = 512 };
  cchar_t batch[BATCH];
  wchar_t blank[2] = {L' ', L'\0'};
  cchar_t look;
  if (setcchar(&look, blank, attributes(emphasis), 0, &pair) != OK) return;
  int filled = 0, start = column;
  for (int i = 0; i < count; i++) {
    wchar_t scalar = (wchar_t)(cells[i] & 0xFFFFFFFF);
    int width = (int)(cells[i] >> 56);
    if (width == 0) continue;
    if (filled + width > BATCH) {
      mvadd_wchnstr(row, start, batch, filled);
      start = column + i;
      filled = 0;
    }
    batch[filled] = look;
    if (is_drawable(scalar, width)) {
      batch[filled++].chars[0] = scalar;
    } else {
      batch[filled++].chars[0] = L'.';
      if (width == 2) batch[filled++] = look;
    }
  }
  if (filled > 0) mvadd_wchnstr(row, start, batch, filled);
}

void kubarium_cursor(int column, int row) {
  bool is_shown = column >= 0 && row >= 0;
  curs_set(is_shown ? 1 : 0);
  leaveok(stdscr, !is_shown);
  wmove(stdscr, is_shown ? row : 0, is_shown ? column : 0);
}

bool kubarium_send_frame(void) {
  wrefresh(stdscr);
  size_t start = is_modern ? sizeof begin_frame - 1 : 0;
  size_t used = collect(start);
  if (used == start) return true;
  if (is_modern) {
    memcpy(frame, begin_frame, start);
    used = append(used, end_frame);
  }
  return kubarium_write_all(kubarium_session.output, frame, used);
}
