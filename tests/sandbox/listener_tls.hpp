// SPDX-License-Identifier: MIT
#pragma once

#include "store.hpp"

#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/ssl/context.hpp>

namespace certferry::sandbox {

/// How a listener answers handshakes, as the store says at the moment when this is made. With SNI the rule
/// that has the client's name decides, the first where none has. Of several certificates the client's
/// algorithms choose. Where nothing is bound the handshake fails.
class ListenerTls {
public:
    ListenerTls(const Store& store, const Listener& listener);
    ListenerTls(const ListenerTls&) = delete;
    ListenerTls& operator=(const ListenerTls&) = delete;

    /// What a new connection begins with. Valid as long as this is.
    boost::asio::ssl::context& context() { return rules_.front()->context; }

private:
    struct RuleContext {
        std::vector<std::string> domains;
        boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
    };

    static int choose_rule(SSL* connection, int* alert, void* self);
    void add_rule(const Store& store, std::vector<std::string> domains, const Served& served);
    SSL_CTX* context_for(std::string_view name) const;

    std::vector<std::unique_ptr<RuleContext>> rules_;
};

}  // namespace certferry::sandbox
