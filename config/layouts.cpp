// SPDX-License-Identifier: MIT
#include "config/layouts.hpp"

#include "config/forms.hpp"
#include "config/words.hpp"

#include <array>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::string_view no_wildcards;

std::string_view before_colon(std::string_view text) {
    return text.substr(0, std::min(text.find(':'), text.size()));
}

}  // namespace

// In the order of AcmeClient. acme.sh and lego are at home where root runs them, dehydrated and Caddy where
// their Debian packages say.
const Layout& layout_of(AcmeClient client) {
    static const std::array layouts = {
        Layout{"/etc/letsencrypt", no_wildcards, {"live/NAME"}, "fullchain.pem", "privkey.pem"},
        Layout{"/root/.acme.sh", "*", {"NAME", "NAME_ecc"}, "fullchain.cer", "NAME.key"},
        Layout{"/root/.lego", "_", {"certificates"}, "NAME.crt", "NAME.key"},
        Layout{"/var/lib/dehydrated", no_wildcards, {"certs/NAME"}, "fullchain.pem", "privkey.pem"},
        Layout{"/var/lib/caddy/.local/share/caddy",
               "wildcard_",
               {"certificates/*/NAME"},
               "NAME.crt",
               "NAME.key"},
        Layout{"", no_wildcards, {"NAME"}, "tls.crt", "tls.key"},
    };
    static_assert(layouts.size() == acme_client_words.size());
    return layouts[static_cast<std::size_t>(client)];
}

bool is_name_at(AcmeClient client, std::string_view name) {
    const Layout& layout = layout_of(client);
    if (layout.dir.empty()) return is_path(name);
    if (!layout.wildcard.empty() && name.starts_with("*.")) name.remove_prefix(2);
    return is_lineage_name(name);
}

std::string name_on_disk(AcmeClient client, std::string_view name) {
    if (!name.starts_with('*')) return std::string(name);
    return fmt::format("{}{}", layout_of(client).wildcard, name.substr(1));
}

std::optional<AcmeClient> client_named_in(std::string_view text) {
    const std::string_view word = before_colon(text);
    return word.size() == text.size() ? std::nullopt : from_word<AcmeClient>(word);
}

std::string lineage_name(const Lineage& lineage) {
    if (const auto* const named = std::get_if<ClientLineage>(&lineage))
        return fmt::format("{}:{}", to_word(named->client), named->name);
    return std::get<CertificateFiles>(lineage).chain.string();
}

std::optional<ClientLineage> parse_lineage(std::string_view text) {
    const std::optional<AcmeClient> client = client_named_in(text);
    if (!client) return std::nullopt;
    const std::string_view name = text.substr(before_colon(text).size() + 1);
    if (!is_name_at(*client, name)) return std::nullopt;
    return ClientLineage{*client, std::string(name), std::string(layout_of(*client).dir)};
}

}  // namespace certferry::config
