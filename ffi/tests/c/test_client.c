/* The customer's side: checks, documents, requests. */
#include "json.h"
#include "vendor.h"

#define NO_CLIENT(name, part, call) \
    (client = (mlicense_client *)&claims, REFUSED(name, part, call), CHECK(client == NULL))

/* A licence for a year from 2026-03-01 with the feature `export`. */
static size_t sign_license(unsigned char seed, const char *product, const char *more, char *document,
                           size_t size) {
    char json[1024];
    mlicense_signer *signer = signer_of(seed);
    snprintf(json, sizeof json, "{\"aud\": \"%s\", \"kind\": \"subscription\", \"iat\": 1772323200,"
        " \"jti\": \"L-7\", \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200},"
        " \"until\": {\"day\": \"2027-03-01\", \"at\": 1803859200}}, \"features\": {\"export\": {}}%s}",
        product, more);
    OK(mlicense_license_issue(signer, json, strlen(json), &text, &error));
    snprintf(document, size, "%s", take());
    mlicense_signer_free(signer);
    return strlen(document);
}

static mlicense_status accept(mlicense_client *client, const char *document, size_t length) {
    return mlicense_client_accept(client, document, length, DAY(0), &text, &error);
}

static const char *why(const mlicense_client *client, const char *feature, int64_t now) {
    static char sentence[512];
    CHECK(mlicense_client_why(client, feature, now, "en", sentence, sizeof sentence) ==
          strlen(sentence));
    return sentence;
}

static void opening(void) {
    mlicense_signer *root = signer_of(1);
    const char *keys[65];
    mlicense_client *client = NULL;
    mlicense_client_options options = {.size = sizeof options};
#define OPEN(product, keys, count) \
    mlicense_client_open(product, keys, count, &options, &client, &error)
    for (size_t i = 0; i < 65; i++) keys[i] = mlicense_signer_public_key(root);
    OK(mlicense_client_open("editor", keys, 1, NULL, &client, &error));
    CHECK(strlen(mlicense_client_installation(client)) == 43);
    mlicense_client_close(&client);
    CHECK(client == NULL);
    OK(OPEN("editor", keys, 64));
    mlicense_client_close(&client);
    mlicense_client_close(&client);
    mlicense_client_close(NULL);
    CHECK_TEXT(mlicense_client_installation(NULL), "");

    NO_CLIENT(FIELD_INVALID, "65", OPEN("editor", keys, 65));
    NO_CLIENT(FIELD_INVALID, "root key", OPEN("editor", keys, 0));
    NO_CLIENT(FIELD_INVALID, "product", OPEN("two words", keys, 1));
    NO_CLIENT(FIELD_INVALID, "product", OPEN("", keys, 1));
    NO_CLIENT(NOT_UTF8, "product", OPEN("\xff", keys, 1));
    NO_CLIENT(NULL_ARGUMENT, "product", OPEN(NULL, keys, 1));
    NO_CLIENT(NULL_ARGUMENT, "root_keys", OPEN("editor", NULL, 1));
    REFUSED(NULL_ARGUMENT, "client", mlicense_client_open("editor", keys, 1, NULL, NULL, &error));
    keys[1] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    NO_CLIENT(KEY_WEAK, "order", OPEN("editor", keys, 2));
    keys[1] = NULL;
    NO_CLIENT(NULL_ARGUMENT, "root_keys", OPEN("editor", keys, 2));

    options.size = 7;
    NO_CLIENT(FIELD_INVALID, "`7`", OPEN("editor", keys, 1));
    options.size = sizeof options;
    options.host_facts = "{\"class\": \"toaster\", \"facts\": []}";
    options.host_facts_length = strlen(options.host_facts);
    NO_CLIENT(JSON_INVALID, "host facts", OPEN("editor", keys, 1));
    options.host_facts_length = 65537;
    NO_CLIENT(INPUT_TOO_LARGE, "host_facts", OPEN("editor", keys, 1));
    options.host_facts_length = 0;
    NO_CLIENT(JSON_INVALID, "host facts", OPEN("editor", keys, 1));
    options.host_facts = NULL;
    options.declared_id = "localhost";
    NO_CLIENT(FIELD_INVALID, "declared_id", OPEN("editor", keys, 1));
    options.declared_id = "pbx-paris-1";
    OK(OPEN("editor", keys, 1));
    mlicense_client_close(&client);
    options.state_folder = "\xff";
    NO_CLIENT(NOT_UTF8, "state_folder", OPEN("editor", keys, 1));
    FILE *file = fopen("in-the-way", "w");
    fclose(file);
    options.state_folder = "in-the-way";
    REFUSED(STORE_UNAVAILABLE, "in-the-way", OPEN("editor", keys, 1));
#undef OPEN
    mlicense_signer_free(root);
}

