// What differs between the systems, as little as there is. The host uses no library of C++, which
// Windows programs that are built here do not have.
#pragma once
#include <stddef.h>

namespace platform {

void *allocate(size_t bytes);
void release(void *memory);

// The library that the environment names, or the end of the program.
void *open_library();
void *symbol(void *library, const char *name);

// Prints UTF-8 as it is.
void print(const char *text, size_t length);

// Runs `work` twice at the same time and waits for both.
void run_both(void (*work)(void *), void *first, void *second);

// Writes a file anew.
void write_file(const char *name, const char *bytes, size_t length);

} // namespace platform

// The program; `argument` is the first one, or empty.
int run(const char *argument);
