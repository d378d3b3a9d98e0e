/**
 * @file
 * mlicense: licensing to embed, for the customer's program that asks "may I run?" and for the vendor
 * who sells, counts and signs.
 *
 * The shortest program opens a client, hands it a licence file and asks:
 *
 * ```c
 * mlicense_client *editor = NULL;
 * if (mlicense_client_open("editor", roots, 1, NULL, &editor, &error) ||
 *     mlicense_client_accept_file(editor, "editor.license", MLICENSE_NOW, NULL, &error))
 *     puts(mlicense_error_message(error, NULL));
 * mlicense_error_free(error);
 * puts(mlicense_client_check(editor, "editor") ? "may run" : "may not run");
 * mlicense_client_close(&editor);
 * ```
 *
 * Chapters. Constants, classes and callbacks come first, then functions:
 *
 * 1. Which library is loaded
 * 2. mlicense_error: why a call was refused
 * 3. mlicense_text: a text given to the caller
 * 4. mlicense_client: the customer's side, which answers "may I run?"
 * 5. What a client exchanges with the vendor: requests, and documents that it holds
 * 6. mlicense_feature: one feature, for code that asks at every turn
 * 7. Switches of a program's modules: on, or off by the licence or the user
 * 8. mlicense_seat: a seat of a feature within one program
 * 9. What keeps a client's licences: the next contact, the way out, and the state in bytes
 * 10. Requests as documents: what they tell of the customer
 * 11. The registration number that an installation keeps
 * 12. Diagnosis: what can be read, written and reached
 * 13. Licences as documents: signed, and read back
 * 14. Codes that people type: licence keys, numbers, coupons
 * 15. mlicense_signer: the vendor's private key
 * 16. Key rings: the keys that sign for the vendor, under a root key
 * 17. What else a vendor signs: revocation lists, and the time
 * 18. What signed documents say, and whether signatures and proofs hold
 * 19. The pure arithmetic, without a ledger
 * 20. Commands and queries of a ledger, in JSON
 * 21. mlicense_ledger: the vendor's book of record
 * 22. What a vendor's back office does every day, without JSON going in
 * 23. The ledger as a book of record: copies of it, and what it vouches for
 * 24. Links to the vendor's shop
 * 25. mlicense_site: seats that programs share
 *
 * Statuses. A call that can be refused returns a mlicense_status: MLICENSE_STATUS_OK, which is 0, or
 * the number of an error, which may be switched on. "Refused:" lists the usual ones, without their
 * prefix MLICENSE_STATUS_. A refused call has changed nothing. Who wants the text of a refusal and
 * what can be done about it gives the address of a mlicense_error pointer last. A check is no such
 * call: it returns the outcome, and 0 is denied.
 *
 * Ownership. Out-parameters stand last, are set to NULL first and written on success. What a call
 * makes belongs to the caller, who frees it with the _free, _close or _release of its class; all
 * take NULL. Text that a function returns belongs to the object that it was asked of, and lives as
 * long. Nothing is kept of what is passed in after the call has returned, but for callbacks and
 * their contexts: those of a client live until it and its features, seats and sites are closed,
 * that of a signer until it is freed.
 *
 * Text. What goes in is UTF-8: names and paths end with a NUL and have at most 64 KiB; documents and
 * JSON come with their length and need no NUL. What comes out is UTF-8 and always ends with a NUL.
 * Structures begin with their size, so that a program and a library of other versions understand
 * each other.
 *
 * Instants are seconds since 1970-01-01T00:00:00Z, or MLICENSE_NOW for the system's clock.
 *
 * Threads. An object taken as a pointer to const may be used by several threads at once; one that is
 * freed or closed may be used by no other. The library keeps no state of its own, neither for the
 * process nor for a thread, prints nothing, handles no signals and never ends the program.
 *
 * Callbacks are called in the thread of the call that needs them, with the context that was given. A
 * callback must return, and may not use the object in whose call it runs: such a call is refused
 * with CALLED_BACK, a check is denied, and freeing or closing does nothing.
 *
 * The vendor's side begins with mlicense_signer. A library that was built for customers only does
 * not have it, nor mlicense_license_issue(), which wants a signer.
 *
 * C++ programs find these classes with destructors and exceptions in mlicense.hpp.
 */


#ifndef MLICENSE_H
#define MLICENSE_H

/* Generated from the crate `ffi` by `make header`; do not edit. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
/** Marks what must not be left unread, where the compiler can see to it. */
#define MLICENSE_MUST_USE __attribute__((warn_unused_result))
#else
#define MLICENSE_MUST_USE
#endif

/**
 * @defgroup types Constants, classes and callbacks
 * @{
 */


/**
 * A fault of the library's own; please report it.
 */
#define MLICENSE_LOG_ERROR 1

/**
 * A call was refused, or a licence that is held does not count.
 */
#define MLICENSE_LOG_WARNING 2

/**
 * Something was done: a client was opened, a document was accepted.
 */
#define MLICENSE_LOG_INFO 3

/**
 * The version of this interface. It rises when a program built against an older header would no
 * longer run; compare it with mlicense_abi_version() when the library is loaded at run time.
 */
#define MLICENSE_ABI_VERSION 1

/**
 * In place of an instant: the second that the system's clock shows.
 */
#define MLICENSE_NOW INT64_MIN

/**
 * The bytes of the seed that a private key is made of.
 */
#define MLICENSE_SEED_BYTES 32

/**
 * The bytes of a signature.
 */
#define MLICENSE_SIGNATURE_BYTES 64

/**
 * For mlicense_ledger_export(): leaves names and addresses out.
 */
#define MLICENSE_EXPORT_WITHOUT_PEOPLE 1

/**
 * For mlicense_ledger_export(): leaves out what is to be sent.
 */
#define MLICENSE_EXPORT_WITHOUT_OUTBOX 2

/**
 * The shop does not know this e-mail with this password. So is every number but the two below.
 */
#define MLICENSE_SHOP_REFUSED 0

/**
 * E-mail and password are right, and the name of the account was written.
 */
#define MLICENSE_SHOP_ACCOUNT 1

/**
 * The shop could not be asked.
 */
#define MLICENSE_SHOP_UNREACHABLE 2

/**
 * The answer to a check: 0 when it may not run, more when it may.
 */
enum mlicense_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It may not run.
   */
  MLICENSE_OUTCOME_DENIED = 0,
  /**
   * It may run; it is licensed.
   */
  MLICENSE_OUTCOME_LICENSED = 1,
  /**
   * It may run for now; it is not licensed, or not any more.
   */
  MLICENSE_OUTCOME_GRACE = 2,
  /**
   * It may run with less than everything, as the program sees fit. Not given yet.
   */
  MLICENSE_OUTCOME_LIMITED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mlicense_outcome mlicense_outcome;
#else
typedef uint32_t mlicense_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a module of the program is on, and who switched it off; the program keeps the number
 * beside its settings.
 */
enum mlicense_switch
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The licence does not allow it, or nobody asked yet; on again as soon as it is allowed.
   */
  MLICENSE_SWITCH_DISABLED_BY_LICENSE = 0,
  /**
   * The module runs.
   */
  MLICENSE_SWITCH_ON = 1,
  /**
   * The user does not want it, whatever the licence allows; only the user switches it on again.
   */
  MLICENSE_SWITCH_DISABLED_BY_USER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mlicense_switch mlicense_switch;
#else
typedef uint32_t mlicense_switch;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * One installation of one product, and the licences it holds.
 *
 * Ask it with mlicense_client_check(); close it with mlicense_client_close(). The product and the
 * vendor's root keys are compiled into the program; nothing read from disk can take their place.
 *
 * Limits: 64 root keys, a document of 64 KiB, 16 licences, 16 requests under way.
 *
 * Threads: several threads may use a client at once. While one accepts a document or writes a
 * request, other calls wait until it is written; a check of a feature that ran before does not.
 * Closing it must come after every other call has returned. Programs that share a state folder take
 * turns in writing.
 *
 * `now` is in seconds since 1970-01-01T00:00:00Z, or `MLICENSE_NOW`, for which the client keeps
 * evidence about time, so that a clock set back prolongs nothing. An instant that is given is
 * believed, and counted as the newest one confirmed when that is later.
 *
 * ```c
 * const char *const roots[] = {"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
 * mlicense_client *client = NULL;
 * if (mlicense_client_open("editor", roots, 1, NULL, &client, &error) != MLICENSE_STATUS_OK ||
 *     mlicense_client_accept(client, license, license_length, MLICENSE_NOW, NULL, &error) !=
 *         MLICENSE_STATUS_OK)
 *     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL));
 * mlicense_error_free(error);
 * if (mlicense_client_check(client, "export"))
 *     export_everything();
 * mlicense_client_close(&client);
 * ```
 */
typedef struct mlicense_client mlicense_client;

/**
 * Why a call was refused: a number, a name, a text and a remedy.
 *
 * A call that can be refused takes the address of such a pointer last. The pointer is set to NULL
 * first and points to a new error if the call is refused; free it with mlicense_error_free(). NULL
 * in place of the address says that nobody wants to know more than the status.
 *
 * Threads: an error belongs to its caller; several threads may read it at once.
 *
 * ```c
 * mlicense_error *error;
 * if (mlicense_ledger_open(path, &ledger, &error) != MLICENSE_STATUS_OK) {
 *     fprintf(stderr, "%s. %s\n", mlicense_error_message(error, "en"),
 *             mlicense_error_remedy(error, "en"));
 *     mlicense_error_free(error);
 * }
 * ```
 */
typedef struct mlicense_error mlicense_error;

/**
 * One feature of a client, for code that asks at every turn: found once, and asked at the price of
 * a look at a clock.
 *
 * It answers as mlicense_client_check() does, and goes on to do so when the client accepts another
 * licence. It waits for nothing, not even while the client writes its state. Free it with
 * mlicense_feature_free(), before or after the client is closed; a feature that outlives its client
 * goes by the licences that were held last.
 *
 * Threads: several threads may ask a feature at once. Freeing it must come after every other call
 * has returned.
 *
 * ```c
 * mlicense_feature *export = NULL;
 * if (mlicense_client_feature(client, "export", &export, &error) != MLICENSE_STATUS_OK)
 *     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL));
 * for (int page = 0; page < 1000 && mlicense_feature_check(export); page++)
 *     export_everything();
 * mlicense_feature_free(export);
 * ```
 */
typedef struct mlicense_feature mlicense_feature;

/**
 * The vendor's book of record, which keeps who bought what and what was signed: one SQLite file, or a
 * schema of a PostgreSQL database.
 *
 * A `place` that begins with `postgresql://` or `postgres://` is a database, any other text the path
 * of a file. A database on another machine is reached under TLS only, and only when its certificate
 * is for the host that is named and signed by an authority in the file `sslrootcert`, an absolute
 * path: `postgresql://user@db.example.com/vendor?sslrootcert=/etc/vendor/ca.pem`. To this machine
 * it goes without TLS unless told otherwise. A library built without PostgreSQL refuses a database
 * with FIELD_INVALID.
 *
 * Commands and queries go in as JSON, receipts and views come out as JSON; the schemas stand in
 * include/schema, and an array of its values in place of an object is refused. Close it with
 * mlicense_ledger_close().
 *
 * Limits: a command of 1 MiB, a query of 64 KiB, a document of 64 KiB; refused before they are
 * read.
 *
 * Threads: several threads may use a ledger at once, and several programs its file
 * or database; each call is one transaction. Closing it must come after every other call has returned.
 *
 * `now` is in seconds since 1970-01-01T00:00:00Z, or `MLICENSE_NOW`; INSTANT_INVALID refuses an
 * instant before 1970 or after 9999. Every call of a ledger may also be refused with STORE_BUSY,
 * STORE_FULL, STORE_READ_ONLY, STORE_CORRUPT and STORE_UNAVAILABLE.
 *
 * ```c
 * const char *command = "{\"actor\": {\"role\": \"vendor\", \"id\": \"desk\"},"
 *     " \"body\": {\"register_customer\": {\"customer\": \"c1\", \"zone\": \"Europe/Paris\"}}}";
 * mlicense_ledger *ledger = NULL;
 * mlicense_text *receipt = NULL;
 * if (mlicense_ledger_create("vendor.mlicense", &ledger, &error) == MLICENSE_STATUS_OK &&
 *     mlicense_ledger_execute(ledger, command, strlen(command), MLICENSE_NOW, &receipt, &error) ==
 *         MLICENSE_STATUS_OK)
 *     puts(mlicense_text_data(receipt));
 * mlicense_text_free(receipt);
 * mlicense_ledger_close(&ledger);
 * ```
 */
typedef struct mlicense_ledger mlicense_ledger;

/**
 * A seat of a feature that is counted, for one user of this program.
 *
 * Seats are counted in the memory of the program, for each client by itself; mlicense_site counts
 * those of several programs. Give it back with mlicense_seat_release(), before or after the client
 * is closed; until then, or until the program ends, it is taken.
 *
 * A licence accepted later counts at once: when its limit is lower, or it lacks the feature, the
 * latest seats are lost. Ask mlicense_seat_is_held() at each use.
 *
 * Threads: several threads may use a seat at once. Releasing it must come after every other call
 * has returned.
 *
 * ```c
 * mlicense_seat *seat = NULL;
 * if (mlicense_client_capture(client, "export", &seat, &error) != MLICENSE_STATUS_OK)
 *     fprintf(stderr, "%s\n", mlicense_error_message(error, NULL)); // 1051: all are taken
 * for (int page = 0; page < 1000 && mlicense_seat_is_held(seat); page++)
 *     export_everything();
 * mlicense_seat_release(&seat);
 * ```
 */
typedef struct mlicense_seat mlicense_seat;

/**
 * A private key that signs for the vendor: an Ed25519 key (RFC 8032).
 *
 * Free it with mlicense_signer_free(). The seed cannot be read back: keep it where it came from,
 * never in the program that customers get, nor anywhere else on their side.
 *
 * Threads: a signer never changes; several threads may use it at once.
 *
 * ```c
 * mlicense_signer *signer = NULL;
 * if (mlicense_signer_from_seed(seed, sizeof seed, &signer, NULL) == MLICENSE_STATUS_OK)
 *     printf("compile this in: %s\n", mlicense_signer_public_key(signer));
 * mlicense_signer_free(signer);
 * ```
 */
