/* What a client needs beside checks: features, the next action, the way out, its state, diagnosis. */
#include "json.h"
#include "vendor.h"

/* A licence for `product` from 2026-03-01 on, without an end, with the feature `export`. */
static void accept_license(mlicense_client *client, const char *product, const char *more) {
    char json[1024];
    mlicense_signer *root = signer_of(1);
    snprintf(json, sizeof json, "{\"aud\": \"%s\", \"kind\": \"perpetual\", \"iat\": 1772323200,"
        " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}},"
        " \"features\": {\"export\": {}}%s}", product, more);
    OK(mlicense_license_issue(root, json, strlen(json), &text, &error));
    mlicense_text *document = text;
    text = NULL;
    OK(mlicense_client_accept(client, mlicense_text_data(document), mlicense_text_length(document),
                              MLICENSE_NOW, NULL, &error));
    mlicense_text_free(document);
    mlicense_signer_free(root);
}

static void features(void) {
    mlicense_client *client = open_client("editor", NULL);
    mlicense_feature *editor = NULL, *export = NULL, *import = NULL, *none = NULL;
    OK(mlicense_client_feature(client, "editor", &editor, &error));
    OK(mlicense_client_feature(client, "export", &export, &error));
    OK(mlicense_client_feature(client, "import", &import, &error));
    CHECK(!mlicense_feature_check(editor) && !mlicense_feature_check(export));

    accept_license(client, "editor", "");
    CHECK(mlicense_feature_check(editor) == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_feature_check(export) == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_feature_check(import) == MLICENSE_OUTCOME_DENIED);
    CHECK(mlicense_client_check(client, "export") == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_client_check(client, "import") == MLICENSE_OUTCOME_DENIED);
    CHECK(!mlicense_feature_check(NULL));

    none = export;
    REFUSED(NULL_ARGUMENT, "name", mlicense_client_feature(client, NULL, &none, &error));
    CHECK(none == NULL);
    REFUSED(NOT_UTF8, "name", mlicense_client_feature(client, "\xff", &none, &error));
    REFUSED(NULL_ARGUMENT, "client", mlicense_client_feature(NULL, "export", &none, &error));
    REFUSED(NULL_ARGUMENT, "feature", mlicense_client_feature(client, "export", NULL, &error));

    /* It outlives its client. */
    mlicense_client_close(&client);
    CHECK(mlicense_feature_check(export) == MLICENSE_OUTCOME_LICENSED);
    mlicense_feature_free(editor);
    mlicense_feature_free(export);
    mlicense_feature_free(import);
    mlicense_feature_free(NULL);
}

static void devices(void) {
    mlicense_client *client = open_client("editor", NULL);
    accept_license(client, "editor", ", \"devices\": [\"camera-1\"]");
    CHECK(mlicense_client_check_device(client, "export", "camera-1") == MLICENSE_OUTCOME_LICENSED);
    CHECK(!mlicense_client_check_device(client, "export", "camera-2"));
    CHECK(!mlicense_client_check_device(client, "export", "two words"));
    CHECK(!mlicense_client_check_device(client, "export", NULL));
    CHECK(!mlicense_client_check_device(client, NULL, "camera-1"));
    CHECK(!mlicense_client_check_device(client, "export", "\xff"));
    CHECK(!mlicense_client_check_device(NULL, "export", "camera-1"));
    mlicense_client_close(&client);
}

