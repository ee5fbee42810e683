// SPDX-License-Identifier: MIT
#pragma once

#include "http.hpp"
#include "store.hpp"

#include <map>
#include <memory>
#include <string>

#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// A call of the API as one of its generations understands it.
class ApiCall {
public:
    virtual ~ApiCall() = default;

    /// The name of the action; "(unknown)" for none that there is.
    virtual std::string action() const = 0;
    /// For the log: what was sent, secret values replaced by their length.
    virtual std::map<std::string, std::string> shown() const = 0;
    /// Judges the signature and carries the call out, as far as `extent` says. The answer's body.
    virtual boost::json::object execute(Extent extent) = 0;
};

/// One generation of the API.
class Api {
public:
    virtual ~Api() = default;

    virtual std::unique_ptr<ApiCall> read(const HttpCall& call) = 0;
    /// The body of an error.
    virtual boost::json::object failure(int code, const std::string& code_desc,
                                        const std::string& message) const = 0;
    /// The code in an answer's body, for the log.
    virtual std::string code_of(const boost::json::object& body) const = 0;
    /// Turns the number of the answer's code into a string, where it is a number.
    virtual void spell_code(boost::json::object& body) const = 0;
};

}  // namespace certferry::sandbox