typedef struct mlicense_signer mlicense_signer;

/**
 * The seats of a product at a site, shared by the programs of a machine through one file or by those
 * of many through a database; or those that a vendor counts for a customer over all its sites.
 *
 * The licences of the client from which it was opened say how many there are, also after the client
 * accepted others or was closed; the programs hold the same licences. At the vendor one licence
 * says so, wherever it is bound. A holder opens a session by a
 * capture, gives signs of life within its lease, which is 300 seconds unless the licences or who
 * opens the site say otherwise, and releases it; the seats of one that crashed are free when its
 * lease ends. Close it with mlicense_site_close().
 *
 * Threads: several threads may use a site at once, and several programs its file
 * or database; each call is one transaction. Closing it must come after every other call has returned. A process that forks
 * opens it anew in the child.
 *
 * Every call of a site may also be refused with STORE_BUSY, STORE_FULL, STORE_READ_ONLY,
 * STORE_CORRUPT and STORE_UNAVAILABLE.
 *
 * ```c
 * mlicense_site *site = NULL;
 * mlicense_text *session = NULL;
 * if (mlicense_site_open("/var/lib/editor/editor.seats", client, 0, 0, &site, &error) ==
 *         MLICENSE_STATUS_OK &&
 *     mlicense_site_capture(site, "export", "desk 1", &session, &error) == MLICENSE_STATUS_OK) {
 *     export_everything(); // and, at least once in 300 seconds:
 *     if (mlicense_site_keep_alive(site, mlicense_text_data(session), NULL, &error) !=
 *             MLICENSE_STATUS_OK)
 *         fprintf(stderr, "%s\n", mlicense_error_message(error, NULL)); // 1021: it has run out
 *     if (mlicense_site_release(site, mlicense_text_data(session), NULL, NULL) !=
 *             MLICENSE_STATUS_OK)
 *         fprintf(stderr, "the seat is free when its lease ends\n");
 * }
 * mlicense_text_free(session);
 * mlicense_site_close(&site);
 * ```
 */
typedef struct mlicense_site mlicense_site;

/**
 * A text made by the library: a signed document, JSON or a code, always UTF-8.
 *
 * Free it with mlicense_text_free(). A NUL follows the text, so that it can be printed as it is.
 *
 * Threads: a text belongs to its caller and never changes; several threads may read it at once.
 *
 * ```c
 * mlicense_text *view = NULL;
 * if (mlicense_ledger_query(ledger, query, strlen(query), MLICENSE_NOW, &view, NULL) == 0)
 *     puts(mlicense_text_data(view));
 * mlicense_text_free(view);
 * ```
 */
typedef struct mlicense_text mlicense_text;

/**
 * What a call that can be refused returns: `MLICENSE_STATUS_OK`, which is 0, or the number of an
 * error. Numbers are stable and never used for anything else; newer versions may return others.
 */
typedef uint32_t mlicense_status;

/**
 * Returns the present second, counted from 1970-01-01T00:00:00Z, by a clock of the program's own.
 *
 * Outside 1970–9999 the time stops at the end it passed. `context` is what the caller gave with it.
 *
 * Threads: it is called in the thread of whichever call asks for the time, by several at once, and
 * may use no client that asks it: such a call is refused with CALLED_BACK, and a check is denied.
 */
typedef int64_t (*mlicense_clock)(void *context);

/**
 * Takes a line for the log of the program.
 *
 * `level` is MLICENSE_LOG_ERROR, MLICENSE_LOG_WARNING or MLICENSE_LOG_INFO; newer versions may give
 * others. `text` has `length` bytes of UTF-8 in English, without a line end, and a NUL after them;
 * it is the caller's only while the call lasts, and holds no secrets: codes and numbers are masked.
 * `context` is what the caller gave with it.
 *
 * Threads: it is called in the thread of the call it tells about, by several at once, and may use
 * no client that it logs for: such a call is refused with CALLED_BACK, and a check is denied.
 */
typedef void (*mlicense_log)(void *context, uint32_t level, const char *text, size_t length);

/**
 * Fills `length` bytes with random ones from a source of the program's own, and returns whether it
 * did; if not, the call that needed them is refused.
 *
 * Keys are made of them: bytes that can be guessed give the installation away. `context` is what
 * the caller gave with it.
 *
 * Threads: as mlicense_clock.
 */
typedef bool (*mlicense_entropy)(void *context, uint8_t *bytes, size_t length);

/**
 * How to open a client. Set `size` to the size of the structure and what is not wanted to 0:
 *
 * ```c
 * mlicense_client_options options = {.size = sizeof options, .state_folder = "/var/lib/editor"};
 * ```
 *
 * Later versions may have further members at the end; an older library refuses those that are not
 * 0. Everything is read before mlicense_client_open() returns.
 */
typedef struct mlicense_client_options {
  /**
   * `sizeof(mlicense_client_options)`.
   */
  size_t size;
  /**
   * The folder that keeps the installation's key and licences in one file; made when missing.
   * With `state_folder`, `state` and `vendor` all NULL they are kept in memory: each opening makes
   * a new installation that holds nothing.
   */
  const char *state_folder;
  /**
   * Host facts in JSON in place of those of this machine, which NULL takes:
   * `{"class": "bare_metal", "facts": [{"kind": "board_serial", "value": "PF0ABCDE"}]}`.
   */
  const char *host_facts;
  /**
   * The length of `host_facts` in bytes, at most 64 KiB.
   */
  size_t host_facts_length;
  /**
   * An id of the host that its operator declares; containers are known by nothing else. NULL
   * declares none.
   */
  const char *declared_id;
  /**
   * The state as mlicense_client_state() gave it, for programs that keep it themselves; with a
   * length of 0 a new installation is made. NULL takes none.
   */
  const char *state;
  /**
   * The length of `state` in bytes, at most 2 MiB.
   */
  size_t state_length;
  /**
   * The vendor's id: keeps the state where the system keeps such things, for the whole machine
   * where that is allowed and else for the user. NULL does not.
   */
  const char *vendor;
  /**
   * The customer's id: licences that name another customer, or none, are refused. NULL takes
   * those of any.
   */
  const char *customer;
  /**
   * The day the program was built, such as "2026-05-20", for licences that cover versions up to a
   * day; no clock can be right that says it is earlier. NULL does not say.
   */
  const char *built_on;
  /**
   * For how many seconds every feature runs as grace when the state cannot be reached at the
   * opening, at most 259200; 0 lets the opening fail.
   */
  uint64_t fault_grace_seconds;
  /**
   * The form of the vendor's registration numbers, such as "ACME-5x4": what is typed is checked
   * before it is sent, and a coupon needs a number. NULL knows none.
   */
  const char *number_format;
  /**
   * The program's own clock; NULL takes the system's.
   */
  mlicense_clock clock;
  /**
   * What `clock` is called with.
   */
  void *clock_context;
  /**
   * Takes what there is to log; NULL logs nothing. Checks are not logged.
   */
  mlicense_log log;
  /**
   * What `log` is called with.
   */
  void *log_context;
  /**
   * The program's own source of random bytes; NULL takes the system's.
   */
  mlicense_entropy entropy;
  /**
   * What `entropy` is called with.
   */
  void *entropy_context;
} mlicense_client_options;

/**
 * Tries to reach an address in the way the program does, and returns whether it was reached.
 *
 * `context` is what the caller gave with it; `address` ends with a NUL and is the caller's only
 * while the call lasts. A probe may write into `detail` which way it reached the address, such as
 * "past the proxy", or what went wrong, as UTF-8 with a NUL after it; there is room for `detail_size` bytes, which is 256. It must not call back into the
 * client, and must return.
 */
typedef bool (*mlicense_probe)(void *context, const char *address, char *detail, size_t detail_size);

/**
 * Signs the `length` bytes of `message` with a private key that is kept elsewhere.
 *
 * It writes the MLICENSE_SIGNATURE_BYTES of an Ed25519 signature (RFC 8032) to `signature` and
 * returns true, or returns false when there is none.
 *
 * `context` is what the caller gave with it; both buffers are the caller's only while the call
 * lasts. What was written is checked against the public key before it goes into a document.
 *
 * Threads: it is called in the thread of whichever call signs, by several at once, and may use
 * neither the signer nor the ledger that wants the signature: such a call is refused with
 * SIGNER_FAILED or CALLED_BACK.
 */
typedef bool (*mlicense_sign)(void *context,
                              const uint8_t *message,
                              size_t length,
                              uint8_t *signature);

/**
 * Takes how far a long call is: `done` of `of` parts, which is the same at each call but for a
 * ledger that grows meanwhile. `context` is what the caller gave with it.
 *
 * Threads: it is called in the thread of the long call, and may not use the ledger: such a call is
 * refused with CALLED_BACK.
 */
typedef void (*mlicense_progress)(void *context, uint64_t done, uint64_t of);

/**
 * Who gives an order, and under which id. Set `size` to the size of the structure:
 *
 * ```c
 * mlicense_order desk = {.size = sizeof desk, .actor = "desk", .now = MLICENSE_NOW};
 * ```
 *
 * Later versions may have further members at the end; an older library refuses those that are not
 * 0.
 */
typedef struct mlicense_order {
  /**
   * `sizeof(mlicense_order)`.
   */
  size_t size;
  /**
   * The id of who orders it, one of the vendor's own people or programs; or an actor in JSON, as
   * in an envelope, which begins with a brace.
   */
  const char *actor;
  /**
   * The id of the command: repeated under the same id it is done once, and answered with the
   * first receipt. NULL makes a random one.
   */
  const char *id;
  /**
   * When it happens: an instant, or MLICENSE_NOW.
   */
  int64_t now;
} mlicense_order;

/**
 * Asks the vendor's shop whose account an e-mail and a password belong to, and returns one of
 * `MLICENSE_SHOP_REFUSED`, `MLICENSE_SHOP_ACCOUNT` and `MLICENSE_SHOP_UNREACHABLE`.
 *
 * `context` is what the caller gave with it; `email` and `password` end with a NUL, are as they
 * were typed, and are the gateway's only while the call lasts: it keeps neither and writes neither
 * anywhere. With `MLICENSE_SHOP_ACCOUNT` it has written into `account` what the shop calls the
 * account, as UTF-8 with a NUL after it; there is room for `account_size` bytes, which is 321. That
 * name is always the same for the same account and never given to another, so not the e-mail. It
 * may take its time, but must not call back into the ledger, and must return.
 */
typedef uint32_t (*mlicense_shop_gateway)(void *context,
                                          const char *email,
                                          const char *password,
                                          char *account,
                                          size_t account_size);

/**
 * It was done.
 */
#define MLICENSE_STATUS_OK 0

/**
 * A registration number is needed first.
 */
#define MLICENSE_STATUS_NO_NUMBER 1003

/**
 * The session is unknown or has run out.
 */
#define MLICENSE_STATUS_SESSION_UNKNOWN 1021

/**
 * No licence is free for this host: it changed too much, others hold them, or there is none.
 */
#define MLICENSE_STATUS_NO_FREE_LICENSE 1051

/**
 * This company has a registration number already, under this host or address.
 */
#define MLICENSE_STATUS_ALREADY_HAS_NUMBER 1059

/**
 * There is no such registration number.
 */
#define MLICENSE_STATUS_NUMBER_UNKNOWN 2009

/**
 * Another company has a registration number under this address.
 */
#define MLICENSE_STATUS_EMAIL_OF_OTHER_COMPANY 2022

/**
 * The coupon was used by another customer.
 */
#define MLICENSE_STATUS_COUPON_ALREADY_USED 2041

/**
 * This host was registered before with another address or company.
 */
#define MLICENSE_STATUS_REGISTERED_DIFFERENTLY 2051

/**
 * A fault of ours; please report it.
 */
#define MLICENSE_STATUS_INTERNAL 10000

/**
 * Input is larger than its limit; it was not read.
 */
#define MLICENSE_STATUS_INPUT_TOO_LARGE 10001

/**
 * Text is not UTF-8.
 */
#define MLICENSE_STATUS_NOT_UTF8 10002

/**
 * JSON is malformed, has a duplicate or unknown member, a fraction, or lacks a member.
 */
#define MLICENSE_STATUS_JSON_INVALID 10003

/**
 * A field's value is outside its range or form.
 */
#define MLICENSE_STATUS_FIELD_INVALID 10004

/**
 * Not a civil date between 1970-01-01 and 9999-12-31.
 */
#define MLICENSE_STATUS_DATE_INVALID 10005

/**
 * Not an instant in UTC in the form of RFC 3339.
 */
#define MLICENSE_STATUS_INSTANT_INVALID 10006

/**
 * Not an IANA time zone.
 */
#define MLICENSE_STATUS_ZONE_UNKNOWN 10007

/**
 * A date computed lies after 9999-12-31.
 */
#define MLICENSE_STATUS_DATE_OUT_OF_RANGE 10008

/**
 * A pointer argument was NULL.
 */
#define MLICENSE_STATUS_NULL_ARGUMENT 10009

/**
 * The object was closed before.
 */
#define MLICENSE_STATUS_CLOSED 10010

/**
 * A callback used the object whose call it runs in.
 */
#define MLICENSE_STATUS_CALLED_BACK 10011

/**
 * The actor's role may not do this.
 */
#define MLICENSE_STATUS_FORBIDDEN 10100

/**
 * The command id was used before with another body.
 */
#define MLICENSE_STATUS_COMMAND_ID_REUSED 10101

/**
 * The state changed between preview and commit.
 */
#define MLICENSE_STATUS_PREVIEW_STALE 10102

/**
 * The hash chain of a stream does not hold.
 */
#define MLICENSE_STATUS_HISTORY_BROKEN 10103

/**
 * A table that follows from the history does not say what the history says.
 */
#define MLICENSE_STATUS_TABLE_BROKEN 10104

/**
 * The history is not the one a checkpoint was made of.
 */
#define MLICENSE_STATUS_CHECKPOINT_BROKEN 10105

/**
 * No checkpoint vouches for what was asked about.
 */
#define MLICENSE_STATUS_CHECKPOINT_MISSING 10106

/**
 * An export of a ledger is damaged or not one.
 */
#define MLICENSE_STATUS_EXPORT_INVALID 10107

/**
 * No such product in the catalogue.
 */
#define MLICENSE_STATUS_PRODUCT_UNKNOWN 10200

/**
 * The product is in the catalogue already.
 */
