// SPDX-License-Identifier: MIT
#include "report/page.hpp"

#include "report/page_files.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace certferry {
namespace {

// As a browser names what a policy lets it run.
std::string hash_source(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::array<unsigned char, 45> base64{};  // four characters for three bytes, and an end
    EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
    return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

// page.html names the two files, so that it works from the source folder as well.
void replace(std::string& text, std::string_view what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
}

}  // namespace

Page make_page() {
    Page page{std::string(page_files::html), {}};
    replace(page.html, R"(<link rel="stylesheet" href="page.css">)",
            fmt::format("<style>{}</style>", page_files::css));
    replace(page.html, R"(<script src="page.js"></script>)",
            fmt::format("<script>{}</script>", page_files::js));
    page.policy = fmt::format(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; img-src data:; base-uri "
        "'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        hash_source(page_files::js), hash_source(page_files::css));
    return page;
}

}  // namespace certferry
