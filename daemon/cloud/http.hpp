// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/model.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// Whether a request changes something. A call that does is sent on a fresh connection, once and no more: one
/// on a connection that others have used, and that dies, could only be sent again without knowing.
enum class Effect { reads, changes };

enum class Method { post, get };

/// More than any answer needs that is not about a big load balancer's listeners.
inline constexpr std::size_t usual_answer_max = std::size_t{1} << 20U;

/// A request over https.
struct HttpRequest {
    HttpRequest() = default;  // not an aggregate, see Awaitable

    Method method = Method::post;
    std::string url;                     // https://host[:port]/path
    std::vector<std::string> headers;    // "Name: value"
    std::vector<Secret> secret_headers;  // the same, with what may not be shown
    Secret body;                         // of a POST
    Effect effect = Effect::reads;
    std::size_t answer_max = usual_answer_max;  // bytes of the answer's body
    config::Timeout timeout;
    std::optional<std::filesystem::path> ca_file;
    bool plain_http = false;  // the url is http:// and not https://, for the one service that has no other
};

struct HttpResponse {
    int status = 0;
    Secret body;                      // bounded by the client; it may lend keys
    std::optional<std::string> date;  // the Date header, as sent
};

/// Port: one HTTP exchange. Errors: unreachable and tls_untrusted (nothing was sent), answer_lost (a request
/// that changes something was, or may have been, sent), read_failed (the same for one that reads),
/// answer_malformed (no HTTP, or a body over the bound; for a call that changes something: answer_lost),
/// interrupted (cancelled; for a change that was sent: answer_lost). Any status is a response, not an error.
class Http {
public:
    virtual ~Http() = default;

    virtual Awaitable<Result<HttpResponse>> fetch(HttpRequest request) = 0;
};

}  // namespace certferry
