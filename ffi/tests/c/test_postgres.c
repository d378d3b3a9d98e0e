/* Ledgers and seats in a PostgreSQL database, to which MLICENSE_TEST_POSTGRES leads. */
#include "json.h"
#include "vendor.h"

static void databases(const char *place) {
    char session[64];
    mlicense_client *client = open_client("editor", NULL);
    mlicense_ledger *ledger = vendor_ledger(place), *other = NULL;
    REFUSED(STORE_EXISTS, "", mlicense_ledger_create(place, &other, &error));
    OK(mlicense_ledger_open(place, &other, &error));
    OK(mlicense_ledger_verify(ledger, &text, &error));
    CHECK_CONTAINS(take(), "\"customer/c1\":\"");

    execute(other, DAY(1), write_envelope("",
        "{\"register_customer\": {\"customer\": \"c2\", \"zone\": \"Asia/Tokyo\"}}"));
    static const char query[] = "{\"overview\": {\"customer\": \"c2\"}}";
    OK(mlicense_ledger_query(ledger, query, strlen(query), DAY(1), &text, &error));
    CHECK_CONTAINS(take(), "Asia/Tokyo");
    REFUSED(STORE_UNAVAILABLE, "", mlicense_ledger_vacuum(ledger, &error));

    /* The same history in a file, by way of an export. */
    OK(mlicense_ledger_export(ledger, "vendor.jsonl", 0, NULL, NULL, &error));
    mlicense_ledger_close(&other);
    OK(mlicense_ledger_import("copy.mlicense", "vendor.jsonl", NULL, NULL, &other, &error));
    OK(mlicense_ledger_verify(other, &text, &error));
    char verified[4096];
    snprintf(verified, sizeof verified, "%s", take());
    OK(mlicense_ledger_verify(ledger, &text, &error));
    CHECK_TEXT(take(), verified);
    mlicense_ledger_close(&other);
    mlicense_ledger_close(&ledger);

    /* Seats beside the history. */
    mlicense_site *site = NULL;
    static const char claims[] = "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772323200,"
        " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}},"
        " \"features\": {\"export\": {\"quantity\": 1}}}";
    mlicense_signer *root = signer_of(1);
    OK(mlicense_license_issue(root, claims, strlen(claims), &text, &error));
    const char *license = take();
    OK(mlicense_client_accept(client, license, strlen(license), MLICENSE_NOW, NULL, &error));
    OK(mlicense_site_open(place, client, 0, 0, &site, &error));
    OK(mlicense_site_capture(site, "export", "desk 1", &text, &error));
    snprintf(session, sizeof session, "%s", take());
    NO_TEXT(NO_FREE_LICENSE, "export", mlicense_site_capture(site, "export", "", &text, &error));
    OK(mlicense_site_release(site, session, NULL, &error));
    mlicense_site_close(&site);
    mlicense_signer_free(root);
    mlicense_client_close(&client);
}

static void databases_refused(void) {
    mlicense_ledger *ledger = NULL;
    /* Another machine without TLS that shows which it is, before anything is sent there. */
    REFUSED(FIELD_INVALID, "sslrootcert",
            mlicense_ledger_open("postgresql://ledger:secret@db.example.com/vendor", &ledger, &error));
    REFUSED(FIELD_INVALID, "connection",
            mlicense_ledger_open("postgresql://localhost/vendor?port=none", &ledger, &error));
    REFUSED(STORE_UNAVAILABLE, "",
            mlicense_ledger_open("postgresql://ledger@%2Fno%2Fsuch%2Ffolder/vendor", &ledger, &error));
    CHECK(ledger == NULL);
}

int main(void) {
    const char *place = getenv("MLICENSE_TEST_POSTGRES");
    databases_refused();
    if (place != NULL) databases(place);
    else puts("PostgreSQL: not installed, only what is refused");
    return leave("postgres");
}
