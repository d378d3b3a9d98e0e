/* The vendor's side: commands, previews, queries, answers. */
#include "json.h"
#include "vendor.h"

static mlicense_ledger *ledger;

static mlicense_status run(size_t length) {
    return mlicense_ledger_execute(ledger, envelope, length, DAY(0), &text, &error);
}

static mlicense_status query(const char *json) {
    return mlicense_ledger_query(ledger, json, strlen(json), DAY(0), &text, &error);
}

static void files(void) {
    mlicense_ledger *other = NULL;
    REFUSED(STORE_EXISTS, "vendor.mlicense", mlicense_ledger_create("vendor.mlicense", &other, &error));
    CHECK(other == NULL);
    OK(mlicense_ledger_open("vendor.mlicense", &other, &error));
    mlicense_ledger_close(&other);
    CHECK(other == NULL);
    mlicense_ledger_close(&other);
    mlicense_ledger_close(NULL);

    FILE *file = fopen("foreign", "w");
    for (int i = 0; i < 1000; i++) fputs("not a ledger\n", file);
    fclose(file);
    REFUSED(STORE_FOREIGN, "foreign", mlicense_ledger_open("foreign", &other, &error));
    REFUSED(STORE_UNAVAILABLE, "missing", mlicense_ledger_open("missing", &other, &error));
    REFUSED(STORE_UNAVAILABLE, "", mlicense_ledger_create("no/such/folder", &other, &error));
    REFUSED(NOT_UTF8, "place", mlicense_ledger_open("\xff", &other, &error));
    REFUSED(NOT_UTF8, "place", mlicense_ledger_create("\xff", &other, &error));
    REFUSED(NULL_ARGUMENT, "place", mlicense_ledger_open(NULL, &other, &error));
    REFUSED(NULL_ARGUMENT, "place", mlicense_ledger_create(NULL, &other, &error));
    REFUSED(NULL_ARGUMENT, "ledger", mlicense_ledger_open("foreign", NULL, &error));
    REFUSED(NULL_ARGUMENT, "ledger", mlicense_ledger_create("new", NULL, &error));
    file = fopen("new", "r");
    CHECK(file == NULL);
}

