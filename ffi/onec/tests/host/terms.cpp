// What a configuration sees beside the manual: documents that are none, states and folders, licences
// signed without a ledger, seats, data, languages.
#include "world.hpp"

using namespace onec;

namespace {

TEST(s_mk_16_s_mk_70_what_is_not_signed_changes_nothing) {
    Client client(world, u"first", world.state);
    EXPECT(world.faults, !client.call(u"Принять", u"<html>403 Forbidden</html>", NOON).flag);
    EXPECT(world.faults, client.text(u"ИмяОшибки") == u"DOCUMENT_MALFORMED");
    EXPECT(world.faults, client.call(u"Лицензии").text.has(u"ООО Ромашка"));
}

TEST(s_mk_76_a_damaged_state_is_told_and_allows_nothing) {
    Object client(world.library, world.faults, u"Client");
    EXPECT(world.faults,
           !client.call(u"Открыть", u"journal", world.root, ZONE, u"{\"no\": 1}", u"").flag);
    EXPECT(world.faults, client.text(u"ИмяОшибки") == u"STORE_CORRUPT");
    EXPECT(world.faults, !client.call(u"Разрешено", u"journal").flag);
    EXPECT(world.faults, client.call(u"Диагностика").text.has(u"STORE_CORRUPT"));
}

TEST(s_mk_02_s_mk_03_s_mk_04_a_diagnosis_tells_every_part_by_itself) {
    Faults &faults = world.faults;
    Client client(world, u"first", world.state);
    Text found = client
                     .call(u"Диагностика", u"{\"lic.acme.example:443\": {\"reached\": \"past the "
                                           u"proxy\"}, \"lm.acme.example:443\": {\"failed\": "
                                           u"\"отказано\"}}")
                     .text;
    EXPECT(faults, found.has(u"reached past the proxy"));
    EXPECT(faults, found.has(u"lm.acme.example:443") && found.has(u"отказано"));

    platform::write_file("no-folder", "", 0);
    Object closed(world.library, world.faults, u"Client");
    EXPECT(faults, !closed.call(u"Открыть", u"journal", world.root, ZONE, u"",
                                u"{\"folder\": \"no-folder/state\"}")
                        .flag);
    EXPECT(faults, closed.text(u"ИмяОшибки").has(u"STORE_"));
    found = closed.call(u"Диагностика").text;
    EXPECT(faults, found.has(u"STORE_") && !found.has(u"NO_LICENSE"));
}

// A licence that the vendor signed by itself, without a ledger.
Text issue(World &world, const Text &features) {
    return world.ledger
        .call(u"ВыпуститьЛицензию",
              u"{\"aud\": \"journal\", \"kind\": \"perpetual\", \"iat\": 1772357400, \"licensed\": "
              u"{\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}, \"features\": " +
                  features + u"}")
        .text;
}

TEST(s_mk_77_a_free_product_needs_no_number) {
    Faults &faults = world.faults;
    EXPECT(faults, world.ledger.call(u"УстановитьКлюч", world.root_seed).flag);
    Client client(world, u"anywhere");
    EXPECT(faults, client.call(u"Принять", issue(world, u"{}"), NOON).flag);
    // Also by the clock of the system, and by a feature without its number of calls.
    EXPECT(faults, client.call(u"Разрешено", u"journal").flag);
    EXPECT(faults, client.text(u"СледующееДействие") == u"nothing");
    EXPECT(faults, client.get(u"СрокДействия").date.year == 1);
}

TEST(s_mk_68_s_mk_72_s_mk_79_a_licence_ends_and_begins_to_the_second) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    const Text head = u"{\"aud\": \"journal\", \"kind\": \"perpetual\", \"licensed\": {\"from\": "
                      u"{\"day\": \"2026-03-01\", \"at\": 1772323200}}, \"iat\": ";
    Text late = world.ledger.call(u"ВыпуститьЛицензию", head + u"1773219901}").text;
    EXPECT(faults, !client.call(u"Принять", late, NOON).flag);
    EXPECT(faults, client.text(u"ИмяОшибки") == u"ISSUED_IN_FUTURE");
    // Without contact until 2026-03-20, and one feature until 2026-03-15, in UTC.
    Text license =
        world.ledger
            .call(u"ВыпуститьЛицензию",
                  head + u"1773219600, \"offline_until\": {\"day\": \"2026-03-20\", \"at\": "
                         u"1773964800}, \"features\": {\"export\": {\"until\": {\"day\": "
                         u"\"2026-03-15\", \"at\": 1773532800}}}}")
            .text;
    EXPECT(faults, client.call(u"Принять", license, NOON).flag);
    EXPECT(faults, client.allowed({2026, 3, 20, 2, 59, 59}) && !client.allowed({2026, 3, 20, 3}));
    EXPECT(faults, client.call(u"Разрешено", u"export", Date{2026, 3, 15, 2, 59, 59}).flag);
    EXPECT(faults, !client.call(u"Разрешено", u"export", Date{2026, 3, 15, 3}).flag);
}

