// What the C files share; not visible to Swift.

#ifndef KUBARIUM_INTERNAL_H
#define KUBARIUM_INTERNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>

// The terminal being used; everything here may be read by a signal handler.
struct kubarium_session {
  volatile sig_atomic_t is_active;
  int input;
  int output;
  struct termios saved;
  bool has_settings;
  const char *restore;
  size_t restore_length;
};

extern struct kubarium_session kubarium_session;

// Writes all bytes to the terminal; async-signal-safe.
bool kubarium_write_all(int descriptor, const char *bytes, size_t length);

// Gives the terminal back without ncurses; async-signal-safe.
void kubarium_restore_now(void);

// Sets the terminal's mode: every key arrives as it is, nothing is echoed.
void kubarium_set_raw(void);

// Sets the mode that was found at the start.
void kubarium_set_cooked(void);

void kubarium_install_handlers(void);
void kubarium_remove_handlers(void);
int kubarium_signal_descriptor(void);

// Whether the locale's characters are written as UTF-8.
bool kubarium_is_utf8(void);

// The file that ncurses writes into.
bool kubarium_frame_open(void);
void kubarium_frame_close(void);
FILE *kubarium_frame_file(void);

// Add to the frame: what ncurses has written, a text, a byte as tputs wants it.
void kubarium_frame_collect(void);
void kubarium_frame_append(const char *text);
int kubarium_frame_byte(int byte);
size_t kubarium_frame_length(void);

// Empties the frame.
void kubarium_frame_drop(void);

// Sends the frame in one write and empties it.
bool kubarium_frame_write(void);

// Learns what the terminal can do; then forgets where its cursor is.
void kubarium_paint_prepare(void);
void kubarium_paint_forget(void);

// Sets the attributes and the cursor back.
void kubarium_paint_leave(void);

#endif
