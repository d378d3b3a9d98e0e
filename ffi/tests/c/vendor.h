/* A vendor with a ledger, and one of its customers, for tests of both sides. */
#ifndef VENDOR_H
#define VENDOR_H

#include <stdarg.h>

#include "check.h"

/* 2026-03-01T00:00:00Z, and so many days later. */
#define DAY(days) (INT64_C(1772323200) + INT64_C(86400) * (days))
#define ACTOR "{\"role\": \"vendor\", \"id\": \"desk\"}"
#define FACTS "{\"class\": \"bare_metal\", \"facts\": [" \
    "{\"kind\": \"dmi_uuid\", \"value\": \"4c4c4544-0042-3510\"}," \
    "{\"kind\": \"board_serial\", \"value\": \"PF0ABCDE\"}," \
    "{\"kind\": \"disk_serial\", \"value\": \"S4EVNX0R\"}]}"

static char envelope[16 * 1024];

/* Writes an envelope; `id` may be "" for none. */
static inline size_t write_envelope(const char *id, const char *body, ...) {
    va_list arguments;
    int head = snprintf(envelope, sizeof envelope, "{%s\"actor\": " ACTOR ", \"body\": ", id);
    va_start(arguments, body);
    int length = vsnprintf(envelope + head, sizeof envelope - (size_t)head - 2, body, arguments);
    va_end(arguments);
    strcat(envelope, "}");
    return (size_t)(head + length) + 1;
}

static inline void execute(const mlicense_ledger *ledger, int64_t now, size_t length) {
    OK(mlicense_ledger_execute(ledger, envelope, length, now, &text, &error));
    CHECK_CONTAINS(take(), "\"events\":[{");
}

/* A ledger with a root key of seed 1, a daily key of seed 2 and the product `vms`, whose licences
 * are for cameras. */
static inline mlicense_ledger *vendor_ledger(const char *path) {
    static char json[1024];
    mlicense_ledger *ledger = NULL;
    mlicense_signer *root = signer_of(1), *daily = signer_of(2);
    OK(mlicense_ledger_create(path, &ledger, &error));
    execute(ledger, DAY(0), write_envelope("",
        "{\"establish_vendor\": {\"vendor\": \"example\", \"roots\": [\"%s\"]}}",
        mlicense_signer_public_key(root)));
    snprintf(json, sizeof json, "{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\","
        " \"keys\": [{\"key\": \"%s\", \"valid_from\": \"2026-03-01T00:00:00Z\"}]}",
        mlicense_signer_public_key(daily));
    OK(mlicense_key_ring_issue(root, json, strlen(json), &text, &error));
    execute(ledger, DAY(0),
        write_envelope("", "{\"publish_key_ring\": {\"document\": \"%s\"}}", take()));
    execute(ledger, DAY(0), write_envelope("", "{\"define_product\": {\"product\": \"vms\","
        " \"definition\": {\"name\": \"VMS\", \"license_types\": [\"camera\"]},"
        " \"policy\": {\"subscription\": {}}}}"));
    execute(ledger, DAY(0), write_envelope("",
        "{\"register_customer\": {\"customer\": \"c1\", \"zone\": \"Europe/Paris\"}}"));
    mlicense_signer_free(daily);
    mlicense_signer_free(root);
    return ledger;
}

/* A client of `product` that trusts the key of seed 1, on a host of its own. */
static inline mlicense_client *open_client(const char *product, const char *state_folder) {
    mlicense_client_options options = {.size = sizeof options, .state_folder = state_folder,
        .host_facts = FACTS, .host_facts_length = sizeof FACTS - 1};
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    mlicense_client *client = NULL;
    OK(mlicense_client_open(product, roots, 1, &options, &client, &error));
    mlicense_signer_free(root);
    return client;
}

/* The request of a system with 10 cameras. */
static inline void write_request(mlicense_client *client, int64_t now, char *request, size_t size) {
    static const char fields[] =
        "{\"system\": \"s1\", \"customer\": \"c1\", \"devices\": {\"camera\": 10}}";
    OK(mlicense_client_request(client, "system", fields, strlen(fields), now, &text, &error));
    snprintf(request, size, "%s", take());
}

#endif
