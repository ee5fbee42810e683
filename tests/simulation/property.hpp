// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"
#include "rotate/rotation.hpp"
#include "rotate/target.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::simulation {

class World;

enum class CallKind { upload, replace, bind, mute, remove };

/// A call that changes something, at the moment at which the daemon asks for it.
struct ChangingCall {
    CallKind kind{};
    AccountName account;
    std::optional<TargetKey> target;   // whose handle it is; unknown as long as nothing told
    std::optional<Rotation> rotation;  // the target's open one, as the journal has it then
    CertificateId old_id;              // of replace
    std::optional<CertificateId> new_id;
    std::optional<Upload> contents;  // of upload, and of a replace that sends them
    std::optional<Binding> binding;  // of bind
};

/// How such a call ended, as far as the daemon was told.
struct CallEnd {
    ChangingCall call;
    bool ambiguous = false;
};

/// An answer that tells where ids are bound.
struct BindingsRead {
    std::optional<TargetKey> target;
    std::vector<CertificateId> ids;
};

/// An exchange with the API begins: it has waited for its turn.
struct Exchange {
    AccountName account;
    std::string action;
    WallTime served_until;
    double per_second = 0;                // the rate that is configured
    unsigned under_way = 0;               // in the account, this one included
    std::optional<WallTime> passed_over;  // somebody whose certificate expires then waited longer, in vain
};

/// A commit of the journal that succeeded.
struct Commit {
    std::string what;
    TargetKey target;
    std::optional<Rotation> rotation;
    std::string detail;
};

/// A place has got another certificate.
struct PlaceChange {
    AccountName account;
    Place place;
    CertificateId before;  // the last that it had
    CertificateId after;
    const ChangingCall* by = nullptr;  // none: by somebody else
};

struct LogLine {
    std::string_view event;
    std::string_view key;
    const std::string& value;
};

/// Thrown where a property is broken: nothing that follows would tell more.
class Broken : public std::exception {
public:
    Broken(std::string_view property, std::string_view promise, std::string how)
        : property_(property), promise_(promise), how_(std::move(how)) {}

    std::string_view property() const { return property_; }
    std::string_view promise() const { return promise_; }
    const std::string& how() const { return how_; }
    const char* what() const noexcept override { return how_.c_str(); }

private:
    std::string_view property_;
    std::string_view promise_;
    std::string how_;
};

/// One promise, checked at every step against the truth of the simulated world. Knows what it needs to of the
/// past; a moment that it has nothing to say about it leaves alone.
class Property {
public:
    Property(std::string_view name, std::string_view promise) : name_(name), promise_(promise) {}
    virtual ~Property() = default;
    Property(const Property&) = delete;
    Property& operator=(const Property&) = delete;

    std::string_view name() const { return name_; }
    std::string_view promise() const { return promise_; }

    virtual void daemon_started(const World&) {}
    virtual void call_sent(const World&, const ChangingCall&) {}
    virtual void call_ended(const World&, const CallEnd&) {}
    virtual void bindings_read(const World&, const BindingsRead&) {}
    virtual void exchange_begun(const World&, const Exchange&) {}
    virtual void committed(const World&, const Commit&) {}
    virtual void commit_refused(const World&, const Error&) {}
    virtual void place_changed(const World&, const PlaceChange&) {}
    virtual void logged(const World&, const LogLine&) {}
    /// The time that the daemon had for it since the last fault is over.
    virtual void came_to_rest(const World&) {}

protected:
    [[noreturn]] void broken(std::string how) const { throw Broken(name_, promise_, std::move(how)); }

private:
    std::string_view name_;
    std::string_view promise_;
};

/// All of them, or the one of that name; none for a name that there is not.
std::vector<std::unique_ptr<Property>> make_properties(std::string_view only);

}  // namespace certferry::simulation
