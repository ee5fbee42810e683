// SPDX-License-Identifier: MIT
// What a person is told for each kind of mistake, word for word: these messages are a user interface.
#include "config/loading.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

using tests::problems_of;

TEST_CASE("several mistakes in one file are told together, in its order") {
    CHECK(problems_of(R"(
[daemon]
rescan = "5 minutes"
settle = { min = "40s", max = "30s" }

[log]
level = "warn"

[account.default]
endpoint = { lb = "http://lb.api.qcloud.com" }

[[mapping]]
name = "www"
certifcate = "certbot:example.com"
old_cert_id = "4b9fc92b"
account = "defualt"
)") == R"(
certferry.toml:3:10: rescan must be a duration longer than zero, not "5 minutes"
    3 | rescan = "5 minutes"
      |          ^
        write a whole number and a unit: "30s", "5m", "14d"
certferry.toml:4:18: min ("40s") is longer than max ("30s")
    4 | settle = { min = "40s", max = "30s" }
      |                  ^
        raise max, or lower min
certferry.toml:7:9: level must be "debug", "info", "warning" or "error", not "warn"
    7 | level = "warn"
      |         ^
certferry.toml:10:19: lb must be an https address
   10 | endpoint = { lb = "http://lb.api.qcloud.com" }
      |                   ^
        write "https://host" or "https://host:port", without user, path and query
certferry.toml:12:1: certificate is missing
   12 | [[mapping]]
      | ^
        add certificate = "certbot:example.com"
certferry.toml:14:1: unknown key "certifcate" in [[mapping]]
   14 | certifcate = "certbot:example.com"
      | ^
        did you mean "certificate"?
certferry.toml:16:11: there is no [account.defualt]
   16 | account = "defualt"
      |           ^
        did you mean "default"?
)");
}

TEST_CASE("an unknown key gets the nearest known one, or all of them") {
    CHECK(problems_of(R"(
[deamon]
rescan = "5m"
[account.default]
webhook = "https://example.com"
timeout = { totl = "5s" }
)") == R"(
certferry.toml:2:2: unknown key "deamon"
    2 | [deamon]
      |  ^
        did you mean "daemon"?
certferry.toml:5:1: unknown key "webhook" in [account.default]
    5 | webhook = "https://example.com"
      | ^
        known here: api, site, regions, region, credentials, signature_method, requests_per_second, endpoint, ca_file, timeout
certferry.toml:6:13: unknown key "totl" in timeout
    6 | timeout = { totl = "5s" }
      |             ^
        did you mean "total"?
)");
}

TEST_CASE("a notifier is told what it lacks, and never where a secret does not belong") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
notify = ["opps"]
[notify.ops]
kind = "webhook"
command = ["/bin/true"]
[notify.robot]
kind = "wecom"
url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hunter2"
[notify.program]
kind = "command"
command = ["true"]
url = "https://me:password@host/"
[notify.far]
kind = "webhook"
url = "http://far.example.com/"
secret = { file = "/etc/a", systemd = "b" }
[notify.pager]
kind = "pager"
)") == R"(
certferry.toml:7:10: there is no [notify.opps]
    7 | notify = ["opps"]
      |          ^
        did you mean "ops"?
certferry.toml:8:1: url is missing
    8 | [notify.ops]
      | ^
        add url = "https://…"
certferry.toml:10:11: command goes with kind = "command" only
   10 | command = ["/bin/true"]
      |           ^
        remove command
certferry.toml:11:1: secret is missing
   11 | [notify.robot]
      | ^
        put the key of the robot's address into a file, and add secret = { file = "…" }
certferry.toml:13:7: what follows the ? of a robot's address is its key, a secret
   13 | url = ***
      |       ^
        put the key into a file for secret = { file = "…" }, remove url, and let the robot have a new key if others have read it here
certferry.toml:16:11: command must be a list that begins with a program's absolute path
   16 | command = ["true"]
      |           ^
        write ["/usr/local/bin/program", "argument"]
certferry.toml:17:7: url must be an https address
   17 | url = ***
      |       ^
        write "https://host/path"; http serves for 127.0.0.1 only
certferry.toml:17:7: url does not go with kind = "command"
   17 | url = ***
      |       ^
        remove url
certferry.toml:20:7: url must be an https address
   20 | url = "http://far.example.com/"
      |       ^
        write "https://host/path"; http serves for 127.0.0.1 only
certferry.toml:21:10: a secret is in one place
   21 | secret = ***
      |          ^
        write secret = { file = "/path" } or { systemd = "name" }
certferry.toml:23:8: kind must be "webhook", "wecom" or "command", not "pager"
   23 | kind = "pager"
      |        ^
)");
}

