// A vendor, and configurations on hosts, all of the same library.
#pragma once
#include "scenario.hpp"

inline const Date NOON = {2026, 3, 11, 12};
inline const char16_t *const ZONE = u"Europe/Moscow";
// What the vendor's form of numbers is, and that of its coupons.
inline const char16_t *const NUMBERS = u"ACME-5x4";
inline const char16_t *const COUPONS = u"ACMEUPD-5x4";

// A vendor, its keys, and what the steps have found out so far.
struct World {
    const Library &library;
    Faults &faults;
    Object ledger;
    Text root, root_seed, daily_seed;
    Text number, customer, coupon, state;

    World(const Library &library, Faults &faults)
        : library(library), faults(faults), ledger(library, faults, u"Ledger") {}

    // Does a command of the vendor's at noon.
    Text execute(const Text &command) {
        Text receipt = ledger.call(u"Выполнить", command, u"", u"", NOON).text;
        if (receipt.is_empty()) faults.tell(__FILE__, __LINE__, ledger.text(u"ТекстОшибки"));
        return receipt;
    }

    Text query(const Text &query) { return ledger.call(u"Запросить", query, NOON).text; }

    Text answer(const Text &request) {
        return ledger.call(u"Ответить", request, u"", u"", NOON).text;
    }
};

inline Text facts(const Text &host) {
    return u"{\"class\": \"vm\", \"facts\": [{\"kind\": \"dmi_uuid\", \"value\": \"4c4c-" + host +
           u"\"}, {\"kind\": \"disk_serial\", \"value\": \"WD-" + host + u"\"}]}";
}

inline Text options(const Text &host) {
    return u"{\"facts\": " + facts(host) + u", \"number_format\": \"" + NUMBERS + u"\"}";
}

// A configuration on a host.
struct Client : Object {
    World &world;

    Client(World &world, const Text &host, const Text &state = u"")
        : Object(world.library, world.faults, u"Client"), world(world) {
        EXPECT(world.faults,
               call(u"Открыть", u"journal", world.root, ZONE, state, options(host)).flag);
    }

    // Asks the vendor, and accepts what it answers.
    bool exchange(const Text &request) {
        Text answer = world.answer(request);
        return !answer.is_empty() && call(u"Принять", answer, NOON).flag;
    }
    bool ask(const char16_t *kind, const char16_t *fields = u"") {
        return exchange(call(u"Запрос", kind, fields, NOON).text);
    }
    bool allowed(const Date &at = NOON) { return call(u"Разрешено", u"journal", at).flag; }
    // The switch of a module after a check of its feature.
    Text switched(const Text &current, const Text &feature, const Date &at = NOON) {
        return call(u"Выключатель", current, feature, at).text;
    }
};

inline Text owner(const Text &email, const Text &company) {
    return u"{\"owner\": {\"email\": \"" + email + u"\", \"company\": \"" + company +
           u"\", \"contact\": \"Иван Петров\", \"zone\": \"Europe/Moscow\"}}";
}

// Seconds of a date, to tell how far two are apart.
inline int64_t seconds(const Date &date) {
    const int64_t year = date.month > 2 ? date.year : date.year - 1;
    const int64_t month = (date.month + 9) % 12, leap = year / 4 - year / 100 + year / 400;
    const int64_t day = 365 * year + leap + (153 * month + 2) / 5 + date.day;
    return ((day * 24 + date.hour) * 60 + date.minute) * 60 + date.second;
}

inline bool is_day(const Date &date, int month, int day) {
    return date.year == 2026 && date.month == month && date.day == day && date.hour == 0;
}

// What a vendor does without a ledger, and what a component tells of itself.
void play_terms(World &world);
