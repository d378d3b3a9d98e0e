/* Every case of core/tests/vectors/documents.json, checkpoints.json and ed25519.json. */
#include "check.h"
#include "json.h"

static char vectors[1 << 20], document[80 * 1024], note[4096], ring[4096], origin[256], key[128];
static const char *roots[8];
static char root_texts[8][64];

static const char *load(const char *name) {
    static char path[4096];
    const char *root = getenv("ROOT");
    snprintf(path, sizeof path, "%s/core/tests/vectors/%s", root == NULL ? "." : root, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (file == NULL) return "{}";
    size_t length = fread(vectors, 1, sizeof vectors - 1, file);
    CHECK(feof(file) && !ferror(file) && length > 0);
    vectors[length] = 0;
    fclose(file);
    return vectors;
}

/* Copies a text of JSON without its quotes and returns its length. */
static size_t unquote(const char *string, char *out, size_t size) {
    size_t length = 0;
    if (string == NULL || *string != '"') abort();
    for (const char *at = string + 1, *end = json_string_end(string) - 1; at < end; at++) {
        if (length + 1 >= size) abort();
        out[length] = *at;
        if (*at == '\\') {
            at++;
            out[length] = *at == 'n' ? '\n' : *at == 'r' ? '\r' : *at == 't' ? '\t' : *at;
            if (*at == 'u') abort(); /* no vector needs it */
        }
        length++;
    }
    out[length] = 0;
    return length;
}

/* What the reader of a case knows; returns the number of root keys. */
static size_t known(const char *one, const char **key_ring) {
    size_t count = 0;
    const char *root = json_first(json_member(one, "roots")), *given = json_member(one, "key_ring");
    for (; root != NULL; root = json_next(root), count++) {
        unquote(root, root_texts[count], sizeof root_texts[count]);
        roots[count] = root_texts[count];
    }
    *key_ring = NULL;
    if (given != NULL) unquote(given, ring, sizeof ring), *key_ring = ring;
    return count;
}

/* Compares what came with the member `good` or the refusal that a case expects. */
static void judge(const char *one, const char *good, mlicense_status status) {
    static char name[64];
    const char *expect = json_member(one, "expect"), *refusal = json_member(expect, "refusal");
    int holds;
    if (refusal == NULL) {
        holds = status == 0 && json_equal(take(), json_member(expect, good));
    } else {
        unquote(refusal, name, sizeof name);
        holds = status != 0 && text == NULL && strcmp(mlicense_error_name(error), name) == 0;
    }
    CHECK(holds);
    if (!holds) printf("    %.*s\n", JSON_SHOW(json_member(one, "name")));
    mlicense_error_free(error);
    error = NULL;
}

static void documents(void) {
    static char type[64];
    const char *cases = json_member(load("documents.json"), "cases"), *key_ring;
    CHECK(json_count(cases) > 110);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        unquote(json_member(one, "wanted"), type, sizeof type);
        size_t length = unquote(json_member(one, "document"), document, sizeof document);
        size_t count = known(one, &key_ring);
        judge(one, "claims", mlicense_document_inspect(type, document, length, roots, count,
            key_ring, &text, &error));
    }
}

static void checkpoints(const char *cases) {
    const char *key_ring;
    CHECK(json_count(cases) == 14);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        size_t length = unquote(json_member(one, "note"), note, sizeof note);
        unquote(json_member(one, "origin"), origin, sizeof origin);
        size_t count = known(one, &key_ring);
        judge(one, "head", mlicense_checkpoint_inspect(note, length, origin, roots, count,
            key_ring, &text, &error));
    }
}

/* Every case is a proof with a member `holds`. */
static void proofs(const char *kind, const char *cases, size_t expected, const char *members[4]) {
    CHECK(json_count(cases) == expected);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        size_t used = (size_t)snprintf(document, sizeof document, "{\"%s\":{", kind);
        for (size_t i = 0; i < 4 && members[i] != NULL; i++) {
            used += (size_t)snprintf(document + used, sizeof document - used, "%s\"%s\":%.*s",
                i == 0 ? "" : ",", members[i], JSON_SHOW(json_member(one, members[i])));
        }
        used += (size_t)snprintf(document + used, sizeof document - used, "}}");
        if (*json_member(one, "holds") == 't') {
            OK(mlicense_proof_verify(document, used, &error));
        } else {
            REFUSED(PROOF_INVALID, "", mlicense_proof_verify(document, used, &error));
        }
    }
}

static unsigned char nibble(char digit) {
    return (unsigned char)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* Reads bytes in hexadecimal. */
static size_t hex(const char *string, unsigned char *out, size_t size) {
    size_t length = unquote(string, document, sizeof document) / 2;
    if (length > size) abort();
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)(nibble(document[2 * i]) << 4 | nibble(document[2 * i + 1]));
    return length;
}

static mlicense_status verify(const char *one) {
    static unsigned char message[2048], signature[256];
    size_t length = hex(json_member(one, "message"), message, sizeof message);
    size_t signed_length = hex(json_member(one, "signature"), signature, sizeof signature);
    unquote(json_member(one, "key"), key, sizeof key);
    return mlicense_signature_verify(key, message, length, signature, signed_length, &error);
}