TEST_CASE("a status page that others could reach wants their names") {
    CHECK(problems_of(R"(
[http]
listen = "0.0.0.0:9812"
[account.default]
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
)") == R"(
certferry.toml:3:10: whoever reaches 0.0.0.0 could look at everything, without a password
    3 | listen = "0.0.0.0:9812"
      |          ^
        listen at 127.0.0.1, behind a proxy that asks for one; or say in hosts by which names others may reach it
)");
}

TEST_CASE("a rotation that nothing would prove is refused") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
verify = { bindings = false, endpoint = [] }
)") == R"(
certferry.toml:7:23: nothing would prove a rotation
    7 | verify = { bindings = false, endpoint = [] }
      |                       ^
        add endpoint = ["www.example.com:443"], or leave bindings = true
)");
}

TEST_CASE("values of the wrong type are refused with what they must be") {
    CHECK(problems_of(R"(
[daemon]
rescan = 300
shutdown_grace = "soon"
[log]
level = true
[account.default]
api = 2.0
region = "ap guangzhou"
ca_file = "ca.pem"
timeout = "5s"
[[mapping]]
name = "www site"
certificate = "/etc/ssl/fullchain.pem"
old_cert_id = "4b9f/c92b"
retry = { multiplier = 0.5, initial = "0s" }
gate = { allow_older = "no", trust = "root" }
verify = { endpoint = "www.example.com:443" }
)") == R"(
certferry.toml:3:10: rescan must be a duration longer than zero, not a number
    3 | rescan = 300
      |          ^
        write a whole number and a unit: "30s", "5m", "14d"
certferry.toml:4:18: shutdown_grace must be a duration, not "soon"
    4 | shutdown_grace = "soon"
      |                  ^
        write a whole number and a unit: "30s", "5m", "14d"
certferry.toml:6:9: level must be "debug", "info", "warning" or "error", not a boolean
    6 | level = true
      |         ^
certferry.toml:8:7: api must be "2.0" or "3.0", not a number
    8 | api = 2.0
      |       ^
certferry.toml:9:10: region must be a region code, not "ap guangzhou"
    9 | region = "ap guangzhou"
      |          ^
        write it as the API does: "ap-guangzhou" or "gz"
certferry.toml:10:11: ca_file must be an absolute path, not "ca.pem"
   10 | ca_file = "ca.pem"
      |           ^
        write it from the root, as in "/etc/ssl/www/fullchain.pem"
certferry.toml:11:11: timeout must be a table, not "5s"
   11 | timeout = "5s"
      |           ^
certferry.toml:13:8: name must be a plain name, not "www site"
   13 | name = "www site"
      |        ^
        use letters, digits, '.', '_' and '-', 64 at most
certferry.toml:14:15: certificate must be "certbot:NAME" or the like, or a table, not "/etc/ssl/fullchain.pem"
   14 | certificate = "/etc/ssl/fullchain.pem"
      |               ^
        write "certbot:NAME", "acme.sh:NAME", "lego:NAME", "dehydrated:NAME", "caddy:NAME", "kubernetes:DIR", { certbot = "NAME", dir = "/srv/letsencrypt" }, or { chain = "/path/fullchain.pem", key = "/path/privkey.pem" }
certferry.toml:15:15: old_cert_id must be a certificate id, not "4b9f/c92b"
   15 | old_cert_id = "4b9f/c92b"
      |               ^
        copy the id from the console, as in "4b9fc92b"
certferry.toml:16:24: multiplier must be a number from 1 to 100
   16 | retry = { multiplier = 0.5, initial = "0s" }
      |                        ^
certferry.toml:16:39: initial must be a duration longer than zero, not "0s"
   16 | retry = { multiplier = 0.5, initial = "0s" }
      |                                       ^
        write a whole number and a unit: "30s", "5m", "14d"
certferry.toml:17:24: allow_older must be true or false, not "no"
   17 | gate = { allow_older = "no", trust = "root" }
      |                        ^
        write true or false, without quotes
certferry.toml:17:38: trust must be "system", "any" or an absolute path, not "root"
   17 | gate = { allow_older = "no", trust = "root" }
      |                                      ^
certferry.toml:18:23: endpoint must be a list of "host:port", not "www.example.com:443"
   18 | verify = { endpoint = "www.example.com:443" }
      |                       ^
        write ["www.example.com:443"]
)");
}

TEST_CASE("a list of regions names at least one, and regions only") {
    CHECK(problems_of(R"(
[account.default]
regions = []
[account.overseas]
regions = ["ap-hongkong", "the moon"]
)") == R"(
certferry.toml:3:11: regions must be a list of region codes
    3 | regions = []
      |           ^
        write them as the API does: ["ap-guangzhou", "ap-shanghai"]
certferry.toml:5:11: regions must be a list of region codes
    5 | regions = ["ap-hongkong", "the moon"]
      |           ^
        write them as the API does: ["ap-guangzhou", "ap-shanghai"]
)");
}

TEST_CASE("a cleanup that the API cannot do safely is refused") {
    CHECK(problems_of(R"(
[account.default]
api = "2.0"
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
cleanup.after = "14d"
)") == R"(
certferry.toml:7:15: cleanup needs API 3.0, which can delete an id only if nothing uses it
    7 | old_cert_id = "4b9fc92b"
      |               ^
        remove cleanup, or set api = "3.0" in [account.default]
)");
}

TEST_CASE("a time that may be never is a time or the word") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
cleanup.after = "none"
)") == R"(
certferry.toml:7:17: after must be a duration longer than zero, or "never", not "none"
    7 | cleanup.after = "none"
      |                 ^
        write a whole number and a unit: "30s", "5m", "14d"
)");
}

TEST_CASE("a word that is nearly right gets the right one") {
    CHECK(problems_of(R"(
[account.default]
signature_method = "HMACSHA256"
credentials = "environment"
[account.other]
credentials = { kind = "systemdd", path = "/x" }
[account.third]
credentials = { kind = "env", path = "/x" }
[account.fourth]
credentials = { path = "/x" }
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
kind = "sever"
)") == R"(
certferry.toml:3:20: signature_method must be "HmacSHA1" or "HmacSHA256", not "HMACSHA256"
    3 | signature_method = "HMACSHA256"
      |                    ^
        did you mean "HmacSHA256"?
certferry.toml:4:15: credentials must be "file", "env", "systemd", "cvm-role" or "oidc", or a table, not "environment"
    4 | credentials = "environment"
      |               ^
certferry.toml:6:24: kind must be "file", "env", "systemd", "cvm-role" or "oidc", not "systemdd"
    6 | credentials = { kind = "systemdd", path = "/x" }
      |                        ^
        did you mean "systemd"?
certferry.toml:6:43: path goes with kind = "file" only
    6 | credentials = { kind = "systemdd", path = "/x" }
      |                                           ^
        remove path
certferry.toml:8:38: path goes with kind = "file" only
    8 | credentials = { kind = "env", path = "/x" }
      |                                      ^
        remove path
certferry.toml:10:15: kind is missing
   10 | credentials = { path = "/x" }
      |               ^
        add kind = "file"
certferry.toml:15:8: kind must be "server" or "client", not "sever"
   15 | kind = "sever"
      |        ^
        did you mean "server"?
)");
}

TEST_CASE("what goes with another kind of credentials, or with a role, is refused without it") {
    CHECK(problems_of(R"(
[account.default]
credentials = { kind = "oidc", role = "CVM_QCSRole", duration = "2h" }
endpoint = { metadata = "https://metadata.tencentyun.com" }
[account.other]
credentials = { kind = "env", role_arn = "certferry", external_id = "?" }
[account.third]
credentials = { kind = "env", role_arn = "qcs::cam::uin/100000000001:roleName/certferry", duration = "13h" }
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "4b9fc92b"
)") == R"(
certferry.toml:3:39: role goes with kind = "cvm-role" only
    3 | credentials = { kind = "oidc", role = "CVM_QCSRole", duration = "2h" }
      |                                       ^
        remove role
certferry.toml:3:65: duration goes with role_arn only
    3 | credentials = { kind = "oidc", role = "CVM_QCSRole", duration = "2h" }
      |                                                                 ^
        remove duration
certferry.toml:4:25: metadata must be an http address
    4 | endpoint = { metadata = "https://metadata.tencentyun.com" }
      |                         ^
        write "http://host" or "http://host:port", without user, path and query
certferry.toml:6:42: role_arn must be a role's ARN, not "certferry"
    6 | credentials = { kind = "env", role_arn = "certferry", external_id = "?" }
      |                                          ^
        copy it from the console, as in "qcs::cam::uin/100000000001:roleName/certferry"
certferry.toml:6:69: external_id must be an external id, not "?"
    6 | credentials = { kind = "env", role_arn = "certferry", external_id = "?" }
      |                                                                     ^
        use 2 to 128 letters, digits and any of +=,.@:/_-
certferry.toml:8:102: STS gives a role for 1s to 12h
    8 | credentials = { kind = "env", role_arn = "qcs::cam::uin/100000000001:roleName/certferry", duration = "13h" }
      |                                                                                                      ^
        write duration = "2h"
)");
}

TEST_CASE("an account is a section with a name") {
    CHECK(problems_of(R"(
account.default = "x"
[account."over seas"]
)") == R"(
certferry.toml:2:9: account must be a section [account.NAME]
    2 | account.default = "x"
      |         ^
        write [account.default] above the line
certferry.toml:3:10: "over seas" is no name for an account
    3 | [account."over seas"]
      |          ^
        use letters, digits, '.', '_' and '-', 64 at most
)");
}

TEST_CASE("secrets are refused in the configuration and not repeated") {
    CHECK(problems_of(R"(
[account.default]
secret_id = "AKIDhunter2"
secret_key = "hunter2"
endpoint = { lb = "https://me:hunter2@lb.api.qcloud.com" }
)") == R"(
certferry.toml:3:1: secret_id does not belong in this file
    3 | secret_id = ***
      | ^
        put it into /etc/certferry/credentials.toml with mode 0600, and change it at Tencent if others have read it here
certferry.toml:4:1: secret_key does not belong in this file
    4 | secret_key = ***
      | ^
        put it into /etc/certferry/credentials.toml with mode 0600, and change it at Tencent if others have read it here
certferry.toml:5:19: lb must be an https address
    5 | endpoint = ***
        write "https://host" or "https://host:port", without user, path and query
)");
}

TEST_CASE("what a mapping must have is asked for") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
[[mapping]]
name = "empty"
certificate = {}
targets = []
[[mapping]]
name = "half"
certificate = { certbot = "example.com", key = "/k.pem" }
targets = [{ account = "default" }]
[[mapping]]
name = "both"
certificate = { chain = "/c.pem", key = "/k.pem", dir = "/srv" }
old_cert_id = "id-1"
account = "default"
targets = [{ old_cert_id = "id-2" }, "id-3"]
)") == R"(
certferry.toml:3:1: name is missing
    3 | [[mapping]]
      | ^
        add name = "www"
certferry.toml:3:1: certificate is missing
    3 | [[mapping]]
      | ^
        add certificate = "certbot:example.com"
certferry.toml:3:1: old_cert_id is missing
    3 | [[mapping]]
      | ^
        add old_cert_id = "…", the certificate id that the load balancers use today
certferry.toml:6:15: the certificate has no chain
    6 | certificate = {}
      |               ^
        add chain = "/path/fullchain.pem", or certbot = "NAME"
certferry.toml:7:11: targets is empty
    7 | targets = []
      |           ^
        write [{ account = "default", old_cert_id = "…" }]
certferry.toml:10:48: key does not go with certbot
   10 | certificate = { certbot = "example.com", key = "/k.pem" }
      |                                                ^
        remove key
certferry.toml:11:12: old_cert_id is missing
   11 | targets = [{ account = "default" }]
      |            ^
        add old_cert_id = "4b9fc92b"
certferry.toml:14:57: dir goes with a client's name only
   14 | certificate = { chain = "/c.pem", key = "/k.pem", dir = "/srv" }
      |                                                         ^
        remove dir
certferry.toml:15:15: old_cert_id does not go with targets
   15 | old_cert_id = "id-1"
      |               ^
        remove old_cert_id
certferry.toml:16:11: account does not go with targets: each target names its own
   16 | account = "default"
      |           ^
        remove account
certferry.toml:17:11: targets must be a list of tables
   17 | targets = [{ old_cert_id = "id-2" }, "id-3"]
      |           ^
        write [{ account = "default", old_cert_id = "…" }]
)");
}

TEST_CASE("a client's name is one that it can have, and its certificate has no other place") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "a"
certificate = "certbot:*.example.com"
old_cert_id = "id-1"
[[mapping]]
name = "b"
certificate = "cerbot:example.com"
old_cert_id = "id-2"
[[mapping]]
name = "c"
certificate = { "acme.sh" = "../example.com", lego = "example.com", chain = "/c.pem" }
old_cert_id = "id-3"
[[mapping]]
name = "d"
certificate = { kubernetes = "tls", dir = "/etc" }
old_cert_id = "id-4"
[[mapping]]
name = "e"
certificate = { acme.sh = "example.com" }
old_cert_id = "id-5"
)") == R"(
certferry.toml:5:15: certificate must be "certbot:NAME" or the like, or a table, not "certbot:*.example.com"
    5 | certificate = "certbot:*.example.com"
      |               ^
        The name that `certbot certificates` shows.
certferry.toml:9:15: certificate must be "certbot:NAME" or the like, or a table, not "cerbot:example.com"
    9 | certificate = "cerbot:example.com"
      |               ^
        did you mean "certbot:example.com"?
certferry.toml:13:29: "acme.sh" must be a certificate's name at acme.sh, not "../example.com"
   13 | certificate = { "acme.sh" = "../example.com", lego = "example.com", chain = "/c.pem" }
      |                             ^
        The main domain that `acme.sh --list` shows; of its RSA and its EC certificate, the one issued last.
certferry.toml:13:54: lego does not go with acme.sh
   13 | certificate = { "acme.sh" = "../example.com", lego = "example.com", chain = "/c.pem" }
      |                                                      ^
        remove lego
certferry.toml:13:77: chain does not go with acme.sh
   13 | certificate = { "acme.sh" = "../example.com", lego = "example.com", chain = "/c.pem" }
      |                                                                             ^
        remove chain
certferry.toml:17:30: kubernetes must be an absolute path, not "tls"
   17 | certificate = { kubernetes = "tls", dir = "/etc" }
      |                              ^
        write it from the root, as in "/etc/ssl/www/fullchain.pem"
certferry.toml:17:43: dir does not go with kubernetes
   17 | certificate = { kubernetes = "tls", dir = "/etc" }
      |                                           ^
        remove dir
certferry.toml:21:15: the certificate has no chain
   21 | certificate = { acme.sh = "example.com" }
      |               ^
        add chain = "/path/fullchain.pem", or certbot = "NAME"
certferry.toml:21:17: unknown key "acme" in certificate
   21 | certificate = { acme.sh = "example.com" }
      |                 ^
        known here: certbot, "acme.sh", lego, dehydrated, caddy, kubernetes, dir, chain, key
)");
}

TEST_CASE("a quoted key with a dot in it is one key, and not a key of a table") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "www"
certificate = "certbot:example.com"
old_cert_id = "id-1"
"retry.max" = "1m"
)") == R"(
certferry.toml:7:1: unknown key "retry.max" in [[mapping]]
    7 | "retry.max" = "1m"
      | ^
        known here: name, certificate, old_cert_id, account, targets, kind, deliver, retry, gate, verify, cleanup, notify
)");
}

