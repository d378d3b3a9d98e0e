/* What the C tests share: claims, refusals and the counting of both. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlicense.h"

/* For the last two arguments of calls. */
static mlicense_text *text;
static mlicense_error *error;
static int claims, failures;

#define CHECK(claim) check((claim) != 0, __LINE__, #claim)
#define CHECK_TEXT(actual, expected) check_text(__LINE__, (actual), (expected))
#define CHECK_CONTAINS(actual, part) check_contains(__LINE__, (actual), (part))
/* A call with `&error` last that is done. */
#define OK(call) check_ok(__LINE__, (call), #call)
/* A call with `&error` last that is refused with this name and with `part` in its message. */
#define REFUSED(name, part, call) \
    check_refused(__LINE__, (call), MLICENSE_STATUS_##name, #name, (part))
/* The same for a call with `&text, &error` last, which leaves no text. */
#define NO_TEXT(name, part, call) \
    (text = (mlicense_text *)&claims, REFUSED(name, part, call), CHECK(text == NULL), text = NULL)

static inline void check(int holds, int line, const char *claim) {
    claims++;
    if (!holds) {
        failures++;
        printf("line %d: %s\n", line, claim);
    }
}

static inline void check_text(int line, const char *actual, const char *expected) {
    int holds = actual != NULL && strcmp(actual, expected) == 0;
    check(holds, line, expected);
    if (!holds) printf("    was: %s\n", actual == NULL ? "NULL" : actual);
}

static inline void check_contains(int line, const char *actual, const char *part) {
    int holds = actual != NULL && strstr(actual, part) != NULL;
    check(holds, line, part);
    if (!holds) printf("    not in: %s\n", actual == NULL ? "NULL" : actual);
}

static inline void check_ok(int line, mlicense_status status, const char *call) {
    check(status == MLICENSE_STATUS_OK && error == NULL, line, call);
    if (error != NULL) printf("    %s\n", mlicense_error_message(error, "en"));
    mlicense_error_free(error);
    error = NULL;
}

static inline void check_refused(int line, mlicense_status status, mlicense_status expected,
                                 const char *name, const char *part) {
    static const char *const languages[] = {"en", "ru", "ja", "fr"};
    check(status == expected, line, name);
    check(error != NULL && mlicense_error_number(error) == status, line, "a number");
    check_text(line, mlicense_error_name(error), name);
    check_contains(line, mlicense_error_message(error, NULL), part);
    for (size_t i = 0; i < 4; i++) {
        check(*mlicense_error_message(error, languages[i]) != 0, line, "a message");
        check(*mlicense_error_remedy(error, languages[i]) != 0, line, "a remedy");
    }
    mlicense_error_free(error);
    error = NULL;
}

/* The text of the last call that was done; the next `take` or `leave` frees it. */
static inline const char *take(void) {
    static mlicense_text *taken;
    mlicense_text_free(taken);
    taken = text;
    text = NULL;
    return mlicense_text_data(taken);
}

/* Ends a test: frees what was taken and says how it went. */
static inline int leave(const char *name) {
    (void)take();
    (void)take();
    printf("%s: %d claims, %d failed\n", name, claims, failures);
    return failures > 0;
}

static inline mlicense_signer *signer_of(unsigned char byte) {
    unsigned char seed[MLICENSE_SEED_BYTES];
    mlicense_signer *signer = NULL;
    memset(seed, byte, sizeof seed);
    OK(mlicense_signer_from_seed(seed, sizeof seed, &signer, &error));
    return signer;
}

#endif
