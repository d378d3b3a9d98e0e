/* Several threads on one client and one ledger. */
#include <pthread.h>

#include "vendor.h"

enum { READERS = 4, ROUNDS = 500, WRITES = 25 };

static mlicense_client *client;
static mlicense_ledger *ledger;

/* Counts the answers that are wrong. */
static void *ask(void *wrong) {
    static const char query[] = "{\"overview\": {\"customer\": \"c1\"}}";
    for (int round = 0; round < ROUNDS; round++) {
        char why[128];
        mlicense_text *view = NULL;
        *(int *)wrong += !mlicense_client_check_at(client, "vms", DAY(1));
        *(int *)wrong += mlicense_client_check_at(client, "export", DAY(1)) != 0;
        *(int *)wrong += mlicense_client_why(client, "vms", DAY(1), "ja", why, sizeof why) == 0;
        if (round % 50 == 0)
            *(int *)wrong +=
                mlicense_ledger_query(ledger, query, strlen(query), DAY(0), &view, NULL) != 0;
        mlicense_text_free(view);
    }
    return NULL;
}

int main(void) {
    static const char claims_json[] =
        "{\"aud\": \"vms\", \"kind\": \"perpetual\", \"iat\": 1772323200,"
        " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";
    pthread_t readers[READERS];
    int wrong[READERS] = {0};
    char license[2048], request[8192];
    mlicense_signer *root = signer_of(1);
    ledger = vendor_ledger("vendor.mlicense");
    client = open_client("vms", "state");
    OK(mlicense_license_issue(root, claims_json, strlen(claims_json), &text, &error));
    snprintf(license, sizeof license, "%s", take());
    OK(mlicense_client_accept(client, license, strlen(license), DAY(0), NULL, &error));

    for (int i = 0; i < READERS; i++)
        CHECK(pthread_create(&readers[i], NULL, ask, &wrong[i]) == 0);
    for (int i = 0; i < WRITES; i++) {
        OK(mlicense_client_accept(client, license, strlen(license), DAY(0), NULL, &error));
        write_request(client, DAY(0), request, sizeof request);
        execute(ledger, DAY(0), write_envelope("",
            "{\"register_customer\": {\"customer\": \"n%d\", \"zone\": \"UTC\"}}", i));
    }
    for (int i = 0; i < READERS; i++) {
        CHECK(pthread_join(readers[i], NULL) == 0);
        CHECK(wrong[i] == 0);
    }
    mlicense_signer_free(root);
    mlicense_client_close(&client);
    mlicense_ledger_close(&ledger);
    return leave("threads");
}
