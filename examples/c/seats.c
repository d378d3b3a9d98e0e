/* Three desks share the seats of one licence, through a file on their machine.
 *
 *     cc -DVENDOR_ROOT_KEY='"..."' seats.c -lmlicense -o seats
 *     ./seats LICENSE SEATS [crash]
 *
 * With `crash` the program takes a seat and ends without giving it back: it is free when its lease
 * is over.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "mlicense.h"

static mlicense_site *site;
static mlicense_error *error;

/* Ends the program with what was refused and what can be done about it. */
static void require(mlicense_status status) {
    if (status == MLICENSE_STATUS_OK) return;
    fprintf(stderr, "%u %s: %s. %s\n", (unsigned)status, mlicense_error_name(error),
            mlicense_error_message(error, "en"), mlicense_error_remedy(error, "en"));
    exit(1);
}

/* Takes a seat, or tells why there is none. */
static mlicense_text *sit(const char *desk) {
    mlicense_text *session;
    mlicense_status status = mlicense_site_capture(site, "export", desk, &session, &error);
    if (status == MLICENSE_STATUS_OK) {
        printf("%s has a seat\n", desk);
        return session;
    }
    printf("%s waits: %u %s\n", desk, (unsigned)status, mlicense_error_name(error));
    mlicense_error_free(error);
    return NULL;
}

static void leave(const char *desk, mlicense_text *session) {
    if (session == NULL) return;
    require(mlicense_site_release(site, mlicense_text_data(session), NULL, &error));
    mlicense_text_free(session);
    printf("%s goes home\n", desk);
}

static void stay(const char *desk, mlicense_text *session) {
    if (session == NULL) return;
    /* Refused with 1021 when the lease is over; what was lost meanwhile stands in the answer. */
    require(mlicense_site_keep_alive(site, mlicense_text_data(session), NULL, &error));
    printf("%s is there and holds [export]\n", desk);
}

static void tell(void) {
    mlicense_text *usage;
    require(mlicense_site_usage(site, &usage, &error));
    puts(mlicense_text_data(usage));
    mlicense_text_free(usage);
}

int main(int argc, char **argv) {
    const char *const roots[] = {VENDOR_ROOT_KEY};
    mlicense_client *client;
    if (argc < 3) {
        fputs("usage: seats LICENSE SEATS [crash]\n", stderr);
        return 2;
    }
    require(mlicense_client_open("editor", roots, 1, NULL, &client, &error));
    require(mlicense_client_accept_file(client, argv[1], MLICENSE_NOW, NULL, &error));
    require(mlicense_site_open(argv[2], client, 0, 0, &site, &error));
    mlicense_client_close(&client);
    if (argc > 3) {
        sit("a desk that crashes");
        fflush(stdout);
        _Exit(9);
    }
    tell();
    mlicense_text *first = sit("desk 1"), *second = sit("desk 2"), *third = sit("desk 3");
    leave("desk 1", first);
    if (third == NULL) third = sit("desk 3");
    stay("desk 2", second);
    leave("desk 2", second);
    stay("desk 3", third);
    leave("desk 3", third);
    tell();
    mlicense_site_close(&site);
    return 0;
}
