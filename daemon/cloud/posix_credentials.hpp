// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/meter.hpp"
#include "base/random.hpp"
#include "cloud/credentials.hpp"
#include "cloud/environment_credentials.hpp"
#include "cloud/http.hpp"

#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// The environment of this process.
Environment process_environment();

/// What finding an account's keys needs of the world.
struct CredentialsPorts {
    CredentialsPorts(boost::asio::any_io_executor executor_, Http& http_, const Files& files_, Clock& clock_,
                     Random& random_, Log& log_, Meter& meter_)
        : executor(std::move(executor_)),
          http(http_),
          files(files_),
          clock(clock_),
          random(random_),
          log(log_),
          meter(meter_) {}

    boost::asio::any_io_executor executor;
    Http& http;
    const Files& files;
    Clock& clock;
    Random& random;
    Log& log;
    Meter& meter;
};

/// Where an account's keys come from, as its configuration says: one place, or the first that is there of
/// environment, systemd, file, the official tools' ~/.tencentcloud/credentials and
/// /etc/tencentcloud/credentials, OIDC and CVM role; and the role that is assumed with them, if one is.
/// Kind systemd is the file in $CREDENTIALS_DIRECTORY that LoadCredential= puts there.
std::shared_ptr<CredentialsSource> make_credentials(const config::Account& account,
                                                    const CredentialsPorts& ports,
                                                    const Environment& environment = process_environment());

}  // namespace certferry
