// What a frame shows: colours, cells and the cursor.

#include "CNcurses.h"

#include <curses.h>
#include <wchar.h>

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

static bool make_look(cchar_t *look, int emphasis, int pair) {
  wchar_t blank[2] = {L' ', L'\0'};
  return setcchar(look, blank, attributes(emphasis), 0, &pair) == OK;
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
  cchar_t look;
  if (!make_look(&look, emphasis, pair)) return;
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

void kubarium_clear(int emphasis, int pair) {
  cchar_t look;
  if (make_look(&look, emphasis, pair)) wbkgrndset(stdscr, &look);
  werase(stdscr);
}