TEST(s_mk_52_s_mk_53_s_mk_54_s_mk_55_s_mk_57_s_mk_63_seats_of_an_object) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    Text features = u"{\"export\": {\"quantity\": 1}, \"print\": {}}";
    EXPECT(faults, client.call(u"Принять", issue(world, features), NOON).flag);
    Text session = client.call(u"Захватить", u"export", u"стол 1").text;
    EXPECT(faults, !session.is_empty());
    EXPECT(faults, client.call(u"Захватить", u"export", u"", session).text == session);
    EXPECT(faults, client.call(u"Использование").text.has(
                       u"{\"feature\":\"export\",\"limit\":1,\"captured\":1}"));
    EXPECT(faults, client.call(u"Захватить", u"export").text.is_empty());
    EXPECT(faults, client.error_code() == 1051);
    EXPECT(faults, !client.call(u"Захватить", u"print").text.is_empty());
    EXPECT(faults, client.call(u"Использование").text.has(u"{\"feature\":\"print\",\"captured\":0}"));
    EXPECT(faults, client.call(u"Продлить", session).text.has(u"\"captured\":[\"export\"]"));
    EXPECT(faults, client.call(u"Освободить", session).flag);
    EXPECT(faults, client.call(u"Продлить", session).text.is_empty());
    EXPECT(faults, client.error_code() == 1021);
    EXPECT(faults, !client.call(u"Захватить", u"export").text.is_empty());
    EXPECT(faults, client.call(u"Захватить", u"absent").text.is_empty());
    EXPECT(faults, client.error_code() == 10700);
}

TEST(s_mk_55_s_mk_56_s_mk_58_s_mk_62_seats_that_infobases_share_in_a_file) {
    Faults &faults = world.faults;
    Object one(world.library, faults, u"Client"), two(world.library, faults, u"Client");
    Text given = u"{\"seats\": \"journal.seats\", \"lease_seconds\": 60, \"release_strict\": true}";
    Text license = issue(world, u"{\"export\": {\"quantity\": 1}}");
    Object *const both[] = {&one, &two};
    for (Object *client : both) {
        EXPECT(faults, client->call(u"Open", u"journal", world.root, ZONE, u"", given).flag);
        EXPECT(faults, client->call(u"Accept", license).flag);
    }
    Text session = one.call(u"Acquire", u"export", u"стол 1").text;
    EXPECT(faults, session.length() > 20);
    EXPECT(faults, two.call(u"Acquire", u"export", u"стол 2").text.is_empty());
    EXPECT(faults, two.error_code() == 1051);
    // Whoever knows the session keeps it, from whichever object.
    EXPECT(faults, two.call(u"KeepAlive", session).text.has(u"\"until\""));
    EXPECT(faults, two.call(u"Release", session).flag);
    EXPECT(faults, !one.call(u"Release", session).flag);
    EXPECT(faults, one.error_code() == 1021);
    EXPECT(faults, !two.call(u"Acquire", u"export").text.is_empty());
    Text long_name = u"1234567890abcdef";
    for (int i = 0; i < 7; i++) long_name = long_name + long_name;
    EXPECT(faults, one.call(u"Acquire", u"export", long_name).text.is_empty());
    EXPECT(faults, one.text(u"ErrorName") == u"INPUT_TOO_LARGE");
}