#define MLICENSE_STATUS_PRODUCT_ALREADY_DEFINED 10201

/**
 * The knobs of a policy contradict each other.
 */
#define MLICENSE_STATUS_POLICY_CONTRADICTORY 10202

/**
 * The product has no such licence type.
 */
#define MLICENSE_STATUS_LICENSE_TYPE_UNKNOWN 10203

/**
 * The policy does not offer this term.
 */
#define MLICENSE_STATUS_TERM_NOT_OFFERED 10204

/**
 * The product is licensed elsewhere.
 */
#define MLICENSE_STATUS_PRODUCT_EXTERNAL 10205

/**
 * The product's policy is of another scheme.
 */
#define MLICENSE_STATUS_SCHEME_MISMATCH 10206

/**
 * The ledger belongs to a vendor already, and none of its root keys may be dropped.
 */
#define MLICENSE_STATUS_VENDOR_ESTABLISHED 10207

/**
 * No such customer.
 */
#define MLICENSE_STATUS_CUSTOMER_UNKNOWN 10300

/**
 * The customer id is taken.
 */
#define MLICENSE_STATUS_CUSTOMER_ALREADY_REGISTERED 10301

/**
 * The product has no system registered with this customer.
 */
#define MLICENSE_STATUS_NOT_REGISTERED 10302

/**
 * The subscription has not been started.
 */
#define MLICENSE_STATUS_SUBSCRIPTION_NOT_STARTED 10303

/**
 * The subscription was started before.
 */
#define MLICENSE_STATUS_SUBSCRIPTION_ALREADY_STARTED 10304

/**
 * The system belongs to another customer.
 */
#define MLICENSE_STATUS_ALREADY_REGISTERED_ELSEWHERE 10305

/**
 * No such person.
 */
#define MLICENSE_STATUS_PERSON_UNKNOWN 10306

/**
 * The person id is taken.
 */
#define MLICENSE_STATUS_PERSON_ALREADY_ADDED 10307

/**
 * The customer belongs to another region of the vendor's service.
 */
#define MLICENSE_STATUS_OTHER_REGION 10308

/**
 * No such hardware is registered with this customer.
 */
#define MLICENSE_STATUS_HARDWARE_UNKNOWN 10309

/**
 * The hardware is registered already.
 */
#define MLICENSE_STATUS_HARDWARE_ALREADY_REGISTERED 10310

/**
 * Licences of hardware stay with it for its life.
 */
#define MLICENSE_STATUS_LICENSE_TIED_TO_HARDWARE 10311

/**
 * The actor is not a member of the customer.
 */
#define MLICENSE_STATUS_NOT_A_MEMBER 10312

/**
 * The customer has tried the product before.
 */
#define MLICENSE_STATUS_TRIAL_ALREADY_USED 10313

/**
 * The policy offers no trial.
 */
#define MLICENSE_STATUS_TRIAL_NOT_OFFERED 10314

/**
 * No such host is bound.
 */
#define MLICENSE_STATUS_BINDING_UNKNOWN 10315

/**
 * The request asks for something that products of this scheme do not have.
 */
#define MLICENSE_STATUS_REQUEST_NOT_APPLICABLE 10316

/**
 * The vendor gives no registration numbers.
 */
#define MLICENSE_STATUS_NUMBERS_NOT_OFFERED 10317

/**
 * Nobody signs in with this number or coupon.
 */
#define MLICENSE_STATUS_LOGIN_UNKNOWN 10318

/**
 * The customer has freed as many hosts lately as the policy lets it free by itself.
 */
#define MLICENSE_STATUS_MOVES_SPENT 10340

/**
 * As many hosts were enrolled anew lately as the policy allows.
 */
#define MLICENSE_STATUS_REBINDS_SPENT 10341

/**
 * No such group of hosts was declared.
 */
#define MLICENSE_STATUS_GROUP_UNKNOWN 10342

/**
 * More hosts are bound in the group than it should have.
 */
#define MLICENSE_STATUS_GROUP_IN_USE 10343

/**
 * The customer did not register from this machine.
 */
#define MLICENSE_STATUS_MACHINE_NOT_CLAIMED 10344

/**
 * So many sessions are open that another has to wait.
 */
#define MLICENSE_STATUS_SESSIONS_FULL 10350

/**
 * The session did not capture the feature.
 */
#define MLICENSE_STATUS_NOT_CAPTURED 10351

/**
 * No such device is registered with the customer.
 */
#define MLICENSE_STATUS_DEVICE_NOT_REGISTERED 10360

/**
 * The device is registered already.
 */
#define MLICENSE_STATUS_DEVICE_ALREADY_REGISTERED 10361

/**
 * The device has a licence already.
 */
#define MLICENSE_STATUS_CAMERA_ALREADY_LICENSED 10362

/**
 * The customer has no such licence, or it has ended.
 */
#define MLICENSE_STATUS_LICENSE_UNKNOWN 10363

/**
 * The state of the device does not allow this.
 */
#define MLICENSE_STATUS_DEVICE_STATE_FORBIDS 10364

/**
 * The account may have no more devices.
 */
#define MLICENSE_STATUS_CAMERA_LIMIT 10365

/**
 * The policy has no such plan.
 */
#define MLICENSE_STATUS_PLAN_UNKNOWN 10366

/**
 * The device had this plan before and left it.
 */
#define MLICENSE_STATUS_PLAN_LEFT 10367

/**
 * Devices of this kind cannot be replaced.
 */
#define MLICENSE_STATUS_DEVICE_NOT_REPLACEABLE 10368

/**
 * The state of the account does not allow this.
 */
#define MLICENSE_STATUS_ACCOUNT_STATE_FORBIDS 10370

/**
 * The account is suspended: its users cannot sign in.
 */
#define MLICENSE_STATUS_ACCOUNT_SUSPENDED 10371

/**
 * The account still has devices.
 */
#define MLICENSE_STATUS_CAMERAS_PRESENT 10372

/**
 * The account still has users for remote monitoring or federation.
 */
#define MLICENSE_STATUS_USERS_PRESENT 10373

/**
 * The user has not been activated yet.
 */
#define MLICENSE_STATUS_USER_NOT_ACTIVATED 10374

/**
 * The user is active already.
 */
#define MLICENSE_STATUS_USER_ALREADY_ACTIVE 10375

/**
 * The policy has no such identity provider.
 */
#define MLICENSE_STATUS_PROVIDER_UNKNOWN 10376

/**
 * No data centre serves the country.
 */
#define MLICENSE_STATUS_COUNTRY_NOT_SERVED 10377

/**
 * A field that is needed is missing.
 */
#define MLICENSE_STATUS_FIELD_MISSING 10378

/**
 * One's own record is changed in one's own preferences only.
 */
#define MLICENSE_STATUS_OWN_RECORD 10379

/**
 * Somebody else has this username.
 */
#define MLICENSE_STATUS_USERNAME_TAKEN 10380

/**
 * The customer has no account, or it is of another kind.
 */
#define MLICENSE_STATUS_NO_ACCOUNT 10381

/**
 * The customer's privacy is on: its dealer may not enter.
 */
#define MLICENSE_STATUS_PRIVACY_ON 10382

/**
 * No such partner is registered.
 */
#define MLICENSE_STATUS_PARTNER_UNKNOWN 10390

/**
 * The partner id or code is taken.
 */
#define MLICENSE_STATUS_PARTNER_ALREADY_REGISTERED 10391

/**
 * The partner's stock holds fewer licences than asked for.
 */
#define MLICENSE_STATUS_INSUFFICIENT_STOCK 10392

/**
 * The shop does not know this e-mail and password.
 */
#define MLICENSE_STATUS_SHOP_LOGIN_REFUSED 10393

/**
 * The link to the shop was made before, or the shop's account belongs to another.
 */
#define MLICENSE_STATUS_SHOP_ALREADY_LINKED 10394

/**
 * The purchase was taken in for another customer.
 */
#define MLICENSE_STATUS_PURCHASE_OF_ANOTHER 10395

/**
 * The wallet holds fewer usable licences than asked for.
 */
#define MLICENSE_STATUS_INSUFFICIENT_WALLET 10400

/**
 * The period lies further ahead than the policy allows.
 */
#define MLICENSE_STATUS_ADVANCE_LIMIT 10401

/**
 * More licences than the period needs.
 */
#define MLICENSE_STATUS_EXCEEDS_NEED 10402

/**
 * Fewer licences than the period needs, and the policy wants all at once.
 */
#define MLICENSE_STATUS_PARTIAL_ALLOCATION 10403

/**
 * An earlier period is not fully covered yet.
 */
#define MLICENSE_STATUS_PERIOD_GAP 10404

/**
 * A quantity is zero or over its limit.
 */
#define MLICENSE_STATUS_QUANTITY_OUT_OF_RANGE 10405

/**
 * Licences never move between customers.
 */
#define MLICENSE_STATUS_CUSTOMER_TRANSFER_FORBIDDEN 10406

/**
 * The wallet has no such lot.
 */
#define MLICENSE_STATUS_LOT_UNKNOWN 10407

/**
 * Licences were taken from the lot already.
 */
#define MLICENSE_STATUS_LOT_TOUCHED 10408

/**
 * Only the newest allocation of the current period can be undone.
 */
#define MLICENSE_STATUS_ALLOCATION_NOT_LAST 10409

/**
 * The agreement keeps the newest policy already.
 */
#define MLICENSE_STATUS_POLICY_CURRENT 10410

/**
 * No licence key like this was issued.
 */
#define MLICENSE_STATUS_KEY_UNKNOWN 10500

/**
 * The licence key was redeemed before.
 */
#define MLICENSE_STATUS_KEY_ALREADY_REDEEMED 10501

/**
 * The licence key is for another product.
 */
#define MLICENSE_STATUS_KEY_WRONG_PRODUCT 10502

/**
 * What was typed is not a code.
 */
#define MLICENSE_STATUS_CODE_INVALID 10503

/**
 * The code was issued before.
 */
#define MLICENSE_STATUS_CODE_ALREADY_ISSUED 10504

/**
 * The batch id is taken.
 */
#define MLICENSE_STATUS_BATCH_ALREADY_ISSUED 10505

/**
 * A code holds a character that no code has; the refusal names it and its place.
 */
#define MLICENSE_STATUS_CODE_FOREIGN_CHARACTER 10506

/**
 * The check symbols of a code do not hold.
 */
#define MLICENSE_STATUS_CODE_MISTYPED 10507

/**
 * The licence key was voided.
 */
#define MLICENSE_STATUS_KEY_VOIDED 10508

/**
 * Not a signed document: not three parts of base64url with a known header.
 */
#define MLICENSE_STATUS_DOCUMENT_MALFORMED 10600

/**
 * A signed document of another type.
 */
#define MLICENSE_STATUS_DOCUMENT_WRONG_TYPE 10601

/**
 * The signature does not hold.
 */
#define MLICENSE_STATUS_SIGNATURE_INVALID 10602

/**
 * Signed by a key that is neither a root key nor in the key ring.
 */
#define MLICENSE_STATUS_KEY_NOT_TRUSTED 10603

/**
 * A public key that is malformed, non-canonical or of small order.
 */
#define MLICENSE_STATUS_KEY_WEAK 10604

/**
 * The key was revoked, or did not exist yet, when the document was signed.
 */
#define MLICENSE_STATUS_KEY_NOT_VALID 10605

/**
 * The document was made for another product.
 */
#define MLICENSE_STATUS_OTHER_PRODUCT 10606

/**
 * The document was made for another installation.
 */
#define MLICENSE_STATUS_OTHER_INSTALLATION 10607

/**
 * The document answers another request.
 */
#define MLICENSE_STATUS_OTHER_REQUEST 10608

/**
 * The document was made for another customer.
 */
#define MLICENSE_STATUS_OTHER_CUSTOMER 10609

/**
 * An older document than the one held already.
 */
#define MLICENSE_STATUS_DOCUMENT_OUTDATED 10610

/**
 * A system's request is damaged or forged.
 */
#define MLICENSE_STATUS_SYSTEM_FILE_INVALID 10611

/**
 * The catalogue holds no signed key ring that names the signer's key.
 */
#define MLICENSE_STATUS_KEY_RING_MISSING 10612

/**
 * The document says it was issued in the future.
 */
#define MLICENSE_STATUS_ISSUED_IN_FUTURE 10613

/**
 * The claims of a document contradict each other.
 */
#define MLICENSE_STATUS_CLAIMS_CONTRADICTORY 10614

/**
 * A document relies on a member that this version does not know.
 */
#define MLICENSE_STATUS_MEMBER_UNKNOWN 10615

/**
 * A checkpoint of another history.
 */
#define MLICENSE_STATUS_OTHER_ORIGIN 10616

/**
 * A proof about a Merkle tree does not hold.
 */
#define MLICENSE_STATUS_PROOF_INVALID 10617

/**
 * Whoever keeps the private key did not sign.
 */
#define MLICENSE_STATUS_SIGNER_FAILED 10618

/**
 * `require` was called and the answer was no.
 */
#define MLICENSE_STATUS_NOT_LICENSED 10700

/**
 * No licence has been accepted yet.
 */
#define MLICENSE_STATUS_NO_LICENSE 10701

/**
 * The host shows too few facts to tell it from others.
 */
#define MLICENSE_STATUS_HOST_NOT_IDENTIFIABLE 10702

/**
 * A registration number is kept here already.
 */
#define MLICENSE_STATUS_NUMBER_LOCKED 10703

/**
 * What cannot be undone has to be confirmed.
 */
#define MLICENSE_STATUS_CONFIRMATION_NEEDED 10704

/**
 * An address could not be reached; what the vendor would say is not known.
 */
#define MLICENSE_STATUS_NETWORK 10710

/**
 * The clock contradicts what is known of the time.
 */
#define MLICENSE_STATUS_CLOCK_UNTRUSTED 10711

/**
 * The file or database is not a ledger of mlicense.
 */
#define MLICENSE_STATUS_STORE_FOREIGN 10800

/**
 * The ledger was written by a newer mlicense.
 */
#define MLICENSE_STATUS_STORE_NEWER 10801

/**
 * The store is damaged.
 */
#define MLICENSE_STATUS_STORE_CORRUPT 10802

/**
 * Another program holds the store.
 */
#define MLICENSE_STATUS_STORE_BUSY 10803

/**
 * The disk is full.
 */
