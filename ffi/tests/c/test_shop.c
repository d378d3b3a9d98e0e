/* The link to the vendor's shop, whose gateway is the caller's. */
#include "vendor.h"

#define EMAIL "buyer@shop.example"
#define PASSWORD "correct horse battery staple"

static mlicense_ledger *ledger;

/* What the shop answers, and how often it was asked. */
typedef struct shop {
    const char *account;
    uint32_t answer;
    int asked;
} shop;

static uint32_t ask(void *context, const char *email, const char *password, char *account,
                    size_t account_size) {
    shop *this = context;
    this->asked++;
    CHECK(account_size == 321);
    CHECK_TEXT(email, EMAIL);
    if (strcmp(password, PASSWORD) != 0) return MLICENSE_SHOP_REFUSED;
    size_t length = strlen(this->account);
    memcpy(account, this->account, length < account_size ? length : account_size);
    return this->answer;
}

static mlicense_status link_shop(shop *this, const char *id, const char *email, const char *password) {
    return mlicense_ledger_link_shop(ledger, "{\"customer\": \"c1\"}", ACTOR, id, email, password,
                                     ask, this, DAY(0), &text, &error);
}

/* A refusal that repeats nothing of what was typed. */
#define SECRET_KEPT(call) \
    do { \
        CHECK((call) != MLICENSE_STATUS_OK && text == NULL); \
        const char *message = mlicense_error_message(error, "en"); \
        CHECK(strstr(message, EMAIL) == NULL && strstr(message, PASSWORD) == NULL); \
        mlicense_error_free(error); \
        error = NULL; \
    } while (0)

static void s_ip_05_both_fields_are_required(void) {
    shop this = {"4711", MLICENSE_SHOP_ACCOUNT, 0};
    NO_TEXT(FIELD_MISSING, "password", link_shop(&this, NULL, EMAIL, ""));
    NO_TEXT(FIELD_MISSING, "password", link_shop(&this, NULL, EMAIL, NULL));
    NO_TEXT(FIELD_MISSING, "email", link_shop(&this, NULL, "", PASSWORD));
    NO_TEXT(FIELD_MISSING, "shop", link_shop(&this, NULL, NULL, PASSWORD));
    SECRET_KEPT(link_shop(&this, NULL, EMAIL, ""));
    SECRET_KEPT(link_shop(&this, NULL, "", PASSWORD));
    CHECK(this.asked == 0);
}

static void what_a_shop_may_answer(void) {
    shop this = {"4711", MLICENSE_SHOP_ACCOUNT, 0};
    NO_TEXT(SHOP_LOGIN_REFUSED, "", link_shop(&this, NULL, EMAIL, "guess"));
    this.answer = 77;
    NO_TEXT(SHOP_LOGIN_REFUSED, "", link_shop(&this, NULL, EMAIL, PASSWORD));
    this.answer = MLICENSE_SHOP_UNREACHABLE;
    NO_TEXT(NETWORK, "the shop", link_shop(&this, NULL, EMAIL, PASSWORD));
    SECRET_KEPT(link_shop(&this, NULL, EMAIL, PASSWORD));
    this = (shop){"", MLICENSE_SHOP_ACCOUNT, 0};
    NO_TEXT(QUANTITY_OUT_OF_RANGE, "account", link_shop(&this, NULL, EMAIL, PASSWORD));
    this.account = "\xff\xfe";
    NO_TEXT(NOT_UTF8, "account", link_shop(&this, NULL, EMAIL, PASSWORD));
    char name[322] = "";
    memset(name, 'x', 321);
    this.account = name;
    NO_TEXT(QUANTITY_OUT_OF_RANGE, "321", link_shop(&this, NULL, EMAIL, PASSWORD));
    CHECK(this.asked == 3);
}

static void arguments(void) {
    shop this = {"4711", MLICENSE_SHOP_ACCOUNT, 0};
#define LINK(ledger, whom, actor, id, email, gateway, now) \
    mlicense_ledger_link_shop(ledger, whom, actor, id, email, PASSWORD, gateway, &this, now, &text, &error)
#define C1 "{\"customer\": \"c1\"}"
    NO_TEXT(NULL_ARGUMENT, "ledger", LINK(NULL, C1, ACTOR, NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "whom", LINK(ledger, NULL, ACTOR, NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "actor", LINK(ledger, C1, NULL, NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(NULL_ARGUMENT, "gateway", LINK(ledger, C1, ACTOR, NULL, EMAIL, NULL, DAY(0)));
    NO_TEXT(JSON_INVALID, "whom", LINK(ledger, "{}", ACTOR, NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(JSON_INVALID, "actor", LINK(ledger, C1, "desk", NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(FIELD_INVALID, "", LINK(ledger, C1, ACTOR, "no id", EMAIL, ask, DAY(0)));
    NO_TEXT(NOT_UTF8, "email", LINK(ledger, C1, ACTOR, NULL, "\xff", ask, DAY(0)));
    NO_TEXT(INSTANT_INVALID, "-1", LINK(ledger, C1, ACTOR, NULL, EMAIL, ask, -1));
    NO_TEXT(CUSTOMER_UNKNOWN, "c9",
        LINK(ledger, "{\"customer\": \"c9\"}", ACTOR, NULL, EMAIL, ask, DAY(0)));
    NO_TEXT(PARTNER_UNKNOWN, "d9",
        LINK(ledger, "{\"partner\": \"d9\"}", ACTOR, NULL, EMAIL, ask, DAY(0)));
    this.asked = 0;
    NO_TEXT(FORBIDDEN, "link_shop", LINK(ledger, C1,
        "{\"role\": \"customer_user\", \"id\": \"u\", \"customer\": \"c1\"}", NULL, EMAIL, ask, DAY(0)));
    CHECK(this.asked == 0);
    REFUSED(NULL_ARGUMENT, "receipt", mlicense_ledger_link_shop(ledger, C1, ACTOR, NULL, EMAIL,
        PASSWORD, ask, &this, DAY(0), NULL, &error));
#undef LINK
}

static void s_ip_06_the_link_is_made_once(void) {
    shop this = {"4711", MLICENSE_SHOP_ACCOUNT, 0};
    char receipt[1024];
    OK(link_shop(&this, "link-1", EMAIL, PASSWORD));
    snprintf(receipt, sizeof receipt, "%s", take());
    CHECK_CONTAINS(receipt, "\"shop_linked\"");
    OK(link_shop(&this, "link-1", EMAIL, PASSWORD));
    CHECK_TEXT(take(), receipt);
    NO_TEXT(SHOP_ALREADY_LINKED, "", link_shop(&this, NULL, EMAIL, PASSWORD));
    const char *query = "{\"shop\": {\"customer\": \"c1\"}}";
    OK(mlicense_ledger_query(ledger, query, strlen(query), DAY(0), &text, &error));
    CHECK_CONTAINS(take(), "\"linked\":true");
}

int main(void) {
    ledger = vendor_ledger("vendor.mlicense");
    s_ip_05_both_fields_are_required();
    what_a_shop_may_answer();
    arguments();
    s_ip_06_the_link_is_made_once();
    mlicense_ledger_close(&ledger);
    return leave("shop");
}
