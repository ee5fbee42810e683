// SPDX-License-Identifier: MIT
#include "watch/uv_loop.hpp"

#include "support/run_until.hpp"

#include <doctest/doctest.h>
#include <uv.h>

namespace certferry {
namespace {

using tests::run_ready;
using tests::run_until;

void on_tick(uv_timer_t* timer) {
    ++*static_cast<int*>(timer->data);
}

TEST_CASE("libuv's timers fire though libuv never blocks") {
    boost::asio::io_context io(1);
    const auto loop = UvLoop::open(io.get_executor());
    REQUIRE(loop.has_value());
    int ticks = 0;
    uv_timer_t timer;
    uv_timer_init(loop->get(), &timer);
    timer.data = &ticks;
    uv_timer_start(&timer, on_tick, 1, 1);
    loop->kick();

    CHECK(run_until(io, [&] { return ticks >= 3; }));

    uv_close(reinterpret_cast<uv_handle_t*>(&timer), nullptr);
    loop->kick();
    CHECK(run_ready(io));
}

TEST_CASE("a loop without handles is not run") {
    boost::asio::io_context io(1);
    const auto loop = UvLoop::open(io.get_executor());
    REQUIRE(loop.has_value());
    loop->kick();
    CHECK(run_ready(io));
    const auto runs = loop->runs();
    CHECK(run_ready(io));
    CHECK(loop->runs() == runs);
    CHECK(runs == 1);
}

TEST_CASE("kicks that come together run the loop once") {
    boost::asio::io_context io(1);
    const auto loop = UvLoop::open(io.get_executor());
    REQUIRE(loop.has_value());
    for (int i = 0; i < 3; ++i) loop->kick();
    CHECK(run_ready(io));
    CHECK(loop->runs() == 1);
}

TEST_CASE(
    "a loop that is destroyed runs the close callbacks that are due, and Asio's queued handlers find it "
    "gone") {
    boost::asio::io_context io(1);
    int closed = 0;
    uv_timer_t timer;
    {
        const auto loop = UvLoop::open(io.get_executor());
        REQUIRE(loop.has_value());
        uv_timer_init(loop->get(), &timer);
        timer.data = &closed;
        uv_timer_start(&timer, on_tick, 3'600'000, 0);
        loop->kick();
        REQUIRE(run_ready(io));
        uv_close(reinterpret_cast<uv_handle_t*>(&timer),
                 [](uv_handle_t* handle) { ++*static_cast<int*>(handle->data); });
        loop->kick();
        CHECK(closed == 0);
    }
    CHECK(closed == 1);
    CHECK(run_ready(io));
}

}  // namespace
}  // namespace certferry
