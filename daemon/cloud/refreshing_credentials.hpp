// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "cloud/credentials_place.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// The keys that one place has, remembered until they are to be forgotten; temporary ones are renewed before
/// they run out.
///
/// Nothing polls: current() starts a look at the place when less than a tenth of the life is left, or less
/// than five minutes, and gives the old keys meanwhile. So no call waits for a renewal, and a daemon with
/// nothing to do asks for nothing; once its keys have run out, the next call waits for new ones. One look at
/// a time serves everybody who waits.
///
/// A renewal that fails is tried again, later and later, as calls come; the old keys serve until they expire.
/// What the place has just given is used whatever its expiry, since this machine's clock may be the one that
/// is wrong. The log says credentials.refreshed, credentials.refresh_failed (for each new reason) and
/// credentials.expired.
///
/// Held by a shared_ptr: a look that is under way holds one too. What the place refers to, the clock and the
/// log live as long as the loop runs.
class RefreshingCredentials final : public CredentialsSource,
                                    public std::enable_shared_from_this<RefreshingCredentials> {
public:
    RefreshingCredentials(AccountName account, std::unique_ptr<CredentialsPlace> place,
                          boost::asio::any_io_executor executor, const Clock& clock, Log& log);

    Awaitable<Result<Credentials>> current() override;
    void forget(const Credentials& refused) override;

private:
    struct Look;

    bool expired() const;
    bool due() const;
    std::shared_ptr<Look> start_look();
    Awaitable<void> carry_out(std::shared_ptr<Look> look);
    void keep(const Credentials& found);
    void note_failure(const Error& reason);
    Error lack(const Error& reason) const;

    AccountName account_;
    std::unique_ptr<CredentialsPlace> place_;
    boost::asio::any_io_executor executor_;
    const Clock& clock_;
    Log& log_;

    std::optional<Credentials> held_;
    Duration margin_ = Duration::zero();  // before held_ expires: when a renewal is due
    std::optional<WallTime> lapsed_;      // when the ones before expired, until there are others
    unsigned failures_ = 0;               // in a row
    Errc failure_{};                      // why, where there are any
    SteadyTime retry_;                    // not before
    std::shared_ptr<Look> looking_;       // the look that is under way
};

}  // namespace certferry
