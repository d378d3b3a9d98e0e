// The host on Windows, built for the C++ of Microsoft without anything of Microsoft's: what it
// needs of the system is declared here.
#include "platform.hpp"
#include <stdint.h>

extern "C" {
using Handle = void *;
__declspec(dllimport) Handle __stdcall GetProcessHeap();
__declspec(dllimport) void *__stdcall HeapAlloc(Handle, uint32_t, size_t);
__declspec(dllimport) int __stdcall HeapFree(Handle, uint32_t, void *);
__declspec(dllimport) Handle __stdcall LoadLibraryA(const char *);
__declspec(dllimport) void *__stdcall GetProcAddress(Handle, const char *);
__declspec(dllimport) uint32_t __stdcall GetEnvironmentVariableA(const char *, char *, uint32_t);
__declspec(dllimport) Handle __stdcall GetStdHandle(uint32_t);
__declspec(dllimport) int __stdcall WriteFile(Handle, const void *, uint32_t, uint32_t *, void *);
__declspec(dllimport) Handle __stdcall CreateThread(void *, size_t, uint32_t(__stdcall *)(void *),
                                                    void *, uint32_t, uint32_t *);
__declspec(dllimport) uint32_t __stdcall WaitForSingleObject(Handle, uint32_t);
__declspec(dllimport) Handle __stdcall CreateFileA(const char *, uint32_t, uint32_t, void *,
                                                   uint32_t, uint32_t, Handle);
__declspec(dllimport) int __stdcall CloseHandle(Handle);
__declspec(dllimport) const char *__stdcall GetCommandLineA();
[[noreturn]] __declspec(dllimport) void __stdcall ExitProcess(uint32_t);

// What the compiler asks for.
int _fltused = 0;
[[noreturn]] void _purecall() { ExitProcess(3); }
void *memcpy(void *to, const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        static_cast<volatile char *>(to)[i] = static_cast<const char *>(from)[i];
    return to;
}
void *memset(void *to, int byte, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) static_cast<volatile char *>(to)[i] = static_cast<char>(byte);
    return to;
}
}

void *operator new(size_t bytes) { return platform::allocate(bytes); }
void operator delete(void *memory) noexcept { platform::release(memory); }
void operator delete(void *memory, size_t) noexcept { platform::release(memory); }

namespace platform {

namespace {
constexpr uint32_t STDOUT = static_cast<uint32_t>(-11), FOREVER = 0xffffffff;

[[noreturn]] void end(const char *why) {
    size_t length = 0;
    while (why[length]) length++;
    print(why, length);
    ExitProcess(2);
}

struct Task {
    void (*work)(void *);
    void *with;
};
uint32_t __stdcall start(void *task) {
    static_cast<Task *>(task)->work(static_cast<Task *>(task)->with);
    return 0;
}
} // namespace

void *allocate(size_t bytes) { return HeapAlloc(GetProcessHeap(), 0, bytes ? bytes : 1); }
void release(void *memory) {
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

void *open_library() {
    static char path[1024];
    uint32_t length = GetEnvironmentVariableA("COMPONENT", path, sizeof path);
    void *library = length > 0 && length < sizeof path ? LoadLibraryA(path) : nullptr;
    if (!library) end("COMPONENT is no library\n");
    return library;
}

void *symbol(void *library, const char *name) { return GetProcAddress(library, name); }

void print(const char *text, size_t length) {
    uint32_t written;
    WriteFile(GetStdHandle(STDOUT), text, static_cast<uint32_t>(length), &written, nullptr);
}

void run_both(void (*work)(void *), void *first, void *second) {
    Task tasks[2] = {{work, first}, {work, second}};
    Handle threads[2];
    for (int i = 0; i < 2; i++) {
        threads[i] = CreateThread(nullptr, 0, start, &tasks[i], 0, nullptr);
        if (!threads[i]) end("no thread\n");
    }
    for (int i = 0; i < 2; i++) {
        WaitForSingleObject(threads[i], FOREVER);
        CloseHandle(threads[i]);
    }
}

void write_file(const char *name, const char *bytes, size_t length) {
    constexpr uint32_t WRITE = 0x40000000, ALWAYS = 2;
    Handle file = CreateFileA(name, WRITE, 0, nullptr, ALWAYS, 0, nullptr);
    uint32_t written = 0;
    if (file == reinterpret_cast<Handle>(-1)) end("no file\n");
    WriteFile(file, bytes, static_cast<uint32_t>(length), &written, nullptr);
    CloseHandle(file);
    if (written != length) end("no room\n");
}

} // namespace platform

// The first argument follows the name of the program, which has no blank in it here.
extern "C" void mainCRTStartup() {
    const char *line = GetCommandLineA();
    while (*line && *line != ' ') line++;
    while (*line == ' ') line++;
    ExitProcess(static_cast<uint32_t>(run(line)));
}
