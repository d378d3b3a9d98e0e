/* May I run? Asks a licence file, with the product and the vendor's key compiled in:
 *
 *     cc -DVENDOR_ROOT_KEY='"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"' may_i_run.c -lmlicense
 *     ./a.out hello.license
 */
#include <stdio.h>

#include "mlicense.h"

int main(int argc, char **argv) {
    const char *const roots[] = {VENDOR_ROOT_KEY};
    char license[65536], why[256];
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t length = file ? fread(license, 1, sizeof license, file) : 0;
    mlicense_client *client;
    mlicense_error *error;
    if (mlicense_client_open("hello", roots, 1, NULL, &client, &error) ||
        mlicense_client_accept(client, license, length, MLICENSE_NOW, NULL, &error))
        puts(mlicense_error_message(error, "en"));
    mlicense_client_why(client, "hello", MLICENSE_NOW, "en", why, sizeof why);
    puts(why);
    return mlicense_client_check(client, "hello") ? 0 : 1;
}
