// SPDX-License-Identifier: MIT
#pragma once

#include "report/cached.hpp"
#include "report/page.hpp"
#include "report/readiness.hpp"
#include "report/recent_json.hpp"
#include "report/snapshot_json.hpp"
#include "report/tally.hpp"
#include "report/vitals.hpp"
#include "report/web.hpp"

namespace certferry {

/// What the site shows.
struct SitePorts {
    SitePorts(boost::asio::any_io_executor executor_, const Clock& clock_, Journal& journal_,
              const Tally& tally_)
        : executor(std::move(executor_)), clock(clock_), journal(journal_), tally(tally_) {}

    boost::asio::any_io_executor executor;
    const Clock& clock;
    Journal& journal;
    const Tally& tally;
    std::function<Awaitable<Result<Snapshot>>()> snapshot;
    std::function<const config::Config&()> config;  // the one in force
    FindMapping mapping_of;
    std::function<Vitals()> vitals;
    std::function<Readiness()> readiness;
};

/// What is told over HTTP, to whoever may reach it; nothing is ever changed by it, and nothing secret is in
/// it.
///
///     /               the status page
///     /status.json    the snapshot, as `certferry status -o json`; with an ETag, that a page may ask often
///     /recent.json    the last rotations with their steps
///     /history.json?mapping=NAME   as `certferry history NAME -o json`
///     /metrics        for Prometheus
///     /healthz        200: the loop turns
///     /readyz         200 or 503 with the reasons, as text, or JSON for who accepts that
///
/// It outlives the requests that it is answering.
class Site {
public:
    /// `http` says by which names it may be asked.
    Site(SitePorts ports, config::Http http);
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    Awaitable<WebReply> answer(WebRequest request);

private:
    Awaitable<WebReply> find(WebRequest request);
    Awaitable<Result<SnapshotText>> make_status();
    Awaitable<Result<std::string>> make_metrics();
    Awaitable<WebReply> status(WebRequest request);
    Awaitable<WebReply> metrics();
    WebReply page(const WebRequest& request) const;
    WebReply recent() const;
    Awaitable<WebReply> history(std::string_view query) const;
    WebReply ready(const WebRequest& request) const;

    SitePorts ports_;
    config::Http http_;
    Page page_;
    std::string page_tag_;
    Cached<Snapshot> snapshot_;
    Cached<SnapshotText> status_;
    Cached<std::string> metrics_;
};

}  // namespace certferry