#define MLICENSE_STATUS_STORE_FULL 10804

/**
 * The store cannot be written.
 */
#define MLICENSE_STATUS_STORE_READ_ONLY 10805

/**
 * The store cannot be opened or reached.
 */
#define MLICENSE_STATUS_STORE_UNAVAILABLE 10806

/**
 * The connection broke during commit; ask again with the same command id.
 */
#define MLICENSE_STATUS_OUTCOME_UNKNOWN 10807

/**
 * A ledger exists there already.
 */
#define MLICENSE_STATUS_STORE_EXISTS 10808

/**
 * The server of the store could not show that it is the one that was named.
 */
#define MLICENSE_STATUS_STORE_UNTRUSTED 10809

/** @} */

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * @defgroup version 1. Which library is loaded
 * @{
 */

/**
 * Returns the version of the interface that the loaded library has: `MLICENSE_ABI_VERSION` as it
 * was when the library was built.
 *
 * Threads: any, at any time.
 */
MLICENSE_MUST_USE uint32_t mlicense_abi_version(void);

/**
 * Returns the version of the library, such as "1.4.2". The text lives as long as the library.
 *
 * Threads: any, at any time.
 */
MLICENSE_MUST_USE const char *mlicense_version(void);

/** @} */

/**
 * @defgroup error 2. mlicense_error: why a call was refused
 * @{
 */

/**
 * Returns the number of the error, the same that the refused call returned; 0 for NULL.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE mlicense_status mlicense_error_number(const struct mlicense_error *error);

/**
 * Returns the stable name of the error, such as "INSUFFICIENT_WALLET"; "" for NULL.
 *
 * The text belongs to the error and lives as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE const char *mlicense_error_name(const struct mlicense_error *error);

/**
 * Returns what was refused and why, in one sentence without a final stop; "" for NULL.
 *
 * `language` is a code or locale: "en", "ru", "ja", "fr", "ru_RU.UTF-8". Any other, and NULL, is
 * English. The text is UTF-8, belongs to the error and lives as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed; `language` must be NULL or end with a NUL.
 */
MLICENSE_MUST_USE
const char *mlicense_error_message(const struct mlicense_error *error,
                                   const char *language);

/**
 * Returns what can be done about it, in one sentence; "" for NULL.
 *
 * `language` and the text are as for mlicense_error_message().
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed; `language` must be NULL or end with a NUL.
 */
MLICENSE_MUST_USE
const char *mlicense_error_remedy(const struct mlicense_error *error,
                                  const char *language);

/**
 * Returns what the error is about, as JSON: an object of texts, such as
 * `{"what":"document","size":"70000","limit":"65536"}`; "{}" for NULL.
 *
 * The names are stable for each number; they fill the message, so that programs need not take it
 * apart. The text belongs to the error and lives as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE const char *mlicense_error_reasons(const struct mlicense_error *error);

/**
 * Frees an error with all its texts; NULL is nothing to free.
 *
 * Threads: any; no other call may use it any more.
 *
 * # Safety
 *
 * `error` must be NULL or not yet freed, and must not be used again.
 */
void mlicense_error_free(struct mlicense_error *error);

/** @} */

/**
 * @defgroup text 3. mlicense_text: a text given to the caller
 * @{
 */

/**
 * Returns the first byte of a text, which a NUL follows; an empty text for NULL.
 *
 * The bytes belong to the text and live as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `text` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE const char *mlicense_text_data(const struct mlicense_text *text);

/**
 * Returns the length of a text in bytes, without the NUL; 0 for NULL.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `text` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE size_t mlicense_text_length(const struct mlicense_text *text);

/**
 * Frees a text; NULL is nothing to free.
 *
 * Threads: any; no other call may use it any more.
 *
 * # Safety
 *
 * `text` must be NULL or not yet freed, and must not be used again.
 */
void mlicense_text_free(struct mlicense_text *text);

/** @} */

/**
 * @defgroup client 4. mlicense_client: the customer's side, which answers "may I run?"
 * @{
 */

/**
 * Opens the installation of a product, or makes one with a random key of its own.
 *
 * `product` is the product's id and `root_keys` are the vendor's `root_keys_count` public root keys
 * in base64url, at most 64; both belong into the program, not into a file beside it. The first key
 * stays first when others join it. `options` may be NULL: then the state is kept in memory. On
 * success `*client` is a new client, to be closed with mlicense_client_close().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the product, the number of keys or an option;
 * KEY_WEAK for a text that is no key; JSON_INVALID and INPUT_TOO_LARGE for host facts;
 * STORE_CORRUPT for a damaged state, which is set aside so that the next opening starts afresh;
 * STORE_NEWER, STORE_FOREIGN, STORE_BUSY, STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE; INTERNAL
 * when the system has no randomness to give.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `product` must be NULL or end with a NUL; `root_keys` must be NULL or point to `root_keys_count`
 * pointers, each NULL or ending with a NUL; `options` must be NULL or point to as many bytes as its
 * `size` says; `client` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_open(const char *product,
                                     const char *const *root_keys,
                                     size_t root_keys_count,
                                     const struct mlicense_client_options *options,
                                     struct mlicense_client **client,
                                     struct mlicense_error **error);

/**
 * Says whether a feature may run now; the product's own id asks for the product as a whole.
 *
 * The outcome is all there is: it is `MLICENSE_OUTCOME_DENIED`, which is 0, for a feature that the
 * licences do not name, for NULL and for text that is not UTF-8, and never a status. Ask at each
 * use, not once at the start.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * ```c
 * if (mlicense_client_check(client, "export"))
 *     export_everything();
 * ```
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL.
 */
MLICENSE_MUST_USE
mlicense_outcome mlicense_client_check(const struct mlicense_client *client,
                                       const char *feature);

/**
 * Says whether a feature may run at `now`, as mlicense_client_check(); denied for an instant before
 * 1970 or after 9999.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL.
 */
MLICENSE_MUST_USE
mlicense_outcome mlicense_client_check_at(const struct mlicense_client *client,
                                          const char *feature,
                                          int64_t now);

/**
 * Says in one sentence whether a feature may run at `now`, and why.
 *
 * Writes the sentence into `buffer` of `size` bytes, cut after a whole character if need be, with a
 * NUL after it; nothing when `size` is 0 or `buffer` is NULL. Returns the length of the whole
 * sentence in bytes without the NUL, so that it was cut if that is not less than `size`. `language`
 * is as for mlicense_error_message(). For NULL and text that is not UTF-8 the sentence says that.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * ```c
 * char why[256];
 * mlicense_client_why(client, "export", MLICENSE_NOW, "en", why, sizeof why);
 * puts(why); // `export` may not run: the last licensed day was 2027-02-28
 * ```
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` and `language` must be NULL or end with a NUL;
 * `buffer` must be NULL or have room for `size` bytes.
 */
size_t mlicense_client_why(const struct mlicense_client *client,
                           const char *feature,
                           int64_t now,
                           const char *language,
                           char *buffer,
                           size_t size);

/**
 * Explains a decision with every rule that passed or failed, and what would change the answer.
 *
 * On success `*explanation` is a new text, to be freed with mlicense_text_free(): JSON with the
 * outcome, a sentence, the instant until which it holds, and the reasons in the order of the rules.
 * `language` is as for mlicense_error_message(). A denial is an explanation, not a refusal.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; INSTANT_INVALID.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` and `language` must be NULL or end with a NUL;
 * `explanation` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_explain(const struct mlicense_client *client,
                                        const char *feature,
                                        int64_t now,
                                        const char *language,
                                        struct mlicense_text **explanation,
                                        struct mlicense_error **error);

/**
 * Returns the name of the installation: the thumbprint (RFC 7638) of its own key in 43 characters of
 * base64url. "" for NULL.
 *
 * The text belongs to the client and lives as long.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed.
 */
MLICENSE_MUST_USE
const char *mlicense_client_installation(const struct mlicense_client *client);

/**
 * Gives the facts of the host as the client knows them, before anything is told to the vendor: what
 * mlicense_client_request() sends is their digests.
 *
 * On success `*facts` is a new text, to be freed with mlicense_text_free(): JSON as the option
 * `host_facts` takes it, to be looked at, or to be kept for a test.
 *
 * Refused: NULL_ARGUMENT; CALLED_BACK.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `facts` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_host_facts(const struct mlicense_client *client,
                                           struct mlicense_text **facts,
                                           struct mlicense_error **error);

/**
 * Closes a client, frees it and sets the variable to NULL, so that a check after it is denied; NULL
 * is nothing to close.
 *
 * Threads: no other call may use the client any more.
 *
 * # Safety
 *
 * `client` must be NULL or the address of a variable that is NULL or holds a client not yet closed;
 * no copy of its value may be used again.
 */
void mlicense_client_close(struct mlicense_client **client);

/** @} */

/**
 * @defgroup exchange 5. What a client exchanges with the vendor: requests, and documents that it holds
 * @{
 */

/**
 * Writes a request for the vendor, signed with the installation's own key.
 *
 * `kind` is "register", "number", "trial", "coupon", "system", "refresh", "rebind", "recover" or
 * "release". `fields` is JSON of at most 64 KiB, all members of which may be left out:
 * `{"system": "...", "customer": "...", "code": "...", "number": "...", "owner": {"email": "..."},
 * "devices": {"camera": 10}, "group": "...", "label": "..."}`; no bytes are as good as `{}`. The host
 * is told by keyed digests only; what to call it, `label`, only where the caller gives it. On success
 * `*request` is a new text, to be carried to the vendor as it is; free it with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; JSON_INVALID; FIELD_INVALID for the kind or a
 * field; CLAIMS_CONTRADICTORY when the kind needs a field that is left out; INSTANT_INVALID; STORE_BUSY,
 * STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `kind` must be NULL or end with a NUL; `fields` must be
 * NULL or point to `fields_length` bytes; `request` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_request(struct mlicense_client *client,
                                        const char *kind,
                                        const char *fields,
                                        size_t fields_length,
                                        int64_t now,
                                        struct mlicense_text **request,
                                        struct mlicense_error **error);

/**
 * Accepts a signed document of the vendor's: an answer, a licence, a key ring, a revocation list or
 * a time token.
 *
 * `document` has at most 64 KiB. The same document again changes nothing, and neither does one that
 * is refused. `accepted` may be NULL; otherwise `*accepted` is a new text on success, to be freed
 * with mlicense_text_free(): JSON such as `{"document": "mlicense-answer+jwt", "changed": true,
 * "answered": "coupon"}`, which says what was asked for where the document is an answer,
 * with a member `"refusal": {"number": ..., "name": "..."}` when the vendor's answer is no, and a
 * member `"ended": 1` when so many licences were let go: nothing is licensed here any more, or what
 * was licensed was given back.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE,
 * KEY_NOT_TRUSTED, KEY_NOT_VALID, SIGNATURE_INVALID, CLAIMS_CONTRADICTORY for bytes that are no
 * document of this vendor; OTHER_PRODUCT, OTHER_CUSTOMER, OTHER_INSTALLATION, OTHER_REQUEST for
 * one made for others; DOCUMENT_OUTDATED; ISSUED_IN_FUTURE; QUANTITY_OUT_OF_RANGE when 16 licences are held;
 * INSTANT_INVALID; STORE_BUSY, STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `document` must be NULL or point to `document_length`
 * bytes; `accepted` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_accept(struct mlicense_client *client,
                                       const char *document,
                                       size_t document_length,
                                       int64_t now,
                                       struct mlicense_text **accepted,
                                       struct mlicense_error **error);

/**
 * Accepts a signed document from a file; else as mlicense_client_accept().
 *
 * `path` is UTF-8. Refused besides: STORE_UNAVAILABLE when the file cannot be read.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `accepted` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_accept_file(struct mlicense_client *client,
                                            const char *path,
                                            int64_t now,
                                            struct mlicense_text **accepted,
                                            struct mlicense_error **error);

/**
 * Lists the licences held and why others do not count any more.
 *
 * On success `*licenses` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `{"licenses": [{"claims": {...}, "signed_by": "..."}], "notices": [{"number": 10605, ...}]}`.
 *
 * Refused: NULL_ARGUMENT.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `licenses` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_licenses(const struct mlicense_client *client,
                                         struct mlicense_text **licenses,
                                         struct mlicense_error **error);

/** @} */

/**
 * @defgroup feature 6. mlicense_feature: one feature, for code that asks at every turn
 * @{
 */

/**
 * Finds a feature of a client; one that no licence names is denied until a licence names it.
 *
 * `name` is as for mlicense_client_check(). On success `*feature` is a new feature, to be freed with
 * mlicense_feature_free().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `name` must be NULL or end with a NUL; `feature` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_feature(const struct mlicense_client *client,
                                        const char *name,
                                        struct mlicense_feature **feature,
                                        struct mlicense_error **error);

/**
 * Says whether the feature may run now, as mlicense_client_check(); denied for NULL.
 *
 * Threads: any; the feature and its client may be in use elsewhere.
 *
 * # Safety
 *
 * `feature` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE mlicense_outcome mlicense_feature_check(const struct mlicense_feature *feature);

/**
 * Frees a feature; NULL is nothing to free.
 *
 * Threads: no other call may use the feature any more.
 *
 * # Safety
 *
 * `feature` must be NULL or not yet freed, and must not be used again.
 */
void mlicense_feature_free(struct mlicense_feature *feature);

/** @} */

/**
 * @defgroup switch 7. Switches of a program's modules: on, or off by the licence or the user
 * @{
 */

/**
 * Says how the switch of a module stands after a check of its feature.
 *
 * `current` is how it stood, as a mlicense_switch; a number that is none of them stays off, as
 * MLICENSE_SWITCH_DISABLED_BY_USER does. `outcome` is what a check returned; a number that is no
 * outcome counts as denied. What a lost licence switched off comes back by itself; what the user
 * switched off does not. Nothing is kept: pass in what came out at the next check.
 *
 * Threads: any, at any time.
 *
 * ```c
 * uint32_t printing = MLICENSE_SWITCH_ON; // as kept beside the program's settings
 * printing = mlicense_switch_after(printing, mlicense_client_check(client, "print"));
 * if (printing == MLICENSE_SWITCH_DISABLED_BY_LICENSE)
 *     puts("without a licence for printing");
 * ```
 */
MLICENSE_MUST_USE mlicense_switch mlicense_switch_after(uint32_t current, uint32_t outcome);

/** @} */

/**
 * @defgroup seat 8. mlicense_seat: a seat of a feature within one program
 * @{
 */

/**
 * Captures a seat of a feature for one user of this program.
 *
 * A feature without a limit takes no seat, and is captured any number of times. On success `*seat`
 * is a new seat, to be given back with mlicense_seat_release().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; NOT_LICENSED when the feature may not run, with
 * the reason; NO_FREE_LICENSE when all its seats are taken.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` must be NULL or end with a NUL; `seat` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_capture(const struct mlicense_client *client,
                                        const char *feature,
                                        struct mlicense_seat **seat,
                                        struct mlicense_error **error);

/**
 * Lists every feature that may run now, with its limit and how many seats this program has taken.
 *
 * On success `*usage` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `[{"feature": "export", "limit": 5, "captured": 2}, {"feature": "view", "captured": 0}]`; a
 * feature without a limit takes no seats. Free seats are nobody's: whoever needs one captures it.
 *
 * Refused: NULL_ARGUMENT.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `usage` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_usage(const struct mlicense_client *client,
                                      struct mlicense_text **usage,
                                      struct mlicense_error **error);

/**
 * Says whether the feature of a seat may still be used: true while the seat is among those that the
 * licences held now allow, and they let the feature run; false for NULL.
 *
 * Threads: any; the seat and its client may be in use elsewhere.
 *
 * # Safety
 *
 * `seat` must be NULL or not yet released.
 */
MLICENSE_MUST_USE bool mlicense_seat_is_held(const struct mlicense_seat *seat);

/**
 * Captures another feature for the same user; again the same feature takes no other seat. It is
 * released with the seat.
 *
 * `kept` may be NULL; otherwise as for mlicense_seat_keep_alive().
 *
 * Refused: as mlicense_client_capture().
 *
 * Threads: any; the seat and its client may be in use elsewhere.
 *
 * # Safety
 *
 * `seat` must be NULL or not yet released; `feature` must be NULL or end with a NUL; `kept` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_seat_capture(const struct mlicense_seat *seat,
                                      const char *feature,
                                      struct mlicense_text **kept,
                                      struct mlicense_error **error);

/**
 * Says what is still held of all that was captured for a user, and what was lost since this was
 * asked last.
 *
 * On success `*kept` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `{"captured": ["export"], "dropped": ["print"]}`. What was lost comes back by a capture only.
 *
 * Refused: NULL_ARGUMENT.
 *
 * Threads: any; the seat and its client may be in use elsewhere.
 *
 * # Safety
 *
 * `seat` must be NULL or not yet released; `kept` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_seat_keep_alive(const struct mlicense_seat *seat,
                                         struct mlicense_text **kept,
                                         struct mlicense_error **error);

/**
 * Gives a seat back and sets `*seat` to NULL; nothing happens when it or `seat` is NULL.
 *
 * Threads: no other call may use the seat any more.
 *
 * # Safety
 *
 * `seat` must be NULL or writable, and `*seat` NULL or not yet released.
 */
void mlicense_seat_release(struct mlicense_seat **seat);

/** @} */

/**
 * @defgroup upkeep 9. What keeps a client's licences: the next contact, the way out, and the state in bytes
 * @{
 */

/**
 * Says whether a feature may run now for one device; a licence that names devices covers those, and
 * one that names none covers any.
 *
 * Denied for NULL, text that is not UTF-8 and what is no id of a device; else as
 * mlicense_client_check().
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `feature` and `device` must be NULL or end with a NUL.
 */
MLICENSE_MUST_USE
mlicense_outcome mlicense_client_check_device(const struct mlicense_client *client,
                                              const char *feature,
                                              const char *device);

/**
 * Says what the program should do next to stay licensed, and when.
 *
 * On success `*action` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `{"action": "refresh", "at": "2026-08-30T12:00:00Z", "failures": 0, "renew_by":
 * "2027-03-01T00:00:00Z", "runs_until": "2027-03-31T00:00:00Z"}`. The action is "refresh" (write a
 * request to refresh, carry it to the vendor and accept the answer, from `at` on), "request" (no
 * licence is held: ask for one) or "nothing". After requests without an answer `at` lies 300
 * seconds ahead, then twice as much up to 21600, each time varied by at most a quarter.
 *
 * Refused: NULL_ARGUMENT; INSTANT_INVALID.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `action` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_next_action(const struct mlicense_client *client,
                                            int64_t now,
                                            struct mlicense_text **action,
                                            struct mlicense_error **error);

/**
 * Writes a request to give the licence back, before this installation is removed or its product
 * moved to another host.
 *
 * The licences stay until the vendor's answer is accepted: it is the signed receipt, and ends them.
 * On success `*request` is a new text, to be carried to the vendor as it is; free it with
 * mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; INSTANT_INVALID; STORE_BUSY, STORE_FULL, STORE_READ_ONLY,
 * STORE_UNAVAILABLE.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `request` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_deactivate(struct mlicense_client *client,
                                           int64_t now,
                                           struct mlicense_text **request,
                                           struct mlicense_error **error);

/**
 * Gives the state, for programs that keep it themselves and open the next client with the option
 * `state`.
 *
 * It holds the installation's private key and licences: keep it as a secret. Take it after each
 * request and each accepted document, and now and then for what is known of the time. On success
 * `*state` is a new text, to be freed with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * ```c
 * mlicense_text *state = NULL;
 * if (mlicense_client_state(client, &state, &error) == MLICENSE_STATUS_OK) {
 *     mlicense_client_options options = {
 *         .size = sizeof options,
 *         .state = mlicense_text_data(state),
 *         .state_length = mlicense_text_length(state),
 *     };
 *     mlicense_client *again = NULL;
 *     if (mlicense_client_open("editor", roots, 1, &options, &again, &error) == 0)
 *         mlicense_client_close(&again);
 * }
 * mlicense_text_free(state);
 * ```
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `state` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_state(const struct mlicense_client *client,
                                      struct mlicense_text **state,
                                      struct mlicense_error **error);

/** @} */

/**
 * @defgroup request 10. Requests as documents: what they tell of the customer
 * @{
 */

/**
 * Says in words, line by line, what a request tells the vendor and what it keeps, to be shown before
 * it is sent.
 *
 * `request` is what mlicense_client_request() or mlicense_client_deactivate() made, at most 64 KiB;
 * `language` is as for mlicense_error_message(). A number or coupon is shown by its end only; of the
 * host the kinds of facts are named, whose values the request does not hold. On success `*words` is
 * a new text, to be freed with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_WEAK,
 * SIGNATURE_INVALID for what is no request.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `request` must be NULL or point to `request_length` bytes; `language` must be NULL or end with a
 * NUL; `words` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_request_explain(const char *request,
                                         size_t request_length,
                                         const char *language,
                                         struct mlicense_text **words,
                                         struct mlicense_error **error);

/** @} */

/**
 * @defgroup number 11. The registration number that an installation keeps
 * @{
 */

/**
 * Gives the registration number that is kept.
 *
 * All but its tail is masked unless `reveal` is not 0. On success `*number` is a new text, empty
 * when no number is kept; free it with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `number` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_number(const struct mlicense_client *client,
                                       uint32_t reveal,
                                       struct mlicense_text **number,
                                       struct mlicense_error **error);

/**
 * Writes a request to use a registration number here, as it was typed.
 *
 * The number is kept once the vendor's answer is accepted; from then on every request bears it. On
 * success `*request` is a new text, to be carried to the vendor as it is, or empty when this number
 * is kept already and nobody needs to be asked; free it with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; NUMBER_LOCKED when another number is kept; CODE_INVALID,
 * CODE_MISTYPED and CODE_FOREIGN_CHARACTER for what is no number, where the option `number_format`
 * says what one is; and as mlicense_client_request().
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `typed` must be NULL or end with a NUL; `request` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_enter_number(struct mlicense_client *client,
                                             const char *typed,
                                             int64_t now,
                                             struct mlicense_text **request,
                                             struct mlicense_error **error);

/**
 * Writes a request to use another registration number here than the one that is kept, which stays
 * until the answer is accepted; as mlicense_client_enter_number() but for NUMBER_LOCKED.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * As mlicense_client_enter_number().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_change_number(struct mlicense_client *client,
                                              const char *typed,
                                              int64_t now,
                                              struct mlicense_text **request,
                                              struct mlicense_error **error);

/**
 * Forgets the registration number. Licences stay until they end; the vendor is not told, and the
 * host stays bound.
 *
 * Refused: NULL_ARGUMENT; CONFIRMATION_NEEDED when `confirmed` is 0; STORE_BUSY, STORE_FULL,
 * STORE_READ_ONLY, STORE_UNAVAILABLE.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_remove_number(struct mlicense_client *client,
                                              uint32_t confirmed,
                                              struct mlicense_error **error);

/** @} */

/**
 * @defgroup diagnosis 12. Diagnosis: what can be read, written and reached
 * @{
 */

/**
 * Looks at what a client can and cannot read, write and reach.
 *
 * That is its state, the facts of the host, the clock, the documents held, and each of
 * `addresses_count` addresses, at most 64, through `probe`; the library makes no connection itself.
 *
 * `probe` may be NULL when there are no addresses; `context` is passed to it. `language` is as for
 * mlicense_error_message(). On success `*findings` is a new text, to be freed with
 * mlicense_text_free(): JSON such as `{"findings": [{"part": "network", "subject":
 * "lic.example.com:443", "problem": {"number": 10710, "name": "NETWORK", ...}, "detail": "..."}]}`,
 * with "problem" only where something is wrong.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; FIELD_INVALID for too many addresses.
 *
 * Threads: any; the client may be in use elsewhere. The probe is called in this thread.
 *
 * # Safety
 *
 * `client` must be NULL or not yet closed; `addresses` must be NULL or point to `addresses_count`
 * pointers, each NULL or ending with a NUL; `probe` must be NULL or may be called with `context`;
 * `language` must be NULL or end with a NUL; `findings` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_client_diagnose(const struct mlicense_client *client,
                                         const char *const *addresses,
                                         size_t addresses_count,
                                         mlicense_probe probe,
                                         void *context,
                                         const char *language,
                                         struct mlicense_text **findings,
                                         struct mlicense_error **error);

/**
 * Looks at what a client would need, as mlicense_client_diagnose(), without opening one: when
 * mlicense_client_open() is refused, this says why.
 *
 * `product` and `options` are as for mlicense_client_open(). Nothing is made or changed, but for an
 * empty file that is tried out and removed.
 *
 * Refused: as mlicense_client_diagnose(), and FIELD_INVALID, JSON_INVALID for the product or an
 * option.
 *
 * Threads: any, at any time. The probe is called in this thread.
 *
 * # Safety
 *
 * `product` must be NULL or end with a NUL; `options` must be NULL or point to as many bytes as its
 * `size` says; the others are as for mlicense_client_diagnose().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_diagnose(const char *product,
                                  const struct mlicense_client_options *options,
                                  const char *const *addresses,
                                  size_t addresses_count,
                                  mlicense_probe probe,
                                  void *context,
                                  const char *language,
                                  struct mlicense_text **findings,
                                  struct mlicense_error **error);

/** @} */

/**
 * @defgroup license 13. Licences as documents: signed, and read back
 * @{
 */

/**
 * Signs a licence.
 *
 * `claims` is JSON of at most 64 KiB, as include/schema/license-claims.json says. On success
 * `*document` is a new text, to be sent to the customer as it is; free it with
 * mlicense_text_free(). The same claims and key give the same document.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a member that is
 * unknown; CLAIMS_CONTRADICTORY; FIELD_INVALID.
 *
 * Threads: any; the signer may be in use elsewhere.
 *
 * ```c
 * const char *claims = "{\"aud\": \"editor\", \"kind\": \"perpetual\", \"iat\": 1772357400,"
 *     " \"licensed\": {\"from\": {\"day\": \"2026-03-01\", \"at\": 1772323200}}}";
 * mlicense_text *document = NULL;
 * if (mlicense_license_issue(signer, claims, strlen(claims), &document, &error) == 0)
 *     puts(mlicense_text_data(document));
 * ```
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
 * `document` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_license_issue(const struct mlicense_signer *signer,
                                       const char *claims,
                                       size_t claims_length,
                                       struct mlicense_text **document,
                                       struct mlicense_error **error);

/**
 * Reads a licence that one of `keys` must have signed, and decides nothing on it.
 *
 * `document` is at most 64 KiB; `keys` are `keys_count` public keys in base64url, at most 64. On
 * success `*claims` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `{"claims": {"aud": "editor", ...}, "signed_by": "kPrK..."}`. To ask whether something may run,
 * use a client instead.
 *
 * Refused: NULL_ARGUMENT; KEY_WEAK for a text that is no key; FIELD_INVALID for too many; for the
 * document INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED,
 * SIGNATURE_INVALID, in this order.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `document` must be NULL or point to `document_length` bytes; `keys` must be NULL or point to
 * `keys_count` pointers, each NULL or ending with a NUL; `claims` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_license_inspect(const char *document,
                                         size_t document_length,
                                         const char *const *keys,
                                         size_t keys_count,
                                         struct mlicense_text **claims,
                                         struct mlicense_error **error);

/** @} */

/**
 * @defgroup code 14. Codes that people type: licence keys, numbers, coupons
 * @{
 */

/**
 * Makes a random code, such as a licence key.
 *
 * `format` is a prefix, the symbols of a group and the number of groups: "ACME-5x4" makes codes
 * like ACME-XXXXX-XXXXX-XXXXX-XXXXX, the last two symbols of which check the others. On success
 * `*code` is a new text, to be freed with mlicense_text_free(). A code is a secret: whoever has it
 * can redeem it.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for a format that is none or too short to be
 * random enough; INTERNAL when the system has no randomness to give.
 *
 * Threads: any, at any time.
 *
 * ```c
 * mlicense_text *key = NULL;
 * if (mlicense_code_generate("ACME-5x4", &key, &error) == MLICENSE_STATUS_OK)
 *     puts(mlicense_text_data(key));
 * mlicense_text_free(key);
 * ```
 *
 * # Safety
 *
 * `format` must be NULL or end with a NUL; `code` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_code_generate(const char *format,
                                       struct mlicense_text **code,
                                       struct mlicense_error **error);

/**
 * Reads a code as somebody typed it and gives it as it was issued, before it is sent anywhere.
 *
 * Blanks, dashes, case and alphabets that look alike do not matter. On success `*code` is a new
 * text, to be freed with mlicense_text_free(). That the code was ever issued is not checked.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the format; INPUT_TOO_LARGE; CODE_INVALID
 * for another form; CODE_FOREIGN_CHARACTER and CODE_MISTYPED, which say where.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `format` and `typed` must be NULL or end with a NUL; `code` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_code_parse(const char *format,
                                    const char *typed,
                                    struct mlicense_text **code,
                                    struct mlicense_error **error);

/**
 * Folds a code as somebody typed it to the text that is the same for every way of typing it:
 * capitals, without blanks and, where a format is given, without dashes.
 *
 * `format` is as for mlicense_code_generate(), or NULL for codes that were issued elsewhere: 4 to 128
 * printable ASCII characters, which nothing checks for typing mistakes. On success `*folded` is a
 * new text, to be freed with mlicense_text_free(): as secret as the code.
 *
 * Refused: NULL_ARGUMENT; and as mlicense_code_parse().
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `format` and `typed` must be NULL or end with a NUL; `folded` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_code_fold(const char *format,
                                   const char *typed,
                                   struct mlicense_text **folded,
                                   struct mlicense_error **error);

/** @} */

/**
 * @defgroup signer 15. mlicense_signer: the vendor's private key
 * @{
 */

/**
 * Makes a new key from the operating system's source of randomness.
 *
 * Writes the seed to `seed`, which has room for `MLICENSE_SEED_BYTES`, and a new signer to
 * `*signer`; free that with mlicense_signer_free(). Whoever loses the seed loses the key: store it
 * before the public key is handed out. When refused, the seed is all zeros and the signer NULL.
 *
 * Refused: NULL_ARGUMENT for `seed` or `signer`; INTERNAL when the system has no randomness to
 * give.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `seed` must be NULL or have room for `MLICENSE_SEED_BYTES`; `signer` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_signer_generate(uint8_t *seed,
                                         struct mlicense_signer **signer,
                                         struct mlicense_error **error);

/**
 * Makes the key of a seed: the same seed makes the same key.
 *
 * Reads `seed_length` bytes, which must be `MLICENSE_SEED_BYTES`, and writes a new signer to
 * `*signer`; free that with mlicense_signer_free(). The seed is copied.
 *
 * Refused: NULL_ARGUMENT for `seed` or `signer`; FIELD_INVALID for another length.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `seed` must be NULL or point to `seed_length` bytes; `signer` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_signer_from_seed(const uint8_t *seed,
                                          size_t seed_length,
                                          struct mlicense_signer **signer,
                                          struct mlicense_error **error);

/**
 * Makes a signer of a private key that is kept elsewhere, such as in a hardware module.
 *
 * `public_key` is the key in base64url; `sign` is called with `context` for each signature, until
 * the signer is freed. On success `*signer` is a new signer, to be freed with
 * mlicense_signer_free().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; KEY_WEAK for a text that is no key. What is
 * signed by it later is refused with SIGNER_FAILED when `sign` returns false, or writes what is no
 * signature of the key.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `public_key` must be NULL or end with a NUL; `sign` must be NULL or may be called with `context`
 * in any thread; `signer` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_signer_from_callback(const char *public_key,
                                              mlicense_sign sign,
                                              void *context,
                                              struct mlicense_signer **signer,
                                              struct mlicense_error **error);

/**
 * Returns the public key in 43 characters of base64url: what programs have compiled in, and what
 * key rings list. "" for NULL.
 *
 * The text belongs to the signer and lives as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE const char *mlicense_signer_public_key(const struct mlicense_signer *signer);

/**
 * Returns the name under which documents cite the key: its thumbprint (RFC 7638) in 43 characters
 * of base64url. "" for NULL.
 *
 * The text belongs to the signer and lives as long.
 *
 * Threads: any, several at once.
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed.
 */
MLICENSE_MUST_USE const char *mlicense_signer_key_id(const struct mlicense_signer *signer);

/**
 * Frees a signer; NULL is nothing to free.
 *
 * Threads: any; no other call may use it any more.
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed, and must not be used again.
 */
void mlicense_signer_free(struct mlicense_signer *signer);

/** @} */

/**
 * @defgroup key_ring 16. Key rings: the keys that sign for the vendor, under a root key
 * @{
 */

/**
 * Signs a key ring with a root key, so that programs that know the root trust the keys in it.
 *
 * `claims` is JSON of at most 64 KiB. On success `*document` is a new text, to be published with
 * the command `publish_key_ring`; free it with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a weak key and an
 * unknown member; CLAIMS_CONTRADICTORY.
 *
 * Threads: any; the signer may be in use elsewhere.
 *
 * ```c
 * char claims[512];
 * snprintf(claims, sizeof claims, "{\"number\": 1, \"issued_at\": \"2026-03-01T00:00:00Z\","
 *     " \"keys\": [{\"key\": \"%s\", \"valid_from\": \"2026-03-01T00:00:00Z\"}]}",
 *     mlicense_signer_public_key(daily));
 * mlicense_text *ring = NULL;
 * if (mlicense_key_ring_issue(root, claims, strlen(claims), &ring, &error) == 0)
 *     puts(mlicense_text_data(ring));
 * ```
 *
 * # Safety
 *
 * `root` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
 * `document` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_key_ring_issue(const struct mlicense_signer *root,
                                        const char *claims,
                                        size_t claims_length,
                                        struct mlicense_text **document,
                                        struct mlicense_error **error);

/** @} */

/**
 * @defgroup revocation_list 17. What else a vendor signs: revocation lists, and the time
 * @{
 */

/**
 * Signs a revocation list.
 *
 * `claims` is JSON of at most 64 KiB with the members that docs/formats.md lists; `signer` is a
 * root key, or a key of the ring for answers. On success `*document` is a new text, to be published
 * with the command `publish_revocations`; free it with mlicense_text_free(). What the newest list
 * names is revoked, and nothing else is.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID, also for a member that is
 * unknown; FIELD_INVALID for a reason of more than 64 bytes or none; CLAIMS_CONTRADICTORY when the
 * next list is due before this one is signed, something is revoked from later than that, or the
 * signer is revoked.
 *
 * Threads: any; the signer may be in use elsewhere.
 *
 * ```c
 * const char *claims = "{\"number\": 1, \"iat\": 1775001600, \"next_update\": 1775606400,"
 *     " \"licenses\": {\"L-7\": {\"at\": 1775001600, \"reason\": \"refunded\"}}}";
 * mlicense_text *list = NULL;
 * if (mlicense_revocation_list_issue(signer, claims, strlen(claims), &list, &error) == 0)
 *     puts(mlicense_text_data(list));
 * ```
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed; `claims` must be NULL or point to `claims_length` bytes;
 * `document` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_revocation_list_issue(const struct mlicense_signer *signer,
                                               const char *claims,
                                               size_t claims_length,
                                               struct mlicense_text **document,
                                               struct mlicense_error **error);

/**
 * Signs the time for an installation that asked for it by a request.
 *
 * `request` is the document that the installation wrote, of at most 64 KiB; mlicense_ledger_answer()
 * gives the time with every answer, so that this is for vendors without a ledger. `signer` is a root
 * key, or a key of the ring for answers. On success `*document` is a new text, to be freed with
 * mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; INSTANT_INVALID; SIGNER_FAILED; what a request is refused
 * for that is damaged or forged, such as DOCUMENT_MALFORMED and SIGNATURE_INVALID.
 *
 * Threads: any; the signer may be in use elsewhere.
 *
 * # Safety
 *
 * `signer` must be NULL or not yet freed; `request` must be NULL or point to `request_length` bytes;
 * `document` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_time_token_issue(const struct mlicense_signer *signer,
                                          const char *request,
                                          size_t request_length,
                                          int64_t now,
                                          struct mlicense_text **document,
                                          struct mlicense_error **error);

/** @} */

/**
 * @defgroup document 18. What signed documents say, and whether signatures and proofs hold
 * @{
 */

/**
 * Reads a document of any type, and decides nothing on it.
 *
 * `type` is the `typ` of its header, such as "mlicense-answer+jwt"; a document of another type is
 * refused. `document` is at most 64 KiB; `roots` are `roots_count` root keys in base64url, at most
 * 64, and none for a request, which its own key signs. `key_ring` is a key ring as a document, or
 * NULL for none. On success `*claims` is a new text, to be freed with mlicense_text_free(): JSON
 * with the members that the document has.
 *
 * Refused: NULL_ARGUMENT; FIELD_INVALID for an unknown type and for too many keys; KEY_WEAK; what
 * the key ring is refused for; for the document INPUT_TOO_LARGE, DOCUMENT_MALFORMED,
 * DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED, SIGNATURE_INVALID, JSON_INVALID, MEMBER_UNKNOWN,
 * FIELD_INVALID, CLAIMS_CONTRADICTORY, KEY_NOT_VALID, in this order; for an answer also
 * OTHER_PRODUCT, OTHER_INSTALLATION and OTHER_REQUEST.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `type` and `key_ring` must be NULL or end with a NUL; `document` must be NULL or point to
 * `document_length` bytes; `roots` must be NULL or point to `roots_count` pointers, each NULL or
 * ending with a NUL; `claims` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_document_inspect(const char *type,
                                          const char *document,
                                          size_t document_length,
                                          const char *const *roots,
                                          size_t roots_count,
                                          const char *key_ring,
                                          struct mlicense_text **claims,
                                          struct mlicense_error **error);

/**
 * Reads a checkpoint, as a signed note, of the history called `origin`.
 *
 * `note` is at most 128 KiB; `roots` and `key_ring` are as for mlicense_document_inspect(). On
 * success `*head` is a new text, to be freed with mlicense_text_free(): JSON such as
 * `{"size": 13, "root": "317h..."}`, how many events the history has and the root of the tree over
 * them in base64.
 *
 * Refused: NULL_ARGUMENT; FIELD_INVALID for too many keys and for what is no origin; KEY_WEAK; what
 * the key ring is refused for; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, KEY_NOT_TRUSTED,
 * SIGNATURE_INVALID, OTHER_ORIGIN.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `note` must be NULL or point to `note_length` bytes; `origin` and `key_ring` must be NULL or end
 * with a NUL; `roots` must be NULL or point to `roots_count` pointers, each NULL or ending with a
 * NUL; `head` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_checkpoint_inspect(const char *note,
                                            size_t note_length,
                                            const char *origin,
                                            const char *const *roots,
                                            size_t roots_count,
                                            const char *key_ring,
                                            struct mlicense_text **head,
                                            struct mlicense_error **error);

/**
 * Checks a proof about a history: that it has an event, or that it continues an older one.
 *
 * `proof` is JSON of at most 64 KiB, hashes in base64: `{"inclusion": {"head": {"size": 13, "root":
 * "317h..."}, "leaf": "P6oU...", "index": 4, "proof": ["lqKW..."]}}`, with the index counted from
 * 0, or `{"consistency": {"older": {"size": 5, "root": "O2zM..."}, "newer": {"size": 13, "root":
 * "317h..."}, "proof": ["lqKW..."]}}`. The heads are what mlicense_checkpoint_inspect() gives.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; PROOF_INVALID when it does not
 * hold.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `proof` must be NULL or point to `proof_length` bytes; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_proof_verify(const char *proof,
                                      size_t proof_length,
                                      struct mlicense_error **error);

/**
 * Verifies an Ed25519 signature (RFC 8032) over any bytes, such as a receipt of the program's own.
 *
 * `public_key` is in base64url, as mlicense_signer_public_key() gives it; `message` is at most
 * 1 MiB. Documents are not verified by this: mlicense_document_inspect() looks at more.
 *
 * Refused: NULL_ARGUMENT; KEY_WEAK for a text that is no key; INPUT_TOO_LARGE; SIGNATURE_INVALID
 * when the signature is not 64 bytes long or does not hold.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `public_key` must be NULL or end with a NUL; `message` must be NULL or point to
 * `message_length` bytes and `signature` to `signature_length`; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_signature_verify(const char *public_key,
                                          const uint8_t *message,
                                          size_t message_length,
                                          const uint8_t *signature,
                                          size_t signature_length,
                                          struct mlicense_error **error);

/** @} */

/**
 * @defgroup calculate 19. The pure arithmetic, without a ledger
 * @{
 */

/**
 * Calculates a period, a compensation, what a wallet gives, growth or a price for part of a term.
 *
 * `calculation` is JSON of at most 64 KiB, as include/schema/calculation.json says. On success
 * `*calculated` is a new text, to be freed with mlicense_text_free(): JSON as
 * include/schema/calculated.json says. Nothing is stored.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; and what the rule refuses, such
 * as INSUFFICIENT_WALLET.
 *
 * Threads: any, at any time.
 *
 * ```c
 * const char *growth = "{\"growth\": {\"base\": 10, \"allocated\": 10, \"devices\": 21,"
 *     " \"percent\": 100}}";
 * mlicense_text *calculated = NULL;
 * if (mlicense_calculate(growth, strlen(growth), &calculated, &error) == MLICENSE_STATUS_OK)
 *     puts(mlicense_text_data(calculated)); // {"growth":{"free":20,"extra_now":1}}
 * ```
 *
 * # Safety
 *
 * `calculation` must be NULL or point to `calculation_length` bytes; `calculated` and `error` must
 * be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_calculate(const char *calculation,
                                   size_t calculation_length,
                                   struct mlicense_text **calculated,
                                   struct mlicense_error **error);

/** @} */

/**
 * @defgroup command 20. Commands and queries of a ledger, in JSON
 * @{
 */

/**
 * Does a command, once.
 *
 * `envelope` is JSON of at most 1 MiB: `{"id": "...", "actor": {"role": "vendor", "id": "..."},
 * "body": {...}}`, as include/schema/envelope.json says. Repeating a command under the same id
 * gives the first receipt again and changes nothing; without an "id" the command gets a random one
 * and is done each time. `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed
 * with mlicense_text_free(): JSON with the events written. When refused, nothing was changed.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; COMMAND_ID_REUSED for another
 * command under the same id; FORBIDDEN; what the rules refuse; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
 * bytes; `receipt` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_execute(const struct mlicense_ledger *ledger,
                                        const char *envelope,
                                        size_t envelope_length,
                                        int64_t now,
                                        struct mlicense_text **receipt,
                                        struct mlicense_error **error);

/**
 * Does many commands, each for itself and in order: one refused stops none of the others.
 *
 * Hundreds of them share a transaction, which is many times faster than one after another.
 * `envelopes` is a JSON array of at most 16 MiB, of envelopes as for mlicense_ledger_execute().
 * `progress` is called with `context`, in commands, after each of these, and may be NULL. On success
 * `*done` is a new text, to be freed with mlicense_text_free(): a JSON array with one element for
 * each command, either `{"receipt": {...}}` or `{"refusal": {"number": 10003, "name": "...",
 * "message": "...", "remedy": "..."}}`. When a fault of the store stops the call, what was not done
 * yet is not done: give all of them again, under the same ids, and those are done that were not.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID when one of them is no envelope,
 * and nothing is done then; CALLED_BACK; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `envelopes` must be NULL or point to `envelopes_length`
 * bytes; `progress` must be NULL or may be called with `context`; `done` and `error` must be NULL
 * or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_execute_many(const struct mlicense_ledger *ledger,
                                             const char *envelopes,
                                             size_t envelopes_length,
                                             int64_t now,
                                             mlicense_progress progress,
                                             void *context,
                                             struct mlicense_text **done,
                                             struct mlicense_error **error);

/**
 * Says what a command would do, without doing it.
 *
 * `envelope` is as for mlicense_ledger_execute(). On success `*preview` is a new text, to be freed
 * with mlicense_text_free(): JSON with the events that would be written, warnings, and the token
 * for mlicense_ledger_commit(). That the rules would refuse the command is part of the answer, not
 * a refusal of the preview.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
 * bytes; `preview` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_preview(const struct mlicense_ledger *ledger,
                                        const char *envelope,
                                        size_t envelope_length,
                                        int64_t now,
                                        struct mlicense_text **preview,
                                        struct mlicense_error **error);

/**
 * Does a command if it would do exactly what its preview showed.
 *
 * `token` is the one from the preview. `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed
 * with mlicense_text_free().
 *
 * Refused: PREVIEW_STALE when the command would do something else by now; and as
 * mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `envelope` must be NULL or point to `envelope_length`
 * bytes; `token` must be NULL or end with a NUL; `receipt` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_commit(const struct mlicense_ledger *ledger,
                                       const char *envelope,
                                       size_t envelope_length,
                                       const char *token,
                                       int64_t now,
                                       struct mlicense_text **receipt,
                                       struct mlicense_error **error);

/**
 * Answers a question about what the ledger holds at `now`.
 *
 * `query` is JSON of at most 64 KiB, such as `{"overview": {"customer": "c1"}}`, as
 * include/schema/query.json says. On success `*view` is a new text, to be freed with
 * mlicense_text_free(): JSON as include/schema/view.json says.
 *
 * Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; CUSTOMER_UNKNOWN,
 * NOT_REGISTERED and the like; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `query` must be NULL or point to `query_length` bytes;
 * `view` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_query(const struct mlicense_ledger *ledger,
                                      const char *query,
                                      size_t query_length,
                                      int64_t now,
                                      struct mlicense_text **view,
                                      struct mlicense_error **error);

/** @} */

/**
 * @defgroup ledger 21. mlicense_ledger: the vendor's book of record
 * @{
 */

/**
 * Makes a new ledger: in a file that does not exist yet, or in a database that exists, in a schema
 * `mlicense` of its own.
 *
 * On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; STORE_EXISTS when something is there already; else as
 * mlicense_ledger_open().
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `place` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_create(const char *place,
                                       struct mlicense_ledger **ledger,
                                       struct mlicense_error **error);

/**
 * Opens a ledger that was created before.
 *
 * On success `*ledger` is a new ledger, to be closed with mlicense_ledger_close().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; STORE_FOREIGN when the file or schema is something else;
 * STORE_NEWER; for a database FIELD_INVALID when the text cannot be read or leads to another machine
 * without TLS, and STORE_UNTRUSTED when the server is not who it should be; and as every call of a
 * ledger.
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `place` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_open(const char *place,
                                     struct mlicense_ledger **ledger,
                                     struct mlicense_error **error);

/**
 * Answers the request of a customer's installation with a signed document.
 *
 * `request` is the document that the installation wrote, of at most 64 KiB; `customer` is on whose
 * behalf it is answered, or NULL: then the customer whose registration number the request carries,
 * or a new one that registers; `actor` is who hands it in, in JSON as in an envelope. `signer` must be in
 * the published key ring. On success `*answer` is a new text, to be carried back to the
 * installation as it is; free it with mlicense_text_free(). It holds a licence, a signed refusal or
 * the receipt of what was given back, with the key ring, the revocation list and the time.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; NO_NUMBER and NUMBER_UNKNOWN when nobody is named; FIELD_INVALID for the customer; JSON_INVALID for the actor;
 * INPUT_TOO_LARGE; SYSTEM_FILE_INVALID for a request that is damaged or forged; KEY_RING_MISSING;
 * ALREADY_REGISTERED_ELSEWHERE and what else the rules refuse; and as every call of a ledger.
 *
 * Threads: any; ledger and signer may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `customer` and `actor` must be NULL or end with a NUL;
 * `request` must be NULL or point to `request_length` bytes; `signer` must be NULL or not yet
 * freed; `answer` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_answer(const struct mlicense_ledger *ledger,
                                       const char *customer,
                                       const char *actor,
                                       const char *request,
                                       size_t request_length,
                                       const struct mlicense_signer *signer,
                                       int64_t now,
                                       struct mlicense_text **answer,
                                       struct mlicense_error **error);

/**
 * Lists what commands left to be sent, oldest first, at most `limit`: mails that tell a
 * registration number.
 *
 * A message is written with the command that left it and stays until mlicense_ledger_sent() is
 * called: a program that stops in between sends it again, so that each goes out at least once. On
 * success `*outbox` is a new text, to be freed with mlicense_text_free(): JSON such as `[{"id": 1,
 * "command": "...", "message": {"number": {"customer": "c1", "person": "p1", "number":
 * "ACME-..."}}, "to": {"name": "...", "email": "..."}}]`, with the number in full, and without "to"
 * once the person was erased. A message for a webhook has "event" instead: what to tell it, and in
 * its "chain" the idempotency key.
 *
 * Refused: NULL_ARGUMENT; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `outbox` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_outbox(const struct mlicense_ledger *ledger,
                                       uint32_t limit,
                                       struct mlicense_text **outbox,
                                       struct mlicense_error **error);

/**
 * Takes a message that was sent out of the outbox, by the "id" under which mlicense_ledger_outbox()
 * lists it; nothing happens when it is there no more.
 *
 * Refused: NULL_ARGUMENT; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_sent(const struct mlicense_ledger *ledger,
                                     uint64_t id,
                                     struct mlicense_error **error);

/**
 * Reads the whole history again and recomputes every chain of it.
 *
 * On success `*verified` is a new text, to be freed with mlicense_text_free(): JSON with the
 * number of streams and events, and the last chain hash of each stream, to be compared with those
 * of a backup.
 *
 * Refused: NULL_ARGUMENT; HISTORY_BROKEN naming the first event that is not what was written; and
 * as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `verified` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_verify(const struct mlicense_ledger *ledger,
                                       struct mlicense_text **verified,
                                       struct mlicense_error **error);

/**
 * Closes a ledger, frees it and sets the variable to NULL; NULL is nothing to close.
 *
 * Threads: no other call may use the ledger any more.
 *
 * # Safety
 *
 * `ledger` must be NULL or the address of a variable that is NULL or holds a ledger not yet
 * closed; no copy of its value may be used again.
 */
void mlicense_ledger_close(struct mlicense_ledger **ledger);

/** @} */

/**
 * @defgroup office 22. What a vendor's back office does every day, without JSON going in
 * @{
 */

/**
 * Registers a customer, with the time zone that its days are counted in, such as "Europe/Paris".
 *
 * `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed with
 * mlicense_text_free(): JSON as of mlicense_ledger_execute().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the customer or a member of the order;
 * ZONE_UNKNOWN; CUSTOMER_ALREADY_REGISTERED; and as mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `customer` and `zone` must be NULL or end with a NUL;
 * `order` must be NULL or point to as many bytes as its `size` says; `receipt` and `error` must be
 * NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_register_customer(const struct mlicense_ledger *ledger,
                                                  const char *customer,
                                                  const char *zone,
                                                  const struct mlicense_order *order,
                                                  struct mlicense_text **receipt,
                                                  struct mlicense_error **error);

/**
 * Starts the subscription of a customer to a product.
 *
 * On success `*receipt` is a new text, as of mlicense_ledger_register_customer().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN,
 * NOT_REGISTERED; and as mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `customer` and `product` must be NULL or end with a NUL; the others are as for
 * mlicense_ledger_register_customer().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_start_subscription(const struct mlicense_ledger *ledger,
                                                   const char *customer,
                                                   const char *product,
                                                   const struct mlicense_order *order,
                                                   struct mlicense_text **receipt,
                                                   struct mlicense_error **error);

/**
 * Puts licences that a customer bought into its wallet, without a key: `quantity` of one type for a
 * year each.
 *
 * `purchase` is the number of the sale, or NULL: the same sale is put in once. On success
 * `*receipt` is a new text, as of mlicense_ledger_register_customer().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN;
 * QUANTITY_OUT_OF_RANGE; and as mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `customer`, `product`, `license_type` and `purchase` must be NULL or end with a NUL; the others
 * are as for mlicense_ledger_register_customer().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_stock_licenses(const struct mlicense_ledger *ledger,
                                               const char *customer,
                                               const char *product,
                                               const char *license_type,
                                               uint32_t quantity,
                                               const char *purchase,
                                               const struct mlicense_order *order,
                                               struct mlicense_text **receipt,
                                               struct mlicense_error **error);

/**
 * Redeems a licence key that was issued before: all that it is worth goes to the wallet.
 *
 * `key` is as somebody typed it. On success `*receipt` is a new text, as of
 * mlicense_ledger_register_customer().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN; what the rules
 * refuse of a key, such as COUPON_ALREADY_USED; and as mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `customer`, `product` and `key` must be NULL or end with a NUL; the others are as for
 * mlicense_ledger_register_customer().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_redeem_key(const struct mlicense_ledger *ledger,
                                           const char *customer,
                                           const char *product,
                                           const char *key,
                                           const struct mlicense_order *order,
                                           struct mlicense_text **receipt,
                                           struct mlicense_error **error);

/**
 * Allocates `quantity` licences of one type from the wallet of a customer to the period that runs.
 *
 * On success `*receipt` is a new text, as of mlicense_ledger_register_customer().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN;
 * INSUFFICIENT_WALLET and what else the rules refuse; and as mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `customer`, `product` and `license_type` must be NULL or end with a NUL; the others are as for
 * mlicense_ledger_register_customer().
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_allocate(const struct mlicense_ledger *ledger,
                                         const char *customer,
                                         const char *product,
                                         const char *license_type,
                                         uint32_t quantity,
                                         const struct mlicense_order *order,
                                         struct mlicense_text **receipt,
                                         struct mlicense_error **error);

/**
 * Says how a customer stands with all that it has: status, dates, and what is to be done.
 *
 * `language` is as for mlicense_error_message(). On success `*view` is a new text, to be freed with
 * mlicense_text_free(): JSON, the "overview" of include/schema/view.json.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `customer` and `language` must be NULL or end with a
 * NUL; `view` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_overview(const struct mlicense_ledger *ledger,
                                         const char *customer,
                                         const char *language,
                                         int64_t now,
                                         struct mlicense_text **view,
                                         struct mlicense_error **error);

/**
 * Lists what is coming for all customers, page by page, for whoever sends the mail: grace that
 * ends, lots that run out, renewals.
 *
 * `until` is the last day that counts, such as "2026-06-30"; `after` is the last customer of the
 * page before. Both may be NULL. `limit` is how many customers at most, or 0 for as many as one
 * page may have. On success `*view` is a new text, to be freed with mlicense_text_free(): JSON, the
 * "coming_due" of include/schema/view.json.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; DATE_INVALID; FIELD_INVALID; QUANTITY_OUT_OF_RANGE for the
 * limit; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `until` and `after` must be NULL or end with a NUL;
 * `view` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_coming_due(const struct mlicense_ledger *ledger,
                                           const char *until,
                                           const char *after,
                                           uint32_t limit,
                                           int64_t now,
                                           struct mlicense_text **view,
                                           struct mlicense_error **error);

/** @} */

/**
 * @defgroup record 23. The ledger as a book of record: copies of it, and what it vouches for
 * @{
 */

/**
 * Opens a ledger that is there, to read only: nothing can change it, not even by accident.
 *
 * `path` is UTF-8. On success `*ledger` is a new ledger, to be closed with
 * mlicense_ledger_close(); what would change it is refused with STORE_READ_ONLY.
 *
 * Refused: as mlicense_ledger_open().
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `path` must be NULL or end with a NUL; `ledger` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_open_read_only(const char *path,
                                               struct mlicense_ledger **ledger,
                                               struct mlicense_error **error);

/**
 * Copies a ledger into a new file while it is used; the copy is as of one instant and can be opened
 * as it is.
 *
 * `path` is UTF-8 and must not exist. `progress` is called with `context`, in pages, and may be
 * NULL.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; STORE_EXISTS; CALLED_BACK; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `progress` must
 * be NULL or may be called with `context`; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_backup(const struct mlicense_ledger *ledger,
                                       const char *path,
                                       mlicense_progress progress,
                                       void *context,
                                       struct mlicense_error **error);

/**
 * Gives the file system back what a ledger's file does not need any more.
 *
 * Refused: NULL_ARGUMENT; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere, and waits meanwhile.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_vacuum(const struct mlicense_ledger *ledger,
                                       struct mlicense_error **error);

/**
 * Writes all that a ledger holds into a new file of text, one line of JSON for each event and row,
 * having verified the history; mlicense_ledger_import() makes the same ledger of it.
 *
 * `path` is UTF-8 and must not exist; what was begun is removed when it fails. `without` is 0, or
 * MLICENSE_EXPORT_WITHOUT_PEOPLE, MLICENSE_EXPORT_WITHOUT_OUTBOX, or both by `|`. `progress` is
 * called with `context`, in events, and may be NULL.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for `without`; STORE_EXISTS; CALLED_BACK; as
 * mlicense_ledger_verify(); and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere. `progress` is called in this thread.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `path` must be NULL or end with a NUL; `progress` must
 * be NULL or may be called with `context`; `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_export(const struct mlicense_ledger *ledger,
                                       const char *path,
                                       uint32_t without,
                                       mlicense_progress progress,
                                       void *context,
                                       struct mlicense_error **error);

/**
 * Makes a ledger in a new file from what mlicense_ledger_export() wrote, with the same history, the
 * same chain hashes and the same checkpoints.
 *
 * `path` is UTF-8 and must not exist; `source` is the export. `progress` is called with `context`,
 * in events, and may be NULL. On success `*ledger` is a new ledger, to be closed with
 * mlicense_ledger_close().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; EXPORT_INVALID naming the line; HISTORY_BROKEN, TABLE_BROKEN,
 * CHECKPOINT_BROKEN; and as mlicense_ledger_create().
 *
 * Threads: any, at any time. `progress` is called in this thread.
 *
 * # Safety
 *
 * `path` and `source` must be NULL or end with a NUL; `progress` must be NULL or may be called with
 * `context`; `ledger` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_import(const char *path,
                                       const char *source,
                                       mlicense_progress progress,
                                       void *context,
                                       struct mlicense_ledger **ledger,
                                       struct mlicense_error **error);

/**
 * Signs how long the history is and the hash over all of it, and keeps that with the ledger.
 *
 * `origin` names the history, such as "example.com/history", always the same. `signer` is a root
 * key, or a key of the ring for checkpoints. On success `*kept` is a new text, to be freed with
 * mlicense_text_free(): JSON with the "head", the instant "at" and the signed "note", which is to
 * be carried to where nobody who can change the ledger can change it. Without an event since the
 * last checkpoint it is that one again.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID and OTHER_ORIGIN for the origin; SIGNER_FAILED;
 * CHECKPOINT_BROKEN; CALLED_BACK; and as every call of a ledger.
 *
 * Threads: any; ledger and signer may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `origin` must be NULL or end with a NUL; `signer` must
 * be NULL or not yet freed; `kept` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_checkpoint(const struct mlicense_ledger *ledger,
                                           const char *origin,
                                           const struct mlicense_signer *signer,
                                           int64_t now,
                                           struct mlicense_text **kept,
                                           struct mlicense_error **error);

/**
 * Lists the checkpoints that a ledger keeps, oldest first, each as mlicense_ledger_checkpoint()
 * gave it.
 *
 * On success `*checkpoints` is a new text, to be freed with mlicense_text_free(): a JSON array.
 *
 * Refused: NULL_ARGUMENT; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `checkpoints` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_checkpoints(const struct mlicense_ledger *ledger,
                                            struct mlicense_text **checkpoints,
                                            struct mlicense_error **error);

/**
 * Verifies as mlicense_ledger_verify(), and that the history continues that of a checkpoint which
 * was kept elsewhere: nothing was changed that it vouches for.
 *
 * `note` is the signed note, of at most 128 KiB; `origin`, `roots`, `roots_count` and `key_ring`
 * are as for mlicense_checkpoint_inspect(). On success `*verified` is a new text, to be freed with
 * mlicense_text_free(), as of mlicense_ledger_verify().
 *
 * Refused: as mlicense_checkpoint_inspect() and mlicense_ledger_verify(); CHECKPOINT_BROKEN when
 * the history is another or ends before.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `note` must be NULL or point to `note_length` bytes;
 * `origin` and `key_ring` must be NULL or end with a NUL; `roots` must be NULL or point to
 * `roots_count` pointers, each NULL or ending with a NUL; `verified` and `error` must be NULL or
 * writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_verify_since(const struct mlicense_ledger *ledger,
                                             const char *note,
                                             size_t note_length,
                                             const char *origin,
                                             const char *const *roots,
                                             size_t roots_count,
                                             const char *key_ring,
                                             struct mlicense_text **verified,
                                             struct mlicense_error **error);

/**
 * Proves that an event stands in the history of a checkpoint.
 *
 * `stream` is whose event it is, such as "customer/c1", and `index` which, from 1; `size` names the
 * checkpoint by its number of events, or is 0 for the newest. On success `*proof` is a new text, to
 * be freed with mlicense_text_free(): JSON with the exact "event", its "index" in the log, the
 * "proof" and the "head", for mlicense_proof_verify() or any tool for transparency logs.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the stream; CHECKPOINT_MISSING;
 * CHECKPOINT_BROKEN; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `stream` must be NULL or end with a NUL; `proof` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_prove_inclusion(const struct mlicense_ledger *ledger,
                                                const char *stream,
                                                uint64_t index,
                                                uint64_t size,
                                                struct mlicense_text **proof,
                                                struct mlicense_error **error);

/**
 * Proves that the history of one checkpoint begins with that of an older one.
 *
 * `older` and `newer` name the checkpoints by their number of events; 0 for `newer` is the newest.
 * On success `*proof` is a new text, to be freed with mlicense_text_free(): JSON with both heads
 * and the "proof", for mlicense_proof_verify() or any tool for transparency logs.
 *
 * Refused: NULL_ARGUMENT; CHECKPOINT_MISSING; CHECKPOINT_BROKEN; PROOF_INVALID when the older one is
 * the longer; and as every call of a ledger.
 *
 * Threads: any; the ledger may be in use elsewhere.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `proof` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_prove_consistency(const struct mlicense_ledger *ledger,
                                                  uint64_t older,
                                                  uint64_t newer,
                                                  struct mlicense_text **proof,
                                                  struct mlicense_error **error);

/** @} */

/**
 * @defgroup shop 24. Links to the vendor's shop
 * @{
 */

/**
 * Links a customer or partner to its account at the vendor's shop, once the shop has confirmed
 * e-mail and password.
 *
 * `whom` is JSON, `{"customer": "c1"}` or `{"partner": "d1"}`; `actor` is who asks for it, in JSON
 * as in an envelope; `id` is the id of the command, or NULL for a random one: repeated under the
 * same id the link is made once, and the shop is asked each time. Both `email` and `password` are
 * required; NULL counts as missing. The password goes to `gateway` and nowhere else: it is not
 * kept, and in no error. The gateway is called outside any transaction, and not at all for who may
 * not make the link. On success `*receipt` is a new text, to be freed with mlicense_text_free().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; JSON_INVALID for `whom` or `actor`; FIELD_INVALID for `id`;
 * FIELD_MISSING on page `shop`; QUANTITY_OUT_OF_RANGE for an e-mail or password over 1024 bytes, and
 * for an account without a name or with one over 320 bytes; FORBIDDEN; NOT_A_MEMBER;
 * SHOP_LOGIN_REFUSED; NETWORK when the shop could not be asked; SHOP_ALREADY_LINKED; and as
 * mlicense_ledger_execute().
 *
 * Threads: any; the ledger may be in use elsewhere. The gateway is called in this thread.
 *
 * # Safety
 *
 * `ledger` must be NULL or not yet closed; `whom`, `actor`, `id`, `email` and `password` must be
 * NULL or end with a NUL; `gateway` must be NULL or may be called with `context`; `receipt` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_ledger_link_shop(const struct mlicense_ledger *ledger,
                                          const char *whom,
                                          const char *actor,
                                          const char *id,
                                          const char *email,
                                          const char *password,
                                          mlicense_shop_gateway gateway,
                                          void *context,
                                          int64_t now,
                                          struct mlicense_text **receipt,
                                          struct mlicense_error **error);

/** @} */

/**
 * @defgroup site 25. mlicense_site: seats that programs share
 * @{
 */

/**
 * Opens the seats of a client's product, and makes the file or the schema `mlicense_seats` of a
 * database where there is none.
 *
 * `place` is as for a mlicense_ledger; a file must be on a disk of this machine. `lease_seconds` is for how long a session lasts
 * without a sign of life, 60 to 3600, or 0 for 300. With a `release_strict` that is not 0 a release
 * of what was not captured is refused; otherwise it does nothing. What the licences of the client
 * state of either comes first. On success `*site` is a new site, to be closed with
 * mlicense_site_close().
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the lease or a database that cannot be reached
 * so; STORE_FOREIGN when the file is something else; STORE_NEWER; STORE_UNTRUSTED; and as every call
 * of a site.
 *
 * Threads: any; the client may be in use elsewhere.
 *
 * # Safety
 *
 * `place` must be NULL or end with a NUL; `client` must be NULL or not yet closed; `site` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_open(const char *place,
                                   const struct mlicense_client *client,
                                   uint32_t lease_seconds,
                                   uint32_t release_strict,
                                   struct mlicense_site **site,
                                   struct mlicense_error **error);

/**
 * Opens, at the vendor, the seats that one of its customers has of a licence over all its sites.
 *
 * `place` is as for mlicense_site_open(), and one place serves all customers and products. `license`
 * is the licence that the vendor signed last for the customer, of at most 64 KiB, and `keys` are the
 * `keys_count` public keys in base64url, at most 64, of which one must have signed it. Every call
 * asks it by the system's clock, so that nothing is handed out after its end; once there is a newer
 * licence, open another site with that. `lease_seconds` and `release_strict` are as for
 * mlicense_site_open(). On success `*site` is a new site, to be closed with mlicense_site_close().
 *
 * Refused: FIELD_INVALID for the customer and for too many keys; KEY_WEAK for a text that is no key;
 * INPUT_TOO_LARGE, DOCUMENT_MALFORMED, DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED and SIGNATURE_INVALID
 * for the licence; and as mlicense_site_open().
 *
 * Threads: any, at any time.
 *
 * # Safety
 *
 * `place` and `customer` must be NULL or end with a NUL; `license` must be NULL or point to
 * `license_length` bytes; `keys` must be NULL or point to `keys_count` pointers, each NULL or ending
 * with a NUL; `site` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_open_at_vendor(const char *place,
                                             const char *customer,
                                             const char *license,
                                             size_t license_length,
                                             const char *const *keys,
                                             size_t keys_count,
                                             uint32_t lease_seconds,
                                             uint32_t release_strict,
                                             struct mlicense_site **site,
                                             struct mlicense_error **error);

/**
 * Captures a feature in a new session.
 *
 * `holder` is what the user says about itself, at most 1024 bytes, for whoever looks who holds the
 * seats; it may be NULL. On success `*session` is a new text, to be freed with
 * mlicense_text_free(): the id of the session, by which whoever knows it may use and end it.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; NOT_LICENSED when the feature may not run, with the reason;
 * NO_FREE_LICENSE when all its seats are taken; SESSIONS_FULL when so many sessions are open that
 * this one has to wait; INPUT_TOO_LARGE for the holder; INTERNAL when the system has no randomness
 * to give; and as every call of a site.
 *
 * Threads: any; the site may be in use elsewhere.
 *
 * # Safety
 *
 * `site` must be NULL or not yet closed; `feature` and `holder` must be NULL or end with a NUL;
 * `session` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_capture(const struct mlicense_site *site,
                                      const char *feature,
                                      const char *holder,
                                      struct mlicense_text **session,
                                      struct mlicense_error **error);

/**
 * Captures another feature in a session that is open, which is a sign of life too; again the same
 * feature takes no other seat.
 *
 * `kept` may be NULL; otherwise as for mlicense_site_keep_alive().
 *
 * Refused: SESSION_UNKNOWN when the session is not open; and as mlicense_site_capture().
 *
 * Threads: any; the site may be in use elsewhere.
 *
 * # Safety
 *
 * `site` must be NULL or not yet closed; `session` and `feature` must be NULL or end with a NUL;
 * `kept` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_capture_in(const struct mlicense_site *site,
                                         const char *session,
                                         const char *feature,
                                         struct mlicense_text **kept,
                                         struct mlicense_error **error);

/**
 * Gives a sign of life: the session lasts for a lease from now, and two in a row do not add up.
 *
 * `kept` may be NULL; otherwise `*kept` is a new text on success, to be freed with
 * mlicense_text_free(): JSON such as `{"until": "2026-03-01T09:05:00Z", "captured": ["export"],
 * "dropped": ["print"]}`, with the first instant at which the session is over, what it holds, and
 * what it lost since the last sign of life. What was lost comes back by a capture only.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; SESSION_UNKNOWN when the session is not open, or its lease has
 * ended; and as every call of a site.
 *
 * Threads: any; the site may be in use elsewhere.
 *
 * # Safety
 *
 * `site` must be NULL or not yet closed; `session` must be NULL or end with a NUL; `kept` and
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_keep_alive(const struct mlicense_site *site,
                                         const char *session,
                                         struct mlicense_text **kept,
                                         struct mlicense_error **error);

/**
 * Releases one feature of a session, which stays open; or, with `feature` NULL, all of them, and
 * ends it.
 *
 * Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for what is no id of a feature; where releases are
 * strict SESSION_UNKNOWN and NOT_CAPTURED; and as every call of a site.
 *
 * Threads: any; the site may be in use elsewhere.
 *
 * # Safety
 *
 * `site` must be NULL or not yet closed; `session` and `feature` must be NULL or end with a NUL;
 * `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_release(const struct mlicense_site *site,
                                      const char *session,
                                      const char *feature,
                                      struct mlicense_error **error);

/**
 * Lists every feature that may run now, with its limit and how many seats are taken at the site.
 *
 * On success `*usage` is a new text, to be freed with mlicense_text_free(): JSON as of
 * mlicense_client_usage(). Free seats are nobody's: whoever needs one captures it.
 *
 * Refused: NULL_ARGUMENT; and as every call of a site.
 *
 * Threads: any; the site may be in use elsewhere.
 *
 * # Safety
 *
 * `site` must be NULL or not yet closed; `usage` and `error` must be NULL or writable.
 */
MLICENSE_MUST_USE
mlicense_status mlicense_site_usage(const struct mlicense_site *site,
                                    struct mlicense_text **usage,
                                    struct mlicense_error **error);

/**
 * Closes a site and sets `*site` to NULL; nothing happens when it or `site` is NULL. Sessions that
 * are open stay so until their leases end.
 *
 * Threads: no other call may use the site any more.
 *
 * # Safety
 *
 * `site` must be NULL or writable, and `*site` NULL or not yet closed.
 */
void mlicense_site_close(struct mlicense_site **site);

/** @} */

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MLICENSE_H */