static void commands(void) {
    size_t length = write_envelope("\"id\": \"k1\", ",
        "{\"register_customer\": {\"customer\": \"c2\", \"zone\": \"Asia/Tokyo\"}}");
    OK(run(length));
    char receipt[2048];
    snprintf(receipt, sizeof receipt, "%s", take());
    CHECK_CONTAINS(receipt, "\"command\":\"k1\"");
    OK(run(length));
    CHECK_TEXT(take(), receipt);
    NO_TEXT(CUSTOMER_ALREADY_REGISTERED, "c2", run(write_envelope("",
        "{\"register_customer\": {\"customer\": \"c2\", \"zone\": \"Asia/Tokyo\"}}")));
    NO_TEXT(COMMAND_ID_REUSED, "k1", run(write_envelope("\"id\": \"k1\", ",
        "{\"register_customer\": {\"customer\": \"c3\", \"zone\": \"Asia/Tokyo\"}}")));
    NO_TEXT(JSON_INVALID, "zone", run(write_envelope("",
        "{\"register_customer\": {\"customer\": \"c3\", \"zone\": \"Asia/Atlantis\"}}")));
    NO_TEXT(JSON_INVALID, "regster", run(write_envelope("", "{\"regster_customer\": {}}")));
    NO_TEXT(JSON_INVALID, "idd", run(write_envelope("\"idd\": \"k1\", ", "{}")));

    length = write_envelope("", "{\"erase_person\": {\"person\": \"p1\"}}");
    NO_TEXT(PERSON_UNKNOWN, "p1", run(length));
    for (size_t cut = 0; cut < length; cut++)
        NO_TEXT(JSON_INVALID, "command", run(cut));
    NO_TEXT(INPUT_TOO_LARGE, "1048577", run((1 << 20) + 1));
    envelope[length / 2] = '\xff';
    NO_TEXT(NOT_UTF8, "command", run(length));
    NO_TEXT(NULL_ARGUMENT, "envelope", mlicense_ledger_execute(ledger, NULL, 9, DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_execute(NULL, "{}", 2, DAY(0), &text, &error));
    REFUSED(JSON_INVALID, "command", mlicense_ledger_execute(ledger, "{}", 2, DAY(0), NULL, &error));

    length = write_envelope("", "{\"register_customer\": {\"customer\": \"c4\", \"zone\": \"UTC\"}}");
    NO_TEXT(INSTANT_INVALID, "-1", mlicense_ledger_execute(ledger, envelope, length, -1, &text, &error));
    NO_TEXT(CUSTOMER_UNKNOWN, "c4", query("{\"overview\": {\"customer\": \"c4\"}}"));
    OK(mlicense_ledger_execute(ledger, envelope, length, MLICENSE_NOW, &text, &error));
    CHECK_CONTAINS(take(), "\"at\":\"20");
}

static uint64_t told;
static mlicense_status told_inside;
static void tell(void *context, uint64_t done, uint64_t of) {
    CHECK(context == &told && of == 3);
    told = done;
    mlicense_text *inner = NULL;
    told_inside = mlicense_ledger_verify(ledger, &inner, NULL);
}

#define MANY(json, length) \
    mlicense_ledger_execute_many(ledger, json, length, DAY(0), tell, &told, &text, &error)

static void many_commands(void) {
#define REGISTER(id, customer) "{\"id\": \"" id "\", \"actor\": " ACTOR ", \"body\":" \
        " {\"register_customer\": {\"customer\": \"" customer "\", \"zone\": \"UTC\"}}}"
    static const char three[] =
        "[" REGISTER("m1", "m1") "," REGISTER("m2", "m1") "," REGISTER("m3", "m3") "]";
    char first[4096];
    OK(MANY(three, strlen(three)));
    snprintf(first, sizeof first, "%s", take());
    CHECK_CONTAINS(first, "[{\"receipt\":{\"command\":\"m1\"");
    CHECK_CONTAINS(first, "{\"refusal\":{\"number\":10301,\"name\":\"CUSTOMER_ALREADY_REGISTERED\"");
    CHECK_CONTAINS(first, "{\"receipt\":{\"command\":\"m3\"");
    CHECK(told == 3 && told_inside == MLICENSE_STATUS_CALLED_BACK);
    OK(MANY(three, strlen(three)));
    CHECK_TEXT(take(), first);
    OK(query("{\"overview\": {\"customer\": \"m3\"}}"));
    (void)take();
    OK(mlicense_ledger_execute_many(ledger, "[]", 2, DAY(0), NULL, NULL, NULL, &error));

    /* One that is no envelope, and none is done. */
    static const char wrong[] = "[" REGISTER("m4", "m4") ", {\"id\": \"m5\"}]";
    NO_TEXT(JSON_INVALID, "actor", MANY(wrong, strlen(wrong)));
    NO_TEXT(CUSTOMER_UNKNOWN, "m4", query("{\"overview\": {\"customer\": \"m4\"}}"));
    NO_TEXT(JSON_INVALID, "", MANY("{}", 2));
    NO_TEXT(INPUT_TOO_LARGE, "16777217", MANY("[]", (16 << 20) + 1));
    NO_TEXT(NULL_ARGUMENT, "envelopes", MANY(NULL, 2));
    NO_TEXT(NULL_ARGUMENT, "ledger",
        mlicense_ledger_execute_many(NULL, "[]", 2, DAY(0), NULL, NULL, &text, &error));
    NO_TEXT(INSTANT_INVALID, "-1",
        mlicense_ledger_execute_many(ledger, "[]", 2, -1, NULL, NULL, &text, &error));
}

static void previews(void) {
    char token[256];
    size_t length = write_envelope("",
        "{\"register_customer\": {\"customer\": \"c5\", \"zone\": \"Europe/Paris\"}}");
    OK(mlicense_ledger_preview(ledger, envelope, length, DAY(0), &text, &error));
    const char *value = json_member(take(), "token");
    snprintf(token, sizeof token, "%.*s", JSON_SHOW(value));
    token[strlen(token) - 1] = 0;
    NO_TEXT(CUSTOMER_UNKNOWN, "c5", query("{\"overview\": {\"customer\": \"c5\"}}"));
    NO_TEXT(PREVIEW_STALE, "", mlicense_ledger_commit(ledger, envelope, length, "x", DAY(0), &text, &error));
    OK(mlicense_ledger_commit(ledger, envelope, length, token + 1, DAY(0), &text, &error));
    CHECK_CONTAINS(take(), "\"registered\"");
    OK(query("{\"overview\": {\"customer\": \"c5\"}}"));
    CHECK_CONTAINS(take(), "Europe/Paris");
    OK(mlicense_ledger_preview(ledger, envelope, length, DAY(0), &text, &error));
    CHECK_CONTAINS(take(), "CUSTOMER_ALREADY_REGISTERED");

    NO_TEXT(NULL_ARGUMENT, "token", mlicense_ledger_commit(ledger, envelope, length, NULL, DAY(0), &text, &error));
    NO_TEXT(NOT_UTF8, "token", mlicense_ledger_commit(ledger, envelope, length, "\xff", DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "envelope", mlicense_ledger_commit(ledger, NULL, 1, "x", DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_commit(NULL, envelope, length, "x", DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_ledger_commit(ledger, envelope, length, "x", -1, &text, &error));
    NO_TEXT(JSON_INVALID, "", mlicense_ledger_commit(ledger, "{", 1, "x", DAY(0), &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "", mlicense_ledger_commit(ledger, "{", (1 << 20) + 1, "x", DAY(0), &text, &error));
    REFUSED(CUSTOMER_ALREADY_REGISTERED, "", mlicense_ledger_commit(ledger, envelope, length, "x", DAY(0), NULL, &error));
    NO_TEXT(NULL_ARGUMENT, "envelope", mlicense_ledger_preview(ledger, NULL, 1, DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_preview(NULL, envelope, length, DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_ledger_preview(ledger, envelope, length, -1, &text, &error));
    NO_TEXT(JSON_INVALID, "", mlicense_ledger_preview(ledger, "{", 1, DAY(0), &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "", mlicense_ledger_preview(ledger, "{", (1 << 20) + 1, DAY(0), &text, &error));
    REFUSED(NULL_ARGUMENT, "preview", mlicense_ledger_preview(ledger, envelope, length, DAY(0), NULL, &error));
}

static void queries(void) {
    OK(query("{\"products\": {}}"));
    CHECK_CONTAINS(take(), "\"vms\":{\"name\":\"VMS\"");
    OK(query("{\"history\": {\"stream\": \"customer/c1\"}}"));
    CHECK_CONTAINS(take(), "\"index\":1");
    OK(query("{\"journal\": {\"kind\": \"registered\", \"limit\": 1}}"));
    CHECK_CONTAINS(take(), "\"stream\":\"customer/c1\"");
    NO_TEXT(JSON_INVALID, "query", query("{\"journal\": {\"actor\": \"a b\"}}"));
    NO_TEXT(JSON_INVALID, "query", query("{\"all\": {}}"));
    NO_TEXT(JSON_INVALID, "query", query(""));
    NO_TEXT(NOT_UTF8, "query", query("\xff"));
    NO_TEXT(NOT_REGISTERED, "", query("{\"need\": {\"customer\": \"c1\", \"product\": \"vms\"}}"));
    NO_TEXT(NULL_ARGUMENT, "query", mlicense_ledger_query(ledger, NULL, 1, DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_query(NULL, "{}", 2, DAY(0), &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_ledger_query(ledger, "{}", 65537, DAY(0), &text, &error));
    NO_TEXT(INSTANT_INVALID, "", mlicense_ledger_query(ledger, "{\"products\": {}}", 16, -1, &text, &error));
    REFUSED(NULL_ARGUMENT, "view", mlicense_ledger_query(ledger, "{}", 2, DAY(0), NULL, &error));
}

static void answers(void) {
    char request[8192];
    mlicense_client *client = open_client("vms", NULL);
    mlicense_signer *daily = signer_of(2), *stranger = signer_of(3);
    write_request(client, DAY(0), request, sizeof request);
    size_t length = strlen(request);
#define ANSWER(customer, actor, length, signer, now) \
    mlicense_ledger_answer(ledger, customer, actor, request, length, signer, now, &text, &error)
    NO_TEXT(CUSTOMER_UNKNOWN, "c9", ANSWER("c9", ACTOR, length, daily, DAY(0)));
    OK(ANSWER("c1", ACTOR, length, daily, DAY(0)));
    CHECK(strchr(take(), '.') != NULL);

    NO_TEXT(KEY_RING_MISSING, "", ANSWER("c1", ACTOR, length, stranger, DAY(0)));
    NO_TEXT(ALREADY_REGISTERED_ELSEWHERE, "", ANSWER("c2", ACTOR, length, daily, DAY(0)));
    NO_TEXT(FORBIDDEN, "", ANSWER("c1", "{\"role\": \"customer_manager\", \"id\": \"m\"}", length,
        daily, DAY(0)));
    NO_TEXT(FIELD_INVALID, "customer", ANSWER("c 1", ACTOR, length, daily, DAY(0)));
    NO_TEXT(JSON_INVALID, "actor", ANSWER("c1", "desk", length, daily, DAY(0)));
    NO_TEXT(NOT_UTF8, "customer", ANSWER("\xff", ACTOR, length, daily, DAY(0)));
    NO_TEXT(NOT_UTF8, "actor", ANSWER("c1", "\xff", length, daily, DAY(0)));
    NO_TEXT(NO_NUMBER, "", ANSWER(NULL, ACTOR, length, daily, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "actor", ANSWER("c1", NULL, length, daily, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "signer", ANSWER("c1", ACTOR, length, NULL, DAY(0)));
    NO_TEXT(INSTANT_INVALID, "", ANSWER("c1", ACTOR, length, daily, -1));
    NO_TEXT(INPUT_TOO_LARGE, "65537", ANSWER("c1", ACTOR, 65537, daily, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "request",
        mlicense_ledger_answer(ledger, "c1", ACTOR, NULL, 9, daily, DAY(0), &text, &error));
    NO_TEXT(NULL_ARGUMENT, "ledger",
        mlicense_ledger_answer(NULL, "c1", ACTOR, request, length, daily, DAY(0), &text, &error));
    REFUSED(NULL_ARGUMENT, "answer",
        mlicense_ledger_answer(ledger, "c1", ACTOR, request, length, daily, DAY(0), NULL, &error));
    for (size_t cut = 0; cut < length; cut += 7)
        NO_TEXT(SYSTEM_FILE_INVALID, "", ANSWER("c1", ACTOR, cut, daily, DAY(0)));
    request[length - 2] = request[length - 2] == 'A' ? 'B' : 'A';
    NO_TEXT(SYSTEM_FILE_INVALID, "signature", ANSWER("c1", ACTOR, length, daily, DAY(0)));
    request[0] = '\xff';
    NO_TEXT(NOT_UTF8, "request", ANSWER("c1", ACTOR, length, daily, DAY(0)));
#undef ANSWER
    mlicense_signer_free(stranger);
    mlicense_signer_free(daily);
    mlicense_client_close(&client);
}

/* The number of a mail stays in the outbox until it was sent. */
static void outbox(void) {
    static const char fields[] = "{\"owner\": {\"email\": \"post@acme.example\","
        " \"company\": \"Acme\", \"contact\": \"C. Ontact\", \"zone\": \"Europe/Paris\"}}";
    mlicense_client *client = open_client("journal", NULL);
    mlicense_signer *root = signer_of(1), *daily = signer_of(2);
    execute(ledger, DAY(0), write_envelope("",
        "{\"establish_vendor\": {\"vendor\": \"example\", \"roots\": [\"%s\"],"
        " \"number_format\": \"JRNL-5x4\"}}", mlicense_signer_public_key(root)));
    execute(ledger, DAY(0), write_envelope("", "{\"define_product\": {\"product\": \"journal\","
        " \"definition\": {\"name\": \"Journal\", \"license_types\": [\"base\"]},"
        " \"policy\": {\"host_bound\": {}}}}"));
    OK(mlicense_ledger_outbox(ledger, 10, &text, &error));
    CHECK_TEXT(take(), "[]");
    OK(mlicense_client_request(client, "register", fields, strlen(fields), DAY(0), &text, &error));
    char request[8192];
    snprintf(request, sizeof request, "%s", take());
    OK(mlicense_ledger_answer(ledger, NULL, ACTOR, request, strlen(request), daily, DAY(0), &text,
        &error));
    take();

    OK(mlicense_ledger_outbox(ledger, 0, &text, &error));
    CHECK_TEXT(take(), "[]");
    for (int time = 0; time < 2; time++) { /* Read, it stays. */
        OK(mlicense_ledger_outbox(ledger, 10, &text, &error));
        const char *mail = take();
        CHECK_CONTAINS(mail, "[{\"id\":1,");
        CHECK_CONTAINS(mail, "\"number\":\"JRNL-");
        CHECK_CONTAINS(mail, "\"email\":\"post@acme.example\"");
    }
    OK(mlicense_ledger_sent(ledger, 2, &error));
    OK(mlicense_ledger_outbox(ledger, 10, &text, &error));
    CHECK_CONTAINS(take(), "\"id\":1");
    for (int time = 0; time < 2; time++)
        OK(mlicense_ledger_sent(ledger, 1, &error));
    OK(mlicense_ledger_outbox(ledger, 10, &text, &error));
    CHECK_TEXT(take(), "[]");

    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_outbox(NULL, 1, &text, &error));
    REFUSED(NULL_ARGUMENT, "outbox", mlicense_ledger_outbox(ledger, 1, NULL, &error));
    REFUSED(NULL_ARGUMENT, "ledger", mlicense_ledger_sent(NULL, 1, &error));
    mlicense_signer_free(daily);
    mlicense_signer_free(root);
    mlicense_client_close(&client);
}

static void verification(void) {
    OK(mlicense_ledger_verify(ledger, &text, &error));
    CHECK_CONTAINS(take(), "\"customer/c1\":\"");
    NO_TEXT(NULL_ARGUMENT, "ledger", mlicense_ledger_verify(NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "verified", mlicense_ledger_verify(ledger, NULL, &error));
}

int main(void) {
    ledger = vendor_ledger("vendor.mlicense");
    files();
    commands();
    many_commands();
    previews();
    queries();
    answers();
    outbox();
    verification();
    mlicense_ledger_close(&ledger);
    return leave("ledger");
}
