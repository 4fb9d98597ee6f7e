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

// The file that ncurses draws into.
bool kubarium_frame_open(void);
void kubarium_frame_close(void);
FILE *kubarium_frame_file(void);

// Add to the frame after its first `used` bytes, and return how many there are then.
size_t kubarium_frame_collect(size_t used);
size_t kubarium_frame_append(size_t used, const char *text);

// Sends the first `used` bytes of the frame in one write.
bool kubarium_frame_write(size_t used);

#endif
