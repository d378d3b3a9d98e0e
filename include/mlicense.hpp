/**
 * @file
 * mlicense.h for C++17: objects that free themselves, and exceptions in place of statuses.
 *
 * Each class holds one object of the C interface and gives it by get(), so that whatever has no
 * member here is called as in C; call() and text() turn such calls into exceptions and std::string:
 *
 * ```cpp
 * mlicense::Client client("editor", {root_key});
 * client.accept(license);
 * if (client.check("export"))
 *     export_everything();
 * std::string facts = mlicense::text(mlicense_client_host_facts, client.get());
 * ```
 *
 * Threads and callbacks are as in C. An exception may not leave a callback.
 */
#ifndef MLICENSE_HPP
#define MLICENSE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlicense.h"

namespace mlicense {

/** What a call was refused for; what() is the message in English. */
class Error : public std::runtime_error {
public:
    /** Takes over an error of the C interface, which may be NULL. */
    explicit Error(mlicense_error *error)
        : std::runtime_error(mlicense_error_message(error, nullptr)),
          error_(error, mlicense_error_free) {}

    /** The number, MLICENSE_STATUS_... */
    mlicense_status number() const noexcept { return mlicense_error_number(error_.get()); }
    /** The stable name. */
    std::string name() const { return mlicense_error_name(error_.get()); }
    /** The message in a language. */
    std::string message(const char *language) const {
        return mlicense_error_message(error_.get(), language);
    }
    /** What can be done about it, in a language. */
    std::string remedy(const char *language = nullptr) const {
        return mlicense_error_remedy(error_.get(), language);
    }
    /** What it is about, as JSON. */
    std::string reasons() const { return mlicense_error_reasons(error_.get()); }

private:
    std::shared_ptr<mlicense_error> error_;
};

/** Makes a call that is refused by a status, with its arguments but for the error. */
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments) {
    mlicense_error *error = nullptr;
    if (function(arguments..., &error) != MLICENSE_STATUS_OK) throw Error(error);
}

/** Makes a call that gives a text, with its arguments but for the text and the error. */
template <typename Function, typename... Arguments>
std::string text(Function function, Arguments... arguments) {
    mlicense_text *given = nullptr;
    call(function, arguments..., &given);
    const std::unique_ptr<mlicense_text, void (*)(mlicense_text *)> owned(given, mlicense_text_free);
    return std::string(mlicense_text_data(given), mlicense_text_length(given));
}

/** Holds an object of the C interface, to be moved and not copied. */
template <typename Object, void (*Free)(Object *)>
class Handle {
public:
    /** The object, for calls in C; NULL when it was moved away. */
    Object *get() const noexcept { return object_.get(); }
    /** Whether there is an object. */
    explicit operator bool() const noexcept { return object_ != nullptr; }

protected:
    Handle() = default;

    /** Makes the object by a call, with its arguments but for the object and the error. */
    template <typename Function, typename... Arguments>
    void make(Function function, Arguments... arguments) {
        Object *object = nullptr;
        call(function, arguments..., &object);
        object_.reset(object);
    }

private:
    struct Deleter {
        void operator()(Object *object) const noexcept { Free(object); }
    };
    std::unique_ptr<Object, Deleter> object_;
};

/** @cond */
namespace detail {
inline void close(mlicense_client *client) noexcept { mlicense_client_close(&client); }
inline void close(mlicense_seat *seat) noexcept { mlicense_seat_release(&seat); }
inline void close(mlicense_ledger *ledger) noexcept { mlicense_ledger_close(&ledger); }
inline void close(mlicense_site *site) noexcept { mlicense_site_close(&site); }
} // namespace detail
/** @endcond */

/** One feature of a client; it may outlive the client. */
class Feature : public Handle<mlicense_feature, mlicense_feature_free> {
public:
    /** As mlicense_client_feature(). */
    Feature(const mlicense_client *client, const std::string &name) {
        make(mlicense_client_feature, client, name.c_str());
    }
    /** As mlicense_feature_check(). */
    [[nodiscard]] mlicense_outcome check() const noexcept { return mlicense_feature_check(get()); }
};

