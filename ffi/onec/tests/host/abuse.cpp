// What no configuration does, and a component in the server of many has to live through: each test
// ends with the host asking whether all memory came back.
#include "scenario.hpp"

using namespace onec;

namespace {

struct World {
    const Library &library;
    Faults &faults;
    // What `GenerateKey` gave: the public key of a vendor.
    Text root;
};

TEST(the_library_says_what_it_is) {
    Faults &faults = world.faults;
    Text names(world.library.class_names());
    EXPECT(faults, names == u"Client|Ledger|Planted");
    EXPECT(faults, world.library.set_capabilities(3) == 3);
    EXPECT(faults, world.library.attach_type() == 3);
    Component *object = nullptr;
    const char16_t *const unknown[] = {u"client", u"", u"Client|Ledger", u"Клиент", nullptr};
    for (const char16_t *name : unknown) {
        EXPECT(faults, world.library.create(name, &object) == 0);
        EXPECT(faults, object == nullptr);
    }
    EXPECT(faults, world.library.create(u"Client", nullptr) == 0);
    EXPECT(faults, world.library.create(u"Client", &object) != 0);
    Component *same = object;
    EXPECT(faults, world.library.create(u"Client", &object) == 0);
    EXPECT(faults, object == same);
    EXPECT(faults, world.library.destroy(&object) == 0);
    EXPECT(faults, object == nullptr);
    EXPECT(faults, world.library.destroy(&object) != 0);
    EXPECT(faults, world.library.destroy(nullptr) != 0);
}

Text capitals(const Text &name) { return name.cased(true); }
Text small(const Text &name) { return name.cased(false); }

// Every name of every member is found in any case, and no two members share one.
void look_at_names(Object &object, Faults &faults) {
    Component &it = *object.component;
    for (long number = 0; number < it.method_count(); number++)
        for (long alias = 0; alias < 2; alias++) {
            Text name = object.taken(it.method_name(number, alias));
            EXPECT(faults, !name.is_empty());
            EXPECT(faults, it.find_method(name.units()) == number);
            EXPECT(faults, it.find_method(capitals(name).units()) == number);
            EXPECT(faults, it.find_method(small(name).units()) == number);
            EXPECT(faults, it.find_method((name + u" ").units()) == -1);
            EXPECT(faults, it.find_property(name.units()) == -1);
        }
    for (long number = 0; number < it.property_count(); number++)
        for (long alias = 0; alias < 2; alias++) {
            Text name = object.taken(it.property_name(number, alias));
            EXPECT(faults, !name.is_empty());
            EXPECT(faults, it.find_property(name.units()) == number);
            EXPECT(faults, it.find_property(capitals(name).units()) == number);
            EXPECT(faults, it.find_property(small(name).units()) == number);
            EXPECT(faults, it.is_readable(number) && !it.is_writable(number));
        }
}

TEST(every_member_is_found_by_both_names_in_any_case) {
    const char16_t *const classes[] = {u"Client", u"Ledger"};
    for (const char16_t *name : classes) {
        Object object(world.library, world.faults, name);
        look_at_names(object, world.faults);
    }
}

constexpr long NUMBERS[] = {-1, 1000, 0x7fffffff, -0x7fffffff - 1};

TEST(numbers_that_no_member_has_are_refused) {
    Faults &faults = world.faults;
    Object object(world.library, faults, u"Client");
    Component &it = *object.component;
    for (long number : NUMBERS) {
        Variant value;
        EXPECT(faults, it.method_name(number, 0) == nullptr);
        EXPECT(faults, it.property_name(number, 1) == nullptr);
        EXPECT(faults, it.parameter_count(number) == 0);
        EXPECT(faults, !it.returns(number));
        EXPECT(faults, !it.is_readable(number) && !it.is_writable(number));
        EXPECT(faults, !it.left_out(number, 0, &value));
        EXPECT(faults, !it.left_out(0, number, &value));
        EXPECT(faults, !it.get(number, &value));
        EXPECT(faults, !it.set(number, &value));
        EXPECT(faults, !it.call(number, nullptr, 0));
        EXPECT(faults, !it.ask(number, &value, nullptr, 0));
    }
    EXPECT(faults, it.method_name(0, 2) == nullptr && it.method_name(0, -1) == nullptr);
    EXPECT(faults, it.find_method(nullptr) == -1 && it.find_property(nullptr) == -1);
    EXPECT(faults, it.find_method(u"") == -1 && it.find_property(u"") == -1);
    Text long_name = u"Открыть";
    for (int i = 0; i < 10; i++) long_name = long_name + long_name;
    EXPECT(faults, it.find_method(long_name.units()) == -1);
    const char16_t half[] = {0xd800, u'a', 0};
    EXPECT(faults, it.find_method(half) == -1);
    Variant value{};
    EXPECT(faults, !it.set(0, &value));
}

// Calls every method with the same parameter in every place, and too few and too many of them.
void call_all(Object &object, Faults &faults, const Value &value) {
    Component &it = *object.component;
    for (long method = 0; method < it.method_count(); method++) {
        long most = it.parameter_count(method);
        for (long length = 0; length <= most + 2; length++) {
            Variant parameters[8], result;
            for (long i = 0; i < length; i++) parameters[i] = value.variant();
            int errors = object.errors.count;
            bool is_done = it.ask(method, &result, length ? parameters : nullptr, length);
            if (is_done) object.take(result);
            EXPECT(faults, is_done == (object.errors.count == errors));
            if (length > most) EXPECT(faults, !is_done);
            it.call(method, parameters, length);
        }
    }
}

TEST(wrong_types_and_counts_are_errors_and_no_more) {
    Faults &faults = world.faults;
    const char16_t half[] = {u'a', 0xdc00, u'b', 0};
    const Value values[] = {
        Value(),
        Value::of_kind(NOTHING),
        Value(true),
        Value(-1),
        Value(2.5),
        Value(1e300),
        Value(Date{2026, 3, 1}),
        Value(Date{2026, 14, 40, 30}),
        Value::of_days(46082.5),
        Value::of_days(1e300),
        Value(u""),
        Value(u"journal"),
        Value(u"\u0000\u0001 \U0001f511 ключ"),
        Value(half),
        Value::of_bytes("\xff\x00\x80", 3),
        Value::null_pointer(PWSTR, 0),
        Value::null_pointer(PWSTR, 5),
        Value::null_pointer(BLOB, 0),
        Value::null_pointer(BLOB, 5),
        Value::null_pointer(PSTR, 5),
        Value::of_kind(INTERFACE),
        Value::of_kind(VARIANT),
        Value::of_kind(24),
        Value::of_kind(0x2000 | I4),
        Value::of_kind(0x4000 | PWSTR),
        Value::of_kind(0xffff),
        Value::of_kind(I8),
        Value::of_kind(UI8),
        Value::of_kind(R8),
        Value::of_kind(DATE),
        Value::of_kind(TM),
    };
    const char16_t *const classes[] = {u"Client", u"Ledger"};
    for (const char16_t *name : classes)
        for (const Value &value : values) {
            Object object(world.library, faults, name);
            call_all(object, faults, value);
            if (Text(name) != u"Client") continue;
            // And the same of an open client.
            EXPECT(faults, object.call(u"Открыть", u"journal", world.root, u"UTC").flag);
            call_all(object, faults, value);
        }
}

TEST(pointers_that_are_missing_are_refused) {
    Faults &faults = world.faults;
    Object object(world.library, faults, u"Client");
    Component &it = *object.component;
    long version = it.find_property(u"Version"), allowed = it.find_method(u"Allowed");
    size_t live = object.memory.live();
    it.get(version, nullptr);
    it.ask(allowed, nullptr, nullptr, 0);
    it.ask(allowed, nullptr, nullptr, 3);
    it.call(allowed, nullptr, -1);
    it.left_out(allowed, 1, nullptr);
    EXPECT(faults, !it.register_as(nullptr));
    EXPECT(faults, !it.init(nullptr));
    EXPECT(faults, !it.set_memory(nullptr));
    EXPECT(faults, object.memory.live() == live);
    it.set_locale(nullptr);
    it.set_language(nullptr);
    // Without memory and connection nothing can be given or told.
    EXPECT(faults, it.method_name(0, 0) == nullptr);
    Variant value;
    EXPECT(faults, !it.get(version, &value));
    EXPECT(faults, it.set_memory(&object.memory) && it.init(static_cast<Connection *>(&object.errors)));
    EXPECT(faults, !object.text(u"Version").is_empty());
}

TEST(a_host_without_memory_gets_an_error) {
    Faults &faults = world.faults;
    Object object(world.library, faults, u"Client");
    object.memory.refuse(true);
    Variant value;
    EXPECT(faults, !object.component->get(object.component->find_property(u"Version"), &value));
    EXPECT(faults, object.component->method_name(0, 0) == nullptr);
    EXPECT(faults, object.errors.number == 10000);
    object.memory.refuse(false);
}

TEST(a_host_may_ask_for_the_error_while_it_is_told_one) {
    Object object(world.library, world.faults, u"Client");
    object.errors.asked = object.component;
    EXPECT(world.faults, !object.call(u"Лицензии").is_done);
    EXPECT(world.faults, object.errors.count == 1);
}

TEST(allowed_is_no_for_whatever_is_asked) {
    Faults &faults = world.faults;
    Object object(world.library, faults, u"Client");
    const Value values[] = {Value(),  Value(true), Value(7), Value(Date{2026, 3, 1}), Value(u""),
                            Value(u"journal")};
    for (const Value &value : values) {
        Answer answer = object.call_with(u"Разрешено", &value, 1);
        EXPECT(faults, answer.is_done && answer.kind == BOOLEAN && !answer.flag);
        EXPECT(faults, object.error_code() != 0);
    }
}

TEST(numbers_and_dates_are_the_same_in_every_form) {
    Faults &faults = world.faults;
    Object ledger(world.library, faults, u"Ledger");
    EXPECT(faults, ledger.call(u"Создать", u"numbers.mlicense", u"Europe/Moscow").flag);
    EXPECT(faults, ledger.call(u"Исходящие", 7).text == u"[]");
    EXPECT(faults, ledger.call(u"Исходящие", 7.0).text == u"[]");
    EXPECT(faults, !ledger.call(u"Исходящие", 7.5).is_done);
    const Text command =
        u"{\"register_customer\": {\"customer\": \"c1\", \"zone\": \"Europe/Moscow\"}}";
    Answer first = ledger.call(u"Выполнить", command, u"", u"one", Date{2026, 3, 1, 12});
    Answer same = ledger.call(u"Выполнить", command, u"", u"one", Value::of_days(46082.5));
    EXPECT(faults, first.text.has(u"2026-03-01T09:00:00Z") && first.text == same.text);
    EXPECT(faults, ledger.call(u"Выполнить", command, u"", u"two").text.is_empty());
    EXPECT(faults, ledger.text(u"ИмяОшибки") == u"CUSTOMER_ALREADY_REGISTERED");
    EXPECT(faults, !ledger.call(u"Запросить", u"{}", Date{1969, 1, 1}).is_done);
    EXPECT(faults, ledger.call(u"Запросить", u"{\"none\": {}}").text.is_empty());
    EXPECT(faults, ledger.text(u"ErrorName") == u"JSON_INVALID");
    // Two objects have the same file.
    Object other(world.library, faults, u"Ledger");
    EXPECT(faults, other.call(u"Open", u"numbers.mlicense", u"Europe/Moscow").flag);
    EXPECT(faults, !other.call(u"Запросить", u"{\"products\": {}}").text.is_empty());
    EXPECT(faults, !ledger.call(u"Создать", u"numbers.mlicense", u"Mars/Olympus").flag);
    EXPECT(faults, ledger.text(u"ErrorName") == u"ZONE_UNKNOWN");
}

TEST(strings_hold_any_unicode_and_half_a_character_is_refused) {
    Faults &faults = world.faults;
    Object client(world.library, faults, u"Client");
    EXPECT(faults, client.call(u"Открыть", u"journal", world.root, u"UTC").flag);
    const Text strange = u"\U0001f511 ключ \u00e9\u65e5\u672c";
    EXPECT(faults, !client.call(u"Запрос", strange).is_done);
    EXPECT(faults, client.errors.text.has(strange) && client.errors.number == 10004);
    const char16_t halves[][3] = {{0xd83d, u'a', 0}, {u'a', 0xdd11, 0}, {u'a', 0xd83d, 0}};
    for (auto &half : halves) {
        EXPECT(faults, !client.call(u"Запрос", half).is_done);
        EXPECT(faults, client.errors.number == 10002);
    }
}

TEST(no_panic_leaves_the_library) {
    Faults &faults = world.faults;
    Object planted(world.library, faults, u"Planted");
    for (int i = 0; i < 3; i++) {
        EXPECT(faults, !planted.call(u"Упасть").is_done);
        EXPECT(faults, planted.errors.number == 10000 && planted.errors.text.has(u"planted"));
        Variant value;
        EXPECT(faults, !planted.component->get(0, &value));
        planted.component->set_locale(u"ru_RU");
        planted.component->set_language(u"ru");
    }
    Object client(world.library, faults, u"Client");
    EXPECT(faults, client.call(u"Открыть", u"journal", world.root, u"UTC").flag);
}

TEST(objects_end_in_every_way) {
    const End ways[] = {End::GIVEN_BACK, End::DELETED, End::WITHOUT_DONE};
    for (End way : ways) {
        Object object(world.library, world.faults, u"Client");
        EXPECT(world.faults, object.call(u"Открыть", u"journal", world.root, u"UTC").flag);
        object.end(way);
    }
    // Deleted by each of its parts.
    for (int part = 0; part < 4; part++) {
        Component *object = nullptr;
        EXPECT(world.faults, world.library.create(u"Ledger", &object) != 0);
        if (part == 0) delete static_cast<Lifecycle *>(object);
        if (part == 1) delete static_cast<Extender *>(object);
        if (part == 2) delete static_cast<Locale *>(object);
        if (part == 3) delete static_cast<UserLanguage *>(object);
    }
    // Done without anything before, and again.
    Component *object = nullptr;
    EXPECT(world.faults, world.library.create(u"Client", &object) != 0);
    object->done();
    object->done();
    EXPECT(world.faults, world.library.destroy(&object) == 0);
}

TEST(a_client_that_was_closed_is_closed) {
    Faults &faults = world.faults;
    Object client(world.library, faults, u"Client");
    EXPECT(faults, client.call(u"Открыть", u"journal", world.root, u"UTC").flag);
    EXPECT(faults, client.get(u"Открыт").flag);
    EXPECT(faults, client.call(u"Закрыть").is_done);
    EXPECT(faults, !client.get(u"Открыт").flag);
    EXPECT(faults, client.text(u"Состояние").is_empty());
    EXPECT(faults, !client.call(u"Обоснование", u"journal").is_done);
    EXPECT(faults, client.errors.number == 10010);
}

TEST(ten_thousand_objects_leave_nothing) {
    for (int i = 0; i < 10000; i++) {
        Object object(world.library, world.faults, i % 2 ? u"Client" : u"Ledger");
        bool is_opened = i % 100 == 1;
        if (is_opened)
            EXPECT(world.faults, object.call(u"Открыть", u"journal", world.root, u"UTC").flag);
        EXPECT(world.faults, object.get(u"Открыт").flag == is_opened);
        object.end(i % 3 ? End::GIVEN_BACK : End::DELETED);
    }
}

// What one thread does while another does the same with an object of its own.
void work_alone(void *with) {
    World &world = *static_cast<World *>(with);
    for (int i = 0; i < 20; i++) {
        Object client(world.library, world.faults, u"Client");
        EXPECT(world.faults, client.call(u"Открыть", u"journal", world.root, u"UTC", u"",
                                         u"{\"folder\": \"shared\"}")
                                 .flag);
        for (int k = 0; k < 20; k++) {
            EXPECT(world.faults, !client.call(u"Разрешено", u"journal").flag);
            EXPECT(world.faults, client.error_code() == 10700);
        }
        EXPECT(world.faults, !client.call(u"Запрос", u"обновление").text.is_empty());
    }
}

TEST(two_threads_have_objects_of_one_installation) {
    platform::run_both(work_alone, &world, &world);
}

} // namespace

