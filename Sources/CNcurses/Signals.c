// Signals: those that ask for something go through a pipe to the loop, those
// that tell of a crash give the terminal back at once.

#include "CNcurses.h"
#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int requests[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGSYS};
enum {
  REQUEST_COUNT = sizeof requests / sizeof requests[0],
  CRASH_COUNT = sizeof crashes / sizeof crashes[0],
};

static struct sigaction previous_requests[REQUEST_COUNT];
static struct sigaction previous_crashes[CRASH_COUNT];
static char crash_stack[64 * 1024];
static int pipe_ends[2] = {-1, -1};
// Requests to end since the loop last looked.
static volatile sig_atomic_t unheard_ends;

static bool asks_to_end(int number) {
  return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

// A program that no longer listens must still be possible to end: the third
// request in a row takes its default effect.
static void on_request(int number) {
  int error = errno;
  if (asks_to_end(number) && ++unheard_ends >= 3) {
    kubarium_restore_now();
    signal(number, SIG_DFL);
    raise(number);
  }
  unsigned char byte = (unsigned char)number;
  if (write(pipe_ends[1], &byte, 1) < 0) {
    // The pipe is full: the loop has enough to do.
  }
  errno = error;
}

// Hands the signal on to whoever handled it before. A fault happens again when
// the handler returns; a signal that somebody sent must be sent again.
static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  kubarium_restore_now();
  for (int i = 0; i < CRASH_COUNT; i++) {
    if (crashes[i] == number) sigaction(number, &previous_crashes[i], NULL);
  }
  if (info == NULL || info->si_code <= 0) raise(number);
}

static void use_crash_stack(void) {
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE) == 0) return;
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
  sigaltstack(&stack, NULL);
}

static bool open_pipe(void) {
  if (pipe_ends[0] >= 0) return true;
  if (pipe(pipe_ends) != 0) return false;
  for (int i = 0; i < 2; i++) {
    fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
    fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
  }
  return true;
}

void kubarium_install_handlers(void) {
  if (!open_pipe()) return;
  struct sigaction request = {.sa_handler = on_request, .sa_flags = SA_RESTART};
  sigemptyset(&request.sa_mask);
  for (int i = 0; i < REQUEST_COUNT; i++) {
    sigaction(requests[i], &request, &previous_requests[i]);
  }
  use_crash_stack();
  struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&crash.sa_mask);
  for (int i = 0; i < CRASH_COUNT; i++) {
    sigaction(crashes[i], &crash, &previous_crashes[i]);
  }
}

void kubarium_remove_handlers(void) {
  for (int i = 0; i < REQUEST_COUNT; i++) sigaction(requests[i], &previous_requests[i], NULL);
  for (int i = 0; i < CRASH_COUNT; i++) sigaction(crashes[i], &previous_crashes[i], NULL);
}

int kubarium_signal_descriptor(void) { return pipe_ends[0]; }

int kubarium_next_signal(void) {
  unsigned char byte;
  if (read(pipe_ends[0], &byte, 1) != 1) return KUBARIUM_NO_SIGNAL;
  unheard_ends = 0;
  return byte;
}

bool kubarium_is_resize(int number) { return number == SIGWINCH; }
bool kubarium_is_stop(int number) { return number == SIGTSTP; }
bool kubarium_is_continue(int number) { return number == SIGCONT; }