static void checks(void) {
    char document[4096];
    mlicense_client *client = open_client("editor", NULL);
    CHECK(mlicense_client_check_at(client, "editor", DAY(0)) == MLICENSE_OUTCOME_DENIED);
    size_t length = sign_license(1, "editor", ", \"grace\": {"
        "\"from\": {\"day\": \"2027-03-01\", \"at\": 1803859200},"
        "\"until\": {\"day\": \"2027-03-31\", \"at\": 1806451200}}", document, sizeof document);
    OK(accept(client, document, length));
    CHECK_TEXT(take(), "{\"document\":\"mlicense-license+jwt\",\"changed\":true}");
    OK(accept(client, document, length));
    CHECK_CONTAINS(take(), "\"changed\":false");

    CHECK(mlicense_client_check_at(client, "export", DAY(0)) == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_client_check_at(client, "editor", DAY(365) - 1) == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_client_check_at(client, "editor", DAY(365)) == MLICENSE_OUTCOME_GRACE);
    CHECK(mlicense_client_check_at(client, "editor", DAY(395) - 1) == MLICENSE_OUTCOME_GRACE);
    CHECK(mlicense_client_check_at(client, "editor", DAY(395)) == MLICENSE_OUTCOME_DENIED);
    /* The clock set back to before the licence was signed counts as that moment. */
    CHECK(mlicense_client_check_at(client, "editor", DAY(-1)) == MLICENSE_OUTCOME_LICENSED);

    CHECK(!mlicense_client_check_at(client, "import", DAY(0)));
    CHECK(!mlicense_client_check_at(client, "", DAY(0)));
    CHECK(!mlicense_client_check_at(client, "EXPORT", DAY(0)));
    CHECK(!mlicense_client_check_at(client, "export\xff", DAY(0)));
    CHECK(!mlicense_client_check_at(client, NULL, DAY(0)));
    CHECK(!mlicense_client_check_at(NULL, "export", DAY(0)));
    CHECK(!mlicense_client_check_at(client, "export", -1));
    CHECK(!mlicense_client_check_at(client, "export", INT64_MAX));
    CHECK(!mlicense_client_check(client, NULL));
    CHECK(!mlicense_client_check(NULL, "export"));
    static char large[64 * 1024 + 2];
    memset(large, 'x', sizeof large - 1);
    CHECK(!mlicense_client_check_at(client, large, DAY(0)));

    CHECK_TEXT(why(client, "export", DAY(395)), "`export` may not run: the last licensed day was 2027-02-28");
    CHECK_CONTAINS(why(NULL, "export", DAY(0)), "client is NULL");
    CHECK_CONTAINS(why(client, NULL, DAY(0)), "feature is NULL");
    CHECK_CONTAINS(why(client, "\xff", DAY(0)), "not UTF-8");
    CHECK_CONTAINS(why(client, "export", -1), "not an instant");
    char part[11];
    memset(part, 'x', sizeof part);
    size_t whole = mlicense_client_why(client, "export", DAY(0), "ru", NULL, 0);
    CHECK(mlicense_client_why(client, "export", DAY(0), "ru", part, sizeof part) == whole);
    /* 9 bytes and one of a Cyrillic letter of two would fit. */
    CHECK_TEXT(part, "`export` ");
    CHECK(mlicense_client_why(client, "export", DAY(0), "ru", part, 0) == whole);
    CHECK(mlicense_client_why(client, "export", DAY(0), "ru", NULL, 9) == whole);

    OK(mlicense_client_explain(client, "import", DAY(0), "fr", &text, &error));
    const char *explanation = take();
    CHECK_CONTAINS(explanation, "\"outcome\":\"denied\"");
    CHECK_CONTAINS(explanation, "FEATURE_INCLUDED");
    CHECK_CONTAINS(explanation, "ne peut pas");
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_explain(NULL, "export", DAY(0), "en", &text, &error));
    NO_TEXT(NULL_ARGUMENT, "feature", mlicense_client_explain(client, NULL, DAY(0), "en", &text, &error));
    NO_TEXT(NOT_UTF8, "feature", mlicense_client_explain(client, "\xff", DAY(0), "en", &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "feature", mlicense_client_explain(client, large, DAY(0), "en", &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_client_explain(client, "export", -1, "en", &text, &error));
    REFUSED(NULL_ARGUMENT, "explanation", mlicense_client_explain(client, "export", DAY(0), NULL, NULL, &error));

    OK(mlicense_client_licenses(client, &text, &error));
    CHECK_CONTAINS(mlicense_text_data(text), "\"jti\":\"L-7\"");
    CHECK_CONTAINS(take(), "\"notices\":[]");
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_licenses(NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "licenses", mlicense_client_licenses(client, NULL, &error));

    mlicense_client_close(&client);
    CHECK(!mlicense_client_check_at(client, "export", DAY(0)));
}

static void s_mk_66_s_mk_67_a_lost_licence_switches_off_for_as_long_and_the_user_for_good(void) {
    char document[4096];
    mlicense_client *client = open_client("editor", NULL);
    size_t length = sign_license(1, "editor", "", document, sizeof document);
    uint32_t export = 0, print = MLICENSE_SWITCH_ON, closed = MLICENSE_SWITCH_ON;
    for (int round = 0; round < 2; round++) {
        export = mlicense_switch_after(export, mlicense_client_check_at(client, "export", DAY(0)));
        CHECK(export == MLICENSE_SWITCH_DISABLED_BY_LICENSE);
    }
    OK(accept(client, document, length));
    mlicense_text_free(text);
    export = mlicense_switch_after(export, mlicense_client_check_at(client, "export", DAY(0)));
    CHECK(export == MLICENSE_SWITCH_ON);
    export = mlicense_switch_after(export, mlicense_client_check_at(client, "export", DAY(365)));
    CHECK(export == MLICENSE_SWITCH_DISABLED_BY_LICENSE);
    /* The user's own, of this version or another. */
    for (uint32_t off = MLICENSE_SWITCH_DISABLED_BY_USER; off < 5; off++) {
        print = mlicense_switch_after(off, mlicense_client_check_at(client, "export", DAY(365)));
        print = mlicense_switch_after(print, mlicense_client_check_at(client, "export", DAY(0)));
        CHECK(print == MLICENSE_SWITCH_DISABLED_BY_USER);
    }
    CHECK(mlicense_switch_after(MLICENSE_SWITCH_ON, MLICENSE_OUTCOME_GRACE) == MLICENSE_SWITCH_ON);
    mlicense_client_close(&client);
    closed = mlicense_switch_after(closed, mlicense_client_check_at(client, "export", DAY(0)));
    CHECK(closed == MLICENSE_SWITCH_DISABLED_BY_LICENSE);
    /* What no check returns allows nothing. */
    CHECK(mlicense_switch_after(MLICENSE_SWITCH_ON, 4) == MLICENSE_SWITCH_DISABLED_BY_LICENSE);
}

static void documents(void) {
    char document[4096];
    mlicense_client *client = open_client("editor", NULL);
    size_t length = sign_license(1, "viewer", "", document, sizeof document);
    NO_TEXT(OTHER_PRODUCT, "viewer", accept(client, document, length));
    length = sign_license(2, "editor", "", document, sizeof document);
    NO_TEXT(KEY_NOT_TRUSTED, "", accept(client, document, length));
    length = sign_license(1, "editor",
        ", \"installation\": \"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"", document, sizeof document);
    NO_TEXT(OTHER_INSTALLATION, "", accept(client, document, length));
    length = sign_license(1, "editor", "", document, sizeof document);
    REFUSED(ISSUED_IN_FUTURE, "301", mlicense_client_accept(client, document, length, DAY(0) - 301,
        NULL, &error));
    for (size_t cut = 0; cut < length; cut++)
        CHECK(mlicense_client_accept(client, document, cut, DAY(0), NULL, NULL) != 0);
    NO_TEXT(DOCUMENT_MALFORMED, "", accept(client, document, length / 2));
    NO_TEXT(DOCUMENT_MALFORMED, "", accept(client, "", 0));
    NO_TEXT(DOCUMENT_MALFORMED, "", accept(client, NULL, 0));
    NO_TEXT(INPUT_TOO_LARGE, "65537", accept(client, document, 65537));
    NO_TEXT(NULL_ARGUMENT, "document", accept(client, NULL, 9));
    NO_TEXT(NULL_ARGUMENT, "client", accept(NULL, document, length));
    NO_TEXT(INSTANT_INVALID, "", mlicense_client_accept(client, document, length, -1, &text, &error));
    document[length - 2] = document[length - 2] == 'A' ? 'B' : 'A';
    NO_TEXT(SIGNATURE_INVALID, "", accept(client, document, length));
    document[0] = '\xff';
    NO_TEXT(DOCUMENT_MALFORMED, "", accept(client, document, length));
    CHECK(!mlicense_client_check_at(client, "editor", DAY(0)));
    mlicense_client_close(&client);
}

static void requests(void) {
    static const char *const plain[] = {"trial", "refresh", "rebind", "release"};
    mlicense_client *client = open_client("editor", NULL);
#define REQUEST(kind, json) \
    mlicense_client_request(client, kind, json, sizeof json - 1, DAY(0), &text, &error)
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        OK(mlicense_client_request(client, plain[i], NULL, 0, MLICENSE_NOW, &text, &error));
        CHECK(strchr(take(), '.') != NULL);
    }
    OK(REQUEST("coupon", "{\"code\": \"ACME-1\"}"));
    (void)take();
    OK(REQUEST("number", "{\"number\": \"ACME-1\"}"));
    (void)take();
    OK(REQUEST("recover", "{\"owner\": {\"email\": \"ann@example.com\"}}"));
    (void)take();
    OK(REQUEST("register", "{\"owner\": {\"email\": \"ann@example.com\", \"company\": \"Example\","
        " \"contact\": \"Ann\", \"zone\": \"Europe/Paris\"}}"));
    (void)take();
    NO_TEXT(CLAIMS_CONTRADICTORY, "code", REQUEST("coupon", "{}"));
    NO_TEXT(CLAIMS_CONTRADICTORY, "number", REQUEST("number", "{}"));
    NO_TEXT(CLAIMS_CONTRADICTORY, "owner", REQUEST("register", "{}"));
    NO_TEXT(CLAIMS_CONTRADICTORY, "owner", REQUEST("recover", "{}"));
    NO_TEXT(CLAIMS_CONTRADICTORY, "system", REQUEST("system", "{}"));
    NO_TEXT(FIELD_INVALID, "`wish`", REQUEST("wish", "{}"));
    NO_TEXT(FIELD_INVALID, "``", REQUEST("", "{}"));
    NO_TEXT(JSON_INVALID, "devcies", REQUEST("trial", "{\"devcies\": {}}"));
    NO_TEXT(JSON_INVALID, "", REQUEST("trial", "{"));
    NO_TEXT(NOT_UTF8, "request", REQUEST("trial", "\xff"));
    NO_TEXT(NOT_UTF8, "kind", REQUEST("\xff", "{}"));
    NO_TEXT(NULL_ARGUMENT, "kind", REQUEST(NULL, "{}"));
    NO_TEXT(NULL_ARGUMENT, "fields", mlicense_client_request(client, "trial", NULL, 2, DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_request(NULL, "trial", "{}", 2, DAY(0), &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_client_request(client, "trial", "{}", 65537, DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_client_request(client, "trial", "{}", 2, -1, &text, &error));
    REFUSED(NULL_ARGUMENT, "request", mlicense_client_request(client, "trial", "{}", 2, DAY(0), NULL, &error));
#undef REQUEST
    mlicense_client_close(&client);
}

/* A state that was overwritten is set aside once, and the next opening starts afresh. */
static void damage(void) {
    mlicense_client_options options = {.size = sizeof options, .state_folder = "damaged"};
    mlicense_signer *root = signer_of(1);
    const char *keys[] = {mlicense_signer_public_key(root)};
    mlicense_client *client = open_client("editor", "damaged");
    mlicense_client_close(&client);
    FILE *file = fopen("damaged/mlicense-editor.state", "w");
    fputs("not what was written", file);
    fclose(file);
    NO_CLIENT(STORE_CORRUPT, "set aside",
              mlicense_client_open("editor", keys, 1, &options, &client, &error));
    OK(mlicense_client_open("editor", keys, 1, &options, &client, &error));
    mlicense_client_close(&client);
    mlicense_signer_free(root);
}

/* Request, answer, accept, ask: with the ledger in between, and the state in a folder. */
static void exchange(void) {
    char request[8192], answer[16384], installation[64];
    /* Paths are UTF-8, on Windows too. */
    static const char folder[] = "\xd0\xb3\xd0\xb4\xd0\xb5";
    mlicense_ledger *ledger = vendor_ledger("vendor.mlicense");
    mlicense_signer *daily = signer_of(2);
    mlicense_client *client = open_client("vms", folder);
    write_request(client, DAY(0), request, sizeof request);
    size_t length = strlen(request);
#define ANSWER(day) \
    OK(mlicense_ledger_answer(ledger, "c1", ACTOR, request, length, daily, DAY(day), &text, &error)); \
    snprintf(answer, sizeof answer, "%s", take())
    ANSWER(0);
    OK(accept(client, answer, strlen(answer)));
    CHECK_CONTAINS(take(), "\"refusal\":{\"number\":10700,\"name\":\"NOT_LICENSED\"}");
    CHECK(!mlicense_client_check_at(client, "vms", DAY(0)));

    execute(ledger, DAY(0), write_envelope("",
        "{\"start_subscription\": {\"customer\": \"c1\", \"product\": \"vms\"}}"));
    ANSWER(0);
    OK(accept(client, answer, strlen(answer)));
    CHECK_TEXT(take(),
               "{\"document\":\"mlicense-answer+jwt\",\"changed\":true,\"answered\":\"system\"}");
    CHECK(mlicense_client_check_at(client, "vms", DAY(10)) == MLICENSE_OUTCOME_GRACE);
    CHECK(!mlicense_client_check_at(client, "vms", DAY(31)));

    execute(ledger, DAY(1), write_envelope("", "{\"issue_keys\": {\"batch\": \"b1\","
        " \"product\": \"vms\", \"contents\": [{\"license_type\": \"camera\", \"quantity\": 12}],"
        " \"keys\": [\"8412-77-KQ\"]}}"));
    execute(ledger, DAY(1), write_envelope("", "{\"redeem_key\": {\"customer\": \"c1\","
        " \"product\": \"vms\", \"key\": \" 8412-77-kq \"}}"));
    execute(ledger, DAY(1), write_envelope("", "{\"allocate\": {\"customer\": \"c1\","
        " \"product\": \"vms\", \"quantities\": {\"camera\": 10}}}"));
    ANSWER(1);
    OK(mlicense_client_accept(client, answer, strlen(answer), DAY(1), NULL, &error));
    CHECK(mlicense_client_check_at(client, "vms", DAY(200)) == MLICENSE_OUTCOME_LICENSED);

    /* Another installation, even on the same host, awaits no such answer. */
    mlicense_client *other = open_client("vms", "elsewhere");
    NO_TEXT(OTHER_INSTALLATION, "", accept(other, answer, strlen(answer)));
    mlicense_client_close(&other);

    snprintf(installation, sizeof installation, "%s", mlicense_client_installation(client));
    mlicense_client_close(&client);
    client = open_client("vms", folder);
    CHECK_TEXT(mlicense_client_installation(client), installation);
    CHECK(mlicense_client_check_at(client, "vms", DAY(200)) == MLICENSE_OUTCOME_LICENSED);
    mlicense_client_close(&client);
    mlicense_signer_free(daily);
    mlicense_ledger_close(&ledger);
#undef ANSWER
}

/* Documents straight from a file. */
static void files(void) {
    static char document[64 * 1024 + 1];
    mlicense_client *client = open_client("editor", NULL);
    size_t length = sign_license(1, "editor", "", document, sizeof document);
#define WRITE(size) do { \
        FILE *file = fopen("editor.license", "wb"); \
        CHECK(file != NULL && fwrite(document, 1, (size), file) == (size_t)(size)); \
        if (file != NULL) fclose(file); \
    } while (0)
#define ACCEPT(path) mlicense_client_accept_file(client, (path), DAY(0), &text, &error)
    WRITE(length / 2);
    NO_TEXT(DOCUMENT_MALFORMED, "", ACCEPT("editor.license"));
    WRITE(length);
    OK(ACCEPT("editor.license"));
    CHECK_CONTAINS(take(), "\"changed\":true");
    CHECK(mlicense_client_check_at(client, "editor", DAY(0)) == MLICENSE_OUTCOME_LICENSED);
    WRITE(sizeof document);
    NO_TEXT(INPUT_TOO_LARGE, "65537", ACCEPT("editor.license"));
    NO_TEXT(STORE_UNAVAILABLE, "missing.license", ACCEPT("missing.license"));
    NO_TEXT(NULL_ARGUMENT, "path", ACCEPT(NULL));
    NO_TEXT(NOT_UTF8, "", ACCEPT("\xff"));
#undef ACCEPT
#undef WRITE
    mlicense_client_close(&client);
}

int main(void) {
    opening();
    checks();
    s_mk_66_s_mk_67_a_lost_licence_switches_off_for_as_long_and_the_user_for_good();
    files();
    documents();
    requests();
    damage();
    exchange();
    return leave("client");
}
