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

Awaitable<std::set<LineageIndex>> Hints::take(std::shared_ptr<Hints> hints) {
    while (hints->untaken_.empty()) {
        const auto [error] = co_await hints->wake_.async_receive(asio::as_tuple(asio::use_awaitable));
        if (error) break;
    }
    co_return std::exchange(hints->untaken_, {});
}

}  // namespace certferry
