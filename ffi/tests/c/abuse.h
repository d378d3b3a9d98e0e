/* What `tests/abuse.rs` calls every function of the header with: for each sort of parameter a pool,
 * of which 0 is nothing, 1 is right and the others are wrong in ways of their own. */
#ifndef ABUSE_H
#define ABUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "vendor.h"

#define LICENSE_CLAIMS "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772323200," \
    " \"features\": {\"export\": {}, \"print\": {\"quantity\": 2}}," \
    " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}"
#define MEBIBYTE (1024 * 1024)
#define PARAMETERS_MAX 16
#define RANDOM_ROUNDS 40

/* The sorts of parameters; a generated table says which a function has. */
enum sort { HANDLE, FRESH, OUT, TEXT, BYTES, TEXTS, BUFFER, ROOM, OPTIONS, ORDER, INSTANT, NUMBER,
            FLAG, CALLBACK, CONTEXT, SORTS };
static const size_t pools[SORTS] = {2, 2, 2, 7, 11, 7, 5, 2, 8, 6, 6, 4, 2, 2, 2};

typedef struct abused {
    const char *name;
    void (*call)(const size_t *choice);
    size_t parameters;
    enum sort sorts[PARAMETERS_MAX];
} abused;

static struct { mlicense_client *client; mlicense_feature *feature; mlicense_seat *seat;
                mlicense_site *site; mlicense_ledger *ledger; mlicense_signer *signer;
                mlicense_error *error; mlicense_text *text; } live;
static char license[4096], request[8192], public_key[64], *large, *brackets;
static const char *current;
static int files, depth;

/* Whatever calls back finds the library as it is amid a call; nothing it does may harm. */
static inline void call_back(void) {
    mlicense_text *view = NULL;
    mlicense_seat *seat = NULL;
    char why[32];
    if (depth > 0) return;
    depth++;
    (void)!mlicense_client_check(live.client, "export");
    (void)!mlicense_feature_check(live.feature);
    (void)!mlicense_seat_is_held(live.seat);
    mlicense_client_why(live.client, "export", MLICENSE_NOW, "en", why, sizeof why);
    (void)!mlicense_client_accept(live.client, license, strlen(license), MLICENSE_NOW, NULL, NULL);
    (void)!mlicense_client_licenses(live.client, &view, NULL);
    mlicense_text_free(view);
    (void)!mlicense_client_capture(live.client, "print", &seat, NULL);
    mlicense_seat_release(&seat);
    (void)!mlicense_site_usage(live.site, &view, NULL);
    mlicense_text_free(view);
    (void)!mlicense_ledger_checkpoints(live.ledger, &view, NULL);
    mlicense_text_free(view);
    (void)!mlicense_license_issue(live.signer, LICENSE_CLAIMS, strlen(LICENSE_CLAIMS), &view, NULL);
    mlicense_text_free(view);
    depth--;
}

static inline int64_t own_clock(void *context) { (void)context; call_back(); return DAY(1); }
static inline void own_log(void *context, uint32_t level, const char *line, size_t length) {
    (void)context; (void)level;
    CHECK(strlen(line) == length);
    call_back();
}
static inline bool own_entropy(void *context, uint8_t *bytes, size_t length) {
    (void)context;
    memset(bytes, 9, length);
    call_back();
    return true;
}
static inline bool own_probe(void *context, const char *address, char *detail, size_t size) {
    (void)context; (void)address;
    memset(detail, 'd', size);
    call_back();
    return false;
}
static inline uint32_t own_gateway(void *context, const char *email, const char *password, char *account,
                            size_t size) {
    (void)context; (void)email; (void)password;
    memset(account, 'a', size);
    call_back();
    return MLICENSE_SHOP_ACCOUNT;
}
static inline bool own_sign(void *context, const uint8_t *message, size_t length, uint8_t *signature) {
    (void)context; (void)message; (void)length;
    memset(signature, 0, MLICENSE_SIGNATURE_BYTES);
    call_back();
    return true;
}
static inline void own_progress(void *context, uint64_t done, uint64_t of) {
    (void)context; (void)done; (void)of;
    call_back();
}
static inline mlicense_probe callback_mlicense_probe(size_t n) { return n ? own_probe : NULL; }
static inline mlicense_shop_gateway callback_mlicense_shop_gateway(size_t n) { return n ? own_gateway : NULL; }
static inline mlicense_sign callback_mlicense_sign(size_t n) { return n ? own_sign : NULL; }
static inline mlicense_progress callback_mlicense_progress(size_t n) { return n ? own_progress : NULL; }

