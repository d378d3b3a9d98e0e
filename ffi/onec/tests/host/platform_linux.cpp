// The host on Linux.
#include "platform.hpp"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

namespace platform {

void *allocate(size_t bytes) { return malloc(bytes); }
void release(void *memory) { free(memory); }

void *open_library() {
    const char *path = getenv("COMPONENT");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library) {
        fprintf(stderr, "COMPONENT is no library: %s\n", path ? dlerror() : "not set");
        exit(2);
    }
    return library;
}

void *symbol(void *library, const char *name) { return dlsym(library, name); }

void print(const char *text, size_t length) {
    fwrite(text, 1, length, stdout);
    fflush(stdout);
}

namespace {
struct Task {
    void (*work)(void *);
    void *with;
};
void *start(void *task) {
    static_cast<Task *>(task)->work(static_cast<Task *>(task)->with);
    return nullptr;
}
} // namespace

void run_both(void (*work)(void *), void *first, void *second) {
    Task tasks[2] = {{work, first}, {work, second}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], nullptr, start, &tasks[i]) != 0) abort();
    for (int i = 0; i < 2; i++) pthread_join(threads[i], nullptr);
}

void write_file(const char *name, const char *bytes, size_t length) {
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) abort();
}

} // namespace platform

int main(int count, char **arguments) { return run(count > 1 ? arguments[1] : ""); }
