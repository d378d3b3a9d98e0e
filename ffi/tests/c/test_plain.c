/* Versions, errors, texts, codes and calculations: what needs no object. */
#include "check.h"

static void versions(void) {
    CHECK(mlicense_abi_version() == MLICENSE_ABI_VERSION);
    CHECK(strchr(mlicense_version(), '.') != NULL);
}

static void errors(void) {
    CHECK(mlicense_error_number(NULL) == MLICENSE_STATUS_OK);
    CHECK_TEXT(mlicense_error_name(NULL), "");
    CHECK_TEXT(mlicense_error_message(NULL, "en"), "");
    CHECK_TEXT(mlicense_error_remedy(NULL, NULL), "");
    mlicense_error_free(NULL);

    CHECK(mlicense_calculate("{", 1, &text, NULL) == MLICENSE_STATUS_JSON_INVALID);
    CHECK(mlicense_calculate("{", 1, &text, &error) == MLICENSE_STATUS_JSON_INVALID);
    CHECK(text == NULL);
    const char *english = mlicense_error_message(error, "en");
    const char *other[] = {"ru", "ja_JP.UTF-8", "fr-CA"};
    for (size_t i = 0; i < 3; i++) {
        CHECK(strcmp(mlicense_error_message(error, other[i]), english) != 0);
        CHECK(strcmp(mlicense_error_remedy(error, other[i]), english) != 0);
    }
    CHECK_TEXT(mlicense_error_message(error, NULL), english);
    CHECK_TEXT(mlicense_error_message(error, "tlh"), english);
    CHECK_TEXT(mlicense_error_message(error, "\xff"), english);
    CHECK(mlicense_error_message(error, "en") == english);
    mlicense_error_free(error);
}

static void texts(void) {
    CHECK_TEXT(mlicense_text_data(NULL), "");
    CHECK(mlicense_text_length(NULL) == 0);
    mlicense_text_free(NULL);
    OK(mlicense_code_generate("ACME-5x4", &text, &error));
    CHECK(mlicense_text_length(text) == 28);
    CHECK(strlen(take()) == 28);
}

static void codes(void) {
    char code[64], typed[80];
    OK(mlicense_code_generate("ACME-5x4", &text, &error));
    snprintf(code, sizeof code, "%s", take());
    OK(mlicense_code_generate("ACME-5x4", &text, &error));
    CHECK(strcmp(take(), code) != 0);

    snprintf(typed, sizeof typed, "  %s\r\n", code);
    OK(mlicense_code_parse("ACME-5x4", typed, &text, &error));
    CHECK_TEXT(take(), code);

    /* However it is typed, it folds to one text. */
    char folded[64];
    OK(mlicense_code_fold("ACME-5x4", code, &text, &error));
    snprintf(folded, sizeof folded, "%s", take());
    CHECK(strchr(folded, '-') == NULL && strlen(folded) == 24);
    for (size_t i = 0; i < strlen(typed); i++)
        if (typed[i] >= 'A' && typed[i] <= 'Z') typed[i] += 'a' - 'A';
    OK(mlicense_code_fold("ACME-5x4", typed, &text, &error));
    CHECK_TEXT(take(), folded);
    OK(mlicense_code_fold(NULL, " 8412-77-kq \n", &text, &error));
    CHECK_TEXT(take(), "8412-77-KQ");
    NO_TEXT(CODE_INVALID, "", mlicense_code_fold(NULL, "abc", &text, &error));
    NO_TEXT(CODE_MISTYPED, "", mlicense_code_fold("ACME-5x4", "ACME-AAAAA-AAAAA-AAAAA-AAAAB", &text,
                                                  &error));
    NO_TEXT(NULL_ARGUMENT, "typed", mlicense_code_fold(NULL, NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "folded", mlicense_code_fold(NULL, code, NULL, &error));

    code[12] = code[12] == 'A' ? 'B' : 'A';
    NO_TEXT(CODE_MISTYPED, "mistyped", mlicense_code_parse("ACME-5x4", code, &text, &error));
    NO_TEXT(CODE_INVALID, "form", mlicense_code_parse("ACME-5x4", "ACME-X", &text, &error));
    code[12] = '!';
    NO_TEXT(CODE_FOREIGN_CHARACTER, "!", mlicense_code_parse("ACME-5x4", code, &text, &error));
    NO_TEXT(FIELD_INVALID, "ACME-5x3", mlicense_code_generate("ACME-5x3", &text, &error));
    NO_TEXT(FIELD_INVALID, "", mlicense_code_parse("", code, &text, &error));
    NO_TEXT(NOT_UTF8, "format", mlicense_code_generate("\xff", &text, &error));
    NO_TEXT(NOT_UTF8, "typed", mlicense_code_parse("ACME-5x4", "\xc3(", &text, &error));
    NO_TEXT(NULL_ARGUMENT, "format", mlicense_code_generate(NULL, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "format", mlicense_code_parse(NULL, code, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "typed", mlicense_code_parse("ACME-5x4", NULL, &text, &error));
    REFUSED(NULL_ARGUMENT, "code", mlicense_code_generate("ACME-5x4", NULL, &error));
    REFUSED(NULL_ARGUMENT, "code", mlicense_code_parse("ACME-5x4", code, NULL, &error));

    static char large[64 * 1024 + 2];
    memset(large, 'A', sizeof large - 1);
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_code_generate(large, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_code_parse("ACME-5x4", large, &text, &error));
    large[64 * 1024] = 0;
    NO_TEXT(INPUT_TOO_LARGE, "65536", mlicense_code_parse("ACME-5x4", large, &text, &error));
}

static void calculations(void) {
    static const char growth[] =
        "{\"growth\": {\"base\": 10, \"allocated\": 10, \"devices\": 21, \"percent\": 100}}";
    size_t length = strlen(growth);
    OK(mlicense_calculate(growth, length, &text, &error));
    CHECK_TEXT(take(), "{\"growth\":{\"free\":20,\"extra_now\":1}}");

    for (size_t cut = 0; cut < length; cut++)
        NO_TEXT(JSON_INVALID, "calculation", mlicense_calculate(growth, cut, &text, &error));
    NO_TEXT(JSON_INVALID, "shrink", mlicense_calculate("{\"shrink\":{}}", 13, &text, &error));
    NO_TEXT(NOT_UTF8, "calculation", mlicense_calculate("\xff\xfe", 2, &text, &error));
    NO_TEXT(NULL_ARGUMENT, "calculation", mlicense_calculate(NULL, length, &text, &error));
    NO_TEXT(JSON_INVALID, "calculation", mlicense_calculate(NULL, 0, &text, &error));
    REFUSED(NULL_ARGUMENT, "calculated", mlicense_calculate(growth, length, NULL, &error));
    /* Refused by its length: nothing past the text is read. */
    NO_TEXT(INPUT_TOO_LARGE, "65537", mlicense_calculate(growth, 65537, &text, &error));
    NO_TEXT(INPUT_TOO_LARGE, "", mlicense_calculate(growth, SIZE_MAX, &text, &error));

    static const char poor[] = "{\"wallet\": {\"lots\": [], \"storage_years\": 5,"
                               " \"today\": \"2026-03-01\", \"quantity\": 1}}";
    NO_TEXT(INSUFFICIENT_WALLET, "", mlicense_calculate(poor, strlen(poor), &text, &error));
    CHECK(mlicense_calculate(growth, length, NULL, NULL) == MLICENSE_STATUS_NULL_ARGUMENT);
}

int main(void) {
    versions();
    errors();
    texts();
    codes();
    calculations();
    return leave("plain");
}
