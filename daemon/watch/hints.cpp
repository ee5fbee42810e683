// SPDX-License-Identifier: MIT
#include "watch/hints.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {

namespace asio = boost::asio;

void Hints::add(LineageIndex lineage) {
    untaken_.insert(lineage);
    wake_.try_send(boost::system::error_code());
}

void Hints::add(const std::set<LineageIndex>& lineages) {
    for (const LineageIndex lineage : lineages) add(lineage);
}

void Hints::add(std::shared_ptr<const Followers> followers) {
    untaken_followers_.insert(std::move(followers));
    wake_.try_send(boost::system::error_code());
}

std::set<LineageIndex> Hints::take_all() {
    std::set<LineageIndex> taken = std::exchange(untaken_, {});
    for (const auto& followers : std::exchange(untaken_followers_, {}))
        taken.insert(followers->begin(), followers->end());
    return taken;
}

Awaitable<std::set<LineageIndex>> Hints::take(std::shared_ptr<Hints> hints) {
    while (hints->untaken_.empty() && hints->untaken_followers_.empty()) {
        const auto [error] = co_await hints->wake_.async_receive(asio::as_tuple(asio::use_awaitable));
        if (error) break;
    }
    co_return hints->take_all();
}

}  // namespace certferry