static void signatures(void) {
    const char *file = load("ed25519.json"), *cases = json_member(file, "wycheproof");
    size_t wrong = 0;
    CHECK(json_count(cases) == 151);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        if (*json_member(one, "holds") == 't') {
            OK(verify(one));
        } else {
            REFUSED(SIGNATURE_INVALID, "", verify(one));
            wrong++; /* a verifier that takes everything */
        }
    }
    CHECK(wrong == 63);
    cases = json_member(file, "speccheck");
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        int weak = verify(one) == MLICENSE_STATUS_KEY_WEAK;
        CHECK(weak == (*json_member(one, "weak") == 't'));
        mlicense_error_free(error);
        error = NULL;
    }
    cases = json_member(file, "weak_keys");
    CHECK(json_count(cases) == 48);
    for (const char *one = json_first(cases); one != NULL; one = json_next(one)) {
        static const unsigned char neutral[64] = {1}, empty[1] = {0};
        unquote(one, key, sizeof key);
        REFUSED(KEY_WEAK, "", mlicense_signature_verify(key, empty, 1, neutral, 64, &error));
    }
}

/* What no vector can show: arguments that are not there or too large. */
static void arguments(void) {
    static const char license[] = "mlicense-license+jwt";
    static const unsigned char bytes[64] = {1};
    const char *good = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    mlicense_text **none = NULL;
    roots[0] = good;
    NO_TEXT(NULL_ARGUMENT, "type", mlicense_document_inspect(NULL, "", 0, roots, 1, NULL, &text, &error));
    NO_TEXT(FIELD_INVALID, "`JWT`", mlicense_document_inspect("JWT", "", 0, roots, 1, NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "roots", mlicense_document_inspect(license, "", 0, NULL, 1, NULL, &text, &error));
    NO_TEXT(FIELD_INVALID, "65", mlicense_document_inspect(license, "", 0, roots, 65, NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "document", mlicense_document_inspect(license, NULL, 9, roots, 1, NULL, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_document_inspect(license, "", 65537, roots, 1, NULL, &text, &error));
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_document_inspect(license, "", 0, roots, 1, "", &text, &error));
    REFUSED(NULL_ARGUMENT, "claims", mlicense_document_inspect(license, "", 0, roots, 1, NULL, none, &error));

    NO_TEXT(NULL_ARGUMENT, "origin", mlicense_checkpoint_inspect("", 0, NULL, roots, 1, NULL, &text, &error));
    NO_TEXT(FIELD_INVALID, "origin", mlicense_checkpoint_inspect("", 0, "a b", roots, 1, NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "note", mlicense_checkpoint_inspect(NULL, 9, "a", roots, 1, NULL, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "131073", mlicense_checkpoint_inspect("", 131073, "a", roots, 1, NULL, &text, &error));
    NO_TEXT(DOCUMENT_MALFORMED, "", mlicense_checkpoint_inspect("", 0, "a", roots, 1, NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "head", mlicense_checkpoint_inspect("", 0, "a", roots, 1, NULL, none, &error));

    REFUSED(NULL_ARGUMENT, "proof", mlicense_proof_verify(NULL, 9, &error));
    REFUSED(INPUT_TOO_LARGE, "65537", mlicense_proof_verify("", 65537, &error));
    REFUSED(NOT_UTF8, "proof", mlicense_proof_verify("\xff", 1, &error));
    REFUSED(JSON_INVALID, "proof", mlicense_proof_verify("{}", 2, &error));

    REFUSED(NULL_ARGUMENT, "public_key", mlicense_signature_verify(NULL, bytes, 1, bytes, 64, &error));
    REFUSED(NULL_ARGUMENT, "message", mlicense_signature_verify(good, NULL, 1, bytes, 64, &error));
    REFUSED(NULL_ARGUMENT, "signature", mlicense_signature_verify(good, bytes, 1, NULL, 64, &error));
    REFUSED(INPUT_TOO_LARGE, "1048577", mlicense_signature_verify(good, bytes, 1048577, bytes, 64, &error));
    REFUSED(SIGNATURE_INVALID, "", mlicense_signature_verify(good, bytes, 1, bytes, 64, &error));
    REFUSED(SIGNATURE_INVALID, "", mlicense_signature_verify(good, NULL, 0, NULL, 0, &error));
    CHECK(mlicense_signature_verify("", bytes, 1, bytes, 64, NULL) == MLICENSE_STATUS_KEY_WEAK);
}

int main(void) {
    documents();
    const char *file = load("checkpoints.json");
    checkpoints(json_member(file, "checkpoints"));
    proofs("inclusion", json_member(file, "inclusion"), 28,
        (const char *[4]){"head", "leaf", "index", "proof"});
    proofs("consistency", json_member(file, "consistency"), 24,
        (const char *[4]){"older", "newer", "proof", NULL});
    signatures();
    arguments();
    return leave("documents");
}