/** A seat of a feature within one program, released by the destructor. */
class Seat : public Handle<mlicense_seat, detail::close> {
public:
    /** As mlicense_client_capture(). */
    Seat(const mlicense_client *client, const std::string &feature) {
        make(mlicense_client_capture, client, feature.c_str());
    }
    /** As mlicense_seat_is_held(). */
    [[nodiscard]] bool is_held() const noexcept { return mlicense_seat_is_held(get()); }
    /** As mlicense_seat_capture(). */
    std::string capture(const std::string &feature) {
        return text(mlicense_seat_capture, get(), feature.c_str());
    }
    /** As mlicense_seat_keep_alive(). */
    std::string keep_alive() { return text(mlicense_seat_keep_alive, get()); }
};

/** One installation of one product, and the licences it holds. */
class Client : public Handle<mlicense_client, detail::close> {
public:
    /** As mlicense_client_open(); `options` may be NULL. */
    Client(const std::string &product, const std::vector<std::string> &root_keys,
           const mlicense_client_options *options = nullptr) {
        std::vector<const char *> keys;
        for (const std::string &key : root_keys) keys.push_back(key.c_str());
        make(mlicense_client_open, product.c_str(), keys.data(), keys.size(), options);
    }
    /** As mlicense_client_check(): denied is 0, and nothing is thrown. */
    [[nodiscard]] mlicense_outcome check(const char *feature) const noexcept {
        return mlicense_client_check(get(), feature);
    }
    /** As mlicense_client_check_at(). */
    [[nodiscard]] mlicense_outcome check_at(const char *feature, int64_t now) const noexcept {
        return mlicense_client_check_at(get(), feature, now);
    }
    /** As mlicense_client_why(), whole. */
    std::string why(const char *feature, const char *language = nullptr,
                    int64_t now = MLICENSE_NOW) const {
        std::string sentence(mlicense_client_why(get(), feature, now, language, nullptr, 0), '\0');
        /* The end of a string is its own NUL. */
        mlicense_client_why(get(), feature, now, language, sentence.data(), sentence.size() + 1);
        return sentence;
    }
    /** As mlicense_client_explain(). */
    std::string explain(const char *feature, const char *language = nullptr,
                        int64_t now = MLICENSE_NOW) const {
        return text(mlicense_client_explain, get(), feature, now, language);
    }
    /** As mlicense_client_request(). */
    std::string request(const char *kind, std::string_view fields = {}, int64_t now = MLICENSE_NOW) {
        return text(mlicense_client_request, get(), kind, fields.data(), fields.size(), now);
    }
    /** As mlicense_client_accept(). */
    std::string accept(std::string_view document, int64_t now = MLICENSE_NOW) {
        return text(mlicense_client_accept, get(), document.data(), document.size(), now);
    }
    /** As mlicense_client_accept_file(). */
    std::string accept_file(const std::string &path, int64_t now = MLICENSE_NOW) {
        return text(mlicense_client_accept_file, get(), path.c_str(), now);
    }
    /** As mlicense_client_licenses(). */
    std::string licenses() const { return text(mlicense_client_licenses, get()); }
    /** As mlicense_client_next_action(). */
    std::string next_action(int64_t now = MLICENSE_NOW) const {
        return text(mlicense_client_next_action, get(), now);
    }
    /** As mlicense_client_deactivate(). */
    std::string deactivate(int64_t now = MLICENSE_NOW) {
        return text(mlicense_client_deactivate, get(), now);
    }
    /** As mlicense_client_state(). */
    std::string state() const { return text(mlicense_client_state, get()); }
    /** As mlicense_client_feature(). */
    Feature feature(const std::string &name) const { return Feature(get(), name); }
    /** As mlicense_client_capture(). */
    Seat capture(const std::string &feature) const { return Seat(get(), feature); }
};

