// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/bundle.hpp"
#include "bundle/trust.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace certferry::simulation {

/// What an ACME client writes for one renewal, and what it is called in a story: "www.3".
struct Issued {
    std::string name;
    std::string chain;  // fullchain.pem
    std::string key;    // privkey.pem
    CertificateFacts facts;
    bool acceptable = true;  // of a CA that is trusted, for all names
};

/// The renewals of one lineage, all of them made beforehand. Generation n is issued n periods after the
/// beginning.
struct Series {
    static constexpr std::size_t generations = 14;

    Duration period{};
    std::vector<Issued> regular;  // one a period, valid for two and a half
    std::vector<Issued> again;    // the same certificate, issued once more an hour later
    std::vector<Issued> staging;  // of a CA that nobody trusts
    std::vector<Issued> narrow;   // which lacks a name
};

/// Every certificate that a simulation may meet: making them takes longer than a run, so all runs share them.
class Certificates {
public:
    Certificates();

    static constexpr std::size_t lineages = 4;

    /// Of lineage number `lineage`, with long or with short-lived certificates.
    const Series& series(std::size_t lineage, bool short_lived) const {
        return series_.at(2 * lineage + (short_lived ? 1 : 0));
    }
    const Trust& trust() const { return trust_; }

    /// What a fingerprint is called; "?" for one that is not of here.
    const std::string& name_of(const Fingerprint& fingerprint) const;
    const Issued* find(const Fingerprint& fingerprint) const;

    /// The text with every fingerprint's short form replaced by its name: keys differ from process to
    /// process, and a story must not.
    std::string named(std::string text) const;

private:
    Trust trust_;
    std::vector<Series> series_;
    std::map<Fingerprint, const Issued*> by_fingerprint_;
};

/// When generation 0 is issued, and a simulation begins.
WallTime beginning();

}  // namespace certferry::simulation