static void next_actions(void) {
    mlicense_client *client = open_client("editor", NULL);
    OK(mlicense_client_next_action(client, DAY(0), &text, &error));
    CHECK_TEXT(take(),
        "{\"action\":\"request\",\"at\":\"2026-03-01T00:00:00Z\",\"failures\":0}");
    OK(mlicense_client_request(client, "trial", NULL, 0, DAY(0), &text, &error));
    (void)take();
    OK(mlicense_client_next_action(client, DAY(0), &text, &error));
    CHECK_CONTAINS(take(), "\"failures\":1");
    accept_license(client, "editor", "");
    OK(mlicense_client_next_action(client, MLICENSE_NOW, &text, &error));
    CHECK_CONTAINS(take(), "\"action\":\"nothing\"");
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_next_action(NULL, DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_client_next_action(client, -1, &text, &error));
    REFUSED(NULL_ARGUMENT, "action", mlicense_client_next_action(client, DAY(0), NULL, &error));
    mlicense_client_close(&client);
}

/* What leaves is told in words before it leaves. */
static void releases(void) {
    char request[8192];
    mlicense_client *client = open_client("editor", NULL);
    accept_license(client, "editor", "");
    OK(mlicense_client_deactivate(client, MLICENSE_NOW, &text, &error));
    snprintf(request, sizeof request, "%s", take());
    CHECK(mlicense_client_check(client, "editor") == MLICENSE_OUTCOME_LICENSED);
    OK(mlicense_request_explain(request, strlen(request), "en", &text, &error));
    const char *words = take();
    CHECK_CONTAINS(words, "It gives the licence of `editor` back.\n");
    CHECK_CONTAINS(words, "serial number of the main board");
    CHECK(strstr(words, "PF0ABCDE") == NULL && strstr(words, "pf0abcde") == NULL);
    OK(mlicense_request_explain(request, strlen(request), "ja", &text, &error));
    CHECK_CONTAINS(take(), "返却します");
    const char *told = "{\"label\": \"front desk\", \"group\": \"nodes\"}";
    OK(mlicense_client_request(client, "refresh", told, strlen(told), MLICENSE_NOW, &text, &error));
    snprintf(request, sizeof request, "%s", take());
    OK(mlicense_request_explain(request, strlen(request), "en", &text, &error));
    words = take();
    CHECK_CONTAINS(words, "`front desk`");
    CHECK_CONTAINS(words, "`nodes`");
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_deactivate(NULL, DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_client_deactivate(client, -1, &text, &error));
    REFUSED(NULL_ARGUMENT, "request", mlicense_client_deactivate(client, DAY(0), NULL, &error));
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_request_explain("a.b.c", 5, "en", &text, &error));
    NO_TEXT(NULL_ARGUMENT, "request", mlicense_request_explain(NULL, 5, "en", &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_request_explain(request, 65537, "en", &text, &error));
    REFUSED(NULL_ARGUMENT, "words",
            mlicense_request_explain(request, strlen(request), NULL, NULL, &error));
    mlicense_client_close(&client);
}

static mlicense_status open_with(const mlicense_client_options *options, mlicense_client **client) {
    mlicense_signer *root = signer_of(1);
    const char *keys[] = {mlicense_signer_public_key(root)};
    mlicense_status status = mlicense_client_open("editor", keys, 1, options, client, &error);
    mlicense_signer_free(root);
    return status;
}