/** A private key that signs for the vendor. */
class Signer : public Handle<mlicense_signer, mlicense_signer_free> {
public:
    /** As mlicense_signer_from_seed(). */
    explicit Signer(const std::vector<uint8_t> &seed) {
        make(mlicense_signer_from_seed, seed.data(), seed.size());
    }
    /** As mlicense_signer_from_callback(). */
    Signer(const std::string &public_key, mlicense_sign sign, void *context) {
        make(mlicense_signer_from_callback, public_key.c_str(), sign, context);
    }
    /** As mlicense_signer_public_key(). */
    std::string public_key() const { return mlicense_signer_public_key(get()); }
    /** As mlicense_signer_key_id(). */
    std::string key_id() const { return mlicense_signer_key_id(get()); }
    /** As mlicense_license_issue(). */
    std::string issue_license(std::string_view claims) const {
        return text(mlicense_license_issue, get(), claims.data(), claims.size());
    }
};

/** The vendor's book of record. */
class Ledger : public Handle<mlicense_ledger, detail::close> {
public:
    /** As mlicense_ledger_create(). */
    static Ledger create(const std::string &place) { return Ledger(mlicense_ledger_create, place); }
    /** As mlicense_ledger_open(). */
    static Ledger open(const std::string &place) { return Ledger(mlicense_ledger_open, place); }
    /** As mlicense_ledger_open_read_only(). */
    static Ledger open_read_only(const std::string &path) {
        return Ledger(mlicense_ledger_open_read_only, path);
    }
    /** As mlicense_ledger_execute(). */
    std::string execute(std::string_view envelope, int64_t now = MLICENSE_NOW) {
        return text(mlicense_ledger_execute, get(), envelope.data(), envelope.size(), now);
    }
    /** As mlicense_ledger_execute_many(); `progress` may be NULL. */
    std::string execute_many(std::string_view envelopes, int64_t now = MLICENSE_NOW,
                             mlicense_progress progress = nullptr, void *context = nullptr) {
        return text(mlicense_ledger_execute_many, get(), envelopes.data(), envelopes.size(), now,
                    progress, context);
    }
    /** As mlicense_ledger_query(). */
    std::string query(std::string_view query, int64_t now = MLICENSE_NOW) const {
        return text(mlicense_ledger_query, get(), query.data(), query.size(), now);
    }
    /** As mlicense_ledger_answer(); `customer` may be NULL. */
    std::string answer(const char *customer, const std::string &actor, std::string_view request,
                       const Signer &signer, int64_t now = MLICENSE_NOW) {
        return text(mlicense_ledger_answer, get(), customer, actor.c_str(), request.data(),
                    request.size(), signer.get(), now);
    }
    /** As mlicense_ledger_verify(). */
    std::string verify() const { return text(mlicense_ledger_verify, get()); }

private:
    template <typename Function>
    Ledger(Function function, const std::string &place) {
        make(function, place.c_str());
    }
};

/** The seats of a product that programs share at a site, or that a vendor counts. */
class Site : public Handle<mlicense_site, detail::close> {
public:
    /** As mlicense_site_open(). */
    Site(const std::string &place, const Client &client, uint32_t lease_seconds = 0,
         uint32_t release_strict = 0) {
        make(mlicense_site_open, place.c_str(), client.get(), lease_seconds, release_strict);
    }
    /** As mlicense_site_open_at_vendor(). */
    Site(const std::string &place, const std::string &customer, std::string_view license,
         const std::string &key, uint32_t lease_seconds = 0, uint32_t release_strict = 0) {
        const char *const keys[] = {key.c_str()};
        make(mlicense_site_open_at_vendor, place.c_str(), customer.c_str(), license.data(),
             license.size(), keys, size_t{1}, lease_seconds, release_strict);
    }
    /** As mlicense_site_capture(). */
    std::string capture(const std::string &feature, const std::string &holder = {}) {
        return text(mlicense_site_capture, get(), feature.c_str(), holder.c_str());
    }
    /** As mlicense_site_keep_alive(). */
    std::string keep_alive(const std::string &session) {
        return text(mlicense_site_keep_alive, get(), session.c_str());
    }
    /** As mlicense_site_release(); `feature` NULL ends the session. */
    void release(const std::string &session, const char *feature = nullptr) {
        call(mlicense_site_release, get(), session.c_str(), feature);
    }
    /** As mlicense_site_usage(). */
    std::string usage() const { return text(mlicense_site_usage, get()); }
};

} // namespace mlicense

#endif