/* What is right for a text of this name. */
static inline const char *right(const char *name) {
    static const char *const known[][2] = {
        {"product", "editor"}, {"feature", "export"}, {"name", "export"}, {"device", "camera-1"},
        {"kind", "trial"}, {"language", "fr"}, {"type", "mlicense-license+jwt"}, {"customer", "c1"},
        {"origin", "example.com/h"}, {"format", "ACME-5x4"}, {"typed", "ACME-AAAAA"},
        {"actor", ACTOR}, {"whom", "{\"customer\": \"c1\"}"}, {"zone", "UTC"},
        {"license_type", "camera"}, {"stream", "customer/c1"}, {"until", "2026-04-01"},
        {"after", "c0"}, {"session", "00000000000000000000000000000001"}, {"holder", "desk 1"},
        {"source", "missing.jsonl"}, {"purchase", "sale 1"}};
    static char path[64];
    if (strcmp(name, "public_key") == 0) return public_key;
    if (strcmp(name, "key_ring") == 0) return NULL;
    if (strcmp(name, "path") == 0 || strcmp(name, "place") == 0) {
        snprintf(path, sizeof path, "file-%d", files++);
        return path;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i][0]) == 0) return known[i][1];
    return "x";
}

static inline const char *text_of(const char *name, size_t n) {
    switch (n) {
    case 0: return NULL;
    case 1: return right(name);
    case 2: return "";
    case 3: return "\xff\xfe";
    case 4: return large;
    case 5: return "two words\n";
    default: return "../\xc3";
    }
}

static inline const char *right_bytes(const char *name) {
    static const char *const known[][2] = {
        {"fields", "{}"}, {"claims", LICENSE_CLAIMS}, {"query", "{\"overview\": {\"customer\": \"c1\"}}"},
        {"envelope", "{\"actor\": " ACTOR ", \"body\": {\"erase_person\": {\"person\": \"p1\"}}}"},
        {"envelopes", "[{\"actor\": " ACTOR ", \"body\": {\"erase_person\": {\"person\": \"p1\"}}}]"},
        {"calculation", "{\"growth\": {\"base\": 1, \"allocated\": 1, \"devices\": 2, \"percent\": 9}}"},
        {"proof", "{}"}, {"note", "example.com/h\n1\n\n"}, {"message", "m"}, {"signature", "s"},
        {"seed", "0123456789abcdef0123456789abcdef"}};
    if (strcmp(name, "document") == 0 || strcmp(name, "license") == 0) return license;
    if (strcmp(name, "request") == 0) return request;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i][0]) == 0) return known[i][1];
    return "x";
}

static inline const char *bytes_of(const char *name, size_t n) {
    const char *const others[] = {"", NULL, "\xff\xfe\xfd", large, brackets, right_bytes(name),
                                  right_bytes(name), right_bytes(name), "{}"};
    return n == 0 ? NULL : n == 1 ? right_bytes(name) : others[n - 2];
}

/* Absurd lengths are refused before a byte is read. */
static inline size_t length_of(const char *name, size_t n) {
    size_t length = strlen(right_bytes(name));
    const size_t others[] = {0, 7, 3, MEBIBYTE, MEBIBYTE, SIZE_MAX, SIZE_MAX / 2, length - 1, 2};
    return n == 0 ? 0 : n == 1 ? length : others[n - 2];
}

static inline const char *const *texts_of(size_t n) {
    static const char *one[1], *hole[2], *wrong[1], *long_one[1];
    one[0] = hole[0] = public_key;
    hole[1] = NULL;
    wrong[0] = "\xff";
    long_one[0] = large;
    const char *const *const all[] = {NULL, one, NULL, hole, wrong, one, long_one};
    return all[n];
}

static inline size_t count_of(size_t n) {
    return ((const size_t[]){0, 1, 3, 2, 1, SIZE_MAX, 1})[n];
}

