// The manual of a system that is sold to users of 1C, played from a configuration: each step is a
// call by the name that a configuration writes, and the vendor's answers come from the same library.
#include "world.hpp"

using namespace onec;

namespace {

void establish(World &world) {
    Object &ledger = world.ledger;
    Faults &faults = world.faults;
    EXPECT(faults, ledger.call(u"Создать", u"vendor.mlicense", ZONE).flag);
    world.root_seed = ledger.call(u"СоздатьКлюч").text;
    world.daily_seed = ledger.call(u"СоздатьКлюч").text;
    EXPECT(faults, ledger.call(u"УстановитьКлюч", world.daily_seed).flag);
    Text daily = ledger.text(u"ОткрытыйКлюч");
    EXPECT(faults, ledger.call(u"УстановитьКлюч", world.root_seed).flag);
    world.root = ledger.text(u"ОткрытыйКлюч");
    Text ring = ledger
                    .call(u"ВыпуститьКольцоКлючей",
                          u"{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\", \"keys\": "
                          u"[{\"key\": \"" +
                              daily + u"\", \"valid_from\": \"2026-03-01T00:00:00Z\"}]}")
                    .text;
    EXPECT(faults, ledger.call(u"УстановитьКлюч", world.daily_seed).flag);
    world.execute(u"{\"establish_vendor\": {\"vendor\": \"acme\", \"roots\": [\"" + world.root +
                  u"\"], \"number_format\": \"" + NUMBERS + u"\"}}");
    world.execute(u"{\"publish_key_ring\": {\"document\": \"" + ring + u"\"}}");
    world.execute(u"{\"define_product\": {\"product\": \"journal\", \"definition\": {\"name\": "
                  u"\"Журнал звонков\", \"license_types\": [\"base\"], \"key_format\": \"" +
                  Text(COUPONS) + u"\"}, \"policy\": {\"host_bound\": {}}}}");
}

Text issue_coupon(World &world, const char16_t *batch) {
    Text code = world.ledger.call(u"СоздатьКод", COUPONS).text;
    world.execute(Text(u"{\"issue_keys\": {\"batch\": \"") + batch +
                  u"\", \"product\": \"journal\", \"contents\": [{\"license_type\": \"base\", "
                  u"\"kind\": \"host\", \"quantity\": 1}], \"keys\": [\"" +
                  code + u"\"]}}");
    return code;
}

Text bindings(World &world) {
    return world.query(u"{\"bindings\": {\"customer\": \"" + world.customer +
                       u"\", \"product\": \"journal\"}}");
}

size_t count(const Text &text, const Text &part) {
    size_t found = 0;
    for (size_t at = text.find(part); at != Text::NOWHERE; at = text.find(part, at + 1)) found++;
    return found;
}

TEST(s_mk_05_s_mk_65_without_a_number_nothing_runs_and_registration_is_open) {
    Faults &faults = world.faults;
    Client client(world, u"first");
    // The product is asked for when it is installed, and a feature when it is switched on.
    const char16_t *const asked[] = {u"journal", u"base"};
    for (const char16_t *name : asked) {
        EXPECT(faults, !client.call(u"Разрешено", name, NOON).flag);
        EXPECT(faults, client.error_code() == 10700);
        EXPECT(faults, !client.text(u"ТекстОшибки").is_empty());
        EXPECT(faults, client.switched(u"On", name) == u"DisabledByLicense");
    }
    EXPECT(faults, client.get(u"СрокДействия").kind == EMPTY);
    EXPECT(faults, client.text(u"СледующееДействие") == u"request");
    EXPECT(faults, client.text(u"РегистрационныйНомер").is_empty());
    EXPECT(faults, client.call(u"Пояснение", u"journal", NOON).text.has(u"лиценз"));
    EXPECT(faults, client.call(u"Запрос", u"Регистрация", owner(u"a@acme.example", u"Acme"), NOON)
                       .text.length() > 100);
}

TEST(s_mk_07_a_registration_without_a_field_is_refused_by_the_name_of_the_field) {
    Client client(world, u"first");
    EXPECT(world.faults, client.call(u"Запрос", u"регистрация",
                                     u"{\"owner\": {\"email\": \"a@acme.example\"}}", NOON)
                             .text.is_empty());
    EXPECT(world.faults, client.error_code() == 10614);
    EXPECT(world.faults, client.text(u"ТекстОшибки").has(u"company"));
}

TEST(s_mk_08_s_mk_09_s_mk_20_registration_gives_a_number_a_trial_and_one_mail) {
    Faults &faults = world.faults;
    Client client(world, u"first");
    EXPECT(faults, client.ask(u"РЕГИСТРАЦИЯ", owner(u"post@acme.example", u"ООО Ромашка").units()));
    EXPECT(faults, client.text(u"Принято").has(u"\"answered\":\"register\""));
    world.number = client.call(u"ПоказатьНомер").text;
    EXPECT(faults, world.number.length() == 28 && world.number.find(u"ACME-") == 0);
    EXPECT(faults, client.allowed({2026, 4, 9, 23, 59, 59}));
    EXPECT(faults, !client.allowed({2026, 4, 10}));
    EXPECT(faults, is_day(client.get(u"СрокДействия").date, 4, 10));
    Text licenses = client.call(u"Лицензии").text;
    EXPECT(faults, licenses.has(u"\"kind\":\"trial\"") && licenses.has(u"2026-04-10"));
    world.customer = licenses.between(u"\"sub\":\"", u"\"");
    world.state = client.text(u"Состояние");

    Text mails = world.ledger.call(u"Исходящие").text;
    EXPECT(faults, mails.has(world.number) && mails.has(u"post@acme.example"));
    Text id = mails.between(u"\"id\":", u",");
    EXPECT(faults, id == u"1");
    EXPECT(faults, world.ledger.call(u"Отправлено", 1.0).flag);
    EXPECT(faults, world.ledger.call(u"Исходящие", 10).text == u"[]");
}

TEST(s_mk_29_a_trial_has_an_end_and_is_expired_from_then_on) {
    Faults &faults = world.faults;
    Text endless = world.ledger
                       .call(u"ВыпуститьЛицензию",
                             u"{\"aud\": \"journal\", \"kind\": \"trial\", \"iat\": 1772357400, "
                             u"\"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}")
                       .text;
    EXPECT(faults, endless.is_empty());
    EXPECT(faults, world.ledger.text(u"ИмяОшибки") == u"CLAIMS_CONTRADICTORY");
    const Text asked = u"{\"overview\": {\"customer\": \"" + world.customer + u"\"}}";
    const Date last = {2026, 4, 9, 23, 59, 59}, end = {2026, 4, 10};
    EXPECT(faults, world.ledger.call(u"Запросить", asked, last).text.has(u"\"kind\":\"trial\""));
    EXPECT(faults, world.ledger.call(u"Запросить", asked, end).text.has(u"\"kind\":\"expired\""));
    Client client(world, u"first", world.state);
    EXPECT(faults, !client.allowed(end));
    EXPECT(faults, client.text(u"ИмяОшибки") == u"NOT_LICENSED");
    EXPECT(faults, client.text(u"ТекстОшибки").has(u"2026-04-09"));
}

TEST(s_mk_66_s_mk_67_a_module_goes_and_comes_with_its_licence_unless_the_user_does_not_want_it) {
    Faults &faults = world.faults;
    const Text ON = u"On", BY_LICENSE = u"DisabledByLicense", BY_USER = u"DisabledByUser";
    const Date over = {2026, 4, 10};
    Client client(world, u"first", world.state);
    Text wanted = client.switched(u"", u"base"), unwanted = BY_USER;
    EXPECT(faults, wanted == ON && client.error_code() == 0);
    for (int i = 0; i < 2; i++) {
        wanted = client.switched(wanted, u"base", over);
        EXPECT(faults, wanted == BY_LICENSE);
        EXPECT(faults, client.text(u"ИмяОшибки") == u"NOT_LICENSED");
        EXPECT(faults, !client.text(u"ТекстОшибки").is_empty());
        unwanted = client.switched(unwanted, u"base", over);
        EXPECT(faults, unwanted == BY_USER);
    }
    EXPECT(faults, client.switched(wanted, u"base") == ON);
    EXPECT(faults, client.switched(unwanted, u"base") == BY_USER);

    // What cannot be asked is off; a word that nothing means is a mistake of the code.
    Object closed(world.library, faults, u"Client");
    EXPECT(faults, closed.call(u"Switch", ON, u"base").text == BY_LICENSE);
    EXPECT(faults, closed.error_code() == 10010);
    EXPECT(faults, !client.call(u"Выключатель", u"Off", u"base").is_done);
    EXPECT(faults, client.errors.text.has(u"DisabledByUser"));
}

TEST(s_mk_10_s_mk_11_s_mk_12_whoever_registers_again_is_told_why_not) {
    struct {
        const char16_t *host, *email, *company;
        long code;
    } rows[] = {
        {u"first", u"post@acme.example", u"ООО Ромашка", 1059},
        {u"first", u"other@acme.example", u"ООО Ромашка", 2051},
        {u"other", u"post@acme.example", u"ООО Василёк", 2022},
    };
    for (auto &row : rows) {
        Client client(world, row.host);
        EXPECT(world.faults, !client.ask(u"register", owner(row.email, row.company).units()));
        EXPECT(world.faults, world.ledger.error_code() == row.code);
        EXPECT(world.faults, !world.ledger.text(u"ТекстОшибки").is_empty());
        EXPECT(world.faults, !world.ledger.text(u"СоветПоОшибке").is_empty());
    }
}

TEST(s_mk_51_the_infobase_keeps_the_state_and_the_number_is_masked) {
    Client client(world, u"first", world.state);
    EXPECT(world.faults, client.allowed());
    Text masked = client.text(u"РегистрационныйНомер");
    EXPECT(world.faults, masked.has(u"*****") && masked != world.number);
    EXPECT(world.faults, client.call(u"ПоказатьНомер").text == world.number);
    EXPECT(world.faults, client.call(u"Запрос", u"регистрация",
                                     owner(u"post@acme.example", u"ООО Ромашка"), NOON)
                             .text.is_empty());
    EXPECT(world.faults, client.text(u"ИмяОшибки") == u"NUMBER_LOCKED");
}

TEST(s_mk_06_s_mk_18_s_mk_23_what_is_no_number_is_refused_before_it_is_sent) {
    Faults &faults = world.faults;
    Client client(world, u"first");
    world.coupon = issue_coupon(world, u"b1");
    EXPECT(faults, world.coupon.length() == 31);
    const Text &number = world.number;
    const Text wrong[] = {number.part(0, 27), number + u"7", u"NONE" + number.part(4, 24),
                          number.part(5, 23), world.coupon, u""};
    for (const Text &typed : wrong) {
        EXPECT(faults, client.call(u"УстановитьНомер", typed, false, NOON).text.is_empty());
        EXPECT(faults, client.error_code() >= 10503 && client.error_code() <= 10507);
    }
    EXPECT(faults, client.call(u"ПроверитьКод", u"  " + number.cased(false) + u"\n", NUMBERS).flag);
    EXPECT(faults, client.error_code() == 0);
    EXPECT(faults, client.call(u"ПроверитьКод", world.coupon, COUPONS).flag);
    EXPECT(faults, !client.call(u"ПроверитьКод", world.coupon.part(0, 30), COUPONS).flag);
    EXPECT(faults, !client.call(u"ПроверитьКод", number, COUPONS).flag);
}

TEST(s_mk_15_s_mk_17_s_mk_33_the_number_works_in_another_infobase_of_the_host) {
    Faults &faults = world.faults;
    Client second(world, u"first");
    Text request = second.call(u"SetNumber", u"  " + world.number.cased(false) + u"\r\n", false, NOON)
                       .text;
    EXPECT(faults, second.exchange(request));
    EXPECT(faults, second.allowed());
    EXPECT(faults, second.call(u"ЛИЦЕНЗИИ").text.has(u"\"kind\":\"trial\""));
    EXPECT(faults, second.call(u"УстановитьНомер", world.number, false, NOON).text.is_empty());
    EXPECT(faults, second.error_code() == 0);
}

TEST(s_mk_14_s_mk_16_the_number_is_locked_and_an_unknown_one_is_told_by_the_vendor) {
    Faults &faults = world.faults;
    Client client(world, u"first", world.state);
    Text unknown = world.ledger.call(u"СоздатьКод", NUMBERS).text;
    EXPECT(faults, client.call(u"УстановитьНомер", unknown, false, NOON).text.is_empty());
    EXPECT(faults, client.text(u"ИмяОшибки") == u"NUMBER_LOCKED");
    Text request = client.call(u"УстановитьНомер", unknown, true, NOON).text;
    EXPECT(faults, !request.is_empty());
    EXPECT(faults, world.answer(request).is_empty());
    EXPECT(faults, world.ledger.error_code() == 2009);
    Text found = client.call(u"Диагностика", u"{\"lic.acme.example:443\": {\"failed\": \"timeout\"}}").text;
    EXPECT(faults, found.has(u"NETWORK"));
}

TEST(s_mk_13_s_mk_19_s_mk_21_who_has_a_number_gets_a_trial_once) {
    Faults &faults = world.faults;
    Text number = world.ledger.call(u"СоздатьКод", NUMBERS).text;
    world.execute(u"{\"register_customer\": {\"customer\": \"c1\", \"zone\": \"Europe/Moscow\"}}");
    world.execute(u"{\"issue_number\": {\"customer\": \"c1\", \"number\": \"" + number + u"\"}}");
    Client client(world, u"desk");
    // Entered, but nothing is licensed yet.
    EXPECT(faults, !client.exchange(client.call(u"УстановитьНомер", number, false, NOON).text));
    EXPECT(faults, client.error_code() == 1051);
    EXPECT(faults, !client.text(u"РегистрационныйНомер").is_empty());
    EXPECT(faults, client.ask(u"пробная"));
    EXPECT(faults, client.allowed({2026, 4, 9}) && !client.allowed({2026, 4, 10}));
    EXPECT(faults, is_day(client.get(u"СрокДействия").date, 4, 10));
    EXPECT(faults, !client.ask(u"trial"));
    EXPECT(faults, world.ledger.text(u"ИмяОшибки") == u"TRIAL_ALREADY_USED");
    // Another company may not use a coupon that is used.
    world.execute(u"{\"redeem_key\": {\"customer\": \"c1\", \"product\": \"journal\", \"key\": \"" +
                  issue_coupon(world, u"b2") + u"\"}}");
}

TEST(s_mk_36_s_mk_39_a_trial_counts_for_one_host_and_all_its_sessions) {
    Faults &faults = world.faults;
    for (int i = 0; i < 100; i++) {
        Client session(world, u"first", world.state);
        EXPECT(faults, session.allowed());
        if (i % 25 == 0) EXPECT(faults, session.ask(u"обновление"));
    }
    Client other(world, u"other");
    EXPECT(faults, !other.exchange(other.call(u"УстановитьНомер", world.number, false, NOON).text));
    EXPECT(faults, other.error_code() == 1051);
    EXPECT(faults, count(bindings(world), u"\"installation\":") == 1);
}

TEST(s_mk_22_a_trial_of_another_product_comes_under_the_same_number) {
    Faults &faults = world.faults;
    world.execute(u"{\"define_product\": {\"product\": \"fax\", \"definition\": {\"name\": \"Факс\", "
                  u"\"license_types\": [\"base\"]}, \"policy\": {\"host_bound\": {}}}}");
    Object fax(world.library, faults, u"Client");
    EXPECT(faults, fax.call(u"Открыть", u"fax", world.root, ZONE, u"", options(u"first")).flag);
    Text fields = u"{\"number\": \"" + world.number + u"\"}";
    Text request = fax.call(u"Запрос", u"пробная", fields, NOON).text;
    EXPECT(faults, fax.call(u"Принять", world.answer(request), NOON).flag);
    EXPECT(faults, fax.call(u"Разрешено", u"fax", NOON).flag);
    EXPECT(faults, !fax.call(u"Разрешено", u"journal", NOON).flag);
}

TEST(s_mk_25_s_mk_32_a_coupon_needs_a_number) {
    Client client(world, u"first");
    Text fields = u"{\"code\": \"" + world.coupon + u"\"}";
    EXPECT(world.faults, client.call(u"Запрос", u"купон", fields, NOON).text.is_empty());
    EXPECT(world.faults, client.error_code() == 1003);
}

TEST(s_mk_24_s_mk_26_s_mk_27_s_mk_28_s_mk_31_a_coupon_gives_a_licence_for_ever) {
    Faults &faults = world.faults;
    Client client(world, u"first", world.state);
    Text fields = u"{\"code\": \" " + world.coupon.cased(false) + u"\"}";
    for (int i = 0; i < 2; i++) {
        EXPECT(faults, client.ask(u"купон", fields.units()));
        EXPECT(faults, client.text(u"Принято").has(u"\"answered\":\"coupon\""));
        EXPECT(faults, client.error_code() == 0);
    }
    EXPECT(faults, client.get(u"СрокДействия").date.year == 1);
    EXPECT(faults, client.ask(u"обновление"));
    EXPECT(faults, client.call(u"Лицензии").text.has(u"ООО Ромашка"));
    world.state = client.text(u"Состояние");
}

TEST(s_mk_30_a_coupon_of_another_number_is_refused) {
    Client client(world, u"third");
    EXPECT(world.faults, client.ask(u"регистрация", owner(u"v@vas.example", u"ООО Василёк").units()));
    Text fields = u"{\"code\": \"" + world.coupon + u"\"}";
    EXPECT(world.faults, !client.ask(u"купон", fields.units()));
    EXPECT(world.faults, world.ledger.error_code() == 2041);
}

TEST(s_mk_42_s_mk_43_the_cabinet_is_entered_by_number_or_an_activated_coupon) {
    Faults &faults = world.faults;
    const Text logins[] = {world.number, world.coupon};
    for (const Text &login : logins)
        EXPECT(faults, world.query(u"{\"login\": {\"login\": \"" + login + u"\"}}").has(world.customer));
    Text fresh = issue_coupon(world, u"b3");
    EXPECT(faults, world.query(u"{\"login\": {\"login\": \"" + fresh + u"\"}}").is_empty());
    EXPECT(faults, world.ledger.text(u"ИмяОшибки") == u"LOGIN_UNKNOWN");
}

TEST(s_mk_37_s_mk_44_s_mk_45_another_host_finds_no_free_licence) {
    Faults &faults = world.faults;
    Client other(world, u"other");
    EXPECT(faults, !other.exchange(other.call(u"УстановитьНомер", world.number, false, NOON).text));
    EXPECT(faults, other.error_code() == 1051);
    EXPECT(faults, other.text(u"ИмяОшибки") == u"NO_FREE_LICENSE");
    EXPECT(faults, other.text(u"ТекстОшибки").has(u"нет свободной лицензии"));
    EXPECT(faults, !other.allowed());
    EXPECT(faults, bindings(world).has(u"dmi_uuid"));
    EXPECT(faults, other.text(u"ПризнакиКомпьютера").has(u"4c4c-other"));
}

TEST(s_mk_41_a_new_disk_changes_nothing) {
    Object client(world.library, world.faults, u"Client");
    Text given = u"{\"facts\": {\"class\": \"vm\", \"facts\": [{\"kind\": \"dmi_uuid\", \"value\": "
                 u"\"4c4c-first\"}, {\"kind\": \"disk_serial\", \"value\": \"NEW-1\"}]}}";
    EXPECT(world.faults, client.call(u"Открыть", u"journal", world.root, ZONE, world.state, given).flag);
    EXPECT(world.faults, client.call(u"Разрешено", u"journal", NOON).flag);
}

TEST(s_mk_40_s_mk_49_state_on_another_host_is_worth_nothing) {
    Client copied(world, u"other", world.state);
    EXPECT(world.faults, !copied.allowed());
    EXPECT(world.faults, !copied.ask(u"обновление"));
    EXPECT(world.faults, copied.error_code() == 1051);
}

TEST(s_mk_34_s_mk_35_s_mk_78_a_number_is_removed_when_confirmed_and_the_host_stays_bound) {
    Faults &faults = world.faults;
    Client client(world, u"first", world.state);
    Text before = bindings(world);
    EXPECT(faults, !client.call(u"УдалитьНомер").flag);
    EXPECT(faults, client.text(u"ИмяОшибки") == u"CONFIRMATION_NEEDED");
    EXPECT(faults, client.text(u"РегистрационныйНомер") != u"");
    EXPECT(faults, client.call(u"УдалитьНомер", true).flag);
    EXPECT(faults, client.text(u"РегистрационныйНомер") == u"");
    EXPECT(faults, bindings(world) == before);
}

TEST(s_mk_46_s_mk_47_s_mk_48_s_mk_69_the_way_to_another_host) {
    Faults &faults = world.faults;
    Client first(world, u"first", world.state);
    Client second(world, u"other");
    EXPECT(faults, first.call(u"УдалитьНомер", true).flag);
    world.execute(u"{\"free_hosts\": {\"customer\": \"" + world.customer +
                  u"\", \"product\": \"journal\", \"reason\": \"переезд\"}}");
    EXPECT(faults, second.exchange(second.call(u"УстановитьНомер", world.number, false, NOON).text));
    EXPECT(faults, second.allowed());
    EXPECT(faults, first.allowed());
    EXPECT(faults, !first.exchange(first.call(u"УстановитьНомер", world.number, false, NOON).text));
    EXPECT(faults, first.error_code() == 1051);
    EXPECT(faults, !first.ask(u"обновление"));
    EXPECT(faults, first.error_code() == 1051);
    EXPECT(faults, !first.allowed());

    // Given back, it is free for the first again.
    EXPECT(faults, second.exchange(second.call(u"Деактивировать", NOON).text));
    EXPECT(faults, !second.allowed());
    EXPECT(faults, first.ask(u"обновление"));
    EXPECT(faults, first.allowed());
    EXPECT(faults, first.ask(u"привязка"));
}

TEST(s_mk_38_s_mk_50_two_licences_serve_two_hosts_under_one_number) {
    Faults &faults = world.faults;
    Client first(world, u"first", world.state), second(world, u"other"), third(world, u"third");
    world.execute(u"{\"redeem_key\": {\"customer\": \"" + world.customer +
                  u"\", \"product\": \"journal\", \"key\": \"" + issue_coupon(world, u"b4") + u"\"}}");
    Text fields = u"{\"number\": \"" + world.number + u"\"}";
    EXPECT(faults, first.ask(u"обновление", fields.units()));
    EXPECT(faults, second.ask(u"номер", fields.units()));
    EXPECT(faults, first.allowed() && second.allowed());
    EXPECT(faults, !third.ask(u"номер", fields.units()));
    EXPECT(faults, third.error_code() == 1051);
}

TEST(s_mk_73_s_mk_74_an_answer_is_for_the_request_and_the_installation_that_wrote_it) {
    Faults &faults = world.faults;
    Client client(world, u"first", world.state), other(world, u"first");
    Text by_network = client.call(u"Запрос", u"обновление", u"", NOON).text;
    Text by_file = client.call(u"Запрос", u"обновление", u"", NOON).text;
    Text answer = world.answer(by_file);
    EXPECT(faults, !other.call(u"Принять", answer, NOON).flag);
    EXPECT(faults, other.text(u"ИмяОшибки") == u"OTHER_INSTALLATION");
    EXPECT(faults, client.call(u"Принять", world.answer(by_network), NOON).flag);
    EXPECT(faults, client.call(u"Принять", answer, NOON).flag);
    Client restored(world, u"first", world.state);
    EXPECT(faults, !restored.call(u"Принять", answer, NOON).flag);
    EXPECT(faults, restored.text(u"ИмяОшибки") == u"OTHER_REQUEST");
}

TEST(a_forgotten_number_is_sent_to_the_owner) {
    const Date next_day = {2026, 3, 12, 9};
    Client client(world, u"other");
    Text fields = u"{\"owner\": {\"email\": \"post@acme.example\"}}";
    Text request = client.call(u"Запрос", u"восстановление", fields, next_day).text;
    Text answer = world.ledger.call(u"Ответить", request, u"", u"", next_day).text;
    EXPECT(world.faults, client.call(u"Принять", answer, next_day).flag);
    EXPECT(world.faults, client.text(u"РегистрационныйНомер").is_empty());
    EXPECT(world.faults, world.ledger.call(u"Исходящие").text.has(u"post@acme.example"));
}

} // namespace

