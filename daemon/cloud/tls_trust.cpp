// SPDX-License-Identifier: MIT
#include "cloud/tls_trust.hpp"

#include <fstream>
#include <iterator>

#include <boost/asio/ssl/verify_mode.hpp>
#include <fmt/format.h>
#include <openssl/pem.h>

namespace certferry {
namespace {

namespace ssl = boost::asio::ssl;

constexpr auto age_max = std::chrono::hours(24);

Error unreadable(const std::filesystem::path& ca_file) {
    return {Errc::tls_untrusted, fmt::format("ca_file {}: cannot be read", ca_file.string())};
}

Result<std::string> text_of(const std::optional<std::filesystem::path>& ca_file) {
    if (!ca_file) return std::string();
    std::ifstream file(*ca_file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || text.empty()) return unreadable(*ca_file);
    return text;
}

bool add_certificates(X509_STORE& store, const std::string& pem) {
    const BioPtr input(or_out_of_memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    bool any = false;
    while (const X509Ptr certificate{PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)})
        any = X509_STORE_add_cert(&store, certificate.get()) == 1 || any;
    return any;
}

}  // namespace

Result<std::shared_ptr<TlsRoots>> TlsTrust::roots(const std::optional<std::filesystem::path>& ca_file,
                                                  std::chrono::steady_clock::time_point now) {
    const Result<std::string> extra = text_of(ca_file);
    if (!extra) return extra.error();
    std::erase_if(read_, [&](const auto& known) { return now - known.second->since > age_max; });
    if (const auto known = read_.find(*extra); known != read_.end()) return known->second;

    const OpensslErrorScope errors;
    const auto roots = std::make_shared<TlsRoots>(now);
    roots->context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    roots->context.set_verify_mode(ssl::verify_peer);
    SSL_CTX* const context = roots->context.native_handle();
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);  // an answer may lend keys
    SSL_CTX_set_default_verify_paths(context);
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    // An intermediate certificate may be an anchor.
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    if (ca_file && !add_certificates(*store, *extra)) return unreadable(*ca_file);
    read_.emplace(*extra, roots);
    return roots;
}

}  // namespace certferry