static char buffer[64];
static inline char *buffer_of(size_t n) { return n == 0 || n == 2 ? NULL : buffer; }
static inline size_t size_of(size_t n) { return ((const size_t[]){0, sizeof buffer, SIZE_MAX, 0, 1})[n]; }
static uint8_t room[MLICENSE_SEED_BYTES];
static inline uint8_t *room_of(size_t n) { return n == 0 ? NULL : room; }
static inline int64_t instant_of(size_t n) {
    return ((const int64_t[]){0, DAY(1), -1, INT64_MAX, INT64_MIN + 1, MLICENSE_NOW})[n];
}
static inline uint64_t number_of(size_t n) { return ((const uint64_t[]){0, 1, 2, UINT64_MAX})[n]; }
static inline bool flag_of(size_t n) { return n == 1; }
static inline void *context_of(size_t n) { return n == 0 ? NULL : &live; }

static inline const mlicense_client_options *options_of(size_t n) {
    static mlicense_client_options options;
    options = (mlicense_client_options){
        .size = sizeof options, .host_facts = FACTS, .host_facts_length = sizeof FACTS - 1};
    switch (n) {
    case 0: return NULL;
    case 1: break;
    case 2: options.size = 0; break;
    case 3: options.size = SIZE_MAX; break;
    case 4: options.state_folder = "\xff"; break;
    case 5: options.state = ""; options.state_length = SIZE_MAX; break;
    case 6: options.host_facts_length = SIZE_MAX / 2; break;
    default: options.clock = own_clock; options.log = own_log; options.entropy = own_entropy; break;
    }
    return &options;
}

static inline const mlicense_order *order_of(size_t n) {
    static mlicense_order order;
    order = (mlicense_order){.size = sizeof order, .actor = "desk", .now = DAY(1)};
    switch (n) {
    case 0: return NULL;
    case 1: break;
    case 2: order.size = 0; break;
    case 3: order.size = SIZE_MAX; break;
    case 4: order.actor = large; break;
    default: order.id = "\xff"; break;
    }
    return &order;
}

#define HANDLES(OF) OF(client) OF(feature) OF(seat) OF(site) OF(ledger) OF(signer) OF(error) OF(text)
#define LIVE(what) \
    static inline mlicense_##what *handle_##what(size_t n) { return n == 0 ? NULL : live.what; }
HANDLES(LIVE)

static inline mlicense_client *open_abused(void) {
    mlicense_client *client = NULL;
    const char *roots[] = {public_key};
    mlicense_client_options options = {.size = sizeof options, .host_facts = FACTS,
        .host_facts_length = sizeof FACTS - 1, .clock = own_clock, .log = own_log,
        .entropy = own_entropy};
    OK(mlicense_client_open("editor", roots, 1, &options, &client, &error));
    OK(mlicense_client_accept(client, license, strlen(license), MLICENSE_NOW, NULL, &error));
    return client;
}

/* Objects to be given up by the call. */
static inline mlicense_client *fresh_client(size_t n) { return n == 0 ? NULL : open_abused(); }
static inline mlicense_feature *fresh_feature(size_t n) {
    mlicense_feature *feature = NULL;
    if (n > 0) OK(mlicense_client_feature(live.client, "export", &feature, &error));
    return feature;
}
static inline mlicense_seat *fresh_seat(size_t n) {
    mlicense_seat *seat = NULL;
    if (n > 0) OK(mlicense_client_capture(live.client, "print", &seat, &error));
    return seat;
}
static inline mlicense_site *fresh_site(size_t n) {
    mlicense_site *site = NULL;
    if (n > 0) OK(mlicense_site_open("seats", live.client, 0, 0, &site, &error));
    return site;
}
static inline mlicense_ledger *fresh_ledger(size_t n) {
    mlicense_ledger *ledger = NULL;
    if (n > 0) OK(mlicense_ledger_open("vendor.mlicense", &ledger, &error));
    return ledger;
}
static inline mlicense_signer *fresh_signer(size_t n) { return n == 0 ? NULL : signer_of(3); }
static inline mlicense_error *fresh_error(size_t n) {
    mlicense_error *fault = NULL;
    if (n > 0) (void)!mlicense_calculate(NULL, 1, &text, &fault);
    return fault;
}
static inline mlicense_text *fresh_text(size_t n) {
    mlicense_text *made = NULL;
    if (n > 0) OK(mlicense_code_generate("ACME-5x4", &made, &error));
    return made;
}

