// SPDX-License-Identifier: MIT
#include "simulation/certificates.hpp"

#include "support/test_certificates.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;
using tests::CertificateSpec;
using tests::TestCa;
using tests::TestCertificate;

constexpr Duration long_period = std::chrono::days(12);
constexpr Duration short_period = 60h;

std::string host_of(std::size_t lineage) {
    constexpr std::array<const char*, Certificates::lineages> names = {"www", "shop", "mail", "api"};
    return names.at(lineage);
}

CertificateSpec spec_of(std::size_t lineage, std::chrono::seconds age, Duration period) {
    const std::string host = host_of(lineage) + ".example.com";
    CertificateSpec spec;
    spec.names = {host, "alt." + host};
    spec.common_name = host;
    spec.not_before = tests::test_now + age;
    spec.not_after = spec.not_before + std::chrono::floor<std::chrono::seconds>(period * 5 / 2);
    return spec;
}

Issued issue(const TestCa& ca, const CertificateSpec& spec, std::string name) {
    const TestCertificate leaf = ca.issue(spec);
    Issued issued;
    issued.name = std::move(name);
    issued.chain = leaf.pem();
    issued.key = leaf.key().pkcs8();
    issued.facts = certificate_facts(leaf.pem(), issued.name).value();
    return issued;
}

Series make_series(const TestCa& ca, const TestCa& staging_ca, std::size_t lineage, Duration period) {
    Series series;
    series.period = period;
    for (std::size_t generation = 0; generation < Series::generations; ++generation) {
        const auto age = std::chrono::floor<std::chrono::seconds>(period * generation);
        const std::string name =
            fmt::format("{}{}.{}", host_of(lineage), period == short_period ? "-short" : "", generation);
        series.regular.push_back(issue(ca, spec_of(lineage, age, period), name));
        series.again.push_back(issue(ca, spec_of(lineage, age + 1h, period), name + "b"));
        series.staging.push_back(issue(staging_ca, spec_of(lineage, age, period), name + "-staging"));
        series.staging.back().acceptable = false;
        CertificateSpec narrow = spec_of(lineage, age + 30min, period);
        narrow.names.pop_back();
        series.narrow.push_back(issue(ca, narrow, name + "-narrow"));
        series.narrow.back().acceptable = false;
    }
    return series;
}

}  // namespace

Certificates::Certificates() : trust_(Trust::any()) {
    const TestCa ca("Simulated");
    const TestCa staging("Staging");
    // The intermediate is the anchor: a chain of one certificate is read and verified in half the time.
    trust_ = Trust::roots(ca.intermediate.pem(), "simulated roots").value();
    for (std::size_t lineage = 0; lineage < lineages; ++lineage)
        for (const Duration period : {long_period, short_period})
            series_.push_back(make_series(ca, staging, lineage, period));
    for (const Series& series : series_)
        for (const auto* const kind : {&series.regular, &series.again, &series.staging, &series.narrow})
            for (const Issued& issued : *kind) by_fingerprint_.emplace(issued.facts.fingerprint, &issued);
}

const Issued* Certificates::find(const Fingerprint& fingerprint) const {
    const auto found = by_fingerprint_.find(fingerprint);
    return found == by_fingerprint_.end() ? nullptr : found->second;
}

const std::string& Certificates::name_of(const Fingerprint& fingerprint) const {
    static const std::string unknown = "?";
    const Issued* const issued = find(fingerprint);
    return issued == nullptr ? unknown : issued->name;
}

std::string Certificates::named(std::string text) const {
    for (const auto& [fingerprint, issued] : by_fingerprint_) {
        const std::string shown = short_form(fingerprint);
        for (std::size_t at = text.find(shown); at != std::string::npos; at = text.find(shown, at))
            text.replace(at, shown.size(), issued->name);
    }
    return text;
}

WallTime beginning() {
    return tests::test_now;
}

}  // namespace certferry::simulation
