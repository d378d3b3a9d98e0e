/* The first program of the README as the tools of Microsoft build it, without their library of C:
 * what it needs of the system is declared here. */
#include <mlicense.h>

__declspec(dllimport) void *__stdcall GetStdHandle(unsigned long which);
__declspec(dllimport) int __stdcall WriteFile(void *file, const void *bytes, unsigned long length,
                                              unsigned long *written, void *overlapped);
__declspec(dllimport) _Noreturn void __stdcall ExitProcess(unsigned int code);

static const char *const roots[] = {"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};

static void say(const char *text) {
    unsigned long length = 0, written;
    while (text[length]) length++;
    WriteFile(GetStdHandle((unsigned long)-11), text, length, &written, 0);
}

_Noreturn void start(void) {
    mlicense_client *client = 0;
    mlicense_status status = mlicense_client_open("hello", roots, 1, 0, &client, 0);
    if (status == MLICENSE_STATUS_OK)
        status = mlicense_client_accept_file(client, "hello.license", MLICENSE_NOW, 0, 0);
    mlicense_outcome outcome = mlicense_client_check(client, "hello");
    say(outcome ? "may run" : "may not run");
    mlicense_client_close(&client);
    ExitProcess(outcome && status == MLICENSE_STATUS_OK ? 0 : 1);
}
