/* In the place of bcryptprimitives.dll, of which Rust's library wants random bytes and which Wine 8
 * lacks. For tests only: on Windows it is there. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    enum { AT_ONCE = 64 * 1024 };
    while (length > 0) {
        ULONG part = length < AT_ONCE ? (ULONG)length : AT_ONCE;
        if (!RtlGenRandom(data, part)) return FALSE;
        data += part;
        length -= part;
    }
    return TRUE;
}
