// SPDX-License-Identifier: MIT
#include "config/manual.hpp"

#include "config/keys.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::string_view opening = R"(.\" SPDX-License-Identifier: MIT
.\" Made from the table of keys, config/keys.cpp.
.Dd November 29, 2026
.Dt CERTFERRY.TOML 5
.Os certferry
.Sh NAME
.Nm certferry.toml
.Nd configuration of certferryd
.Sh DESCRIPTION
.Nm
tells
.Xr certferryd 8
which certificates to follow, and which certificate ids of Tencent Cloud load balancers follow them.
It is written in TOML.
Beside it, in
.Pa conf.d ,
files that end in
.Pa .toml
are read after it, in the order of their names; each may hold sections of every kind.
.Pp
A mapping needs three keys; everything else has a default:
.Bd -literal -offset indent
[account.default]

[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
.Ed
.Pp
Durations are a whole number and a unit, as in
.Dq 90s :
ms, s, m, h or d.
.Pp
What is unknown, misspelt or of a wrong form is refused, with its file, line and column.
.Ic certferry config check
says whether the files are valid,
.Ic certferry config show
what is in force, and
.Ic certferry reload
puts changes in force; a file with a mistake changes nothing.
)";

constexpr std::string_view closing = R"(.Sh FILES
.Bl -tag -width Ds -compact
.It Pa /etc/certferry/certferry.toml
the configuration
.It Pa /etc/certferry/conf.d/*.toml
further parts of it
.It Pa /etc/certferry/credentials.toml
secret_id, secret_key and, for temporary ones, token of an account; nobody may read it but root or the daemon's user
.El
.Sh SEE ALSO
.Xr certferry 1 ,
.Xr certferryd 8
)";

// A text as mdoc has it, in a line of text or in an argument.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '\\')
            safe += "\\e";
        else if (c == '"')
            safe += "\\(dq";
        else
            safe += c;
    }
    return safe;
}

// Each sentence in a line of its own, as mdoc asks; none of them may begin like a request.
std::string paragraph(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        std::size_t end = text.find(". ");
        while (end < text.size() && !(text[end + 2] >= 'A' && text[end + 2] <= 'Z'))
            end = text.find(". ", end + 1);
        const std::string_view sentence = text.substr(0, end == std::string_view::npos ? end : end + 1);
        const bool request = sentence.starts_with('.') || sentence.starts_with('\'');
        lines += fmt::format("{}{}\n", request ? "\\&" : "", escaped(sentence));
        text.remove_prefix(std::min(sentence.size() + 1, text.size()));
    }
    return lines;
}

std::string form_of(const Key& key) {
    std::string text = noun(key);
    if (key.required) text += "; required";
    if (!key.initial.empty()) text += fmt::format("; default {}", key.initial);
    return text;
}

std::string entries(std::string_view path);

std::string entry(const Key& key) {
    std::string text = fmt::format(".It Ic \"{}\"\n", escaped(key.name()));
    text += paragraph(key.doc);
    if (key.form != Form::table) text += fmt::format("({})\n", escaped(form_of(key)));
    return text + entries(key.path);
}

std::string entries(std::string_view path) {
    std::string text;
    for (const Key* key : keys_of(path)) text += entry(*key);
    return text.empty() ? text : fmt::format(".Bl -tag -width Ds\n{}.El\n", text);
}

std::string header(const Key& key) {
    switch (key.form) {
        case Form::tables:
            return fmt::format("[[{}]]", key.name());
        case Form::named_tables:
            return fmt::format("[{}.NAME]", key.name());
        default:
            return fmt::format("[{}]", key.name());
    }
}

std::string section(const Key& key) {
    const std::string keys =
        key.form == Form::named_tables ? fmt::format("{}.NAME", key.path) : std::string(key.path);
    return fmt::format(".Sh {}\n", header(key)) + paragraph(key.doc) + entries(keys);
}

}  // namespace

std::string manual() {
    std::string text(opening);
    for (const Key* key : keys_of("")) text += section(*key);
    return text + std::string(closing);
}

}  // namespace certferry::config
