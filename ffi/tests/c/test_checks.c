/* Many threads ask one client, while another hands it licences: the customer's side alone. */
#include <pthread.h>

#include "check.h"

enum { READERS = 4, ROUNDS = 300, WRITES = 50 };

static mlicense_client *client;
static mlicense_feature *feature;
static int64_t ticks = INT64_C(1772323200);
static pthread_mutex_t ticking = PTHREAD_MUTEX_INITIALIZER;

/* A clock that goes on by a second now and then, so that decisions are made anew. */
static int64_t tick(void *context) {
    (void)context;
    pthread_mutex_lock(&ticking);
    int64_t now = INT64_C(1772323200) + ticks++ % 1000 / 10;
    pthread_mutex_unlock(&ticking);
    return now;
}

/* Counts the answers that are wrong. */
static void *ask(void *wrong) {
    int *count = wrong;
    for (int round = 0; round < ROUNDS; round++) {
        char why[128], name[32];
        mlicense_seat *seat = NULL;
        snprintf(name, sizeof name, "feature-%d", round);
        *count += !mlicense_client_check(client, "hello");
        *count += !mlicense_feature_check(feature);
        *count += mlicense_client_check(client, name) != MLICENSE_OUTCOME_DENIED;
        *count += mlicense_client_why(client, "hello", MLICENSE_NOW, "ja", why, sizeof why) == 0;
        *count += mlicense_client_capture(client, "hello", &seat, NULL) != MLICENSE_STATUS_OK;
        *count += !mlicense_seat_is_held(seat);
        mlicense_seat_release(&seat);
    }
    return NULL;
}

static size_t read_license(char *license, size_t size) {
    char path[4096];
    const char *root = getenv("ROOT");
    snprintf(path, sizeof path, "%s/examples/data/hello.license", root == NULL ? "." : root);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (file == NULL) return 0;
    size_t length = fread(license, 1, size, file);
    fclose(file);
    return length;
}

int main(void) {
    static char license[65536];
    /* The key of RFC 8032 that signed the licence beside the examples. */
    const char *const roots[] = {"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
    pthread_t readers[READERS];
    int wrong[READERS] = {0};
    size_t length = read_license(license, sizeof license);
    mlicense_client_options options = {.size = sizeof options, .clock = tick};
    OK(mlicense_client_open("hello", roots, 1, &options, &client, &error));
    OK(mlicense_client_accept(client, license, length, MLICENSE_NOW, NULL, &error));
    OK(mlicense_client_feature(client, "hello", &feature, &error));
    for (int i = 0; i < READERS; i++)
        CHECK(pthread_create(&readers[i], NULL, ask, &wrong[i]) == 0);
    for (int i = 0; i < WRITES; i++) {
        OK(mlicense_client_accept(client, license, length, MLICENSE_NOW, NULL, &error));
        OK(mlicense_client_next_action(client, MLICENSE_NOW, &text, &error));
        (void)take();
    }
    for (int i = 0; i < READERS; i++) {
        CHECK(pthread_join(readers[i], NULL) == 0);
        CHECK(wrong[i] == 0);
    }
#ifdef PLANTED
    /* What two threads write without a lock is to be found. */
    CHECK(pthread_create(&readers[0], NULL, ask, &wrong[0]) == 0);
    for (int i = 0; i < 1000; i++) wrong[0]++;
    CHECK(pthread_join(readers[0], NULL) == 0);
#endif
    mlicense_feature_free(feature);
    mlicense_client_close(&client);
    return leave("checks");
}
