// SPDX-License-Identifier: MIT
#include "watch/places.hpp"

#include "config/layouts.hpp"
#include "support/fake_files.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using config::CertificateFiles;
using Places = std::vector<CertificateFiles>;

Places places_of(const Files& files, std::string_view written) {
    return certferry::places_of(files, config::Lineage(config::parse_lineage(written).value()));
}

TEST_CASE("each client's certificate is where the client leaves it") {
    const tests::FakeFiles files;
    CHECK(places_of(files, "certbot:example.com") ==
          Places{{"/etc/letsencrypt/live/example.com/fullchain.pem",
                  "/etc/letsencrypt/live/example.com/privkey.pem"}});
    CHECK(places_of(files, "lego:*.example.com") == Places{{"/root/.lego/certificates/_.example.com.crt",
                                                            "/root/.lego/certificates/_.example.com.key"}});
    CHECK(places_of(files, "dehydrated:example.com") ==
          Places{{"/var/lib/dehydrated/certs/example.com/fullchain.pem",
                  "/var/lib/dehydrated/certs/example.com/privkey.pem"}});
    CHECK(places_of(files, "kubernetes:/etc/tls") == Places{{"/etc/tls/tls.crt", "/etc/tls/tls.key"}});
}

TEST_CASE("acme.sh's certificate is in the directory for RSA or in the one for EC") {
    CHECK(places_of(tests::FakeFiles(), "acme.sh:*.example.com") ==
          Places{{"/root/.acme.sh/*.example.com/fullchain.cer",
                  "/root/.acme.sh/*.example.com/*.example.com.key"},
                 {"/root/.acme.sh/*.example.com_ecc/fullchain.cer",
                  "/root/.acme.sh/*.example.com_ecc/*.example.com.key"}});
}

TEST_CASE("Caddy's certificate is with any issuer that is there, or one to come") {
    tests::FakeFiles files;
    const config::Lineage lineage = config::ClientLineage{config::AcmeClient::caddy, "example.com", "/caddy"};
    const CertificateFiles to_come{"/caddy/certificates/*/example.com/example.com.crt",
                                   "/caddy/certificates/*/example.com/example.com.key"};
    CHECK(certferry::places_of(files, lineage) == Places{to_come});
    files.write("/caddy/certificates/local/other.example/other.example.crt", "");
    files.write("/caddy/certificates/acme/example.com/example.com.crt", "");
    CHECK(certferry::places_of(files, lineage) ==
          Places{to_come,
                 {"/caddy/certificates/acme/example.com/example.com.crt",
                  "/caddy/certificates/acme/example.com/example.com.key"},
                 {"/caddy/certificates/local/example.com/example.com.crt",
                  "/caddy/certificates/local/example.com/example.com.key"}});
}

TEST_CASE("files that are named are where they are said to be, whatever their name") {
    const CertificateFiles named{"/srv/*/NAME.pem", std::nullopt};
    const Places places = certferry::places_of(tests::FakeFiles(), named);
    CHECK(places == Places{named});
    CHECK(paths_of(places) == std::vector<std::filesystem::path>{"/srv/*/NAME.pem"});
}

}  // namespace
}  // namespace certferry
