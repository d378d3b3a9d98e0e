// The program: plays all; with the argument `manual` what a library as it is shipped can do; or a
// fault of its own, which has to be noticed.
#include "scenario.hpp"

using namespace onec;

namespace {

bool is(const char *argument, const char *wanted) {
    while (*argument && *argument == *wanted) argument++, wanted++;
    return *argument == *wanted;
}

// Keeps a name that the component gave, so that its memory is never given back.
void leak(const Library &library, Faults &faults) {
    Object client(library, faults, u"Client");
    client.component->method_name(0, 0);
}

// Gives back a name twice.
void free_twice(const Library &library, Faults &faults) {
    Object client(library, faults, u"Client");
    const char16_t *name = client.component->method_name(0, 0);
    client.taken(name);
    void *block = const_cast<char16_t *>(name);
    client.memory.free(&block);
}

// Loses an object, which only a sanitizer can notice: the memory is the component's own.
void lose(const Library &library) {
    Component *object = nullptr;
    library.create(u"Client", &object);
}

// Expects of a closed client what it does not do.
void expect_wrongly(const Library &library, Faults &faults) {
    Object client(library, faults, u"Client");
    EXPECT(faults, client.call(u"Allowed", u"journal").flag);
}

} // namespace

int run(const char *argument) {
    Library library;
    Faults faults;
    if (is(argument, "leak")) {
        leak(library, faults);
    } else if (is(argument, "free-twice")) {
        free_twice(library, faults);
    } else if (is(argument, "lose")) {
        lose(library);
    } else if (is(argument, "expect-wrongly")) {
        expect_wrongly(library, faults);
    } else {
        play_manual(library, faults);
        if (!is(argument, "manual")) play_abuse(library, faults);
    }
    print(u"onec: " + digits(static_cast<uint64_t>(faults.count)) + u" faults\n");
    return faults.count == 0 ? 0 : 1;
}