TEST(s_mk_59_s_mk_60_a_lower_limit_takes_the_seats_of_the_latest) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    const Text head = u"{\"aud\": \"journal\", \"kind\": \"perpetual\", \"licensed\": {\"from\": "
                      u"{\"day\": \"2026-03-01\", \"at\": 1772323200}}, \"features\": {\"export\": "
                      u"{\"quantity\": ";
    const Text two = head + u"2}}, \"iat\": 1772357400}", one = head + u"1}}, \"iat\": 1772357460}";
    EXPECT(faults, client.call(u"Принять", world.ledger.call(u"ВыпуститьЛицензию", two).text).flag);
    Text first = client.call(u"Захватить", u"export").text;
    Text second = client.call(u"Захватить", u"export").text;
    EXPECT(faults, !first.is_empty() && !second.is_empty() && first != second);
    EXPECT(faults, client.call(u"Принять", world.ledger.call(u"ВыпуститьЛицензию", one).text).flag);
    EXPECT(faults, client.call(u"Продлить", first).text.has(u"\"captured\":[\"export\"]"));
    EXPECT(faults, client.call(u"Продлить", second).text.has(u"\"dropped\":[\"export\"]"));
}

TEST(s_mk_61_a_crowd_of_sessions_has_to_wait) {
    Faults &faults = world.faults;
    Object client(world.library, faults, u"Client");
    EXPECT(faults, client.call(u"Открыть", u"journal", world.root, ZONE, u"",
                               u"{\"seats\": \"crowd.seats\"}")
                       .flag);
    Text license = issue(world, u"{\"export\": {\"quantity\": 1}, \"print\": {}}");
    EXPECT(faults, client.call(u"Принять", license).flag);
    for (int i = 0; i < 20; i++)
        EXPECT(faults, !client.call(u"Захватить", u"print", digits(i)).text.is_empty());
    EXPECT(faults, client.call(u"Захватить", u"print").text.is_empty());
    EXPECT(faults, client.text(u"ИмяОшибки") == u"SESSIONS_FULL");
}

TEST(s_mk_71_a_clock_set_back_prolongs_nothing) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    auto issued = [&](const char16_t *rest) {
        Text head = u"{\"aud\": \"journal\", \"kind\": \"subscription\", \"licensed\": {\"from\": "
                    u"{\"day\": \"2026-03-01\", \"at\": 1772323200}, \"until\": ";
        return world.ledger.call(u"ВыпуститьЛицензию", head + rest).text;
    };
    Text until_the_20th = issued(u"{\"day\": \"2026-03-20\", \"at\": 1773964800}}, \"iat\": "
                                 u"1772357400, \"features\": {\"export\": {}}}");
    // Signed on the 25th, so that from then on it is the 25th at least.
    Text of_the_25th = issued(u"{\"day\": \"2026-04-20\", \"at\": 1776643200}}, \"iat\": "
                              u"1774429200, \"features\": {\"print\": {}}}");
    EXPECT(faults, client.call(u"Принять", until_the_20th, NOON).flag);
    EXPECT(faults, client.call(u"Разрешено", u"export", NOON).flag);
    EXPECT(faults, client.call(u"Принять", of_the_25th, Date{2026, 3, 25, 12}).flag);
    EXPECT(faults, !client.call(u"Разрешено", u"export", NOON).flag);
    EXPECT(faults, client.call(u"Разрешено", u"print", NOON).flag);
}

