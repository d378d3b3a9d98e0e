/* A threaded server: more users than seats, each in a thread of its own, on one client.
 *
 *     cc -pthread -DVENDOR_ROOT_KEY='"..."' seat_server.c -lmlicense -o seat_server
 *     ./seat_server LICENSE USERS
 *
 * Who finds no seat waits for its turn and asks again; nobody works without one.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mlicense.h"

enum { USERS_MAX = 64, PAGES = 20 };

static mlicense_client *client;
static atomic_int working, most, refused, pages;

static void rest(long milliseconds) {
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

/* Prints a document, page by page, as long as the seat is held. */
static void print_document(const mlicense_seat *seat) {
    int now = atomic_fetch_add(&working, 1) + 1, seen = atomic_load(&most);
    while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now)) {}
    for (int page = 0; page < PAGES && mlicense_seat_is_held(seat); page++) {
        atomic_fetch_add(&pages, 1);
        rest(1);
    }
    atomic_fetch_sub(&working, 1);
}

static void *user(void *unused) {
    mlicense_seat *seat = NULL;
    for (;;) {
        mlicense_error *error = NULL;
        mlicense_status status = mlicense_client_capture(client, "export", &seat, &error);
        if (status == MLICENSE_STATUS_OK) break;
        if (status != MLICENSE_STATUS_NO_FREE_LICENSE) {
            fprintf(stderr, "%s\n", mlicense_error_message(error, "en"));
            mlicense_error_free(error);
            return unused;
        }
        mlicense_error_free(error);
        atomic_fetch_add(&refused, 1);
        rest(5);
    }
    print_document(seat);
    mlicense_seat_release(&seat);
    return unused;
}

int main(int argc, char **argv) {
    const char *const roots[] = {VENDOR_ROOT_KEY};
    pthread_t threads[USERS_MAX];
    mlicense_error *error = NULL;
    int users = argc > 2 ? atoi(argv[2]) : 0, started = 0;
    if (users < 1 || users > USERS_MAX) {
        fputs("usage: seat_server LICENSE USERS, of which there are 1 to 64\n", stderr);
        return 2;
    }
    if (mlicense_client_open("editor", roots, 1, NULL, &client, &error) != MLICENSE_STATUS_OK ||
        mlicense_client_accept_file(client, argv[1], MLICENSE_NOW, NULL, &error) != MLICENSE_STATUS_OK) {
        fprintf(stderr, "%s\n", mlicense_error_message(error, "en"));
        mlicense_error_free(error);
        mlicense_client_close(&client);
        return 1;
    }
    while (started < users && pthread_create(&threads[started], NULL, user, NULL) == 0) started++;
    for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
    printf("%d users printed %d pages, at most %d at once%s\n", started, atomic_load(&pages),
           atomic_load(&most), atomic_load(&refused) > 0 ? "; some had to wait" : "");
    mlicense_client_close(&client);
    return 0;
}
