/* What calls cost that a program in C makes at every turn, beside a look at the clock.
 *
 *     check LICENSE     (examples/data/hello.license)
 *
 * Prints the least and the median of rounds in turns, in nanoseconds a call.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <mlicense.h>

enum { ROUNDS = 101, CALLS = 20000, CASES = 6 };

static mlicense_client *client;
static mlicense_feature *feature;
static volatile uint64_t seen;

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void clock_only(void) { seen += nanoseconds(); }
static void by_feature(void) { seen += mlicense_feature_check(feature); }
static void by_name(void) { seen += mlicense_client_check(client, "hello"); }
static void denied(void) { seen += mlicense_client_check(client, "no-such-feature"); }
static void why(void) {
    char sentence[256];
    seen += mlicense_client_why(client, "hello", MLICENSE_NOW, "en", sentence, sizeof sentence);
}
static void seat(void) {
    mlicense_seat *taken = NULL;
    seen += mlicense_client_capture(client, "hello", &taken, NULL);
    mlicense_seat_release(&taken);
}

static int by_size(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    static const struct { const char *name; void (*call)(void); int calls; } cases[CASES] = {
        {"clock_gettime", clock_only, CALLS},
        {"mlicense_feature_check", by_feature, CALLS},
        {"mlicense_client_check", by_name, CALLS},
        {"mlicense_client_check, denied", denied, CALLS / 10},
        {"mlicense_client_why", why, CALLS / 10},
        {"seat captured and released", seat, CALLS / 10}};
    static uint64_t rounds[CASES][ROUNDS];
    /* The key of RFC 8032 that signed the licence beside the examples. */
    const char *const roots[] = {"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
    mlicense_error *error = NULL;
    if (argc < 2 || mlicense_client_open("hello", roots, 1, NULL, &client, &error) ||
        mlicense_client_accept_file(client, argv[1], MLICENSE_NOW, NULL, &error) ||
        mlicense_client_feature(client, "hello", &feature, &error)) {
        fprintf(stderr, "check LICENSE: %s\n", mlicense_error_message(error, NULL));
        return 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CASES; i++) {
            uint64_t before = nanoseconds();
            for (int call = 0; call < cases[i].calls; call++) cases[i].call();
            rounds[i][round] = nanoseconds() - before;
        }
    }
    printf("%-32s %10s %10s\n", "ns a call", "least", "median");
    for (int i = 0; i < CASES; i++) {
        double calls = cases[i].calls;
        qsort(rounds[i], ROUNDS, sizeof rounds[i][0], by_size);
        printf("%-32s %10.1f %10.1f\n", cases[i].name, (double)rounds[i][0] / calls,
               (double)rounds[i][ROUNDS / 2] / calls);
    }
    mlicense_feature_free(feature);
    mlicense_client_close(&client);
    return 0;
}