TEST(s_mk_64_seats_that_are_free_are_nobodys_and_serve_nobody) {
    Faults &faults = world.faults;
    Object one(world.library, faults, u"Client"), two(world.library, faults, u"Client");
    Client alone(world, u"anywhere");
    Text license = issue(world, u"{\"export\": {\"quantity\": 1}, \"print\": {}}");
    Object *const all[] = {&one, &two, &alone};
    for (Object *client : all) {
        if (client != &alone)
            EXPECT(faults, client->call(u"Открыть", u"journal", world.root, ZONE, u"",
                                        u"{\"seats\": \"free.seats\"}")
                               .flag);
        EXPECT(faults, client->call(u"Доступно", u"export").number == 0);
        EXPECT(faults, client->call(u"Принять", license).flag);
        // However often it is asked, nothing is taken by asking.
        for (int i = 0; i < 3; i++)
            EXPECT(faults, client->call(u"Доступно", u"export").number == 1);
        EXPECT(faults, client->call(u"Использование").text.has(u"\"limit\":1,\"captured\":0"));
        EXPECT(faults, client->call(u"Available", u"print").kind == EMPTY);
        EXPECT(faults, client->error_code() == 0);
    }
    // Both were told of one that is free, and both that the licence allows it: one gets it.
    EXPECT(faults, !one.call(u"Захватить", u"export").text.is_empty());
    EXPECT(faults, two.call(u"Разрешено", u"export").flag);
    EXPECT(faults, two.call(u"Доступно", u"export").number == 0);
    EXPECT(faults, two.call(u"Захватить", u"export").text.is_empty());
    EXPECT(faults, two.error_code() == 1051);
    EXPECT(faults, alone.call(u"Доступно", u"export").number == 1);
}

// What the clock of the system shows, as a client that was never asked tells it.
int64_t now(World &world) {
    Client client(world, u"anywhere");
    EXPECT(world.faults, client.text(u"СледующееДействие") == u"request");
    return seconds(client.get(u"ВремяСледующегоДействия").date);
}

TEST(s_mk_75_without_an_answer_the_wait_doubles_from_5_minutes_to_6_hours) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    // Over for long, so that it is to be refreshed at once.
    Text license = world.ledger
                       .call(u"ВыпуститьЛицензию",
                             u"{\"aud\": \"journal\", \"kind\": \"subscription\", \"iat\": 1772357400, "
                             u"\"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}, "
                             u"\"until\": {\"day\": \"2026-03-20\", \"at\": 1773964800}}}")
                       .text;
    EXPECT(faults, client.call(u"Принять", license).flag);
    EXPECT(faults, client.text(u"СледующееДействие") == u"refresh");
    EXPECT(faults, seconds(client.get(u"ВремяСледующегоДействия").date) <= now(world));
    const int64_t waits[] = {300, 600, 1200, 2400, 4800, 9600, 19200, 21600, 21600};
    for (int64_t wait : waits) {
        const int64_t before = now(world);
        EXPECT(faults, !client.call(u"Запрос", u"обновление").text.is_empty());
        const int64_t after = now(world);
        const int64_t next = seconds(client.get(u"ВремяСледующегоДействия").date);
        EXPECT(faults, client.text(u"СледующееДействие") == u"refresh");
        EXPECT(faults, next >= before + wait - wait / 4 && next <= after + wait + wait / 4);
        // The state in the infobase knows how often it was asked.
        Client later(world, u"anywhere", client.text(u"Состояние"));
        EXPECT(faults, seconds(later.get(u"ВремяСледующегоДействия").date) == next);
    }
}

TEST(data_of_a_feature_comes_with_the_licence_and_not_without) {
    Faults &faults = world.faults;
    Client client(world, u"anywhere");
    EXPECT(faults, client.call(u"Данные", u"report").kind == EMPTY);
    EXPECT(faults, client.call(u"Принять", issue(world, u"{\"report\": {\"data\": \"c2Nhbg\"}}")).flag);
    Answer data = client.call(u"Данные", u"report");
    EXPECT(faults, data.kind == BLOB && data.text == u"scan");
    EXPECT(faults, client.call(u"Данные", u"other").kind == EMPTY);
}

// A parameter of the bytes of a text in ASCII.
struct Bytes {
    explicit Bytes(const Text &text) : length(static_cast<uint32_t>(text.length())) {
        bytes = static_cast<char *>(platform::allocate(length));
        for (uint32_t i = 0; i < length; i++) bytes[i] = static_cast<char>(text.units()[i]);
    }
    ~Bytes() { platform::release(bytes); }
    Bytes(const Bytes &) = delete;
    Bytes &operator=(const Bytes &) = delete;
    Value value() const { return Value::of_bytes(bytes, length); }

    char *bytes;
    uint32_t length;
};