static void states(void) {
    static const char nothing[1];
    char installation[64];
    mlicense_client *client = NULL;
    mlicense_client_options options = {.size = sizeof options, .state = nothing};
    OK(open_with(&options, &client));
    snprintf(installation, sizeof installation, "%s", mlicense_client_installation(client));
    accept_license(client, "editor", "");
    OK(mlicense_client_state(client, &text, &error));
    mlicense_client_close(&client);
    mlicense_text *state = text;
    text = NULL;
    options.state = mlicense_text_data(state);
    options.state_length = mlicense_text_length(state);
    OK(open_with(&options, &client));
    CHECK_TEXT(mlicense_client_installation(client), installation);
    CHECK(mlicense_client_check(client, "editor") == MLICENSE_OUTCOME_LICENSED);
    mlicense_client_close(&client);

    options.state_length /= 2;
    REFUSED(STORE_CORRUPT, "the state given", open_with(&options, &client));
    CHECK(client == NULL);
    options.state_length = (size_t)2 * 1024 * 1024 + 1;
    REFUSED(INPUT_TOO_LARGE, "state", open_with(&options, &client));
    options.state_length = 0;
    options.state_folder = "state";
    REFUSED(FIELD_INVALID, "one place", open_with(&options, &client));
    options.state = NULL;
    options.vendor = "example";
    REFUSED(FIELD_INVALID, "one place", open_with(&options, &client));
    options.state_folder = NULL;
    options.vendor = "two words";
    REFUSED(FIELD_INVALID, "two words", open_with(&options, &client));
    options.vendor = NULL;
    options.built_on = "2026-02-30";
    REFUSED(DATE_INVALID, "2026-02-30", open_with(&options, &client));
    options.built_on = NULL;
    options.customer = "two words";
    REFUSED(FIELD_INVALID, "two words", open_with(&options, &client));
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_state(NULL, &text, &error));
    mlicense_text_free(state);

    options.customer = "acme";
    OK(open_with(&options, &client));
    mlicense_signer *root = signer_of(1);
    static const char other[] = "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772323200,"
        " \"sub\": \"other\", \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";
    OK(mlicense_license_issue(root, other, strlen(other), &text, &error));
    mlicense_text *document = text;
    REFUSED(OTHER_CUSTOMER, "acme", mlicense_client_accept(client, mlicense_text_data(document),
        mlicense_text_length(document), DAY(0), NULL, &error));
    mlicense_text_free(document);
    text = NULL;
    mlicense_signer_free(root);
    mlicense_client_close(&client);
}

/* A state that cannot be reached: refused as a rule, a grace for programs that ask for one. */
static void faults(void) {
    mlicense_client *client = NULL;
    mlicense_client_options options = {.size = sizeof options, .state_folder = "blocked/state"};
    FILE *file = fopen("blocked", "w");
    if (file != NULL) fclose(file);
    REFUSED(STORE_UNAVAILABLE, "blocked", open_with(&options, &client));
    options.fault_grace_seconds = 3600;
    OK(open_with(&options, &client));
    CHECK(mlicense_client_check(client, "anything") == MLICENSE_OUTCOME_GRACE);
    char why[256];
    CHECK(mlicense_client_why(client, "anything", MLICENSE_NOW, "en", why, sizeof why) < sizeof why);
    CHECK_CONTAINS(why, "STORE_UNAVAILABLE");
    mlicense_client_close(&client);
}

/* Counts its calls and reaches what begins with `l`. */
static bool probe(void *context, const char *address, char *detail, size_t detail_size) {
    ++*(int *)context;
    CHECK(detail_size == 256);
    if (*address == 'l') {
        snprintf(detail, detail_size, "past the proxy");
        return true;
    }
    snprintf(detail, detail_size, "no route to %s", address);
    return false;
}

static bool mute(void *context, const char *address, char *detail, size_t detail_size) {
    (void)context, (void)address;
    memset(detail, 'x', detail_size);
    return false;
}

