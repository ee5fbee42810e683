// SPDX-License-Identifier: MIT
#pragma once

#include "report/notices.hpp"

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace certferry {

/// What a notifier delivers at once. A later attempt to deliver the same notices has the same time.
struct Message {
    WallTime at;         // when the first of it was news
    std::string sender;  // the machine's name
    std::vector<Notice> notices;
};

/// "certferry on lb-admin-1: 50 failed, 1 rotated".
std::string summary(const Message& message);

/// For people: the summary, and a paragraph for each failure that several may share, certificate and
/// rotation; long lists are cut. No secrets are in it.
std::string message_text(const Message& message);

/// For machines: "version" is 1; "events" has an object for each notice; "text" is the message for people.
/// Members whose value is not known are left out.
boost::json::object message_json(const Message& message);

}  // namespace certferry
