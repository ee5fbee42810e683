// SPDX-License-Identifier: MIT
#include "bundle/gate.hpp"

#include "support/test_certificates.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using tests::CertificateSpec;
using tests::test_now;
using tests::TestCa;
using tests::TestCertificate;

const TestCa& ca() {
    static const TestCa shared;
    return shared;
}

Trust trust_in(const TestCertificate& anchor) {
    return Trust::roots(anchor.pem(), "roots.pem").value();
}

Bundle bundle_of(const TestCertificate& leaf, const std::string& rest) {
    return make_server_bundle(leaf.pem() + rest, "chain.pem", Secret(leaf.key().pkcs8()), "key.pem").value();
}

Bundle full_bundle(const CertificateSpec& spec = {}) {
    return bundle_of(ca().issue(spec), ca().intermediate.pem());
}

/// A question to the gate, of which a test changes what it is about.
struct Question {
    Bundle bundle = full_bundle();
    config::Kind kind = config::Kind::server;
    config::Gate rules;
    Trust trust = trust_in(ca().root);
    std::optional<CertificateFacts> deployed;
    WallTime now = test_now;

    Result<void> ask() const { return gate(bundle, kind, rules, trust, deployed, now); }
    /// The label of the refusal; empty when passed.
    std::string refusal() const {
        const Result<void> passed = ask();
        return passed ? "" : std::string(passed.error().label());
    }
    std::string message() const {
        const Result<void> passed = ask();
        return passed ? "" : passed.error().message();
    }
};

CertificateFacts facts(std::vector<std::string> names, std::chrono::sys_seconds not_after = test_now) {
    CertificateFacts deployed;
    deployed.names = std::move(names);
    deployed.not_after = not_after;
    return deployed;
}

TEST_CASE("a current certificate of a trusted CA passes") {
    Question question;
    CHECK(question.message() == "");
    question.deployed = facts({"www.example.com"});
    CHECK(question.message() == "");
    question.deployed = question.bundle.leaf;
    CHECK(question.message() == "");
}

TEST_CASE("validity is judged at the given time, to its ends") {
    Question question;
    const CertificateFacts leaf = question.bundle.leaf;
    question.now = leaf.not_before - 1ms;
    CHECK(question.refusal() == "not_yet_valid");
    CHECK(question.message() == "the certificate for www.example.com is valid only from 2026-11-23 on");
    question.now = leaf.not_before;
    CHECK(question.refusal() == "");
    question.now = leaf.not_after - 1ms;
    CHECK(question.refusal() == "");
    question.now = leaf.not_after;
    CHECK(question.refusal() == "expired");
    CHECK(question.message() == "the certificate for www.example.com expired on 2027-02-21");
}

TEST_CASE("a certificate must have min_remaining left") {
    Question question;
    question.rules.min_remaining = 24h;
    question.now = question.bundle.leaf.not_after - 24h;
    CHECK(question.refusal() == "");
    question.now += 1h;
    CHECK(question.refusal() == "expires_too_soon");
    CHECK(question.message() ==
          "the certificate for www.example.com expires on 2027-02-21, in 23h; min_remaining is 1d");
}

TEST_CASE("a leaf without its intermediate is incomplete, whatever is trusted") {
    for (const Trust& trust : {trust_in(ca().root), Trust::any(), Trust::system()}) {
        Question question;
        question.bundle = bundle_of(ca().issue(), "");
        question.trust = trust;
        CHECK(question.refusal() == "chain_incomplete");
        CHECK(question.message() ==
              "the certificate for www.example.com was issued by CN = Test Intermediate, "
              "whose certificate is missing behind it");
    }
}

TEST_CASE("require_chain = false does not make an issuer trusted that cannot be verified") {
    Question question;
    question.rules.require_chain = false;
    question.bundle = bundle_of(ca().issue(), "");
    CHECK(question.refusal() == "issuer_untrusted");
    question.trust = Trust::any();
    CHECK(question.refusal() == "");
}

TEST_CASE("a staging certificate is not trusted, and the message says whose it is") {
    const TestCa staging("(STAGING) Pretend");
    Question question;
    question.bundle = bundle_of(staging.issue(), staging.intermediate.pem());
    CHECK(question.refusal() == "issuer_untrusted");
    CHECK(
        question.message() ==
        "the certificate for www.example.com, issued by CN = (STAGING) Pretend Intermediate, is not trusted: "
        "unable to get local issuer certificate, for the certificate of CN = (STAGING) Pretend Intermediate "
        "issued by CN = (STAGING) Pretend Root");
    question.trust = Trust::system();
    CHECK(question.refusal() == "issuer_untrusted");
    question.trust = Trust::any();
    CHECK(question.refusal() == "");
}

TEST_CASE("a self-signed leaf passes only where it is an anchor itself, or anything is") {
    const TestCertificate leaf = TestCertificate::self_signed({});
    Question question;
    question.bundle = bundle_of(leaf, "");
    CHECK(question.refusal() == "issuer_untrusted");
    question.trust = trust_in(leaf);
    CHECK(question.refusal() == "");
    question.trust = Trust::any();
    CHECK(question.refusal() == "");
}

TEST_CASE("an intermediate among the roots is an anchor, and needs nothing behind the leaf") {
    Question question;
    question.bundle = bundle_of(ca().issue(), "");
    question.trust = trust_in(ca().intermediate);
    CHECK(question.message() == "");
}

TEST_CASE("a leaf straight from a root is complete, also where the root was left out of the bundle") {
    const TestCertificate leaf = ca().root.issue({});
    Question question;
    question.bundle = bundle_of(leaf, "");
    CHECK(question.refusal() == "");
    question.trust = Trust::any();
    CHECK(question.refusal() == "chain_incomplete");
    question.bundle = bundle_of(leaf, ca().root.pem());
    CHECK(question.refusal() == "");
}

