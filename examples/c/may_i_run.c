/* May I run? Asks the licence file beside it, with the product and the vendor's key compiled in:
 *
 *     cc -DVENDOR_ROOT_KEY='"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"' may_i_run.c -lmlicense
 */
#include <mlicense.h>
#include <stdio.h>
int main(void) {
    const char *const roots[] = {VENDOR_ROOT_KEY};
    mlicense_client *client;
    mlicense_error *error;
    if (mlicense_client_open("hello", roots, 1, NULL, &client, &error) ||
        mlicense_client_accept_file(client, "hello.license", MLICENSE_NOW, NULL, &error))
        puts(mlicense_error_message(error, "en"));
    puts(mlicense_client_check(client, "hello") ? "may run" : "may not run");
    return mlicense_client_check(client, "hello") ? 0 : 1;
}
