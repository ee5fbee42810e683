// SPDX-License-Identifier: MIT
#include "accept.hpp"
#include "admin.hpp"
#include "api2.hpp"
#include "api3.hpp"
#include "api_server.hpp"
#include "base/exit_codes.hpp"
#include "http_server.hpp"
#include "metadata.hpp"
#include "own_certificate.hpp"
#include "tls_listeners.hpp"
#include "world.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace certferry::sandbox {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

struct Arguments {
    std::filesystem::path directory;
    std::uint16_t port = 0;
    std::uint16_t admin_port = 0;
    std::uint16_t metadata_port = 0;
    std::string secret_id = "AKIDEXAMPLE0000000000000000000000000";
    std::string secret_key = "EXAMPLEKEY00000000000000000000000";
    std::uint64_t seed = 1;
};

void describe(CLI::App& app, Arguments& arguments) {
    app.description(
        "A local Tencent Cloud: the certificate store and the load balancers of API 2.0 and API 3.0 over "
        "HTTPS, with "
        "real "
        "signatures and real TLS listeners, on 127.0.0.1 only.");
    app.footer(
        "When it listens, DIR/ready.json says where: {\"api\", \"admin\", \"metadata\", \"ca\", \"pid\"}. "
        "Clients trust "
        "DIR/ca.pem.\n"
        "The admin interface (JSON over HTTP) sets up certificates and listeners, injects faults, and tells "
        "the "
        "truth: GET /state, GET /requests.");
    app.add_option("--directory", arguments.directory, "Where ca.pem and ready.json are written")
        ->required()
        ->type_name("DIR");
    app.add_option("--port", arguments.port, "Port of the API; 0 for any that is free")
        ->capture_default_str();
    app.add_option("--admin-port", arguments.admin_port,
                   "Port of the admin interface; 0 for any that is free")
        ->capture_default_str();
    app.add_option("--metadata-port", arguments.metadata_port,
                   "Port of the metadata service; 0 for any that is free")
        ->capture_default_str();
    app.add_option("--secret-id", arguments.secret_id, "The account's SecretId")->capture_default_str();
    app.add_option("--secret-key", arguments.secret_key, "The account's SecretKey")->capture_default_str();
    app.add_option("--seed", arguments.seed, "Same seed, same certificate ids")->capture_default_str();
}

/// Whoever sees the file sees all of it.
void write_at_once(const std::filesystem::path& path, std::string_view text) {
    const std::filesystem::path unfinished = path.string() + ".new";
    std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw std::runtime_error(fmt::format("{}: cannot be written", unfinished.string()));
    std::filesystem::rename(unfinished, path);
}

asio::ssl::context api_context(const OwnCertificate& own) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain(asio::buffer(own.chain_pem));
    const std::string_view key = own.key_pem.reveal();
    context.use_private_key(asio::buffer(key.data(), key.size()), asio::ssl::context::pem);
    return context;
}

std::uint16_t port_of(const asio::ip::tcp::acceptor& acceptor) {
    return acceptor.local_endpoint().port();
}

asio::ip::tcp::acceptor must_listen(asio::io_context& loop, std::uint16_t port) {
    auto acceptor = listen_on(loop.get_executor(), port);
    if (!acceptor) throw std::runtime_error(acceptor.error().message());
    return std::move(*acceptor);
}

void announce(const Arguments& arguments, std::uint16_t api_port, std::uint16_t admin_port,
              std::uint16_t metadata_port) {
    const std::string api = fmt::format("https://127.0.0.1:{}", api_port);
    const std::string admin = fmt::format("http://127.0.0.1:{}", admin_port);
    const std::string metadata = fmt::format("http://127.0.0.1:{}", metadata_port);
    const std::string ca = (arguments.directory / "ca.pem").string();
    const json::object ready{
        {"api", api}, {"admin", admin}, {"metadata", metadata}, {"ca", ca}, {"pid", ::getpid()}};
    write_at_once(arguments.directory / "ready.json", json::serialize(ready) + "\n");
    fmt::print("certferry-sandbox: API {}, admin {}, metadata {}, CA {}\n", api, admin, metadata, ca);
    std::fflush(stdout);
}

void run(const Arguments& arguments) {
    std::filesystem::create_directories(arguments.directory);
    std::filesystem::remove(arguments.directory / "ready.json");
    const OwnCertificate own =
        make_own_certificate({"IP:127.0.0.1", "DNS:localhost", "DNS:lb.api.qcloud.com",
                              "DNS:wss.api.qcloud.com", "DNS:*.tencentcloudapi.com",
                              "DNS:*.intl.tencentcloudapi.com", "DNS:clb.ap-guangzhou.tencentcloudapi.com"});
    write_at_once(arguments.directory / "ca.pem", own.ca_pem);

    // What coroutines refer to is declared before the io_context that owns their frames.
    World world(arguments.seed);
    Key key;
    key.secret_key = Secret(arguments.secret_key);
    world.keys.set(arguments.secret_id, std::move(key));
    Api2 api2(world);
    Api3 api3(world);
    ApiServer api(world, api2, api3);
    asio::ssl::context tls = api_context(own);
    asio::io_context loop(1);
    TlsListeners listeners(loop.get_executor(), world);
    Admin admin(world, listeners);

    asio::ip::tcp::acceptor api_acceptor = must_listen(loop, arguments.port);
    asio::ip::tcp::acceptor admin_acceptor = must_listen(loop, arguments.admin_port);
    asio::ip::tcp::acceptor metadata_acceptor = must_listen(loop, arguments.metadata_port);
    const std::uint16_t api_port = port_of(api_acceptor);
    const std::uint16_t admin_port = port_of(admin_acceptor);
    const std::uint16_t metadata_port = port_of(metadata_acceptor);

    serve_https(std::move(api_acceptor), tls, [&](HttpCall call) { return api.answer(std::move(call)); });
    serve_http(std::move(admin_acceptor),
               [&](HttpCall call) -> Awaitable<HttpReply> { co_return admin.answer(call); });
    serve_http(std::move(metadata_acceptor),
               [&](HttpCall call) -> Awaitable<HttpReply> { co_return answer_metadata(world, call); });
    asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](const auto&, int) { loop.stop(); });
    announce(arguments, api_port, admin_port, metadata_port);
    loop.run();
    std::filesystem::remove(arguments.directory / "ready.json");
}

}  // namespace
}  // namespace certferry::sandbox

int main(int argc, char** argv) {
    CLI::App app;
    certferry::sandbox::Arguments arguments;
    certferry::sandbox::describe(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : certferry::exit_usage;
    }
    try {
        certferry::sandbox::run(arguments);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "certferry-sandbox: {}\n", failure.what());
        return 1;
    }
    return 0;
}