void play_manual(const Library &library, Faults &faults) {
    auto *made = new World(library, faults);
    World &world = *made;
    establish(world);
    PLAY(s_mk_05_s_mk_65_without_a_number_nothing_runs_and_registration_is_open);
    PLAY(s_mk_07_a_registration_without_a_field_is_refused_by_the_name_of_the_field);
    PLAY(s_mk_08_s_mk_09_s_mk_20_registration_gives_a_number_a_trial_and_one_mail);
    PLAY(s_mk_29_a_trial_has_an_end_and_is_expired_from_then_on);
    PLAY(s_mk_66_s_mk_67_a_module_goes_and_comes_with_its_licence_unless_the_user_does_not_want_it);
    PLAY(s_mk_10_s_mk_11_s_mk_12_whoever_registers_again_is_told_why_not);
    PLAY(s_mk_51_the_infobase_keeps_the_state_and_the_number_is_masked);
    PLAY(s_mk_06_s_mk_18_s_mk_23_what_is_no_number_is_refused_before_it_is_sent);
    PLAY(s_mk_15_s_mk_17_s_mk_33_the_number_works_in_another_infobase_of_the_host);
    PLAY(s_mk_14_s_mk_16_the_number_is_locked_and_an_unknown_one_is_told_by_the_vendor);
    PLAY(s_mk_13_s_mk_19_s_mk_21_who_has_a_number_gets_a_trial_once);
    PLAY(s_mk_36_s_mk_39_a_trial_counts_for_one_host_and_all_its_sessions);
    PLAY(s_mk_22_a_trial_of_another_product_comes_under_the_same_number);
    PLAY(s_mk_25_s_mk_32_a_coupon_needs_a_number);
    PLAY(s_mk_24_s_mk_26_s_mk_27_s_mk_28_s_mk_31_a_coupon_gives_a_licence_for_ever);
    PLAY(s_mk_30_a_coupon_of_another_number_is_refused);
    PLAY(s_mk_42_s_mk_43_the_cabinet_is_entered_by_number_or_an_activated_coupon);
    PLAY(s_mk_37_s_mk_44_s_mk_45_another_host_finds_no_free_licence);
    PLAY(s_mk_41_a_new_disk_changes_nothing);
    PLAY(s_mk_40_s_mk_49_state_on_another_host_is_worth_nothing);
    PLAY(s_mk_34_s_mk_35_s_mk_78_a_number_is_removed_when_confirmed_and_the_host_stays_bound);
    PLAY(s_mk_46_s_mk_47_s_mk_48_s_mk_69_the_way_to_another_host);
    PLAY(s_mk_38_s_mk_50_two_licences_serve_two_hosts_under_one_number);
    PLAY(s_mk_73_s_mk_74_an_answer_is_for_the_request_and_the_installation_that_wrote_it);
    PLAY(a_forgotten_number_is_sent_to_the_owner);
    play_terms(world);
    delete made;
}
