#pragma once
#include <stdint.h>

/// How often this program has asked for memory.
uint64_t allocation_count(void);
