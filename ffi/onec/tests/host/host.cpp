// The host: see host.hpp.
#include "host.hpp"

using namespace onec;

namespace {

constexpr unsigned char RUBBISH = 0xa5;

void fill(void *memory, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) static_cast<volatile unsigned char *>(memory)[i] = RUBBISH;
}

void copy(void *to, const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        static_cast<volatile char *>(to)[i] = static_cast<const char *>(from)[i];
}

} // namespace

void Faults::tell(const char *file, int line, const Text &what) {
    __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    Text name;
    for (; *file; file++) {
        char16_t unit[] = {static_cast<char16_t>(*file), 0};
        name = *file == '/' ? Text() : name + Text(unit);
    }
    print(u"   FAULT " + name + u":" + digits(static_cast<uint64_t>(line)) + u": " + what + u"\n");
}

bool ADDIN Memory::allocate(void **memory, unsigned long bytes) {
    if (!memory || is_refused_) return false;
    if (count_ == room_) {
        room_ = room_ ? room_ * 2 : 16;
        auto **blocks = static_cast<void **>(platform::allocate(room_ * sizeof(void *)));
        copy(blocks, blocks_, count_ * sizeof(void *));
        platform::release(blocks_);
        blocks_ = blocks;
    }
    *memory = platform::allocate(bytes);
    fill(*memory, bytes);
    blocks_[count_++] = *memory;
    lent_++;
    return true;
}

void ADDIN Memory::free(void **memory) {
    for (size_t i = 0; memory && i < count_; i++) {
        if (blocks_[i] != *memory) continue;
        platform::release(*memory);
        blocks_[i] = blocks_[--count_];
        *memory = nullptr;
        return;
    }
    bad_++;
}

Memory::~Memory() {
    for (size_t i = 0; i < count_; i++) platform::release(blocks_[i]);
    platform::release(blocks_);
}

bool ADDIN Errors::add_error(unsigned short told_code, const char16_t *told_source,
                             const char16_t *description, long told_number) {
    count++;
    code = told_code, number = told_number;
    source = Text(told_source), text = Text(description);
    if (asked) {
        Variant value;
        fill(&value, sizeof value);
        asked->get(asked->find_property(u"ErrorCode"), &value);
        if (value.kind != I4 || value.i4 != told_number) count += 1000;
    }
    return true;
}

void Value::set(uint16_t kind) {
    fill(&variant_, sizeof variant_);
    variant_.kind = kind;
}

void Value::set_text() {
    set(PWSTR);
    variant_.wide.units = const_cast<char16_t *>(text_.units());
    variant_.wide.count = static_cast<uint32_t>(text_.length());
}

Value::Value(const Date &date) {
    set(TM);
    Tm tm{};
    tm.tm_year = date.year - 1900, tm.tm_mon = date.month - 1, tm.tm_mday = date.day;
    tm.tm_hour = date.hour, tm.tm_min = date.minute, tm.tm_sec = date.second;
    variant_.tm = tm;
}

Value::Value(const Value &other) : variant_(other.variant_), text_(other.text_) {
    if (variant_.kind == PWSTR && other.variant_.wide.units == other.text_.units()) set_text();
}

Value Value::of_kind(uint16_t kind) {
    Value value;
    value.set(kind);
    return value;
}

Value Value::of_days(double days) {
    Value value = of_kind(DATE);
    value.variant_.date = days;
    return value;
}

Value Value::of_bytes(const char *bytes, uint32_t length) {
    Value value = of_kind(BLOB);
    value.variant_.narrow.bytes = const_cast<char *>(bytes);
    value.variant_.narrow.count = length;
    return value;
}

Value Value::null_pointer(uint16_t kind, uint32_t length) {
    Value value = of_bytes(nullptr, length);
    value.variant_.kind = kind;
    return value;
}

Library::Library() {
    void *library = platform::open_library();
    class_names = reinterpret_cast<GetClassNames>(platform::symbol(library, "GetClassNames"));
    create = reinterpret_cast<GetClassObject>(platform::symbol(library, "GetClassObject"));
    destroy = reinterpret_cast<DestroyObject>(platform::symbol(library, "DestroyObject"));
    set_capabilities = reinterpret_cast<SetPlatformCapabilities>(
        platform::symbol(library, "SetPlatformCapabilities"));
    attach_type = reinterpret_cast<GetAttachType>(platform::symbol(library, "GetAttachType"));
}