TEST(documents_and_states_are_taken_as_binary_data) {
    Faults &faults = world.faults;
    Bytes license(issue(world, u"{}"));
    Text state;
    {
        Client client(world, u"anywhere");
        EXPECT(faults, client.call(u"Принять", license.value()).flag);
        EXPECT(faults, client.text(u"Принято").has(u"\"changed\":true"));
        state = client.text(u"Состояние");
    }
    Bytes kept(state);
    Object again(world.library, faults, u"Client");
    EXPECT(faults, again.call(u"Открыть", u"journal", world.root, ZONE, kept.value()).flag);
    EXPECT(faults, again.call(u"Разрешено", u"journal").flag);
    EXPECT(faults, again.call(u"Принять", license.value()).flag);
    EXPECT(faults, again.text(u"Принято").has(u"\"changed\":false"));
    EXPECT(faults, again.text(u"Состояние").length() > 100);
}

TEST(s_mk_01_a_folder_keeps_the_state_where_the_configuration_says) {
    Faults &faults = world.faults;
    Text license = issue(world, u"{}");
    for (int i = 0; i < 2; i++) {
        Object client(world.library, faults, u"Client");
        EXPECT(faults, client.call(u"Открыть", u"journal", world.root, ZONE, u"",
                                   u"{\"folder\": \"state\"}")
                           .flag);
        EXPECT(faults, client.call(u"Разрешено", u"journal").flag == (i > 0));
        EXPECT(faults, client.call(u"Диагностика").text.has(u"mlicense-journal.state"));
        EXPECT(faults, client.call(u"Принять", license).flag);
    }
}

TEST(texts_are_in_the_language_that_was_set_last) {
    Faults &faults = world.faults;
    struct {
        const char16_t *locale, *word;
    } rows[] = {{u"ru_RU", u"закрыт"}, {u"rus_RUS", u"закрыт"}, {u"en_US", u"closed"},
                {u"fr_FR", u"ferm"},   {u"ja_JP", u"閉じ"},      {u"", u"closed"}};
    Object client(world.library, faults, u"Client");
    for (auto &row : rows) {
        client.component->set_locale(row.locale);
        EXPECT(faults, !client.call(u"Лицензии").is_done);
        EXPECT(faults, client.errors.text.has(row.word));
        EXPECT(faults, client.errors.code == 1006 && client.errors.number == 10010);
        EXPECT(faults, client.text(u"ТекстОшибки") == client.errors.text);
    }
    client.component->set_language(u"ru");
    EXPECT(faults, client.text(u"ТекстОшибки").has(u"закрыт"));
}

} // namespace

void play_terms(World &world) {
    PLAY(s_mk_16_s_mk_70_what_is_not_signed_changes_nothing);
    PLAY(s_mk_76_a_damaged_state_is_told_and_allows_nothing);
    PLAY(s_mk_02_s_mk_03_s_mk_04_a_diagnosis_tells_every_part_by_itself);
    PLAY(s_mk_77_a_free_product_needs_no_number);
    PLAY(s_mk_68_s_mk_72_s_mk_79_a_licence_ends_and_begins_to_the_second);
    PLAY(s_mk_52_s_mk_53_s_mk_54_s_mk_55_s_mk_57_s_mk_63_seats_of_an_object);
    PLAY(s_mk_55_s_mk_56_s_mk_58_s_mk_62_seats_that_infobases_share_in_a_file);
    PLAY(s_mk_59_s_mk_60_a_lower_limit_takes_the_seats_of_the_latest);
    PLAY(s_mk_61_a_crowd_of_sessions_has_to_wait);
    PLAY(s_mk_71_a_clock_set_back_prolongs_nothing);
    PLAY(s_mk_64_seats_that_are_free_are_nobodys_and_serve_nobody);
    PLAY(s_mk_75_without_an_answer_the_wait_doubles_from_5_minutes_to_6_hours);
    PLAY(data_of_a_feature_comes_with_the_licence_and_not_without);
    PLAY(documents_and_states_are_taken_as_binary_data);
    PLAY(s_mk_01_a_folder_keeps_the_state_where_the_configuration_says);
    PLAY(texts_are_in_the_language_that_was_set_last);
}
