// SPDX-License-Identifier: MIT
#include "cloud/echo.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace certferry {
namespace {

constexpr std::size_t run_min = 16;
constexpr std::string_view stand_in = "[...]";
constexpr std::string_view pem_begin = "-----BEGIN";

bool is_blank(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

struct Span {
    std::size_t begin;
    std::size_t end;
};

// Whether a text is read as one in which characters are escaped. A backslash may stand for itself, too.
enum class Escapes { undone, kept };

// A text as both sides are compared: without blanks.
struct Plain {
    Secret characters;
    std::vector<Span> spans;  // where each character is in the text

    std::string_view at(std::size_t index, std::size_t count) const {
        return characters.reveal().substr(index, count);
    }
};

void add(Plain& plain, char character, Span span) {
    if (is_blank(character)) return;
    plain.characters.append({&character, 1});
    plain.spans.push_back(span);
}

// How many characters of `rest` are one that is escaped as JSON or for a URL; `plain` gets it.
std::size_t add_escaped(Plain& plain, std::string_view rest, std::size_t begin) {
    if (rest.size() >= 2 && rest[0] == '\\') {
        const bool line_break = rest[1] == 'n' || rest[1] == 'r' || rest[1] == 't';
        if (!line_break) add(plain, rest[1], {begin, begin + 2});
        return 2;
    }
    if (rest.size() < 3 || rest[0] != '%') return 0;
    const auto high = hex_value(rest[1]);
    const auto low = hex_value(rest[2]);
    if (!high || !low) return 0;
    add(plain, static_cast<char>(*high * 16 + *low), {begin, begin + 3});
    return 3;
}

Plain plain_of(std::string_view text, Escapes escapes) {
    Plain plain;
    plain.characters.reserve(text.size());
    plain.spans.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t escaped = escapes == Escapes::undone ? add_escaped(plain, text.substr(at), at) : 0;
        if (escaped == 0) add(plain, text[at], {at, at + 1});
        at += std::max<std::size_t>(escaped, 1);
    }
    return plain;
}

// Which characters of `plain` belong to a run that is in `secret`.
void mark_runs(const Plain& plain, const Plain& secret, std::vector<bool>& marks) {
    for (std::size_t index = 0; index + run_min <= marks.size(); ++index) {
        if (secret.characters.reveal().find(plain.at(index, run_min)) == std::string_view::npos) continue;
        std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(index), run_min, true);
    }
}

std::string without_runs(std::string_view text, const std::vector<Secret>& secrets, Escapes escapes) {
    const Plain plain = plain_of(text, escapes);
    std::vector<bool> marks(plain.spans.size());
    for (const Secret& secret : secrets) mark_runs(plain, plain_of(secret.reveal(), escapes), marks);

    std::string kept;
    std::size_t shown = 0;  // up to where the text is in `kept`
    for (std::size_t index = 0; index < marks.size(); ++index) {
        if (!marks[index]) continue;
        const std::size_t first = plain.spans[index].begin;
        while (index + 1 < marks.size() && marks[index + 1]) ++index;
        kept += text.substr(shown, first - shown);
        kept += stand_in;
        shown = plain.spans[index].end;
    }
    kept += text.substr(shown);
    return kept;
}

}  // namespace

std::string without_echo(std::string_view text, const std::vector<Secret>& secrets) {
    const std::size_t pem = text.find(pem_begin);
    std::string kept = without_runs(text.substr(0, pem), secrets, Escapes::undone);
    kept = without_runs(kept, secrets, Escapes::kept);
    if (pem != std::string_view::npos) kept += stand_in;
    return kept;
}

}  // namespace certferry
