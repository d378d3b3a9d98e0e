/* The ledger as a book of record, and what a back office does every day. */
#include "json.h"
#include "vendor.h"

#define ORIGIN "example.com/history"

static const mlicense_order desk = {.size = sizeof desk, .actor = "desk", .now = DAY(0)};

/* How far a call said it was, and the ledger it works on. */
typedef struct told {
    const mlicense_ledger *ledger;
    uint64_t done, of;
    int calls;
} told;

static void tell(void *context, uint64_t done, uint64_t of) {
    told *this = context;
    this->calls++;
    CHECK(done <= of && done >= this->done);
    this->done = done;
    this->of = of;
    mlicense_text *view = NULL;
    if (this->ledger != NULL)
        CHECK(mlicense_ledger_verify(this->ledger, &view, NULL) == MLICENSE_STATUS_CALLED_BACK);
}

static void every_day(mlicense_ledger *ledger) {
    mlicense_order order = desk;
    order.id = "first";
    OK(mlicense_ledger_register_customer(ledger, "c2", "Asia/Tokyo", &order, &text, &error));
    CHECK_CONTAINS(take(), "\"kind\":\"registered\"");
    /* Twice under one id is once. */
    OK(mlicense_ledger_register_customer(ledger, "c2", "Asia/Tokyo", &order, &text, &error));
    (void)take();
    NO_TEXT(COMMAND_ID_REUSED, "first",
            mlicense_ledger_register_customer(ledger, "c3", "UTC", &order, &text, &error));
    NO_TEXT(CUSTOMER_ALREADY_REGISTERED, "c2",
            mlicense_ledger_register_customer(ledger, "c2", "UTC", &desk, &text, &error));
    NO_TEXT(ZONE_UNKNOWN, "Mars",
            mlicense_ledger_register_customer(ledger, "c3", "Mars/North", &desk, &text, &error));

    mlicense_client *client = open_client("vms", NULL);
    char request[8192];
    write_request(client, DAY(0), request, sizeof request);
    execute(ledger, DAY(0), write_envelope("",
        "{\"take_request\": {\"customer\": \"c1\", \"request\": \"%s\"}}", request));
    mlicense_client_close(&client);
    OK(mlicense_ledger_start_subscription(ledger, "c1", "vms", &desk, &text, &error));
    (void)take();
    OK(mlicense_ledger_stock_licenses(ledger, "c1", "vms", "camera", 7, "sale 1", &desk, &text,
                                      &error));
    CHECK_CONTAINS(take(), "\"events\":[{");
    /* Nobody has to take the receipt. */
    OK(mlicense_ledger_stock_licenses(ledger, "c1", "vms", "camera", 3, NULL, &desk, NULL, &error));
    NO_TEXT(EXCEEDS_NEED, "",
            mlicense_ledger_allocate(ledger, "c1", "vms", "camera", 11, &desk, &text, &error));
    OK(mlicense_ledger_allocate(ledger, "c1", "vms", "camera", 10, &desk, &text, &error));
    (void)take();
    NO_TEXT(KEY_UNKNOWN, "", mlicense_ledger_redeem_key(ledger, "c1", "vms", "AAAA-BBBB-CCCC", &desk,
                                                         &text, &error));

    OK(mlicense_ledger_overview(ledger, "c1", "fr", DAY(1), &text, &error));
    CHECK_CONTAINS(take(), "\"licensed\"");
    NO_TEXT(CUSTOMER_UNKNOWN, "c9",
            mlicense_ledger_overview(ledger, "c9", NULL, DAY(1), &text, &error));
    OK(mlicense_ledger_coming_due(ledger, NULL, NULL, 0, DAY(1), &text, &error));
    CHECK_CONTAINS(take(), "\"c1\"");
    OK(mlicense_ledger_coming_due(ledger, "2026-03-02", "c1", 1, DAY(1), &text, &error));
    CHECK(strstr(take(), "\"c1\"") == NULL);
    NO_TEXT(DATE_INVALID, "soon",
            mlicense_ledger_coming_due(ledger, "soon", NULL, 0, DAY(1), &text, &error));
}

