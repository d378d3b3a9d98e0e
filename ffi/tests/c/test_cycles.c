/* Many times made and freed: nothing is left over. CYCLES says how often, such as 10000. */
#include "vendor.h"

#define CLAIMS "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772323200," \
    " \"features\": {\"export\": {\"quantity\": 1}}," \
    " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}"

static char license[2048], public_key[64];

/* The memory of this process in pages of the system, and 0 where that is not told: a sanitizer
 * keeps what was freed, and finds by itself what was not. */
static long pages(void) {
    long all = 0, resident = 0;
#ifdef __SANITIZE_ADDRESS__
    return 0;
#endif
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return 0;
    if (fscanf(file, "%ld %ld", &all, &resident) != 2) resident = 0;
    fclose(file);
    return resident;
}

/* A life of every object that needs no file; what is refused half-way leaves nothing either. */
static void live(void) {
    const char *roots[] = {public_key};
    mlicense_client *client = NULL;
    mlicense_feature *feature = NULL;
    mlicense_seat *seat = NULL, *none = NULL;
    mlicense_signer *signer = signer_of(2);
    mlicense_client_options options = {
        .size = sizeof options, .host_facts = FACTS, .host_facts_length = sizeof FACTS - 1};
    OK(mlicense_client_open("editor", roots, 1, &options, &client, &error));
    CHECK(mlicense_client_accept(client, "a.b.c", 5, MLICENSE_NOW, NULL, &error) != 0);
    CHECK(*mlicense_error_message(error, "ja") != 0 && *mlicense_error_reasons(error) == '{');
    mlicense_error_free(error);
    OK(mlicense_client_accept(client, license, strlen(license), MLICENSE_NOW, &text, &error));
    mlicense_text_free(text);
    OK(mlicense_client_feature(client, "export", &feature, &error));
    CHECK(mlicense_feature_check(feature) && mlicense_client_check(client, "export"));
    OK(mlicense_client_capture(client, "export", &seat, &error));
    CHECK(mlicense_client_capture(client, "export", &none, NULL) == MLICENSE_STATUS_NO_FREE_LICENSE);
    OK(mlicense_client_explain(client, "export", MLICENSE_NOW, "fr", &text, &error));
    mlicense_text_free(text);
    text = NULL;
    mlicense_seat_release(&seat);
    mlicense_client_close(&client);
    mlicense_feature_free(feature);
    mlicense_signer_free(signer);
}

int main(void) {
    const char *wanted = getenv("CYCLES");
    long cycles = wanted == NULL ? 1000 : atol(wanted), half = 0;
    mlicense_signer *root = signer_of(1);
    snprintf(public_key, sizeof public_key, "%s", mlicense_signer_public_key(root));
    OK(mlicense_license_issue(root, CLAIMS, strlen(CLAIMS), &text, &error));
    snprintf(license, sizeof license, "%s", take());
    for (long cycle = 0; cycle < cycles && failures == 0; cycle++) {
        live();
        if (cycle == cycles / 2) half = pages();
    }
    /* What one life leaves, a thousand would show: the second half needs no more than the first. */
    CHECK(pages() <= half + half / 10 + 64);
    mlicense_signer_free(root);
    printf("%ld cycles\n", cycles);
    return leave("cycles");
}
