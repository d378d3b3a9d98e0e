/* What the program does for the library: its clock, log, random bytes and keys, and what its
 * callbacks may not do. */
#include "vendor.h"

/* One program: what its callbacks were asked, and what they use in turn. */
typedef struct program {
    int64_t now;
    int lines[4];
    char last[2048];
    unsigned char random;
    bool dry;
    int asked;
    mlicense_client *client;
    mlicense_feature *feature;
    mlicense_seat *seat;
    bool calls_back;
} program;

static int64_t tell_time(void *context) {
    program *this = context;
    this->asked++;
    if (!this->calls_back) return this->now;
    /* Whatever is called from here waits for nothing, and for nobody. */
    mlicense_text *view = NULL;
    mlicense_client *client = this->client;
    CHECK(mlicense_client_check(client, "export") == MLICENSE_OUTCOME_DENIED);
    CHECK(mlicense_client_check_at(client, "export", DAY(0)) == MLICENSE_OUTCOME_DENIED);
    CHECK(mlicense_feature_check(this->feature) == MLICENSE_OUTCOME_DENIED);
    CHECK(!mlicense_seat_is_held(this->seat));
    CHECK(mlicense_client_licenses(client, &view, NULL) == MLICENSE_STATUS_CALLED_BACK);
    CHECK(mlicense_client_accept(client, "x", 1, DAY(0), NULL, NULL) == MLICENSE_STATUS_CALLED_BACK);
    CHECK(mlicense_seat_keep_alive(this->seat, &view, NULL) == MLICENSE_STATUS_CALLED_BACK);
    CHECK(*mlicense_client_installation(client) != 0);
    mlicense_client_close(&this->client);
    mlicense_seat_release(&this->seat);
    mlicense_feature_free(this->feature);
    CHECK(this->client == client);
    return this->now;
}

static void keep_line(void *context, uint32_t level, const char *line, size_t length) {
    program *this = context;
    CHECK(level >= MLICENSE_LOG_ERROR && level <= MLICENSE_LOG_INFO);
    CHECK(strlen(line) == length && strchr(line, '\n') == NULL);
    this->lines[level]++;
    snprintf(this->last, sizeof this->last, "%s", line);
    /* Refused, and not logged again. */
    mlicense_text *view = NULL;
    if (this->client != NULL)
        CHECK(mlicense_client_usage(this->client, &view, NULL) == MLICENSE_STATUS_CALLED_BACK);
}

static bool fill(void *context, uint8_t *bytes, size_t length) {
    program *this = context;
    memset(bytes, this->random, length);
    return !this->dry;
}

static mlicense_status open_program(program *this) {
    mlicense_client_options options = {
        .size = sizeof options, .host_facts = FACTS, .host_facts_length = sizeof FACTS - 1,
        .clock = tell_time, .clock_context = this, .log = keep_line, .log_context = this,
        .entropy = fill, .entropy_context = this};
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    mlicense_client *client = NULL;
    mlicense_status status = mlicense_client_open("editor", roots, 1, &options, &client, &error);
    this->client = client;
    mlicense_signer_free(root);
    return status;
}

static void accept_license(program *this) {
    static const char claims_json[] =
        "{\"aud\": \"editor\", \"kind\": \"subscription\", \"iat\": 1772323200, \"features\":"
        " {\"export\": {\"quantity\": 2}}, \"licensed\": {\"from\": {\"day\": \"2026-03-01\","
        " \"at\": 1772323200}, \"until\": {\"day\": \"2026-03-05\", \"at\": 1772668800}}}";
    mlicense_signer *root = signer_of(1);
    OK(mlicense_license_issue(root, claims_json, strlen(claims_json), &text, &error));
    char license[2048];
    snprintf(license, sizeof license, "%s", take());
    OK(mlicense_client_accept(this->client, license, strlen(license), MLICENSE_NOW, NULL, &error));
    mlicense_signer_free(root);
}

