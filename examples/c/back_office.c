/* A vendor's back office: keys, one ledger file, customers who write requests, and the evening.
 *
 *     cc back_office.c -lmlicense -o back_office
 *     ./back_office begin FOLDER                    makes the keys, the ledger and the product
 *     ./back_office sell FOLDER CUSTOMER ZONE REQUEST.jws QUANTITY > answer.jws
 *     ./back_office evening FOLDER
 *
 * FOLDER/root.pub is what programs have compiled in. A true root key does not lie beside the ledger:
 * it signs the key ring once, and then the checkpoints, elsewhere.
 */
#include <mlicense.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTOR "{\"role\": \"vendor\", \"id\": \"desk\"}"

static const mlicense_order desk = {.size = sizeof desk, .actor = "desk", .now = MLICENSE_NOW};
static const char *folder;
static mlicense_ledger *ledger;
static mlicense_error *error;
static mlicense_text *text;

/* Ends the program with what was refused and what can be done about it. */
static void require(mlicense_status status) {
    if (status == MLICENSE_STATUS_OK) return;
    fprintf(stderr, "%u %s: %s. %s\n", (unsigned)status, mlicense_error_name(error),
            mlicense_error_message(error, "en"), mlicense_error_remedy(error, "en"));
    exit(1);
}

static const char *path(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Reads or writes a whole file of at most `size` bytes. */
static size_t transfer(const char *name, const char *mode, void *bytes, size_t size) {
    FILE *file = fopen(name, mode);
    if (file == NULL) { perror(name); exit(2); }
    size_t done = *mode == 'w' ? fwrite(bytes, 1, size, file) : fread(bytes, 1, size, file);
    if (ferror(file) || fclose(file) != 0) { perror(name); exit(2); }
    return done;
}

/* The key whose seed a file holds, or a new one whose seed is written there. */
static mlicense_signer *signer(const char *name, const char *mode) {
    unsigned char seed[MLICENSE_SEED_BYTES];
    mlicense_signer *signer;
    if (*mode == 'w') require(mlicense_signer_generate(seed, &signer, &error));
    size_t length = transfer(path(name), mode, seed, sizeof seed);
    if (*mode == 'r') require(mlicense_signer_from_seed(seed, length, &signer, &error));
    return signer;
}

/* Does a command that has no function of its own, in JSON; `%s` in it stands for a value. */
static void execute(const char *command, const char *value, const char *other) {
    static char envelope[128 * 1024];
    int head = snprintf(envelope, sizeof envelope, "{\"actor\": " ACTOR ", \"body\": ");
    snprintf(envelope + head, sizeof envelope - (size_t)head, command, value, other);
    size_t length = strlen(strcat(envelope, "}"));
    require(mlicense_ledger_execute(ledger, envelope, length, MLICENSE_NOW, NULL, &error));
}

static void begin(void) {
    mlicense_signer *root = signer("root.key", "wbx"), *daily = signer("daily.key", "wbx");
    char ring[512];
    require(mlicense_ledger_create(path("vendor.mlicense"), &ledger, &error));
    const char *root_key = mlicense_signer_public_key(root);
    transfer(path("root.pub"), "w", (void *)root_key, strlen(root_key));
    execute("{\"establish_vendor\": {\"vendor\": \"example\", \"roots\": [\"%s\"]}}", root_key, "");
    snprintf(ring, sizeof ring, "{\"number\": 1, \"issued_at\": \"2026-01-01T00:00:00Z\", \"keys\":"
             " [{\"key\": \"%s\", \"valid_from\": \"2026-01-01T00:00:00Z\"}]}",
             mlicense_signer_public_key(daily));
    require(mlicense_key_ring_issue(root, ring, strlen(ring), &text, &error));
    execute("{\"publish_key_ring\": {\"document\": \"%s\"}}", mlicense_text_data(text), "");
    mlicense_text_free(text);
    execute("{\"define_product\": {\"product\": \"vms\", \"definition\": {\"name\": \"%s\","
            " \"license_types\": [\"camera\"]}, \"policy\": {\"subscription\": {}}}}", "VMS", "");
    mlicense_signer_free(daily);
    mlicense_signer_free(root);
}

/* Sells licences for the devices that a request describes, and answers it with the signed licence. */
static void sell(const char *customer, const char *zone, const char *file, uint32_t quantity) {
    char request[65536];
    request[transfer(file, "rb", request, sizeof request - 1)] = 0;
    require(mlicense_ledger_register_customer(ledger, customer, zone, &desk, NULL, &error));
    execute("{\"take_request\": {\"customer\": \"%s\", \"request\": \"%s\"}}", customer, request);
    require(mlicense_ledger_start_subscription(ledger, customer, "vms", &desk, NULL, &error));
    require(mlicense_ledger_stock_licenses(ledger, customer, "vms", "camera", quantity, NULL, &desk,
                                           NULL, &error));
    require(mlicense_ledger_allocate(ledger, customer, "vms", "camera", quantity, &desk, NULL, &error));
    mlicense_signer *daily = signer("daily.key", "rb");
    require(mlicense_ledger_answer(ledger, customer, ACTOR, request, strlen(request), daily,
                                   MLICENSE_NOW, &text, &error));
    mlicense_signer_free(daily);
}

/* Signs how long the history is, to be kept elsewhere, and copies the ledger. */
static void evening(void) {
    mlicense_signer *root = signer("root.key", "rb");
    require(mlicense_ledger_checkpoint(ledger, "example.com/history", root, MLICENSE_NOW, &text, &error));
    require(mlicense_ledger_backup(ledger, path("backup.mlicense"), NULL, NULL, &error));
    mlicense_signer_free(root);
}

int main(int argc, char **argv) {
    if (argc < 3) return fputs("usage: back_office begin|sell|evening FOLDER ...\n", stderr), 2;
    folder = argv[2];
    if (strcmp(argv[1], "begin") == 0) return begin(), mlicense_ledger_close(&ledger), 0;
    require(mlicense_ledger_open(path("vendor.mlicense"), &ledger, &error));
    if (argc < 7) evening();
    else sell(argv[3], argv[4], argv[5], (uint32_t)strtoul(argv[6], NULL, 10));
    puts(mlicense_text_data(text));
    mlicense_text_free(text);
    return mlicense_ledger_close(&ledger), 0;
}
