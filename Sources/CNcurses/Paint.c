// What a frame shows: colours, cells and the cursor.
//
// The frame's bytes are made here from what ncurses knows of the terminal: its
// strings, and which attributes are on. Its own refresh would compare once more
// what has been compared, and write at every move of the cursor.

#include "CNcurses.h"
#include "Internal.h"

#include <curses.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

// Of term.h, whose macros take every short name there is.
int tputs(const char *text, int lines, int (*put)(int));

// What the terminal can do, by ncurses' description of it.
static struct {
  const char *move, *right, *erase_line, *erase, *clear, *show_cursor, *hide_cursor;
  // Erased cells have the colour that is set.
  bool erases_in_color;
  // Something in the last cell moves the whole screen up.
  bool scrolls_at_end;
  bool is_utf8;
} can;

// Where the cursor of the terminal is; -1 when that is not known.
static struct { int row, column; } at;
static bool is_cursor_shown;

static const char *string(const char *name) {
  char *value = tigetstr((char *)name);
  return value == NULL || value == (char *)-1 ? NULL : value;
}

void kubarium_paint_prepare(void) {
  can.move = string("cup");
  can.right = string("cuf");
  can.erase_line = string("el");
  can.erase = string("ech");
  can.clear = string("clear");
  can.show_cursor = string("cnorm");
  can.hide_cursor = string("civis");
  can.erases_in_color = tigetflag("bce") == 1;
  can.scrolls_at_end = tigetflag("am") == 1 && tigetflag("xenl") != 1;
  can.is_utf8 = kubarium_is_utf8();
  kubarium_paint_forget();
}

void kubarium_paint_forget(void) {
  at.row = at.column = -1;
  is_cursor_shown = true;
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

static void put(const char *text) {
  if (text != NULL) tputs(text, 1, kubarium_frame_byte);
}

// What differs from the attributes that are on is all that is sent.
static void set_look(int emphasis, int pair) {
  vid_puts(attributes(emphasis), 0, &pair, kubarium_frame_byte);
}

static const char *with(const char *text, long first, long second) {
  return tparm((char *)text, first, second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}

static void move_to(int row, int column) {
  if (row == at.row && column == at.column) return;
  if (row == at.row && at.column >= 0 && column > at.column && can.right != NULL) {
    put(with(can.right, column - at.column, 0));
  } else {
    put(with(can.move, row, column));
  }
  at.row = row;
  at.column = column;
}

static void put_utf8(uint32_t scalar) {
  if (scalar < 0x800) {
    kubarium_frame_byte(0xC0 | (int)(scalar >> 6));
  } else {
    if (scalar < 0x10000) {
      kubarium_frame_byte(0xE0 | (int)(scalar >> 12));
    } else {
      kubarium_frame_byte(0xF0 | (int)(scalar >> 18));
      kubarium_frame_byte(0x80 | (int)(scalar >> 12 & 0x3F));
    }
    kubarium_frame_byte(0x80 | (int)(scalar >> 6 & 0x3F));
  }
  kubarium_frame_byte(0x80 | (int)(scalar & 0x3F));
}

static void put_encoded(wchar_t scalar) {
  char bytes[MB_LEN_MAX];
  mbstate_t state;
  memset(&state, 0, sizeof state);
  size_t length = wcrtomb(bytes, scalar, &state);
  if (length == 0 || length > sizeof bytes) {
    kubarium_frame_byte('.');
    return;
  }
  for (size_t i = 0; i < length; i++) kubarium_frame_byte((unsigned char)bytes[i]);
}

// What the C library would draw in another width than we reckon with, or not at
// all, becomes a dot and keeps its room.
static void put_scalar(uint32_t scalar, int width) {
  if (scalar >= 0x20 && scalar < 0x7F) {
    kubarium_frame_byte((int)scalar);
  } else if (wcwidth((wchar_t)scalar) != width) {
    kubarium_frame_byte('.');
    if (width == 2) kubarium_frame_byte(' ');
  } else if (can.is_utf8) {
    put_utf8(scalar);
  } else {
    put_encoded((wchar_t)scalar);
  }
}

static bool is_blank(uint64_t cell) { return (cell & 0xFFFFFFFF) == ' '; }

// Whether an erased cell looks as a blank one with this look does.
static bool is_erasable(int emphasis, int pair) {
  if (emphasis & (KUBARIUM_UNDERLINE | KUBARIUM_REVERSE)) return false;
  if (can.erases_in_color) return true;
  int front, back;
  return pair == 0 || (extended_pair_content(pair, &front, &back) == OK && back < 0);
}

// Erases the blanks that begin at a cell instead of writing them, if they are
// many; returns how many.
static int erase_blanks(int row, int column, const uint64_t *cells, int count) {
  int blanks = 0;
  while (blanks < count && is_blank(cells[blanks])) blanks++;
  bool is_rest = column + blanks == COLS;
  if (blanks < 10 || (is_rest ? can.erase_line : can.erase) == NULL) return 0;
  move_to(row, column);
  put(is_rest ? can.erase_line : with(can.erase, blanks, 0));
  return blanks;
}

void kubarium_put(int row, int column, const uint64_t *cells, int count, int emphasis, int pair) {
  if (can.scrolls_at_end && row == LINES - 1 && column + count >= COLS) count = COLS - column - 1;
  bool can_erase = is_erasable(emphasis, pair);
  if (count > 0) set_look(emphasis, pair);
  for (int i = 0; i < count;) {
    int width = (int)(cells[i] >> 56);
    if (width == 0) {
      i++;
      continue;
    }
    int erased = can_erase && is_blank(cells[i])
        ? erase_blanks(row, column + i, cells + i, count - i) : 0;
    if (erased > 0) {
      i += erased;
      continue;
    }
    move_to(row, column + i);
    put_scalar((uint32_t)(cells[i] & 0xFFFFFFFF), width);
    at.column += width;
    i += width;
  }
  // After the last column the cursor is here or there, by the terminal's taste.
  if (at.column >= COLS) at.row = at.column = -1;
}

void kubarium_cursor(int column, int row) {
  bool is_wanted = column >= 0 && row >= 0;
  if (is_wanted) move_to(row, column);
  if (is_wanted == is_cursor_shown) return;
  put(is_wanted ? can.show_cursor : can.hide_cursor);
  is_cursor_shown = is_wanted;
}

void kubarium_paint_leave(void) {
  set_look(0, 0);
  kubarium_cursor(0, 0);
}

void kubarium_clear(int emphasis, int pair) {
  set_look(emphasis, pair);
  put(can.clear);
  at.row = at.column = 0;
}
