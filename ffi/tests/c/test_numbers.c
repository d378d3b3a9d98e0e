/* From a registration to another host: number, trial, coupon, 1051 elsewhere, freed, bound there. */
#include "vendor.h"

static mlicense_ledger *ledger;
static mlicense_signer *daily;
static char number[64];

/* A client of `journal` on the host whose board has this serial number. */
static mlicense_client *host(const char *board) {
    char facts[256];
    int length = snprintf(facts, sizeof facts, "{\"class\": \"vm\", \"facts\": ["
        "{\"kind\": \"dmi_uuid\", \"value\": \"4c4c4544-%s\"}]}", board);
    mlicense_client_options options = {.size = sizeof options, .host_facts = facts,
        .host_facts_length = (size_t)length, .number_format = "JRNL-5x4"};
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    mlicense_client *client = NULL;
    OK(mlicense_client_open("journal", roots, 1, &options, &client, &error));
    mlicense_signer_free(root);
    return client;
}

static mlicense_status answer(const char *request) {
    return mlicense_ledger_answer(ledger, NULL, ACTOR, request, strlen(request), daily, DAY(0),
                                  &text, &error);
}

/* Carries a request to the vendor and its answer back, and gives what came of it. */
static const char *exchange(mlicense_client *client, const char *kind, const char *fields) {
    static char carried[16 * 1024];
    OK(mlicense_client_request(client, kind, fields, strlen(fields), DAY(0), &text, &error));
    snprintf(carried, sizeof carried, "%s", take());
    OK(answer(carried));
    snprintf(carried, sizeof carried, "%s", take());
    OK(mlicense_client_accept(client, carried, strlen(carried), DAY(0), &text, &error));
    return take();
}

static void set_up(void) {
    ledger = vendor_ledger("numbers.mlicense");
    daily = signer_of(2);
    mlicense_signer *root = signer_of(1);
    execute(ledger, DAY(0), write_envelope("",
        "{\"establish_vendor\": {\"vendor\": \"example\", \"roots\": [\"%s\"],"
        " \"number_format\": \"JRNL-5x4\"}}", mlicense_signer_public_key(root)));
    mlicense_signer_free(root);
    execute(ledger, DAY(0), write_envelope("", "{\"define_product\": {\"product\": \"journal\","
        " \"definition\": {\"name\": \"Journal\", \"license_types\": [\"base\"]},"
        " \"policy\": {\"host_bound\": {}}}}"));
    execute(ledger, DAY(0), write_envelope("", "{\"issue_keys\": {\"batch\": \"b1\","
        " \"product\": \"journal\", \"contents\": [{\"license_type\": \"base\", \"kind\": \"host\","
        " \"quantity\": 1}], \"keys\": [\"coupon-1\"]}}"));
}

int main(void) {
    set_up();
    mlicense_client *first = host("first"), *second = host("second");
    CHECK_CONTAINS(exchange(first, "register", "{\"owner\": {\"email\": \"post@acme.example\","
        " \"company\": \"Acme\", \"contact\": \"C. Ontact\", \"zone\": \"Europe/Moscow\"}}"),
        "\"answered\":\"register\"");
    OK(mlicense_client_number(first, 1, &text, &error));
    snprintf(number, sizeof number, "%s", take());
    CHECK(strlen(number) == 28);
    CHECK(mlicense_client_check_at(first, "base", DAY(29)) == MLICENSE_OUTCOME_LICENSED);
    CHECK(!mlicense_client_check_at(first, "base", DAY(31)));

    OK(mlicense_client_request(first, "trial", "", 0, DAY(0), &text, &error));
    static char request[16 * 1024];
    snprintf(request, sizeof request, "%s", take());
    NO_TEXT(TRIAL_ALREADY_USED, "2026-03-31", answer(request));
    CHECK_CONTAINS(exchange(first, "coupon", "{\"code\": \"COUPON-1\"}"), "\"answered\":\"coupon\"");
    CHECK(mlicense_client_check_at(first, "base", DAY(0)) == MLICENSE_OUTCOME_LICENSED);

    OK(mlicense_client_enter_number(second, number, DAY(0), &text, &error));
    snprintf(request, sizeof request, "%s", take());
    OK(answer(request));
    snprintf(request, sizeof request, "%s", take());
    OK(mlicense_client_accept(second, request, strlen(request), DAY(0), &text, &error));
    CHECK_CONTAINS(take(), "\"refusal\":{\"number\":1051,\"name\":\"NO_FREE_LICENSE\"}");
    CHECK(!mlicense_client_check_at(second, "base", DAY(0)));

    const char query[] = "{\"login\": {\"login\": \"coupon-1\"}}";
    char customer[128];
    OK(mlicense_ledger_query(ledger, query, strlen(query), DAY(0), &text, &error));
    CHECK(sscanf(take(), "{\"login\":\"%127[^\"]\"}", customer) == 1);
    execute(ledger, DAY(0), write_envelope("", "{\"free_hosts\": {\"customer\": \"%s\","
        " \"product\": \"journal\", \"reason\": \"moved\"}}", customer));
    CHECK_CONTAINS(exchange(second, "refresh", ""), "\"answered\":\"refresh\"");
    CHECK(mlicense_client_check_at(second, "base", DAY(0)) == MLICENSE_OUTCOME_LICENSED);
    CHECK_CONTAINS(exchange(first, "refresh", ""), "NO_FREE_LICENSE");
    CHECK(!mlicense_client_check_at(first, "base", DAY(0)));

    mlicense_client_close(&first);
    mlicense_client_close(&second);
    mlicense_signer_free(daily);
    mlicense_ledger_close(&ledger);
    return leave("numbers");
}