static void clocks(void) {
    program this = {.now = DAY(1), .random = 7};
    OK(open_program(&this));
    accept_license(&this);
    CHECK(mlicense_client_check(this.client, "export") == MLICENSE_OUTCOME_LICENSED);
    CHECK(this.asked > 0);
    this.now = DAY(5);
    CHECK(mlicense_client_check(this.client, "export") == MLICENSE_OUTCOME_DENIED);
    CHECK(mlicense_client_check_at(this.client, "export", DAY(3)) == MLICENSE_OUTCOME_LICENSED);
    mlicense_client_close(&this.client);
}

static void entropies(void) {
    program this = {.now = DAY(1), .random = 7};
    mlicense_signer *expected = signer_of(7);
    OK(open_program(&this));
    CHECK_TEXT(mlicense_client_installation(this.client), mlicense_signer_key_id(expected));
    mlicense_signer_free(expected);
    this.dry = true;
    NO_TEXT(INTERNAL, "random", mlicense_client_request(this.client, "trial", NULL, 0, DAY(1), &text,
                                                        &error));
    mlicense_client_close(&this.client);
    REFUSED(INTERNAL, "random", open_program(&this));
    CHECK(this.client == NULL);
}

static void logs(void) {
    program this = {.now = DAY(1), .random = 7};
    OK(open_program(&this));
    CHECK(this.lines[MLICENSE_LOG_INFO] == 1);
    CHECK_CONTAINS(this.last, "opened: `editor` as ");
    accept_license(&this);
    CHECK(this.lines[MLICENSE_LOG_INFO] == 2);
    CHECK_CONTAINS(this.last, "accepted: {\"document\":\"");
    REFUSED(DOCUMENT_MALFORMED, "", mlicense_client_accept(this.client, "a\nb", 3, DAY(1), NULL,
                                                           &error));
    CHECK(this.lines[MLICENSE_LOG_WARNING] == 1);
    CHECK_CONTAINS(this.last, "refused: 10600 DOCUMENT_MALFORMED: ");
    /* A check says all there is by its outcome. */
    CHECK(!mlicense_client_check(this.client, "print"));
    CHECK(this.lines[MLICENSE_LOG_WARNING] == 1 && this.lines[MLICENSE_LOG_ERROR] == 0);
    mlicense_client_close(&this.client);
}

/* A callback that uses its own client is refused, where it would wait for itself for ever. */
static void re_entries(void) {
    program this = {.now = DAY(1), .random = 7};
    OK(open_program(&this));
    accept_license(&this);
    OK(mlicense_client_feature(this.client, "export", &this.feature, &error));
    OK(mlicense_client_capture(this.client, "export", &this.seat, &error));
    this.calls_back = true;
    this.asked = 0;
    CHECK(mlicense_client_check(this.client, "export") == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_client_check(this.client, "import") == MLICENSE_OUTCOME_DENIED);
    CHECK(mlicense_feature_check(this.feature) == MLICENSE_OUTCOME_LICENSED);
    CHECK(mlicense_seat_is_held(this.seat));
    OK(mlicense_client_next_action(this.client, MLICENSE_NOW, &text, &error));
    (void)take();
    OK(mlicense_client_request(this.client, "trial", NULL, 0, MLICENSE_NOW, &text, &error));
    (void)take();
    CHECK(this.asked > 4);
    this.calls_back = false;
    CHECK(mlicense_client_check(this.client, "export") == MLICENSE_OUTCOME_LICENSED);
    mlicense_seat_release(&this.seat);
    mlicense_feature_free(this.feature);
    mlicense_client_close(&this.client);
    CHECK(this.client == NULL && this.seat == NULL);
}

/* A key that is kept in a module of its own. */
typedef struct module {
    unsigned char signature[MLICENSE_SIGNATURE_BYTES];
    mlicense_signer *signer;
    const mlicense_ledger *ledger;
    bool locked;
    int asked;
} module;

static bool sign(void *context, const uint8_t *message, size_t length, uint8_t *signature) {
    module *this = context;
    this->asked++;
    CHECK(message != NULL && length > 0);
    mlicense_text *view = NULL;
    if (this->ledger != NULL)
        CHECK(mlicense_ledger_verify(this->ledger, &view, NULL) == MLICENSE_STATUS_CALLED_BACK);
    CHECK(mlicense_license_issue(this->signer, "{}", 2, &view, NULL) != MLICENSE_STATUS_OK);
    mlicense_signer_free(this->signer);
    memcpy(signature, this->signature, sizeof this->signature);
    return !this->locked;
}

