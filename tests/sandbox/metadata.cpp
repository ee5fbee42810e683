// SPDX-License-Identifier: MIT
#include "metadata.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view credentials_path = "/latest/meta-data/cam/security-credentials/";

HttpReply text_reply(unsigned status, std::string text) {
    HttpReply reply;
    reply.status = status;
    reply.content_type = "text/plain";
    reply.body = std::move(text);
    return reply;
}

HttpReply keys_of_role(World& world) {
    IssuedKey issued = issue_key(world.keys, world.chance, world.roles.longest, world.now());
    json::object body = std::move(issued.fields);
    body["ExpiredTime"] = issued.expires.time_since_epoch().count();
    body["Expiration"] = to_utc(issued.expires);
    body["Code"] = "Success";
    return text_reply(200, json::serialize(body));
}

HttpReply reply_to(World& world, const HttpCall& call) {
    const std::string& role = world.roles.machine;
    const bool known = call.method == "GET" && !role.empty();
    if (known && call.path() == credentials_path) return text_reply(200, role);
    if (known && call.path() == fmt::format("{}{}", credentials_path, role)) return keys_of_role(world);
    return text_reply(404, "404 Not Found\n");
}

}  // namespace

HttpReply answer_metadata(World& world, const HttpCall& call) {
    LoggedCall arrival;
    arrival.arrived = world.now();
    arrival.action = "metadata";
    arrival.parameters["path"] = std::string(call.path());
    const std::uint64_t number = world.calls.arrived(std::move(arrival));
    HttpReply reply = reply_to(world, call);
    world.calls.answered(number, std::to_string(reply.status), "");
    return reply;
}

}  // namespace certferry::sandbox