TEST_CASE("a server has a key and a client CA has none") {
    CHECK(problems_of(R"(
[account.default]
[[mapping]]
name = "www"
certificate = { chain = "/www.pem" }
old_cert_id = "id-1"
[[mapping]]
name = "clients"
kind = "client"
certificate = "certbot:example.com"
old_cert_id = "id-2"
)") == R"(
certferry.toml:5:15: the certificate has no key
    5 | certificate = { chain = "/www.pem" }
      |               ^
        add key = "/path/privkey.pem", or set kind = "client" if it is a CA for mutual TLS
certferry.toml:10:15: a client CA (kind = "client") has no key
   10 | certificate = "certbot:example.com"
      |               ^
        write certificate = { chain = "/path/ca.pem" }
)");
}

TEST_CASE("names and ids are taken once, and accounts are there") {
    CHECK(problems_of(R"(
[account.prod]
[[mapping]]
name = "www"
certificate = "certbot:a"
targets = [{ account = "prod", old_cert_id = "id-1" }, { account = "prod", old_cert_id = "id-1" }]
[[mapping]]
name = "www"
certificate = "certbot:b"
old_cert_id = "id-1"
[[mapping]]
name = "api"
certificate = "certbot:c"
old_cert_id = "id-1"
account = "pord"
)") == R"(
certferry.toml:6:90: certificate id "id-1" of account "prod" is already followed at certferry.toml:6
    6 | targets = [{ account = "prod", old_cert_id = "id-1" }, { account = "prod", old_cert_id = "id-1" }]
      |                                                                                          ^
        an id follows one certificate only: remove it from one of them
certferry.toml:8:8: mapping "www" is already at certferry.toml:4
    8 | name = "www"
      |        ^
        give each mapping a name of its own; several ids of one certificate go into targets
certferry.toml:10:15: there is no [account.default]
   10 | old_cert_id = "id-1"
      |               ^
        add it, or set account to one that is there, as "prod"
certferry.toml:15:11: there is no [account.pord]
   15 | account = "pord"
      |           ^
        did you mean "prod"?
)");
}

TEST_CASE("limits that contradict each other are told by their values") {
    CHECK(problems_of(R"(
[daemon]
settle.min = "1m"
[account.default]
timeout = { connect = "10s", total = "2s" }
[[mapping]]
name = "www"
certificate = "certbot:a"
old_cert_id = "id-1"
retry.max = "1s"
)") == R"(
certferry.toml:3:14: min ("1m") is longer than max ("30s")
    3 | settle.min = "1m"
      |              ^
        raise max, or lower min
certferry.toml:5:23: connect ("10s") is longer than total ("2s")
    5 | timeout = { connect = "10s", total = "2s" }
      |                       ^
        raise total, or lower connect
certferry.toml:10:13: initial ("2s") is longer than max ("1s")
   10 | retry.max = "1s"
      |             ^
        raise max, or lower initial
)");
}

TEST_CASE("a limit that is no duration contradicts nothing") {
    CHECK(problems_of(R"(
[daemon]
settle = { min = "40s", max = "forty" }
)") == R"(
certferry.toml:3:31: max must be a duration, not "forty"
    3 | settle = { min = "40s", max = "forty" }
      |                               ^
        write a whole number and a unit: "30s", "5m", "14d"
)");
}

TEST_CASE("a daemon without mappings is refused") {
    CHECK(problems_of(R"(
[account.default]
)") == R"(
certferry.toml: there is no [[mapping]], so there is nothing to do
        add one with name, certificate and old_cert_id
)");
}

TEST_CASE("what is no TOML is told by its place") {
    CHECK(problems_of(R"(
[account.default]
region = ap-guangzhou
)") == R"(
certferry.toml:3:10: this is not TOML: value: could not determine value type
    3 | region = ap-guangzhou
      |          ^
        a text stands in quotes, as in region = "ap-guangzhou"
)");
}

TEST_CASE("a mapping stands in double brackets") {
    CHECK(problems_of(R"(
[account.default]
[mapping]
name = "www"
)") == R"(
certferry.toml:3:1: mapping must be a section [[mapping]], not a table
    3 | [mapping]
      | ^
        write [[mapping]], in double brackets
)");
}

TEST_CASE("a key written twice is no TOML") {
    CHECK(problems_of(R"(
[daemon]
rescan = "5m"
rescan = "6m"
)") == R"(
certferry.toml:4:10: this is not TOML: key-value pair: cannot redefine existing string 'rescan'
    4 | rescan = "6m"
      |          ^
        keep one of the two
)");
}

}  // namespace
}  // namespace certferry::config
