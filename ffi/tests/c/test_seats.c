/* Seats, within one program and shared by several. */
#include "json.h"
#include "vendor.h"

/* A client whose licence has one seat of `export`, two of `print`, and `view` without a limit. */
static void accept_license(mlicense_client *client, int64_t issued_at, int export) {
    char json[1024];
    mlicense_signer *root = signer_of(1);
    snprintf(json, sizeof json, "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": %lld,"
        " \"jti\": \"L-7\", \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}},"
        " \"features\": {\"export\": {\"quantity\": %d}, \"print\": {\"quantity\": 2}, \"view\": {}}}",
        (long long)issued_at, export);
    OK(mlicense_license_issue(root, json, strlen(json), &text, &error));
    mlicense_text *document = text;
    text = NULL;
    OK(mlicense_client_accept(client, mlicense_text_data(document), mlicense_text_length(document),
                              MLICENSE_NOW, NULL, &error));
    mlicense_text_free(document);
    mlicense_signer_free(root);
}

static mlicense_client *licensed(int export) {
    mlicense_client *client = open_client("editor", NULL);
    accept_license(client, DAY(0), export);
    return client;
}

#define NO_SEAT(name, part, call) \
    (seat = (mlicense_seat *)&claims, REFUSED(name, part, call), CHECK(seat == NULL))

static void seats(void) {
    mlicense_client *client = licensed(1);
    mlicense_seat *first = NULL, *seat = NULL;
    OK(mlicense_client_capture(client, "export", &first, &error));
    CHECK(mlicense_seat_is_held(first));
    NO_SEAT(NO_FREE_LICENSE, "all 1 seats", mlicense_client_capture(client, "export", &seat, &error));
    OK(mlicense_client_usage(client, &text, &error));
    CHECK_TEXT(take(), "[{\"feature\":\"editor\",\"captured\":0},"
        "{\"feature\":\"export\",\"limit\":1,\"captured\":1},"
        "{\"feature\":\"print\",\"limit\":2,\"captured\":0},{\"feature\":\"view\",\"captured\":0}]");
    for (int again = 0; again < 2; again++) {
        OK(mlicense_seat_capture(first, "print", &text, &error));
        CHECK_TEXT(take(), "{\"captured\":[\"export\",\"print\"],\"dropped\":[]}");
    }
    OK(mlicense_seat_capture(first, "view", NULL, &error));
    NO_TEXT(NOT_LICENSED, "import", mlicense_seat_capture(first, "import", &text, &error));

    mlicense_seat_release(&first);
    CHECK(first == NULL);
    mlicense_seat_release(&first);
    mlicense_seat_release(NULL);
    OK(mlicense_client_capture(client, "export", &first, &error));

    /* It outlives its client. */
    mlicense_client_close(&client);
    CHECK(mlicense_seat_is_held(first));
    mlicense_seat_release(&first);
}

static void lost_seats(void) {
    mlicense_client *client = licensed(2);
    mlicense_seat *seats[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) OK(mlicense_client_capture(client, "export", &seats[i], &error));
    accept_license(client, DAY(1), 1);
    CHECK(mlicense_seat_is_held(seats[0]) && !mlicense_seat_is_held(seats[1]));
    OK(mlicense_seat_keep_alive(seats[1], &text, &error));
    CHECK_TEXT(take(), "{\"captured\":[],\"dropped\":[\"export\"]}");
    OK(mlicense_seat_keep_alive(seats[0], &text, &error));
    CHECK_TEXT(take(), "{\"captured\":[\"export\"],\"dropped\":[]}");
    for (int i = 0; i < 2; i++) mlicense_seat_release(&seats[i]);
    mlicense_client_close(&client);
}

