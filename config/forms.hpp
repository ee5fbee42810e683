// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What the texts of a configuration must look like.
namespace certferry::config {

/// Of a mapping or an account: [A-Za-z0-9._-], 1 to 64 of them.
bool is_name(std::string_view text);

/// Of a certificate in the cloud: [A-Za-z0-9_-]+.
bool is_certificate_id(std::string_view text);

/// Of a region, long ("ap-guangzhou") or short ("gz"): [A-Za-z0-9-]+.
bool is_region(std::string_view text);

/// Of a CAM role, or of a session in one: [A-Za-z0-9+=,.@_-], 1 to 128 of them.
bool is_role_name(std::string_view text);

/// Of a CAM role, whole: "qcs::cam::uin/100000000001:roleName/NAME".
bool is_role_arn(std::string_view text);

/// What a role may ask for of those who assume it: [A-Za-z0-9+=,.@:/_-], 2 to 128 of them.
bool is_external_id(std::string_view text);

/// Of a certificate at an ACME client, which makes a file's name of it: [A-Za-z0-9._-]+, and no "." or "..".
bool is_lineage_name(std::string_view text);

/// A path from the root.
bool is_path(std::string_view text);

/// https://host or https://host:port, without user, path and query.
bool is_https_origin(std::string_view text);

/// The same with http.
bool is_http_origin(std::string_view text);

/// A host's name or address, without a port.
bool is_host(std::string_view text);

/// "address:port" with an IPv4 address or an IPv6 address in brackets, "unix:" and a path from the root, or
/// "" for nowhere.
std::optional<Listen> parse_listen(std::string_view text);
std::string written(const Listen& listen);

/// An IPv4 literal, or an IPv6 literal without brackets.
bool is_address(const std::string& text);

/// Whether such a literal is an address of this machine alone: 127.0.0.0/8 or ::1.
bool is_loopback(const std::string& address);

/// Where messages go: https://host, perhaps with a port, a path and a query; http to this machine only.
bool is_message_url(std::string_view text);

/// host:port, or host@address:port to connect to another address; an IPv6 address stands in brackets, and
/// comes back without them.
std::optional<ProbeEndpoint> parse_endpoint(std::string_view text);
std::string host_and_port(const ProbeEndpoint& endpoint);

}  // namespace certferry::config
