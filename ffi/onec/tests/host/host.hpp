// A host that does what 1C does with a component and trusts it in nothing: it knows every block of
// memory it lent, fills it with rubbish, and counts what goes wrong.
#pragma once
#include "abi.hpp"
#include "text.hpp"

// What went wrong so far, in all threads of one host together.
struct Faults {
    int count = 0;
    void tell(const char *file, int line, const Text &what);
};

#define EXPECT(faults, condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) (faults).tell(__FILE__, __LINE__, u"" #condition);                       \
    } while (0)

// Memory that a component takes from the host and the host gets back.
class Memory final : public onec::MemoryManager {
public:
    bool ADDIN allocate(void **memory, unsigned long bytes) override;
    void ADDIN free(void **memory) override;
    ~Memory() override;

    size_t live() const { return count_; }
    size_t bad_frees() const { return bad_; }
    // How many blocks were lent in all.
    size_t lent() const { return lent_; }
    // From now on none is given.
    void refuse(bool is_refused) { is_refused_ = is_refused; }

private:
    void **blocks_ = nullptr;
    size_t count_ = 0, room_ = 0, bad_ = 0, lent_ = 0;
    bool is_refused_ = false;
};

// Where a component tells its errors.
class Errors final : public onec::Connection {
public:
    bool ADDIN add_error(unsigned short code, const char16_t *source, const char16_t *description,
                         long number) override;
    bool ADDIN read(char16_t *, onec::Variant *, long *, char16_t **) override { return false; }
    bool ADDIN write(char16_t *, onec::Variant *) override { return false; }
    bool ADDIN register_profile(char16_t *) override { return false; }
    bool ADDIN set_event_depth(long) override { return false; }
    long ADDIN event_depth() override { return 0; }
    bool ADDIN event(char16_t *, char16_t *, char16_t *) override { return false; }
    void ADDIN clean_events() override {}
    bool ADDIN set_status_line(char16_t *) override { return false; }
    void ADDIN reset_status_line() override {}

    int count = 0;
    long number = 0;
    unsigned short code = 0;
    Text source, text;
    // Asks the object for its last error while it tells one, as a host may.
    onec::Component *asked = nullptr;
};

struct Date {
    int year, month, day, hour = 0, minute = 0, second = 0;
};

// A parameter, in whichever form the host has it.
class Value {
public:
    Value() { set(onec::EMPTY); }
    Value(const char16_t *text) : text_(text) { set_text(); }
    Value(const Text &text) : text_(text) { set_text(); }
    Value(bool flag) { set(onec::BOOLEAN), variant_.flag = flag; }
    Value(int number) { set(onec::I4), variant_.i4 = number; }
    Value(double number) { set(onec::R8), variant_.r8 = number; }
    Value(const Date &date);
    Value(const Value &other);
    Value &operator=(const Value &) = delete;

    static Value of_kind(uint16_t kind);
    // A date as days since the end of 1899.
    static Value of_days(double days);
    static Value of_bytes(const char *bytes, uint32_t length);
    // Texts and data without a pointer.
    static Value null_pointer(uint16_t kind, uint32_t length);

    const onec::Variant &variant() const { return variant_; }

private:
    void set(uint16_t kind);
    void set_text();

    onec::Variant variant_;
    Text text_;
};

// What came back.
struct Answer {
    bool is_done = false;
    uint16_t kind = onec::EMPTY;
    bool flag = false;
    double number = 0;
    Text text;
    Date date{};
};

struct Library {
    Library();
    onec::GetClassNames class_names;
    onec::GetClassObject create;
    onec::DestroyObject destroy;
    onec::SetPlatformCapabilities set_capabilities;
    onec::GetAttachType attach_type;
};

enum class End { GIVEN_BACK, DELETED, WITHOUT_DONE };

// An object of a component, in the life that 1C leads with it.
class Object {
public:
    Object(const Library &library, Faults &faults, const char16_t *class_name,
           const char16_t *locale = u"ru_RU");
    ~Object() { end(End::GIVEN_BACK); }
    Object(const Object &) = delete;
    Object &operator=(const Object &) = delete;

    void end(End how);

    // Calls a method by one of its names; parameters that are left out are the component's own.
    template <typename... Values> Answer call(const char16_t *name, const Values &...values) {
        const Value given[] = {Value(values)..., Value()};
        return call_with(name, given, sizeof...(values));
    }
    Answer call_with(const Text &name, const Value *values, size_t count);
    Answer get(const Text &name);

    Text text(const char16_t *property) { return get(property).text; }
    long error_code() { return static_cast<long>(get(u"КодОшибки").number); }

    // Takes a name that the component gave, and gives its memory back.
    Text taken(const char16_t *name);
    Answer take(onec::Variant &variant);

    onec::Component *component = nullptr;
    Memory memory;
    Errors errors;

private:
    const Library &library_;
    Faults &faults_;
};
