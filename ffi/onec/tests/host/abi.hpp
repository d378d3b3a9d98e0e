// What a host of 1C's components and a component know of each other, written down from the
// documentation of the interface. Classes are C++ classes here, as in 1C itself: the compiler makes
// the tables that the component has to have made by hand.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifndef _WIN32
#include <time.h>
#endif

#ifdef _WIN32
#define ADDIN __stdcall
#else
#define ADDIN
#endif

namespace onec {

enum Kind : uint16_t {
    EMPTY = 0,
    NOTHING = 1,
    I2 = 2,
    I4 = 3,
    R4 = 4,
    R8 = 5,
    DATE = 6,
    TM = 7,
    PSTR = 8,
    INTERFACE = 9,
    BOOLEAN = 11,
    VARIANT = 12,
    UI1 = 14,
    I8 = 17,
    UI8 = 18,
    PWSTR = 22,
    BLOB = 23,
};

#ifdef _WIN32
struct Tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
#else
using Tm = struct tm;
#endif

struct Variant {
    union {
        int8_t i1;
        int16_t i2;
        int32_t i4;
        int64_t i8;
        uint8_t ui1;
        uint64_t ui8;
        double r8;
        double date;
        bool flag;
        Tm tm;
        struct {
            char *bytes;
            uint32_t count;
        } narrow;
        struct {
            char16_t *units;
            uint32_t count;
        } wide;
        struct {
            void *object;
            uint8_t id[16];
        } interface;
    };
    uint32_t elements;
    uint16_t kind;
};

#ifdef _WIN32
static_assert(sizeof(Variant) == 48 && offsetof(Variant, kind) == 44, "as Windows has it");
#else
static_assert(sizeof(Variant) == 64 && offsetof(Variant, kind) == 60, "as Linux has it");
#endif

// What the host lends.

struct MemoryManager {
    virtual ~MemoryManager() {}
    virtual bool ADDIN allocate(void **memory, unsigned long bytes) = 0;
    virtual void ADDIN free(void **memory) = 0;
};

struct Connection {
    virtual ~Connection() {}
    virtual bool ADDIN add_error(unsigned short code, const char16_t *source,
                                 const char16_t *description, long number) = 0;
    virtual bool ADDIN read(char16_t *name, Variant *value, long *error, char16_t **text) = 0;
    virtual bool ADDIN write(char16_t *name, Variant *value) = 0;
    virtual bool ADDIN register_profile(char16_t *name) = 0;
    virtual bool ADDIN set_event_depth(long depth) = 0;
    virtual long ADDIN event_depth() = 0;
    virtual bool ADDIN event(char16_t *source, char16_t *message, char16_t *data) = 0;
    virtual void ADDIN clean_events() = 0;
    virtual bool ADDIN set_status_line(char16_t *text) = 0;
    virtual void ADDIN reset_status_line() = 0;
};

// What the component gives.

struct Lifecycle {
    virtual ~Lifecycle() {}
    virtual bool ADDIN init(void *connection) = 0;
    virtual bool ADDIN set_memory(void *memory) = 0;
    virtual long ADDIN info() = 0;
    virtual void ADDIN done() = 0;
};

struct Extender {
    virtual ~Extender() {}
    virtual bool ADDIN register_as(char16_t **name) = 0;
    virtual long ADDIN property_count() = 0;
    virtual long ADDIN find_property(const char16_t *name) = 0;
    virtual const char16_t *ADDIN property_name(long number, long alias) = 0;
    virtual bool ADDIN get(long number, Variant *value) = 0;
    virtual bool ADDIN set(long number, Variant *value) = 0;
    virtual bool ADDIN is_readable(long number) = 0;
    virtual bool ADDIN is_writable(long number) = 0;
    virtual long ADDIN method_count() = 0;
    virtual long ADDIN find_method(const char16_t *name) = 0;
    virtual const char16_t *ADDIN method_name(long number, long alias) = 0;
    virtual long ADDIN parameter_count(long number) = 0;
    virtual bool ADDIN left_out(long number, long parameter, Variant *value) = 0;
    virtual bool ADDIN returns(long number) = 0;
    virtual bool ADDIN call(long number, Variant *parameters, long length) = 0;
    virtual bool ADDIN ask(long number, Variant *result, Variant *parameters, long length) = 0;
};

struct Locale {
    virtual ~Locale() {}
    virtual void ADDIN set_locale(const char16_t *locale) = 0;
};

struct UserLanguage {
    virtual ~UserLanguage() {}
    virtual void ADDIN set_language(const char16_t *code) = 0;
};

struct Component : Lifecycle, Extender, Locale, UserLanguage {};

using GetClassNames = const char16_t *(*)();
using GetClassObject = long (*)(const char16_t *name, Component **object);
using DestroyObject = long (*)(Component **object);
using SetPlatformCapabilities = int (*)(int capabilities);
using GetAttachType = int (*)();

} // namespace onec
