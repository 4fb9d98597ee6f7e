// The screen: it is taken and given back, and each frame goes to the terminal in
// one write.
//
// Left to itself ncurses writes at every move of the cursor; a frame would show
// half done. In one piece, inside synchronized output, it never does.

#include "CNcurses.h"
#include "Internal.h"

#include <curses.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *input_file;
static bool is_modern;
static bool wants_mouse;
// How long a frame is that shows nothing.
static size_t frame_start;

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

static bool make_files(int input) {
  int copy = fcntl(input, F_DUPFD_CLOEXEC, 3);
  input_file = copy >= 0 ? fdopen(copy, "r") : NULL;
  return kubarium_frame_open() && input_file != NULL;
}

static void close_files(void) {
  kubarium_frame_close();
  if (input_file != NULL) fclose(input_file);
  input_file = NULL;
}

static bool has(const char *capability) {
  char *value = tigetstr((char *)capability);
  return value != NULL && value != (char *)-1 && *value != '\0';
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
  SCREEN *result = newterm((char *)terminal, kubarium_frame_file(), input_file);
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
  kubarium_paint_prepare();
}

// Enters the modes that ncurses knows nothing of.
static void switch_modes_on(void) {
  if (!is_modern) return;
  kubarium_frame_append(modes_on);
  if (wants_mouse) kubarium_frame_append(mouse_on);
}

static void leave(void) {
  if (is_modern) kubarium_frame_append(end_frame);
  if (is_modern && wants_mouse) kubarium_frame_append(mouse_off);
  if (is_modern) kubarium_frame_append(modes_off);
  kubarium_frame_append("\033[r");
  kubarium_paint_leave();
  endwin();
  kubarium_frame_collect();
  if (!is_modern) kubarium_frame_append(restore_plain);
  kubarium_session.is_active = 0;
  kubarium_frame_write();
  kubarium_set_cooked();
}

static void enter(void) {
  kubarium_session.is_active = 1;
  kubarium_set_raw();
  switch_modes_on();
  // ncurses enters its mode with an empty screen.
  clearok(curscr, TRUE);
  wrefresh(stdscr);
  kubarium_frame_collect();
  kubarium_paint_forget();
  kubarium_frame_write();
}

int kubarium_open(const char *terminal, int input, int output, bool mouse) {
  struct kubarium_session *s = &kubarium_session;
  if (!make_files(input)) {
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

void kubarium_leave(void) { leave(); }

void kubarium_mouse(bool taken) {
  if (wants_mouse == taken) return;
  wants_mouse = taken;
  if (!is_modern) return;
  kubarium_frame_append(taken ? mouse_on : mouse_off);
  kubarium_frame_write();
}

int kubarium_run(const char *command) {
  int status = system(command);
  return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void kubarium_resize(int columns, int rows) { resize_term(rows, columns); }

void kubarium_begin_frame(void) {
  if (is_modern) kubarium_frame_append(begin_frame);
  frame_start = kubarium_frame_length();
}

bool kubarium_send_frame(void) {
  bool is_empty = kubarium_frame_length() == frame_start;
  if (is_empty) {
    kubarium_frame_drop();
    return true;
  }
  if (is_modern) kubarium_frame_append(end_frame);
  return kubarium_frame_write();
}
