// SPDX-License-Identifier: MIT
#include "config/render.hpp"

#include "config/loading.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

using tests::begun_example;
using tests::loaded;

// Every key with something other than its default.
constexpr std::string_view everything = R"(
[daemon]
state_dir = "/srv/a \"quoted\" place\\"
control_socket = "/srv/control.sock"
status_for_all = true
settle = { min = "250ms", max = "1m" }
rescan = "90s"
shutdown_grace = "0s"

[http]
listen = "[::]:80"
hosts = ["status.example.com", "[2001:db8::1]"]

[log]
level = "debug"
format = "json"

[account.default]
credentials = "env"

[account.over-seas]
api = "2.0"
region = "hk"
credentials = { kind = "systemd", name = "overseas" }
signature_method = "HmacSHA1"
endpoint = { lb = "https://127.0.0.1:8443", wss = "https://[::1]" }
ca_file = "/etc/ssl/ca.pem"
timeout = { connect = "1s", total = "3s" }

[account."with.dot"]
site = "intl"
regions = ["ap-hongkong", "ap-singapore"]
requests_per_second = 5.5
endpoint = { clb = "https://127.0.0.1:8443", ssl = "https://127.0.0.1:8444" }
credentials = { kind = "file", path = "/run/keys.toml" }

[account.cvm]
credentials = { kind = "cvm-role", role = "CVM_QCSRole", role_arn = "qcs::cam::uin/100000000001:roleName/deploy", role_session_name = "renewals", external_id = "acme:7", duration = "30m" }
endpoint = { sts = "https://sts.example", metadata = "http://127.0.0.1:8080" }

[account.pod]
credentials = "oidc"
region = "hk"
signature_method = "HmacSHA1"

[notify.ops]
kind = "webhook"
url = "https://ops.example.com/certferry?team=web"
secret = { file = "/etc/certferry/ops.secret" }
gather = "1m"
timeout = "3s"

[notify."the.robot"]
kind = "wecom"
secret = { systemd = "robot" }
ca_file = "/etc/ssl/ca.pem"

[notify.program]
kind = "command"
command = ["/usr/local/bin/told", "an \"argument\""]

[[mapping]]
name = "shop"
certificate = { chain = "/etc/ssl/shop/fullchain.pem", key = "/etc/ssl/shop/privkey.pem" }
targets = [{ old_cert_id = "4b9fc92b" }, { account = "over-seas", old_cert_id = "Ku8h1lfR" }]
deliver = "content"
retry = { initial = "500ms", max = "1h", multiplier = 1.5, give_up = "7d" }
gate = { allow_older = true, allow_name_loss = true, trust = "/etc/ssl/roots.pem", min_remaining = "3d", require_chain = false }
verify = { bindings = false, endpoint = ["www.example.com:443", "www.example.com@[2001:db8::1]:8443"], attempts_for = "10m", on_failure = "rollback" }

[[mapping]]
name = "clients"
kind = "client"
certificate = { chain = "/etc/ssl/clients-ca.pem" }
account = "with.dot"
old_cert_id = "5c0ad03c"
gate.trust = "any"
cleanup.after = "14d"
notify = ["ops", "the.robot"]

[[mapping]]
name = "www"
certificate = { certbot = "example.com", dir = "/srv/letsencrypt" }
old_cert_id = "6d1be14d"
notify = []

[[mapping]]
name = "shell"
certificate = { "acme.sh" = "*.example.com", dir = "/srv/acme.sh" }
old_cert_id = "7e2cf25e"

[[mapping]]
name = "caddy"
certificate = "caddy:example.com"
old_cert_id = "8f3d036f"

[[mapping]]
name = "pod"
certificate = { kubernetes = "/etc/tls" }
old_cert_id = "904e1470"
)";

TEST_CASE("what is rendered loads as the same configuration") {
    const Config config = loaded(everything);
    CHECK(loaded(render(config)) == config);
    const Config plain = loaded(begun_example());
    CHECK(loaded(render(plain)) == plain);
}

TEST_CASE("the effective configuration shows the defaults too") {
    const Config config = loaded(R"(
[account.default]

[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
)");
    CHECK("\n" + render(config) == R"(
[daemon]
state_dir = "/var/lib/certferry"
control_socket = "/run/certferry/control.sock"
status_for_all = false
settle = { min = "1s", max = "30s" }
rescan = "5m"
shutdown_grace = "30s"

[http]
listen = "127.0.0.1:9812"
hosts = []

[log]
level = "info"
format = "journal"

[account.default]
api = "3.0"
site = "cn"
regions = ["ap-guangzhou"]
# credentials: the first found
requests_per_second = 10.0
timeout = { connect = "5s", total = "30s" }

[[mapping]]
name = "www"
certificate = { certbot = "example.com", dir = "/etc/letsencrypt" }
kind = "server"
targets = [{ account = "default", old_cert_id = "4b9fc92b" }]
deliver = "id"
retry = { initial = "2s", max = "15m", multiplier = 2.0, give_up = "never" }
gate = { allow_older = false, allow_name_loss = false, trust = "system", min_remaining = "0s", require_chain = true }
verify = { bindings = true, endpoint = [], attempts_for = "2m", on_failure = "alert" }
cleanup = { after = "never" }
)");
}

}  // namespace
}  // namespace certferry::config
