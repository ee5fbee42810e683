// SPDX-License-Identifier: MIT
#include "bundle/pem.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

namespace certferry {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view begin = "-----BEGIN ";

// What OpenSSL gives for one block; all of it may be secret, and is wiped.
struct RawBlock {
    char* label = nullptr;
    char* headers = nullptr;
    unsigned char* der = nullptr;
    long size = 0;

    RawBlock() = default;
    RawBlock(const RawBlock&) = delete;
    RawBlock& operator=(const RawBlock&) = delete;
    ~RawBlock() {
        OPENSSL_free(label);
        OPENSSL_free(headers);
        OPENSSL_secure_clear_free(der, static_cast<std::size_t>(size));
    }
};

Error invalid(std::string_view place, std::string_view reason) {
    return Error(Errc::pem_invalid, fmt::format("{}: {}", place, reason));
}

// A file cut inside a BEGIN line: OpenSSL takes that for text around the blocks.
bool ends_inside_begin_line(std::string_view text) {
    const std::string_view line = text.substr(text.find_last_of('\n') + 1);
    return !line.empty() && (begin.starts_with(line) || line.starts_with(begin));
}

Error cut_short(std::string_view place, std::size_t number) {
    return invalid(place, fmt::format("PEM block {} is cut short: it has a BEGIN but not its END", number));
}

Error unreadable_block(std::string_view place, std::size_t number) {
    const unsigned long error = ERR_peek_last_error();
    if (ERR_GET_REASON(error) == PEM_R_BAD_END_LINE) return cut_short(place, number);
    const char* const reason = ERR_reason_error_string(error);
    return invalid(place, fmt::format("PEM block {} cannot be decoded: {}", number,
                                      reason == nullptr ? "unknown reason" : reason));
}

PemBlock to_block(const RawBlock& raw) {
    PemBlock block;
    block.label = raw.label;
    block.encrypted = std::string_view(raw.headers).find("ENCRYPTED") != std::string_view::npos;
    block.der = Secret({reinterpret_cast<const char*>(raw.der), static_cast<std::size_t>(raw.size)});
    return block;
}

}  // namespace

bool PemBlock::is_certificate() const {
    return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD;
}

Result<std::vector<PemBlock>> read_pem(std::string_view text, std::string_view place) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (text.empty()) return invalid(place, "the file is empty");

    const OpensslErrorScope errors;
    const BioPtr input(or_out_of_memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
    std::vector<PemBlock> blocks;
    for (;;) {
        RawBlock raw;
        // PEM_FLAG_SECURE: OpenSSL wipes its own buffers too.
        if (PEM_read_bio_ex(input.get(), &raw.label, &raw.headers, &raw.der, &raw.size,
                            PEM_FLAG_EAY_COMPATIBLE | PEM_FLAG_SECURE) != 1)
            break;
        if (blocks.size() == max_pem_blocks)
            return invalid(place, fmt::format("more than {} PEM blocks", max_pem_blocks));
        blocks.push_back(to_block(raw));
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!at_end) return unreadable_block(place, blocks.size() + 1);
    if (ends_inside_begin_line(text)) return cut_short(place, blocks.size() + 1);
    if (blocks.empty()) return invalid(place, "no PEM block in it");
    return blocks;
}

std::string_view written_pem(BIO& memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(&memory, &bytes);
    std::string_view text(bytes, static_cast<std::size_t>(size));
    if (text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

}  // namespace certferry