static void orders(mlicense_ledger *ledger) {
    struct { mlicense_order order; uint64_t later; } longer = {.order = desk, .later = 0};
    longer.order.size = sizeof longer;
    longer.order.actor = ACTOR;
    OK(mlicense_ledger_register_customer(ledger, "c4", "UTC", &longer.order, &text, &error));
    (void)take();
    longer.later = 1;
    NO_TEXT(FIELD_INVALID, "order.size",
            mlicense_ledger_register_customer(ledger, "c5", "UTC", &longer.order, &text, &error));
    mlicense_order wrong = desk;
    wrong.size = sizeof wrong - 1;
    NO_TEXT(FIELD_INVALID, "order.size",
            mlicense_ledger_register_customer(ledger, "c5", "UTC", &wrong, &text, &error));
    wrong = desk;
    wrong.actor = NULL;
    NO_TEXT(NULL_ARGUMENT, "order.actor",
            mlicense_ledger_register_customer(ledger, "c5", "UTC", &wrong, &text, &error));
    wrong.actor = "{\"role\": \"king\"}";
    NO_TEXT(JSON_INVALID, "actor",
            mlicense_ledger_register_customer(ledger, "c5", "UTC", &wrong, &text, &error));
    wrong.actor = "{\"role\": \"partner_user\", \"id\": \"p\", \"partner\": \"d1\"}";
    NO_TEXT(FORBIDDEN, "", mlicense_ledger_register_customer(ledger, "c5", "UTC", &wrong, &text,
                                                             &error));
    NO_TEXT(FIELD_INVALID, "two words",
            mlicense_ledger_register_customer(ledger, "two words", "UTC", &desk, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "order",
            mlicense_ledger_register_customer(ledger, "c5", "UTC", NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "zone",
            mlicense_ledger_register_customer(ledger, "c5", NULL, &desk, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "license_type",
            mlicense_ledger_allocate(ledger, "c1", "vms", NULL, 1, &desk, &text, &error));
}

static void checkpoints(mlicense_ledger *ledger) {
    static char note[4096], proof[65536];
    mlicense_signer *root = signer_of(1);
    const char *roots[] = {mlicense_signer_public_key(root)};
    NO_TEXT(CHECKPOINT_MISSING, "",
            mlicense_ledger_prove_inclusion(ledger, "customer/c1", 1, 0, &text, &error));
    OK(mlicense_ledger_checkpoint(ledger, ORIGIN, root, DAY(1), &text, &error));
    json_text(take(), "note", note, sizeof note);
    CHECK_CONTAINS(note, ORIGIN "\n");
    OK(mlicense_ledger_verify_since(ledger, note, strlen(note), ORIGIN, roots, 1, NULL, &text,
                                    &error));
    CHECK_CONTAINS(take(), "\"checkpoint\":{");
    OK(mlicense_ledger_prove_inclusion(ledger, "customer/c1", 1, 0, &text, &error));
    snprintf(proof, sizeof proof, "%s", take());
    CHECK_CONTAINS(proof, "\"index\":");
    CHECK_CONTAINS(proof, "c1");

    OK(mlicense_ledger_register_customer(ledger, "c6", "UTC", &desk, &text, &error));
    (void)take();
    NO_TEXT(OTHER_ORIGIN, "", mlicense_ledger_checkpoint(ledger, "example.com/other", root, DAY(1),
                                                         &text, &error));
    OK(mlicense_ledger_checkpoint(ledger, ORIGIN, root, DAY(2), &text, &error));
    (void)take();
    uint64_t first = strtoull(strchr(note, '\n') + 1, NULL, 10);
    OK(mlicense_ledger_prove_consistency(ledger, first, 0, &text, &error));
    CHECK_CONTAINS(take(), "\"older\":{");
    NO_TEXT(CHECKPOINT_MISSING, "",
            mlicense_ledger_prove_consistency(ledger, first + 99, 0, &text, &error));
    OK(mlicense_ledger_checkpoints(ledger, &text, &error));
    CHECK_CONTAINS(take(), "},{");

    NO_TEXT(KEY_NOT_TRUSTED, "", mlicense_ledger_verify_since(ledger, note, strlen(note), ORIGIN,
        (const char *[]){"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}, 1, NULL, &text, &error));
    NO_TEXT(FIELD_INVALID, "", mlicense_ledger_prove_inclusion(ledger, "no stream", 0, 0, &text,
                                                               &error));
    mlicense_signer_free(root);
}

static void copies(mlicense_ledger *ledger) {
    told this = {.ledger = ledger};
    mlicense_ledger *copy = NULL;
    OK(mlicense_ledger_verify(ledger, &text, &error));
    char verified[8192];
    snprintf(verified, sizeof verified, "%s", take());

    OK(mlicense_ledger_backup(ledger, "backup.mlicense", tell, &this, &error));
    CHECK(this.calls > 0 && this.done == this.of);
    OK(mlicense_ledger_open_read_only("backup.mlicense", &copy, &error));
    OK(mlicense_ledger_verify(copy, &text, &error));
    CHECK_TEXT(take(), verified);
    NO_TEXT(STORE_READ_ONLY, "",
            mlicense_ledger_register_customer(copy, "c7", "UTC", &desk, &text, &error));
    mlicense_ledger_close(&copy);
    CHECK(mlicense_ledger_backup(ledger, "backup.mlicense", NULL, NULL, NULL) != MLICENSE_STATUS_OK);

    this = (told){.ledger = ledger};
    OK(mlicense_ledger_export(ledger, "all.jsonl", 0, tell, &this, &error));
    CHECK(this.calls > 0 && this.done == this.of);
    REFUSED(STORE_EXISTS, "all.jsonl",
            mlicense_ledger_export(ledger, "all.jsonl", 0, NULL, NULL, &error));
    REFUSED(FIELD_INVALID, "without", mlicense_ledger_export(ledger, "b.jsonl", 4, NULL, NULL, &error));
    OK(mlicense_ledger_export(ledger, "few.jsonl",
        MLICENSE_EXPORT_WITHOUT_PEOPLE | MLICENSE_EXPORT_WITHOUT_OUTBOX, NULL, NULL, &error));
    this = (told){0};
    OK(mlicense_ledger_import("import.mlicense", "all.jsonl", tell, &this, &copy, &error));
    CHECK(this.calls > 0);
    OK(mlicense_ledger_verify(copy, &text, &error));
    CHECK_TEXT(take(), verified);
    OK(mlicense_ledger_vacuum(copy, &error));
    mlicense_ledger_close(&copy);
    copy = (mlicense_ledger *)&this;
    REFUSED(EXPORT_INVALID, "",
            mlicense_ledger_import("none.mlicense", "backup.mlicense", NULL, NULL, &copy, &error));
    CHECK(copy == NULL);
    REFUSED(STORE_UNAVAILABLE, "missing",
            mlicense_ledger_import("none.mlicense", "missing.jsonl", NULL, NULL, &copy, &error));
    REFUSED(NULL_ARGUMENT, "ledger", mlicense_ledger_vacuum(NULL, &error));
    REFUSED(NULL_ARGUMENT, "path", mlicense_ledger_backup(ledger, NULL, NULL, NULL, &error));
    REFUSED(STORE_UNAVAILABLE, "", mlicense_ledger_open_read_only("missing.mlicense", &copy, &error));
}

static void times(void) {
    char request[8192];
    mlicense_signer *root = signer_of(1);
    mlicense_client *client = open_client("vms", NULL);
    write_request(client, DAY(0), request, sizeof request);
    OK(mlicense_time_token_issue(root, request, strlen(request), DAY(0), &text, &error));
    mlicense_text *token = text;
    text = NULL;
    OK(mlicense_client_accept(client, mlicense_text_data(token), mlicense_text_length(token), DAY(0),
                              &text, &error));
    CHECK_CONTAINS(take(), "time");
    mlicense_text_free(token);
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_time_token_issue(root, "a", 1, DAY(3), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "signer", mlicense_time_token_issue(NULL, "a", 1, DAY(3), &text, &error));
    mlicense_client_close(&client);
    mlicense_signer_free(root);
}

int main(void) {
    mlicense_ledger *ledger = vendor_ledger("vendor.mlicense");
    every_day(ledger);
    orders(ledger);
    checkpoints(ledger);
    copies(ledger);
    times();
    mlicense_ledger_close(&ledger);
    return leave("record");
}