static void seats_refused(void) {
    mlicense_client *client = licensed(1);
    mlicense_seat *seat = NULL;
    NO_SEAT(NOT_LICENSED, "import", mlicense_client_capture(client, "import", &seat, &error));
    NO_SEAT(NULL_ARGUMENT, "client", mlicense_client_capture(NULL, "export", &seat, &error));
    NO_SEAT(NULL_ARGUMENT, "feature", mlicense_client_capture(client, NULL, &seat, &error));
    NO_SEAT(NOT_UTF8, "feature", mlicense_client_capture(client, "\xff", &seat, &error));
    REFUSED(NULL_ARGUMENT, "seat", mlicense_client_capture(client, "export", NULL, &error));
    CHECK(!mlicense_seat_is_held(NULL));
    NO_TEXT(NULL_ARGUMENT, "seat", mlicense_seat_capture(NULL, "export", &text, &error));
    NO_TEXT(NULL_ARGUMENT, "seat", mlicense_seat_keep_alive(NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "client", mlicense_client_usage(NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "usage", mlicense_client_usage(client, NULL, &error));
    OK(mlicense_client_capture(client, "export", &seat, &error));
    NO_TEXT(NULL_ARGUMENT, "feature", mlicense_seat_capture(seat, NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "kept", mlicense_seat_keep_alive(seat, NULL, &error));
    mlicense_seat_release(&seat);
    mlicense_client_close(&client);
}

static const char path[] = "editor.seats";

static mlicense_site *open_site(mlicense_client *client, bool strict) {
    mlicense_site *site = NULL;
    OK(mlicense_site_open(path, client, 0, strict, &site, &error));
    return site;
}

/* Two programs, so to say, with a client each. */
static void sites(void) {
    char session[64];
    mlicense_client *clients[2] = {licensed(1), licensed(1)};
    mlicense_site *one = open_site(clients[0], false), *other = open_site(clients[1], true);
    OK(mlicense_site_capture(one, "export", "desk 1", &text, &error));
    snprintf(session, sizeof session, "%s", take());
    CHECK(strlen(session) == 22);
    NO_TEXT(NO_FREE_LICENSE, "export", mlicense_site_capture(other, "export", NULL, &text, &error));
    OK(mlicense_site_usage(other, &text, &error));
    CHECK_CONTAINS(take(), "{\"feature\":\"export\",\"limit\":1,\"captured\":1}");
    OK(mlicense_site_capture_in(one, session, "print", &text, &error));
    CHECK_CONTAINS(take(), "\"captured\":[\"export\",\"print\"],\"dropped\":[]");
    OK(mlicense_site_keep_alive(one, session, NULL, &error));

    /* A lower limit, and the end of a session. */
    accept_license(clients[0], DAY(1), 1);
    OK(mlicense_site_keep_alive(one, session, &text, &error));
    CHECK_CONTAINS(take(), "{\"until\":\"20");
    OK(mlicense_site_release(one, session, "print", &error));
    OK(mlicense_site_release(one, session, "print", &error));
    REFUSED(NOT_CAPTURED, "print", mlicense_site_release(other, session, "print", &error));
    OK(mlicense_site_release(other, session, NULL, &error));
    OK(mlicense_site_release(one, session, NULL, &error));
    REFUSED(SESSION_UNKNOWN, "", mlicense_site_release(other, session, NULL, &error));
    NO_TEXT(SESSION_UNKNOWN, "", mlicense_site_keep_alive(one, session, &text, &error));
    NO_TEXT(SESSION_UNKNOWN, "", mlicense_site_keep_alive(one, "short", &text, &error));
    NO_TEXT(SESSION_UNKNOWN, "",
            mlicense_site_capture_in(one, session, "export", &text, &error));

    /* It outlives its client. */
    mlicense_client_close(&clients[1]);
    OK(mlicense_site_capture(other, "export", NULL, &text, &error));
    snprintf(session, sizeof session, "%s", take());
    OK(mlicense_site_release(other, session, NULL, &error));
    mlicense_site_close(&one);
    CHECK(one == NULL);
    mlicense_site_close(&other);
    mlicense_site_close(&other);
    mlicense_site_close(NULL);
    mlicense_client_close(&clients[0]);
}

#define NO_SITE(name, part, call) \
    (site = (mlicense_site *)&claims, REFUSED(name, part, call), CHECK(site == NULL))
#define OPEN(path, client, lease) mlicense_site_open(path, client, lease, 0, &site, &error)

static void sites_refused(void) {
    char long_holder[1026];
    mlicense_client *client = licensed(1);
    mlicense_site *site = NULL;
    NO_SITE(NULL_ARGUMENT, "place", OPEN(NULL, client, 0));
    NO_SITE(NULL_ARGUMENT, "client", OPEN(path, NULL, 0));
    NO_SITE(NOT_UTF8, "place", OPEN("\xff", client, 0));
    NO_SITE(FIELD_INVALID, "`59`", OPEN(path, client, 59));
    NO_SITE(FIELD_INVALID, "`3601`", OPEN(path, client, 3601));
    NO_SITE(STORE_UNAVAILABLE, "", OPEN("/no/such/folder/editor.seats", client, 0));
    REFUSED(NULL_ARGUMENT, "site", mlicense_site_open(path, client, 0, 0, NULL, &error));
    OK(OPEN(path, client, 60));
    mlicense_site_close(&site);
    OK(OPEN(path, client, 3600));

    memset(long_holder, 'x', 1025);
    long_holder[1025] = 0;
    NO_TEXT(INPUT_TOO_LARGE, "1025",
            mlicense_site_capture(site, "export", long_holder, &text, &error));
    NO_TEXT(NOT_LICENSED, "import", mlicense_site_capture(site, "import", NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "feature", mlicense_site_capture(site, NULL, NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "site", mlicense_site_capture(NULL, "export", NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "session", mlicense_site_capture(site, "export", NULL, NULL, &error));
    NO_TEXT(NULL_ARGUMENT, "session", mlicense_site_capture_in(site, NULL, "view", &text, &error));
    NO_TEXT(NULL_ARGUMENT, "session", mlicense_site_keep_alive(site, NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "session", mlicense_site_release(site, NULL, NULL, &error));
    REFUSED(NULL_ARGUMENT, "site", mlicense_site_release(NULL, "session", NULL, &error));
    NO_TEXT(NULL_ARGUMENT, "site", mlicense_site_usage(NULL, &text, &error));
    long_holder[1024] = 0;
    OK(mlicense_site_capture(site, "export", long_holder, &text, &error));
    char session[64];
    snprintf(session, sizeof session, "%s", take());
    REFUSED(FIELD_INVALID, "feature", mlicense_site_release(site, session, "two words", &error));
    OK(mlicense_site_release(site, session, NULL, &error));
    mlicense_site_close(&site);
    mlicense_client_close(&client);
}

/* A licence with one seat of `export`, until the end of a day. */
static mlicense_text *sold(const char *until) {
    char json[1024];
    mlicense_text *license = NULL;
    mlicense_signer *root = signer_of(1);
    snprintf(json, sizeof json, "{\"aud\": \"editor\", \"kind\": \"subscription\", \"iat\": %lld,"
        " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}, \"until\": %s},"
        " \"features\": {\"export\": {\"quantity\": 1}}}", (long long)DAY(0), until);
    OK(mlicense_license_issue(root, json, strlen(json), &license, &error));
    mlicense_signer_free(root);
    return license;
}

static mlicense_status at_vendor(const char *customer, const mlicense_text *license, unsigned char key,
                                 mlicense_site **site) {
    mlicense_signer *signer = signer_of(key);
    const char *keys[] = {mlicense_signer_public_key(signer)};
    mlicense_status status = mlicense_site_open_at_vendor("vendor.seats", customer,
        mlicense_text_data(license), mlicense_text_length(license), keys, 1, 0, 0, site, &error);
    mlicense_signer_free(signer);
    return status;
}

static void seats_at_the_vendor(void) {
    char session[64];
    mlicense_site *site = NULL, *again = NULL, *other = NULL;
    mlicense_text *license = sold("{\"day\": \"2999-01-01\", \"at\": 32472144000}");
    OK(at_vendor("c1", license, 1, &site));
    OK(at_vendor("c1", license, 1, &again));
    OK(at_vendor("c2", license, 1, &other));
    OK(mlicense_site_capture(site, "export", "hamburg", &text, &error));
    snprintf(session, sizeof session, "%s", take());
    NO_TEXT(NO_FREE_LICENSE, "export", mlicense_site_capture(again, "export", "lyon", &text, &error));
    OK(mlicense_site_capture(other, "export", "", &text, &error));
    (void)take();
    OK(mlicense_site_release(again, session, NULL, &error));
    OK(mlicense_site_capture(again, "export", "lyon", &text, &error));
    (void)take();
    mlicense_site_close(&site);
    mlicense_site_close(&again);
    mlicense_site_close(&other);

    NO_SITE(KEY_NOT_TRUSTED, "", at_vendor("c1", license, 2, &site));
    NO_SITE(FIELD_INVALID, "customer", at_vendor("two words", license, 1, &site));
    NO_SITE(NULL_ARGUMENT, "customer", at_vendor(NULL, license, 1, &site));
    NO_SITE(DOCUMENT_MALFORMED, "", at_vendor("c1", NULL, 1, &site));
    mlicense_text_free(license);

    /* What has ended hands out nothing, by the system's clock. */
    license = sold("{\"day\": \"2026-03-02\", \"at\": 1772409600}");
    OK(at_vendor("c1", license, 1, &site));
    NO_TEXT(NOT_LICENSED, "export", mlicense_site_capture(site, "export", "", &text, &error));
    mlicense_site_close(&site);
    mlicense_text_free(license);
}

int main(void) {
    seats();
    lost_seats();
    seats_refused();
    sites();
    sites_refused();
    seats_at_the_vendor();
    return leave("seats");
}
