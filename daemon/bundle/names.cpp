// SPDX-License-Identifier: MIT
#include "bundle/names.hpp"

#include "bundle/openssl_ptr.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace certferry {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool fits_host_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '*';
}

std::string_view bytes_of(const ASN1_STRING& text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&text)),
            static_cast<std::size_t>(ASN1_STRING_length(&text))};
}

// Empty where the text is no host name.
std::string host_name(std::string_view text) {
    std::string name(text);
    std::ranges::transform(name, name.begin(), lower);
    return std::ranges::all_of(name, fits_host_name) ? name : "";
}

// Empty where the bytes are no address.
std::string address(std::string_view bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (bytes.size() != 4 && bytes.size() != 16) return {};
    inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

std::string name_of(const GENERAL_NAME& general) {
    if (general.type == GEN_DNS) return host_name(bytes_of(*general.d.dNSName));
    if (general.type == GEN_IPADD) return address(bytes_of(*general.d.iPAddress));
    return {};
}

std::string common_name(X509& certificate) {
    const X509_NAME* const subject = X509_get_subject_name(&certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    return host_name(bytes_of(*X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
}

std::vector<std::string> alternative_names(X509& certificate) {
    const GeneralNamesPtr list(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> names;
    for (int at = 0; at < sk_GENERAL_NAME_num(list.get()); ++at)
        if (std::string name = name_of(*sk_GENERAL_NAME_value(list.get(), at)); !name.empty())
            names.push_back(std::move(name));
    return names;
}

}  // namespace

std::vector<std::string> names_of(X509& certificate) {
    std::vector<std::string> names = alternative_names(certificate);
    if (names.empty())
        if (std::string name = common_name(certificate); !name.empty()) names.push_back(std::move(name));
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

bool covers(std::string_view held, std::string_view wanted) {
    if (held == wanted) return true;
    if (!held.starts_with("*.") || wanted.starts_with('*')) return false;
    const std::size_t dot = wanted.find('.');
    return dot != 0 && dot != std::string_view::npos && wanted.substr(dot) == held.substr(1);
}

std::vector<std::string> lost_names(const std::vector<std::string>& held,
                                    const std::vector<std::string>& wanted) {
    std::vector<std::string> lost;
    for (const std::string& name : wanted)
        if (std::ranges::none_of(held, [&](const std::string& other) { return covers(other, name); }))
            lost.push_back(name);
    return lost;
}

}  // namespace certferry