void play_abuse(const Library &library, Faults &faults) {
    World world{library, faults, Text()};
    {
        Object vendor(library, faults, u"Ledger");
        EXPECT(faults, vendor.call(u"УстановитьКлюч", vendor.call(u"СоздатьКлюч").text).flag);
        world.root = vendor.text(u"ОткрытыйКлюч");
    }
    PLAY(the_library_says_what_it_is);
    PLAY(every_member_is_found_by_both_names_in_any_case);
    PLAY(numbers_that_no_member_has_are_refused);
    PLAY(wrong_types_and_counts_are_errors_and_no_more);
    PLAY(pointers_that_are_missing_are_refused);
    PLAY(a_host_without_memory_gets_an_error);
    PLAY(a_host_may_ask_for_the_error_while_it_is_told_one);
    PLAY(allowed_is_no_for_whatever_is_asked);
    PLAY(numbers_and_dates_are_the_same_in_every_form);
    PLAY(strings_hold_any_unicode_and_half_a_character_is_refused);
    PLAY(no_panic_leaves_the_library);
    PLAY(objects_end_in_every_way);
    PLAY(a_client_that_was_closed_is_closed);
    PLAY(ten_thousand_objects_leave_nothing);
    PLAY(two_threads_have_objects_of_one_installation);
}