TEST_CASE("an intermediate that has expired by now is not trusted") {
    CertificateSpec spec;
    spec.names = {};
    spec.common_name = "Short Intermediate";
    spec.ca = true;
    spec.not_after = test_now + 24h;
    const TestCertificate intermediate = ca().root.issue(spec);
    Question question;
    question.bundle = bundle_of(intermediate.issue({}), intermediate.pem());
    CHECK(question.refusal() == "");
    question.now = test_now + 48h;
    CHECK(question.refusal() == "issuer_untrusted");
    CHECK(question.message().find("certificate has expired") != std::string::npos);
}

TEST_CASE("a certificate that is not for servers is not trusted as one") {
    CertificateSpec spec;
    spec.extended_key_usage = "clientAuth";
    Question question;
    question.bundle = full_bundle(spec);
    CHECK(question.refusal() == "issuer_untrusted");
}

TEST_CASE("names that the deployed certificate serves must stay, wildcards counted") {
    CertificateSpec spec;
    spec.names = {"*.example.com", "example.com"};
    Question question;
    question.bundle = full_bundle(spec);
    question.deployed = facts({"*.example.com", "example.com", "www.example.com"});
    CHECK(question.refusal() == "");

    question.deployed = facts({"a.b.example.com", "example.net", "www.example.com"});
    CHECK(question.refusal() == "names_lost");
    CHECK(question.message() ==
          "the certificate for *.example.com and 1 more lacks names that the deployed one "
          "serves: a.b.example.com, example.net");
    question.rules.allow_name_loss = true;
    CHECK(question.refusal() == "");
}

TEST_CASE("a certificate that expires before the deployed one is older") {
    Question question;
    const auto not_after = question.bundle.leaf.not_after;
    question.deployed = facts({}, not_after);
    CHECK(question.refusal() == "");
    question.deployed = facts({}, not_after + 1s);
    CHECK(question.refusal() == "older_than_deployed");
    question.deployed = facts({}, not_after + 24h);
    CHECK(question.message() ==
          "the certificate for www.example.com expires on 2027-02-21, the deployed one on 2027-02-22");
    question.deployed = facts({}, not_after + 1s);
    CHECK(question.message() == fmt::format("the certificate for www.example.com expires at {}, the deployed "
                                            "one at {}",
                                            to_utc(not_after), to_utc(not_after + 1s)));
    question.rules.allow_older = true;
    CHECK(question.refusal() == "");
}

TEST_CASE("of several reasons, the one that the configuration can do least about is given") {
    const TestCa staging("Staging");
    CertificateSpec spec;
    spec.not_after = test_now + 24h;
    Question question;
    question.bundle = bundle_of(staging.issue(spec), "");
    question.rules.min_remaining = 48h;
    question.deployed = facts({"lost.example"}, test_now + 240h);

    question.now = test_now + 25h;
    CHECK(question.refusal() == "expired");
    question.now = test_now;
    CHECK(question.refusal() == "expires_too_soon");
    question.rules.min_remaining = 0s;
    CHECK(question.refusal() == "chain_incomplete");
    question.rules.require_chain = false;
    CHECK(question.refusal() == "issuer_untrusted");
    question.trust = Trust::any();
    CHECK(question.refusal() == "names_lost");
    question.rules.allow_name_loss = true;
    CHECK(question.refusal() == "older_than_deployed");
    question.rules.allow_older = true;
    CHECK(question.refusal() == "");
}

TEST_CASE("a client CA is asked whether it is one, is valid and is not older, and no more") {
    const TestCa other("Other");
    Question question;
    question.kind = config::Kind::client;
    question.bundle = make_client_bundle(other.intermediate.pem(), "ca.pem").value();
    question.deployed = facts({"some.name"});
    CHECK(question.message() == "");

    question.deployed = facts({}, question.bundle.leaf.not_after + 1s);
    CHECK(question.refusal() == "older_than_deployed");
    question.now = question.bundle.leaf.not_after + 1s;
    CHECK(question.refusal() == "expired");
    question.bundle = make_client_bundle(other.issue().pem(), "ca.pem").value();
    CHECK(question.refusal() == "not_a_ca");
}

TEST_CASE("a chain that was trusted once is not so before and after its time, nor by others") {
    const Trust trust = trust_in(ca().root);
    const Bundle bundle = full_bundle();
    const Bundle another = full_bundle();
    for (int time = 0; time < 2; ++time) {
        CHECK(trust.verify(bundle.chain_pem, test_now).trusted);
        CHECK(trust.verify(another.chain_pem, test_now).trusted);
    }
    const auto second = std::chrono::seconds(1);
    CHECK(trust.verify(bundle.chain_pem, bundle.leaf.not_after - second).trusted);
    CHECK_FALSE(trust.verify(bundle.chain_pem, bundle.leaf.not_after + second).trusted);
    CHECK_FALSE(trust.verify(bundle.chain_pem, bundle.leaf.not_before - second).trusted);
    CHECK_FALSE(trust_in(TestCa().root).verify(bundle.chain_pem, test_now).trusted);
}

TEST_CASE("roots that are no PEM are refused") {
    CHECK(Trust::roots("nothing", "roots.pem").error().code() == Errc::pem_invalid);
    CHECK(Trust::roots(tests::TestKey::make(tests::KeyType::p256).pkcs8(), "roots.pem").error().code() ==
          Errc::pem_invalid);
}

}  // namespace
}  // namespace certferry