static void diagnoses(void) {
    static const char *const addresses[] = {"lic.example.com:443", "cabinet.example.com:443", NULL};
    int calls = 0;
    mlicense_client *client = open_client("editor", NULL);
#define DIAGNOSE(addresses, count, probe, language) \
    mlicense_client_diagnose(client, addresses, count, probe, &calls, language, &text, &error)
    OK(DIAGNOSE(addresses, 2, probe, "en"));
    const char *told = take();
    CHECK(calls == 2);
    CHECK_CONTAINS(told, "{\"part\":\"network\",\"subject\":\"lic.example.com:443\",\"detail\"");
    CHECK_CONTAINS(told, "reached past the proxy");
    CHECK_CONTAINS(told, "\"name\":\"NETWORK\"");
    CHECK_CONTAINS(told, "no route to cabinet.example.com:443");
    OK(DIAGNOSE(addresses, 2, mute, "fr"));
    CHECK_CONTAINS(take(), "xxx");
    OK(DIAGNOSE(NULL, 0, NULL, NULL));
    CHECK(strstr(take(), "network") == NULL);
    NO_TEXT(NULL_ARGUMENT, "probe", DIAGNOSE(addresses, 1, NULL, "en"));
    NO_TEXT(NULL_ARGUMENT, "addresses", DIAGNOSE(addresses, 3, probe, "en"));
    NO_TEXT(NULL_ARGUMENT, "addresses", DIAGNOSE(NULL, 1, probe, "en"));
    NO_TEXT(FIELD_INVALID, "65", DIAGNOSE(addresses, 65, probe, "en"));
#undef DIAGNOSE
    mlicense_client_close(&client);

    mlicense_client_options options = {.size = sizeof options, .state_folder = "blocked/state"};
    OK(mlicense_diagnose("editor", &options, NULL, 0, NULL, NULL, "ru", &text, &error));
    told = take();
    CHECK_CONTAINS(told, "STORE_UNAVAILABLE");
    CHECK_CONTAINS(told, "blocked");
    OK(mlicense_diagnose("editor", NULL, addresses, 1, probe, &calls, NULL, &text, &error));
    (void)take();
    NO_TEXT(NULL_ARGUMENT, "product",
            mlicense_diagnose(NULL, NULL, NULL, 0, NULL, NULL, NULL, &text, &error));
    options.size = 1;
    NO_TEXT(FIELD_INVALID, "options.size",
            mlicense_diagnose("editor", &options, NULL, 0, NULL, NULL, NULL, &text, &error));
}

static void numbers(void) {
    mlicense_client_options options = {.size = sizeof options, .number_format = "ACME-5x4"};
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    mlicense_client *client = NULL;
    OK(mlicense_client_open("editor", roots, 1, &options, &client, &error));
    mlicense_signer_free(root);
    const char *typed = " acme 99999 99999 99999 999uu ";
    OK(mlicense_client_number(client, 1, &text, &error));
    CHECK(mlicense_text_length(text) == 0);
    mlicense_text_free(text);
    text = NULL;
    OK(mlicense_client_enter_number(client, typed, DAY(0), &text, &error));
    CHECK(mlicense_text_length(text) > 100);
    mlicense_text_free(text);
    text = NULL;
    /* Nothing is kept before the vendor has answered. */
    OK(mlicense_client_number(client, 0, &text, &error));
    CHECK(mlicense_text_length(text) == 0);
    mlicense_text_free(text);
    text = NULL;
    OK(mlicense_client_change_number(client, typed, DAY(0), &text, &error));
    mlicense_text_free(text);
    text = NULL;
    NO_TEXT(CODE_MISTYPED, "", mlicense_client_enter_number(
        client, "ACME-99999-99999-99999-999UV", DAY(0), &text, &error));
    NO_TEXT(CODE_INVALID, "", mlicense_client_enter_number(client, "ACME-9", DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_enter_number(NULL, typed, 0, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "typed", mlicense_client_enter_number(client, NULL, 0, &text, &error));
    NO_TEXT(NOT_UTF8, "", mlicense_client_change_number(client, "\xff", 0, &text, &error));
    REFUSED(NULL_ARGUMENT, "request",
            mlicense_client_enter_number(client, typed, DAY(0), NULL, &error));
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_number(NULL, 0, &text, &error));
    REFUSED(CONFIRMATION_NEEDED, "", mlicense_client_remove_number(client, 0, &error));
    OK(mlicense_client_remove_number(client, 1, &error));
    REFUSED(NULL_ARGUMENT, "client", mlicense_client_remove_number(NULL, 1, &error));
    mlicense_client_close(&client);
}

int main(void) {
    features();
    devices();
    numbers();
    next_actions();
    releases();
    states();
    faults();
    diagnoses();
    return leave("upkeep");
}
