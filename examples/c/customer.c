/* The customer's side of a licence year: asks the vendor, accepts the answer, asks "may I run?".
 *
 *     cc -DVENDOR_ROOT_KEY='"..."' customer.c -lmlicense -o customer
 *     ./customer request STATE FACTS.json FIELDS.json [DATE] > request.jws
 *     ./customer accept STATE FACTS.json answer.jws [DATE]
 *     ./customer ask STATE FACTS.json FEATURE DATE...
 *
 * STATE is a folder of the program's own; FACTS.json is what tells this host from others. A DATE
 * such as 2026-06-09 stands for its noon in UTC; without one it is now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlicense.h"

#ifndef PRODUCT
#define PRODUCT "vms"
#endif

static mlicense_client *client;
static mlicense_error *error;

static void stop(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

/* Ends the program with what was refused and what can be done about it. */
static void require(mlicense_status status) {
    if (status == MLICENSE_STATUS_OK) return;
    fprintf(stderr, "%u %s: %s. %s\n", (unsigned)status, mlicense_error_name(error),
            mlicense_error_message(error, "en"), mlicense_error_remedy(error, "en"));
    mlicense_error_free(error);
    mlicense_client_close(&client);
    exit(1);
}

/* Reads a whole file of at most 64 KiB. */
static size_t read_file(const char *path, char *bytes, size_t size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) stop(path);
    size_t length = fread(bytes, 1, size, file);
    if (ferror(file)) stop(path);
    fclose(file);
    return length;
}

/* Noon of a day in seconds since 1970, counted in years that begin in March. */
static int64_t noon(const char *date) {
    int year, month, day;
    if (date == NULL) return MLICENSE_NOW;
    if (sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3) stop(date);
    year -= month < 3;
    int64_t days = 365 * (int64_t)year + year / 4 - year / 100 + year / 400;
    days += (153 * (month + (month < 3 ? 9 : -3)) + 2) / 5 + day - 1;
    return (days - 719468) * 86400 + 43200;
}

static void write_request(const char *fields_path, int64_t now) {
    char fields[65536];
    size_t length = read_file(fields_path, fields, sizeof fields);
    mlicense_text *request;
    require(mlicense_client_request(client, "system", fields, length, now, &request, &error));
    fputs(mlicense_text_data(request), stdout);
    mlicense_text_free(request);
}

static void accept_document(const char *path, int64_t now) {
    char document[65536];
    size_t length = read_file(path, document, sizeof document);
    mlicense_text *accepted;
    require(mlicense_client_accept(client, document, length, now, &accepted, &error));
    printf("accepted: %s\n", mlicense_text_data(accepted));
    mlicense_text_free(accepted);
}

/* Prints the outcome on a day, the sentence that explains it, and what each rule found. */
static void ask(const char *feature, const char *date) {
    static const char *const words[] = {"denied", "licensed", "grace", "limited"};
    char why[512];
    mlicense_outcome outcome = mlicense_client_check_at(client, feature, noon(date));
    mlicense_client_why(client, feature, noon(date), "en", why, sizeof why);
    printf("%s %s: %s\n", date, words[outcome], why);
    mlicense_text *explanation;
    require(mlicense_client_explain(client, feature, noon(date), "en", &explanation, &error));
    const char *reason = strstr(mlicense_text_data(explanation), "\"text\":\"");
    for (; reason != NULL; reason = strstr(reason, "\"text\":\"")) {
        const char *passed = strstr(reason, "\"passed\":");
        reason += strlen("\"text\":\"");
        printf("  %s %.*s\n", passed != NULL && passed[9] == 't' ? "yes" : "no ",
               (int)strcspn(reason, "\""), reason);
    }
    mlicense_text_free(explanation);
}

int main(int argc, char **argv) {
    const char *const roots[] = {VENDOR_ROOT_KEY};
    char facts[65536];
    if (argc < 5) stop("usage: customer request|accept|ask STATE FACTS.json FILE|FEATURE [DATE]...");
    mlicense_client_options options = {
        .size = sizeof options, .state_folder = argv[2], .host_facts = facts,
        .host_facts_length = read_file(argv[3], facts, sizeof facts)};
    require(mlicense_client_open(PRODUCT, roots, 1, &options, &client, &error));
    if (strcmp(argv[1], "request") == 0) write_request(argv[4], noon(argv[5]));
    else if (strcmp(argv[1], "accept") == 0) accept_document(argv[4], noon(argv[5]));
    else if (strcmp(argv[1], "ask") == 0) for (int i = 5; i < argc; i++) ask(argv[4], argv[i]);
    else stop("there is no such command");
    mlicense_client_close(&client);
    return 0;
}
