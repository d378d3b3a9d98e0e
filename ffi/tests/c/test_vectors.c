/* Every case of core/tests/vectors/terms.json and worked.json through mlicense_calculate. */
#include <stdarg.h>

#include "check.h"
#include "json.h"

static char given[64 * 1024];
static size_t used;

/* Writes on in the calculation. */
static void write_on(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(given + used, sizeof given - used, format, arguments);
    va_end(arguments);
    used += (size_t)length;
    if (used >= sizeof given) abort();
}

/* Copies a member of a case into the calculation. */
static void copy(const char *object, const char *name, const char *after) {
    const char *value = json_member(object, name);
    write_on("\"%s\":%.*s%s", name, JSON_SHOW(value), after);
}

/* The result of the calculation written. */
static const char *calculated(const char *kind) {
    OK(mlicense_calculate(given, used, &text, &error));
    return json_member(take(), kind);
}

static void same(const char *actual, const char *expected, const char *name) {
    const char *value = json_member(expected, name);
    int holds = value != NULL && json_same(json_member(actual, name), value);
    CHECK(holds);
    if (!holds) printf("    `%s` of %.*s\n", name, JSON_SHOW(expected));
}

static void period(const char *expected) {
    write_on("{\"period\":{");
    copy(expected, "anchor", ",");
    copy(expected, "term_months", ",");
    copy(expected, "index", "}}");
    const char *actual = calculated("period");
    same(actual, expected, "start");
    same(actual, expected, "end");
    same(actual, expected, "days");
}

static void compensation(const char *expected) {
    const char *steps = json_member(expected, "steps");
    write_on("{\"compensation\":{");
    copy(expected, "start", ",");
    copy(expected, "end", ",");
    copy(expected, "grace_days", ",");
    copy(expected, "origin", ",");
    if (json_member(expected, "carry") != NULL) copy(expected, "carry", ",");
    write_on("\"steps\":[");
    for (const char *step = json_first(steps); step != NULL; step = json_next(step)) {
        write_on("{");
        copy(step, "quantity", ",");
        copy(step, "joined", ",");
        copy(step, "allocated", json_next(step) == NULL ? "}" : "},");
    }
    write_on("]}}");
    const char *actual = calculated("compensation");
    same(actual, expected, "ticks_per_license");
    const char *back = json_first(json_member(actual, "steps"));
    for (const char *step = json_first(steps); step != NULL; step = json_next(step)) {
        same(back, step, "credited");
        same(back, step, "carry");
        back = back == NULL ? NULL : json_next(back);
    }
    CHECK(back == NULL);
}

/* Lots are numbered from 1 in the order given, as those of the cases are. */
static void wallet(const char *expected) {
    const char *lots = json_member(expected, "lots"), *taken = json_member(expected, "taken");
    write_on("{\"wallet\":{\"lots\":[");
    for (const char *lot = json_first(lots); lot != NULL; lot = json_next(lot)) {
        write_on("{");
        copy(lot, "quantity", ",");
        copy(lot, "stored_on", json_next(lot) == NULL ? "}" : "},");
    }
    write_on("],");
    copy(expected, "storage_years", ",");
    copy(expected, "today", ",");
    copy(expected, "quantity", "}}");
    if (json_is_null(taken)) {
        NO_TEXT(INSUFFICIENT_WALLET, "", mlicense_calculate(given, used, &text, &error));
        return;
    }
    const char *actual = calculated("wallet");
    const char *expires_on = json_first(json_member(actual, "expires_on"));
    for (const char *lot = json_first(lots); lot != NULL; lot = json_next(lot)) {
        CHECK(json_same(expires_on, json_member(lot, "expires_on")));
        expires_on = expires_on == NULL ? NULL : json_next(expires_on);
    }
    const char *debit = json_first(json_member(actual, "taken"));
    for (const char *pair = json_first(taken); pair != NULL; pair = json_next(pair)) {
        const char *lot = json_first(pair);
        CHECK(json_same(json_member(debit, "lot"), lot));
        CHECK(json_same(json_member(debit, "quantity"), json_next(lot)));
        debit = debit == NULL ? NULL : json_next(debit);
    }
    CHECK(expires_on == NULL && debit == NULL);
}

static void growth(const char *expected) {
    write_on("{\"growth\":{");
    copy(expected, "base", ",");
    copy(expected, "allocated", ",");
    copy(expected, "devices", ",");
    copy(expected, "percent", "}}");
    const char *actual = calculated("growth");
    same(actual, expected, "free");
    same(actual, expected, "extra_now");
}

static void prorata(const char *expected) {
    write_on("{\"prorata\":{");
    copy(expected, "price_cents", ",");
    copy(expected, "days_left", ",");
    copy(expected, "basis_days", "}}");
    same(calculated("prorata"), expected, "cents");
}

static void each(const char *vectors, const char *name, size_t least, void (*run)(const char *)) {
    const char *cases = json_member(vectors, name);
    CHECK(json_count(cases) >= least);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        used = 0;
        run(one);
    }
}

/* How many cases of each kind a file holds at least: periods, compensations, … */
static void replay(const char *name, const size_t least[5]) {
    static char path[4096], vectors[1 << 20];
    const char *root = getenv("ROOT");
    snprintf(path, sizeof path, "%s/core/tests/vectors/%s", root == NULL ? "." : root, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (file != NULL) {
        size_t length = fread(vectors, 1, sizeof vectors - 1, file);
        CHECK(feof(file) && !ferror(file) && length > 0);
        vectors[length] = 0;
        fclose(file);
        each(vectors, "periods", least[0], period);
        each(vectors, "compensation", least[1], compensation);
        each(vectors, "wallet", least[2], wallet);
        each(vectors, "growth", least[3], growth);
        each(vectors, "prorata", least[4], prorata);
    }
}

int main(void) {
    replay("terms.json", (const size_t[]){60, 57, 60, 60, 60});
    replay("worked.json", (const size_t[]){5, 10, 3, 5, 1});
    return leave("vectors");
}