/* What a call leaves in a variable of the caller's is a new object, or NULL. */
#define POISON(what) ((mlicense_##what *)(void *)&files)
#define DROP(what, slot) \
    do { \
        if ((slot) != POISON(what)) free_##what(slot); \
    } while (0)
static inline void free_client(mlicense_client *it) { mlicense_client_close(&it); }
static inline void free_feature(mlicense_feature *it) { mlicense_feature_free(it); }
static inline void free_seat(mlicense_seat *it) { mlicense_seat_release(&it); }
static inline void free_site(mlicense_site *it) { mlicense_site_close(&it); }
static inline void free_ledger(mlicense_ledger *it) { mlicense_ledger_close(&it); }
static inline void free_signer(mlicense_signer *it) { mlicense_signer_free(it); }
static inline void free_error(mlicense_error *it) { mlicense_error_free(it); }
static inline void free_text(mlicense_text *it) { mlicense_text_free(it); }

static inline void must(bool holds, const char *what) {
    claims++;
    if (holds) return;
    failures++;
    printf("%s: %s\n", current, what);
}

/* A pointer that a call was to set: NULL after a refusal, and touched in any case. */
#define SET(what, slot, status) \
    must((slot) != POISON(what) && ((status) == MLICENSE_STATUS_OK || (slot) == NULL), \
         "an out-parameter was not set to NULL")
#define TOLD(slot, status) \
    must((slot) != POISON(error) && mlicense_error_number(slot) == (status), \
         "the error is not that of the status")

static inline void prepare(void) {
    large = malloc(MEBIBYTE + 1);
    brackets = malloc(MEBIBYTE + 1);
    if (large == NULL || brackets == NULL) exit(2);
    memset(large, 'a', MEBIBYTE);
    memset(brackets, '[', MEBIBYTE);
    large[MEBIBYTE] = brackets[MEBIBYTE] = 0;
    live.signer = signer_of(1);
    snprintf(public_key, sizeof public_key, "%s", mlicense_signer_public_key(live.signer));
    OK(mlicense_license_issue(live.signer, LICENSE_CLAIMS, strlen(LICENSE_CLAIMS), &text, &error));
    snprintf(license, sizeof license, "%s", take());
    live.client = open_abused();
    OK(mlicense_client_request(live.client, "trial", NULL, 0, DAY(1), &text, &error));
    snprintf(request, sizeof request, "%s", take());
    live.feature = fresh_feature(1);
    live.seat = fresh_seat(1);
    live.site = fresh_site(1);
    live.ledger = vendor_ledger("vendor.mlicense");
    live.error = fresh_error(1);
    live.text = fresh_text(1);
}

/* Every function, with each parameter wrong in every way while the others are right, and while they
 * are nothing, and then with all of them wrong at random. */
static inline int abuse(const abused *functions, size_t count) {
    size_t choice[PARAMETERS_MAX], calls = 0;
    uint32_t random = 1;
    prepare();
    for (size_t f = 0; f < count; f++) {
        const abused *it = &functions[f];
        current = it->name;
        puts(current);
        fflush(stdout);
        for (size_t others = 0; others < 2; others++) {
            /* Where a call tells what it did, it is asked in any case. */
            for (size_t i = 0; i < PARAMETERS_MAX; i++)
                choice[i] = others || (i < it->parameters && it->sorts[i] == OUT);
            it->call(choice);
            for (size_t at = 0; at < it->parameters; at++) {
                for (size_t n = 0; n < pools[it->sorts[at]]; n++, calls++) {
                    choice[at] = n;
                    it->call(choice);
                }
                choice[at] = others || it->sorts[at] == OUT;
            }
        }
        for (int round = 0; round < RANDOM_ROUNDS; round++, calls++) {
            for (size_t i = 0; i < it->parameters; i++) {
                random = random * 1664525 + 1013904223;
                choice[i] = (random >> 8) % pools[it->sorts[i]];
            }
            it->call(choice);
        }
    }
    current = "at the end";
    must(mlicense_client_check(live.client, "export") == MLICENSE_OUTCOME_LICENSED,
         "the client still answers");
    OK(mlicense_ledger_verify(live.ledger, &text, &error));
#define FREE(what) free_##what(live.what);
    HANDLES(FREE)
    free(large);
    free(brackets);
    printf("%zu functions, %zu calls\n", count, calls);
    return leave("abuse");
}

#endif
