// SPDX-License-Identifier: MIT
#include "cloud/curl_trust.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace certferry {
namespace {

// As long as curl keeps its own: CURLOPT_CA_CACHE_TIMEOUT(3).
constexpr auto age_max = std::chrono::hours(24);

Error unreadable(const std::filesystem::path& ca_file) {
    return {Errc::tls_untrusted, fmt::format("ca_file {}: cannot be read", ca_file.string())};
}

/// Curl has set up a store with the blob alone.
CURLcode use_roots(CURL* /*easy*/, void* context, void* roots) noexcept {
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(roots));
    return CURLE_OK;
}

bool add_certificates(X509_STORE& store, const std::string& pem) {
    const BioPtr input(or_out_of_memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    bool any = false;
    while (const X509Ptr certificate{PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)})
        any = X509_STORE_add_cert(&store, certificate.get()) == 1 || any;
    return any;
}

}  // namespace

// As a blob, because curl keeps connections of different blobs apart: a connection that only one account's
// ca_file vouches for is never reused for another account.
Result<CurlTrust::Roots> CurlTrust::set(CURL* easy, const std::optional<std::filesystem::path>& ca_file) {
    // With a directory of roots, curl would parse them for each connection (Curl_ssl_setup_x509_store). The
    // file has them all.
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    if (!ca_file) return Roots();
    std::ifstream file(*ca_file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || text.empty()) return unreadable(*ca_file);
    Result<Roots> roots = roots_with(text, *ca_file);
    if (!roots) return roots;
    curl_blob blob{text.data(), text.size(), CURL_BLOB_COPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &use_roots);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, roots->get());
    return roots;
}

Result<CurlTrust::Roots> CurlTrust::roots_with(const std::string& extra,
                                               const std::filesystem::path& ca_file) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(parsed_, [&](const auto& known) { return now - known.second.at > age_max; });
    if (const auto known = parsed_.find(extra); known != parsed_.end()) return known->second.roots;

    const OpensslErrorScope errors;
    Roots roots(or_out_of_memory(X509_STORE_new()), &X509_STORE_free);
    X509_STORE_set_default_paths(roots.get());
    // As in curl's own store, an intermediate certificate may be an anchor.
    X509_STORE_set_flags(roots.get(), X509_V_FLAG_PARTIAL_CHAIN);
    if (!add_certificates(*roots, extra)) return unreadable(ca_file);
    parsed_.emplace(extra, Parsed{roots, now});
    return roots;
}

}  // namespace certferry