Object::Object(const Library &library, Faults &faults, const char16_t *class_name,
               const char16_t *locale)
    : library_(library), faults_(faults) {
    EXPECT(faults_, library.create(class_name, &component) != 0);
    if (!component) return;
    EXPECT(faults_, component->set_memory(&memory));
    EXPECT(faults_, component->init(static_cast<Connection *>(&errors)));
    EXPECT(faults_, component->info() == 2000);
    char16_t *name = nullptr;
    EXPECT(faults_, component->register_as(&name));
    EXPECT(faults_, taken(name) == Text(class_name));
    component->set_locale(locale);
    component->set_language(Text(locale).part(0, 2).units());
}

void Object::end(End how) {
    if (!component) return;
    if (how != End::WITHOUT_DONE) component->done();
    if (how == End::DELETED) {
        delete component;
        component = nullptr;
    } else {
        EXPECT(faults_, library_.destroy(&component) == 0);
        EXPECT(faults_, component == nullptr);
    }
    EXPECT(faults_, memory.live() == 0);
    EXPECT(faults_, memory.bad_frees() == 0);
}

Text Object::taken(const char16_t *name) {
    if (!name) return Text();
    Text text(name);
    void *block = const_cast<char16_t *>(name);
    memory.free(&block);
    return text;
}

Answer Object::take(Variant &variant) {
    Answer answer;
    answer.kind = variant.kind;
    void *block = nullptr;
    switch (variant.kind) {
    case BOOLEAN:
        answer.flag = variant.flag;
        EXPECT(faults_, variant.ui1 <= 1);
        break;
    case I4:
        answer.number = variant.i4;
        break;
    case R8:
        answer.number = variant.r8;
        break;
    case TM:
        answer.date = Date{variant.tm.tm_year + 1900, variant.tm.tm_mon + 1, variant.tm.tm_mday,
                           variant.tm.tm_hour,        variant.tm.tm_min,     variant.tm.tm_sec};
        break;
    case PWSTR:
        answer.text = Text(variant.wide.units, variant.wide.count);
        EXPECT(faults_, variant.wide.units[variant.wide.count] == 0);
        block = variant.wide.units;
        break;
    case BLOB:
        for (uint32_t i = 0; i < variant.narrow.count; i++) {
            char16_t unit[] = {static_cast<unsigned char>(variant.narrow.bytes[i]), 0};
            answer.text = answer.text + Text(unit);
        }
        block = variant.narrow.bytes;
        break;
    default:
        EXPECT(faults_, variant.kind == EMPTY);
    }
    if (block) memory.free(&block);
    return answer;
}

Answer Object::call_with(const Text &name, const Value *values, size_t count) {
    constexpr size_t MOST = 8;
    Variant parameters[MOST], own[MOST], result;
    fill(own, sizeof own);
    fill(&result, sizeof result);
    long method = component->find_method(name.units());
    if (method < 0 || count > MOST) {
        faults_.tell(__FILE__, __LINE__, u"no method " + name);
        return Answer();
    }
    auto length = static_cast<size_t>(component->parameter_count(method));
    size_t given = 0;
    for (; given < count; given++) parameters[given] = values[given].variant();
    for (; given < length && given < MOST; given++) {
        // What stands in for a parameter is the component's, and what is needed is not there.
        if (!component->left_out(method, static_cast<long>(given), &own[given])) break;
        parameters[given] = own[given];
    }
    int errors_before = errors.count;
    bool is_done = component->returns(method)
                       ? component->ask(method, &result, parameters, static_cast<long>(given))
                       : component->call(method, parameters, static_cast<long>(given));
    for (size_t i = count; i < given; i++) take(own[i]);
    Answer answer;
    if (is_done && component->returns(method)) answer = take(result);
    answer.is_done = is_done;
    EXPECT(faults_, errors.count == errors_before + (is_done ? 0 : 1));
    return answer;
}

Answer Object::get(const Text &name) {
    Variant value;
    fill(&value, sizeof value);
    long property = component->find_property(name.units());
    if (property < 0 || !component->get(property, &value)) {
        faults_.tell(__FILE__, __LINE__, u"no property " + name);
        return Answer();
    }
    Answer answer = take(value);
    answer.is_done = true;
    return answer;
}
