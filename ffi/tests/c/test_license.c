/* Signers, licences and key rings. */
#include "check.h"

static const char claims_json[] =
    "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772357400, \"jti\": \"L-7\","
    " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";

static void signers(void) {
    unsigned char seed[MLICENSE_SEED_BYTES], zeros[MLICENSE_SEED_BYTES] = {0};
    mlicense_signer *signer = NULL, *same = NULL;
    OK(mlicense_signer_generate(seed, &signer, &error));
    CHECK(memcmp(seed, zeros, sizeof seed) != 0);
    OK(mlicense_signer_from_seed(seed, sizeof seed, &same, &error));
    CHECK(strlen(mlicense_signer_public_key(signer)) == 43);
    CHECK(strlen(mlicense_signer_key_id(signer)) == 43);
    CHECK_TEXT(mlicense_signer_public_key(same), mlicense_signer_public_key(signer));
    CHECK_TEXT(mlicense_signer_key_id(same), mlicense_signer_key_id(signer));
    mlicense_signer_free(same);
    mlicense_signer_free(signer);

    /* RFC 8032, 7.1, test 1, and its thumbprint in RFC 8037, A.3. */
    static const unsigned char known[] =
        "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4"
        "\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    OK(mlicense_signer_from_seed(known, MLICENSE_SEED_BYTES, &signer, &error));
    CHECK_TEXT(mlicense_signer_public_key(signer), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    CHECK_TEXT(mlicense_signer_key_id(signer), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    mlicense_signer_free(signer);

    REFUSED(FIELD_INVALID, "31", mlicense_signer_from_seed(seed, 31, &signer, &error));
    CHECK(signer == NULL);
    REFUSED(FIELD_INVALID, "33", mlicense_signer_from_seed(seed, 33, &signer, &error));
    REFUSED(FIELD_INVALID, "`0`", mlicense_signer_from_seed(NULL, 0, &signer, &error));
    REFUSED(NULL_ARGUMENT, "seed", mlicense_signer_from_seed(NULL, 32, &signer, &error));
    REFUSED(NULL_ARGUMENT, "signer", mlicense_signer_from_seed(seed, 32, NULL, &error));
    REFUSED(NULL_ARGUMENT, "seed", mlicense_signer_generate(NULL, &signer, &error));
    CHECK(signer == NULL);
    REFUSED(NULL_ARGUMENT, "signer", mlicense_signer_generate(seed, NULL, &error));
    CHECK(memcmp(seed, zeros, sizeof seed) == 0);
    CHECK_TEXT(mlicense_signer_public_key(NULL), "");
    CHECK_TEXT(mlicense_signer_key_id(NULL), "");
    mlicense_signer_free(NULL);
}

static mlicense_status issue(const mlicense_signer *signer, const char *json) {
    return mlicense_license_issue(signer, json, strlen(json), &text, &error);
}

static void licences(void) {
    char document[4096], damaged[4096];
    mlicense_signer *vendor = signer_of(1), *stranger = signer_of(2);
    const char *keys[65];
    for (size_t i = 0; i < 65; i++) keys[i] = mlicense_signer_public_key(vendor);
    OK(issue(vendor, claims_json));
    snprintf(document, sizeof document, "%s", take());
    OK(issue(vendor, claims_json));
    CHECK_TEXT(take(), document);

    size_t length = strlen(document);
    OK(mlicense_license_inspect(document, length, keys, 1, &text, &error));
    CHECK_CONTAINS(mlicense_text_data(text), "\"jti\":\"L-7\"");
    CHECK_CONTAINS(take(), mlicense_signer_key_id(vendor));
    OK(mlicense_license_inspect(document, length, keys, 64, &text, &error));
    (void)take();

    for (size_t cut = 0; cut < length; cut++)
        CHECK(mlicense_license_inspect(document, cut, keys, 1, &text, NULL) != 0 && text == NULL);
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_license_inspect("", 0, keys, 1, &text, &error));
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_license_inspect(NULL, 0, keys, 1, &text, &error));
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_license_inspect("\xff", 1, keys, 1, &text, &error));
    snprintf(damaged, sizeof damaged, "%s", document);
    char *last = damaged + length - 2;
    *last = *last == 'A' ? 'B' : 'A';
    NO_TEXT(SIGNATURE_INVALID, "", mlicense_license_inspect(damaged, length, keys, 1, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_license_inspect(document, 65537, keys, 1, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "document", mlicense_license_inspect(NULL, 9, keys, 1, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "keys", mlicense_license_inspect(document, length, NULL, 1, &text, &error));
    NO_TEXT(KEY_NOT_TRUSTED, "", mlicense_license_inspect(document, length, NULL, 0, &text, &error));
    NO_TEXT(FIELD_INVALID, "65", mlicense_license_inspect(document, length, keys, 65, &text, &error));
    REFUSED(NULL_ARGUMENT, "claims", mlicense_license_inspect(document, length, keys, 1, NULL, &error));
    keys[0] = mlicense_signer_public_key(stranger);
    NO_TEXT(KEY_NOT_TRUSTED, "", mlicense_license_inspect(document, length, keys, 1, &text, &error));
    keys[0] = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    NO_TEXT(KEY_WEAK, "order", mlicense_license_inspect(document, length, keys, 1, &text, &error));
    keys[0] = "no key";
    NO_TEXT(KEY_WEAK, "", mlicense_license_inspect(document, length, keys, 1, &text, &error));
    keys[0] = "\xff";
    NO_TEXT(NOT_UTF8, "keys", mlicense_license_inspect(document, length, keys, 1, &text, &error));
    keys[0] = NULL;
    NO_TEXT(NULL_ARGUMENT, "keys", mlicense_license_inspect(document, length, keys, 1, &text, &error));

    NO_TEXT(JSON_INVALID, "missing field", issue(vendor, "{}"));
    NO_TEXT(JSON_INVALID, "`featrues`", issue(vendor, "{\"aud\": \"editor\", \"kind\": \"site\","
        " \"iat\": 0, \"featrues\": {}}"));
    NO_TEXT(CLAIMS_CONTRADICTORY, "neither", issue(vendor, "{\"aud\": \"editor\","
        " \"kind\": \"site\", \"iat\": 0}"));
    NO_TEXT(FIELD_INVALID, "serial", issue(vendor, "{\"aud\": \"editor\", \"kind\": \"perpetual\","
        " \"iat\": 0, \"jti\": \"\", \"licensed\": {\"from\": {\"day\": \"1970-01-01\", \"at\": 0}}}"));
    NO_TEXT(NOT_UTF8, "licence", issue(vendor, "{\"aud\": \"\xff\"}"));
    NO_TEXT(NULL_ARGUMENT, "signer", issue(NULL, claims_json));
    NO_TEXT(NULL_ARGUMENT, "claims", mlicense_license_issue(vendor, NULL, 1, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_license_issue(vendor, "{}", 65537, &text, &error));
    REFUSED(NULL_ARGUMENT, "document", mlicense_license_issue(vendor, "{}", 2, NULL, &error));
    mlicense_signer_free(stranger);
    mlicense_signer_free(vendor);
}

static void key_rings(void) {
    char json[1024];
    mlicense_signer *root = signer_of(1), *daily = signer_of(2);
    snprintf(json, sizeof json, "{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\","
        " \"keys\": [{\"key\": \"%s\", \"valid_from\": \"2026-03-01T00:00:00Z\"}]}",
        mlicense_signer_public_key(daily));
    size_t length = strlen(json);
    OK(mlicense_key_ring_issue(root, json, length, &text, &error));
    CHECK(strchr(take(), '.') != NULL);

    for (size_t cut = 0; cut < length; cut++)
        NO_TEXT(JSON_INVALID, "key ring", mlicense_key_ring_issue(root, json, cut, &text, &error));
    static const char empty[] =
        "{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\", \"keys\": []}";
    NO_TEXT(CLAIMS_CONTRADICTORY, "0 keys",
        mlicense_key_ring_issue(root, empty, strlen(empty), &text, &error));
    NO_TEXT(NOT_UTF8, "key ring", mlicense_key_ring_issue(root, "\xff", 1, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_key_ring_issue(root, json, 65537, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "root", mlicense_key_ring_issue(NULL, json, length, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "claims", mlicense_key_ring_issue(root, NULL, length, &text, &error));
    REFUSED(NULL_ARGUMENT, "document", mlicense_key_ring_issue(root, json, length, NULL, &error));
    mlicense_signer_free(daily);
    mlicense_signer_free(root);
}

static void revocation_lists(void) {
    mlicense_signer *root = signer_of(1);
    static const char json[] = "{\"number\": 1, \"iat\": 1775001600, \"next_update\": 1775606400,"
        " \"licenses\": {\"L-7\": {\"at\": 1775001600, \"reason\": \"refunded\"}}}";
    const char *roots[] = {mlicense_signer_public_key(root)};
    size_t length = strlen(json);
    static char list[1024];
    OK(mlicense_revocation_list_issue(root, json, length, &text, &error));
    snprintf(list, sizeof list, "%s", take());
    OK(mlicense_document_inspect("mlicense-revocations+jwt", list, strlen(list), roots, 1, NULL,
        &text, &error));
    CHECK(strstr(take(), "refunded") != NULL);

    for (size_t cut = 0; cut < length; cut++)
        NO_TEXT(JSON_INVALID, "revocation list",
            mlicense_revocation_list_issue(root, json, cut, &text, &error));
    static const char due[] = "{\"number\": 1, \"iat\": 1775001600, \"next_update\": 1775001600}";
    NO_TEXT(CLAIMS_CONTRADICTORY, "revocation list",
        mlicense_revocation_list_issue(root, due, strlen(due), &text, &error));
    static const char more[] =
        "{\"number\": 1, \"iat\": 1775001600, \"next_update\": 1775606400, \"licences\": {}}";
    NO_TEXT(JSON_INVALID, "licences",
        mlicense_revocation_list_issue(root, more, strlen(more), &text, &error));
    NO_TEXT(NOT_UTF8, "", mlicense_revocation_list_issue(root, "\xff", 1, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537",
        mlicense_revocation_list_issue(root, json, 65537, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "signer",
        mlicense_revocation_list_issue(NULL, json, length, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "claims",
        mlicense_revocation_list_issue(root, NULL, length, &text, &error));
    REFUSED(NULL_ARGUMENT, "document",
        mlicense_revocation_list_issue(root, json, length, NULL, &error));
    mlicense_signer_free(root);
}

int main(void) {
    signers();
    licences();
    key_rings();
    revocation_lists();
    return leave("license");
}
