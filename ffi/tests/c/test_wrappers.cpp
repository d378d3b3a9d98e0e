// The wrappers for C++: what they make is freed, and what is refused is thrown.
#include "mlicense.hpp"

#include <cstdio>
#include <cstring>

static int claims, failures;

#define CHECK(claim) \
    do { \
        claims++; \
        if (!(claim)) { \
            failures++; \
            std::printf("line %d: %s\n", __LINE__, #claim); \
        } \
    } while (0)

// A call that throws an error of this name.
#define THROWS(named, call) \
    do { \
        try { \
            call; \
            CHECK(!"refused"); \
        } catch (const mlicense::Error &error) { \
            CHECK(error.name() == #named && error.number() == MLICENSE_STATUS_##named); \
            CHECK(*error.what() != 0 && !error.remedy("ja").empty()); \
            CHECK(error.message("fr") != error.what()); \
        } \
    } while (0)

static const char license_claims[] =
    R"({"aud": "editor", "kind": "perpetual", "iat": 1772323200,
        "features": {"export": {"quantity": 1}},
        "licensed": {"from": {"day": "2026-03-01", "at": 1772323200}}})";

static void customers() {
    mlicense::Signer vendor(std::vector<uint8_t>(32, 1));
    mlicense::Client client("editor", {vendor.public_key()});
    CHECK(!client.check("export"));
    CHECK(client.why("export", "en").find("export") != std::string::npos);
    CHECK(client.why("export").back() != '\0');
    CHECK(client.accept(vendor.issue_license(license_claims)).find("true") != std::string::npos);
    CHECK(client.check("export") == MLICENSE_OUTCOME_LICENSED);
    CHECK(client.check_at("export", -1) == MLICENSE_OUTCOME_DENIED);
    CHECK(client.check(nullptr) == MLICENSE_OUTCOME_DENIED);
    CHECK(client.explain("export")[0] == '{' && client.licenses()[0] == '{');
    CHECK(client.next_action().find("nothing") != std::string::npos);
    THROWS(DOCUMENT_MALFORMED, client.accept("a.b.c"));
    THROWS(STORE_UNAVAILABLE, client.accept_file("missing.license"));
    THROWS(FIELD_INVALID, mlicense::Client("two words", {vendor.public_key()}));
    THROWS(KEY_WEAK, mlicense::Client("editor", {"no key"}));
    CHECK(mlicense::text(mlicense_client_host_facts, client.get())[0] == '{');

    mlicense::Feature feature = client.feature("export");
    mlicense::Seat seat = client.capture("export");
    CHECK(seat.is_held() && seat.keep_alive()[0] == '{' && seat.capture("export")[0] == '{');
    THROWS(NO_FREE_LICENSE, client.capture("export"));
    {
        mlicense::Seat moved = std::move(seat);
        CHECK(moved && !seat && moved.is_held() && !seat.is_held());
    }
    CHECK(client.capture("export").is_held());

    const std::string state = client.state();
    mlicense_client_options options = {};
    options.size = sizeof options;
    options.state = state.data();
    options.state_length = state.size();
    mlicense::Client again("editor", {vendor.public_key()}, &options);
    CHECK(again.check("export") == MLICENSE_OUTCOME_LICENSED);
    CHECK(!again.request("trial").empty() && !again.deactivate().empty());

    mlicense::Site site("seats", client);
    const std::string session = site.capture("export", "desk 1");
    CHECK(site.keep_alive(session)[0] == '{' && site.usage()[0] == '[');
    site.release(session);
    THROWS(SESSION_UNKNOWN, site.keep_alive(session));

    mlicense::Site at_vendor("vendor.seats", "c1", vendor.issue_license(license_claims),
                             vendor.public_key());
    CHECK(!at_vendor.capture("export").empty());

    client = mlicense::Client("editor", {vendor.public_key()});
    CHECK(!client.check("export"));
    CHECK(feature.check() == MLICENSE_OUTCOME_LICENSED);
}

static bool refuse(void *, const uint8_t *, size_t, uint8_t *) { return false; }

static void vendors() {
    mlicense::Ledger ledger = mlicense::Ledger::create("vendor.mlicense");
    const std::string order = R"({"actor": {"role": "vendor", "id": "desk"}, "body":
        {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}}})";
    CHECK(ledger.execute(order).find("registered") != std::string::npos);
    CHECK(ledger.execute_many("[" + order + "]").find("ALREADY_REGISTERED") != std::string::npos);
    CHECK(ledger.verify()[0] == '{');
    CHECK(ledger.query(R"({"products": {}})")[0] == '{');
    THROWS(CUSTOMER_ALREADY_REGISTERED, ledger.execute(order));
    THROWS(STORE_EXISTS, mlicense::Ledger::create("vendor.mlicense"));
    mlicense::Ledger reader = mlicense::Ledger::open_read_only("vendor.mlicense");
    THROWS(STORE_READ_ONLY, reader.execute(order));
    CHECK(mlicense::Ledger::open("vendor.mlicense").verify() == ledger.verify());

    mlicense::Signer vendor(std::vector<uint8_t>(32, 1));
    THROWS(SYSTEM_FILE_INVALID, ledger.answer(nullptr, R"({"role": "vendor", "id": "desk"})", "a.b.c",
                                              vendor));
    mlicense::Signer locked(vendor.public_key(), refuse, nullptr);
    CHECK(locked.key_id() == vendor.key_id());
    THROWS(SIGNER_FAILED, locked.issue_license(license_claims));
    try {
        mlicense::text(mlicense_calculate, static_cast<const char *>(nullptr), SIZE_MAX);
        CHECK(!"refused");
    } catch (const mlicense::Error &error) {
        const mlicense::Error copy = error;
        CHECK(copy.reasons().find("limit") != std::string::npos);
    }
}

int main() {
    customers();
    vendors();
    std::printf("wrappers: %d claims, %d failed\n", claims, failures);
    return failures > 0;
}
