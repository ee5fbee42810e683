// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace certferry {

/// A string with a meaning: two of different meaning cannot be swapped or compared.
template <class Meaning>
class Named {
public:
    Named() = default;
    explicit Named(std::string text) : text_(std::move(text)) {}

    const std::string& str() const { return text_; }
    bool empty() const { return text_.empty(); }

    friend auto operator<=>(const Named&, const Named&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Named& name) { return out << name.text_; }

private:
    std::string text_;
};

/// The name of an [account.NAME] of the configuration.
using AccountName = Named<struct AccountNameMeaning>;

/// The name of a [[mapping]] of the configuration.
using MappingName = Named<struct MappingNameMeaning>;

/// The name of a [notify.NAME] of the configuration.
using NotifierName = Named<struct NotifierNameMeaning>;

/// What the cloud calls a certificate. Never validated beyond [A-Za-z0-9_-]+: the forms have changed before
/// (reference: 8 hex characters, later 8 mixed ones).
using CertificateId = Named<struct CertificateIdMeaning>;

/// What the cloud calls an answer; also names the task that the call started.
using RequestId = Named<struct RequestIdMeaning>;

/// SHA-256 of a leaf's DER, 64 lower-case hex characters: the identity of a bundle.
using Fingerprint = Named<struct FingerprintMeaning>;

/// Enough of a fingerprint to recognise it by: its first 12 characters.
inline std::string short_form(const Fingerprint& fingerprint) {
    return fingerprint.str().substr(0, 12);
}

}  // namespace certferry

template <class Meaning>
struct std::hash<certferry::Named<Meaning>> {
    std::size_t operator()(const certferry::Named<Meaning>& name) const noexcept {
        return std::hash<std::string>{}(name.str());
    }
};
