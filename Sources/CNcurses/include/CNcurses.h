// What the program needs of ncurses and of a POSIX terminal, in plain types.
//
// curses.h stays out of this header: its macros and globals do not pass into Swift.

#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How opening went.
enum {
  KUBARIUM_OPENED = 0,
  KUBARIUM_NO_OUTPUT_BUFFER = 1,
  KUBARIUM_UNKNOWN_TERMINAL = 2,
  KUBARIUM_NO_CURSOR_ADDRESSING = 3,
  KUBARIUM_NO_SETTINGS = 4,
};

// What kubarium_next_signal reports besides signal numbers.
enum { KUBARIUM_NO_SIGNAL = 0 };

// Sets the locale; false when characters beyond ASCII cannot be shown.
bool kubarium_set_locale(void);

// The value of an environment variable, or NULL.
const char *kubarium_environment(const char *name);

// Whether a descriptor is a terminal.
bool kubarium_is_terminal(int descriptor);

// The terminal that the process belongs to, or -1.
int kubarium_open_controlling_terminal(void);

// Enters full-screen mode on the terminal of the two descriptors.
int kubarium_open(const char *terminal, int input, int output, bool mouse);

// Leaves full-screen mode and gives the terminal back as it was.
void kubarium_close(void);

// Gives the terminal back, stops the process (the whole job when the key was
// pressed here) and takes the terminal again when it goes on.
void kubarium_suspend(bool whole_job);

// Takes the terminal again after something else may have changed it.
void kubarium_reenter(void);

// Gives the terminal back for another program, until kubarium_reenter.
void kubarium_leave(void);

// Leaves the mouse to the terminal, or takes it.
void kubarium_mouse(bool taken);

// Runs a command line in a shell and waits for it; its exit status, or -1.
int kubarium_run(const char *command);

// The size of the terminal, from the system.
void kubarium_size(int *columns, int *rows);

// Tells ncurses the size.
void kubarium_resize(int columns, int rows);

// Empties the whole screen in one look.
void kubarium_clear(int emphasis, int pair);

// Colours that the terminal has, 0 for none, and how many pairs of them.
int kubarium_colors(void);
int kubarium_color_pairs(void);

// Defines a pair of colour numbers; -1 is the terminal's own.
bool kubarium_define_pair(int pair, int foreground, int background);

// Emphasis bits of kubarium_put.
enum { KUBARIUM_BOLD = 1, KUBARIUM_DIM = 2, KUBARIUM_UNDERLINE = 4, KUBARIUM_REVERSE = 8 };

// Puts cells of one look into the next frame. A cell is a scalar in its low 32
// bits and its columns in the high 8; one of no columns continues the one before.
void kubarium_put(int row, int column, const uint64_t *cells, int count, int emphasis, int pair);

// Shows the cursor at a place, or hides it when the place is negative.
void kubarium_cursor(int column, int row);

// Begins a frame.
void kubarium_begin_frame(void);

// Sends what was put into the frame in one write, if anything; false when the
// terminal is gone.
bool kubarium_send_frame(void);

// Waits for input or a signal; true when there is input or the input has ended.
bool kubarium_wait(int milliseconds);

// Reads waiting input; 0 when there is none, -1 when the input has ended.
long kubarium_read(uint8_t *bytes, size_t capacity);

// The next signal that arrived, or KUBARIUM_NO_SIGNAL.
int kubarium_next_signal(void);

// Which of the signals means what.
bool kubarium_is_resize(int number);
bool kubarium_is_stop(int number);
bool kubarium_is_continue(int number);

// Nanoseconds of a clock that only goes forward.
int64_t kubarium_nanoseconds(void);

#endif