/* RFC 8032, 7.1, test 1, whose message is empty, is no signature of a licence: what a module gives
 * is checked. A true one is shown by test_record.c with the example of the back office. */
static void modules(void) {
    static const char claims_json[] =
        "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772323200,"
        " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";
    size_t length = strlen(claims_json);
    module this = {.locked = true};
    mlicense_signer *root = signer_of(1);
    const char *key = mlicense_signer_public_key(root);
    OK(mlicense_signer_from_callback(key, sign, &this, &this.signer, &error));
    CHECK_TEXT(mlicense_signer_public_key(this.signer), key);
    CHECK_TEXT(mlicense_signer_key_id(this.signer), mlicense_signer_key_id(root));
    NO_TEXT(SIGNER_FAILED, "no signature",
            mlicense_license_issue(this.signer, claims_json, length, &text, &error));
    this.locked = false;
    NO_TEXT(SIGNER_FAILED, "not of this key",
            mlicense_license_issue(this.signer, claims_json, length, &text, &error));
    CHECK(this.asked == 2);

    /* Amid a transaction a ledger is not asked again, and nothing of it is left. */
    mlicense_ledger *ledger = vendor_ledger("modules.mlicense");
    this.ledger = ledger;
    NO_TEXT(SIGNER_FAILED, "not of this key",
            mlicense_ledger_checkpoint(ledger, "example.com/h", this.signer, DAY(0), &text, &error));
    CHECK(this.asked == 3);
    OK(mlicense_ledger_checkpoints(ledger, &text, &error));
    CHECK_TEXT(take(), "[]");
    mlicense_ledger_close(&ledger);

    mlicense_signer *none = NULL;
    REFUSED(KEY_WEAK, "", mlicense_signer_from_callback("no key", sign, &this, &none, &error));
    REFUSED(NULL_ARGUMENT, "sign", mlicense_signer_from_callback(key, NULL, &this, &none, &error));
    REFUSED(NULL_ARGUMENT, "public_key",
            mlicense_signer_from_callback(NULL, sign, &this, &none, &error));
    REFUSED(NULL_ARGUMENT, "signer", mlicense_signer_from_callback(key, sign, &this, NULL, &error));
    mlicense_signer_free(this.signer);
    mlicense_signer_free(root);
}

static void host_facts(void) {
    mlicense_client *client = open_client("editor", NULL);
    OK(mlicense_client_host_facts(client, &text, &error));
    char facts[1024];
    snprintf(facts, sizeof facts, "%s", take());
    CHECK_CONTAINS(facts, "{\"kind\":\"disk_serial\",\"value\":\"");
    CHECK_CONTAINS(facts, "\"class\":\"bare_metal\"");
    /* What it gives, the options take. */
    mlicense_client_options options = {
        .size = sizeof options, .host_facts = facts, .host_facts_length = strlen(facts)};
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    mlicense_client *again = NULL;
    OK(mlicense_client_open("editor", roots, 1, &options, &again, &error));
    OK(mlicense_client_host_facts(again, &text, &error));
    CHECK_TEXT(take(), facts);
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_host_facts(NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "facts", mlicense_client_host_facts(client, NULL, &error));
    mlicense_client_close(&again);
    mlicense_client_close(&client);
    mlicense_signer_free(root);
}

static void reasons(void) {
    CHECK_TEXT(mlicense_error_reasons(NULL), "{}");
    CHECK(mlicense_calculate("", SIZE_MAX, &text, &error) == MLICENSE_STATUS_INPUT_TOO_LARGE);
    const char *facts = mlicense_error_reasons(error);
    CHECK_CONTAINS(facts, "\"limit\":\"65536\"");
    CHECK_CONTAINS(facts, "\"what\":\"calculation\"");
    CHECK(mlicense_error_reasons(error) == facts);
    mlicense_error_free(error);
    error = NULL;
}

int main(void) {
    clocks();
    entropies();
    logs();
    re_entries();
    modules();
    host_facts();
    reasons();
    return leave("callbacks");
}
