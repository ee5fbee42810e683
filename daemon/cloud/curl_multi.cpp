// SPDX-License-Identifier: MIT
#include "cloud/curl_multi.hpp"

#include <chrono>
#include <exception>
#include <new>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {

namespace asio = boost::asio;

namespace {

CURLM* new_multi() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* const multi = initialised == CURLE_OK ? curl_multi_init() : nullptr;
    if (multi == nullptr) throw std::bad_alloc();
    return multi;
}

}  // namespace

/// One transfer, in the frame of the coroutine that waits for it; it leaves curl when that frame goes,
/// however it goes.
class CurlMulti::Transfer {
public:
    Transfer(CurlMulti& owner, CURL* easy)
        : owner_(&owner), easy_(easy), end_(owner.executor_, asio::steady_timer::time_point::max()) {
        curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
        // Known before it is added: adding may already call back.
        owner_->transfers_.insert(this);
        if (curl_multi_add_handle(owner_->multi_, easy_) != CURLM_OK) finish(CURLE_FAILED_INIT);
    }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() { leave(); }

    Awaitable<void> end() {
        if (owner_ == nullptr) co_return;
        co_await end_.async_wait(asio::as_tuple(asio::use_awaitable));
    }

    /// Wakes the coroutine, later: the timer's handler is never run from here.
    void finish(std::optional<CURLcode> result) {
        result_ = result;
        leave();
        end_.cancel();
    }

    std::optional<CURLcode> result() const { return result_; }

private:
    void leave() {
        if (owner_ == nullptr) return;
        curl_multi_remove_handle(owner_->multi_, easy_);
        owner_->transfers_.erase(this);
        owner_ = nullptr;
    }

    CurlMulti* owner_;
    CURL* easy_;
    asio::steady_timer end_;
    std::optional<CURLcode> result_;
};

/// A descriptor that curl owns and Asio only watches. Handlers share it, so that one which was queued before
/// the release finds it closed rather than gone.
struct CurlMulti::Socket {
    Socket(const asio::any_io_executor& executor, curl_socket_t number) : descriptor(executor, number) {}
    ~Socket() { release(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void release() {
        if (descriptor.is_open()) descriptor.release();
    }

    // A stream_descriptor and no socket: curl also names its resolver's socket pair.
    asio::posix::stream_descriptor descriptor;
    int wanted = 0;   // CURL_POLL_IN | CURL_POLL_OUT
    int waiting = 0;  // the directions with a wait under way
};

CurlMulti::CurlMulti(asio::any_io_executor executor) : executor_(std::move(executor)), timer_(executor_) {
    open();
}

CurlMulti::~CurlMulti() {
    close();
}

void CurlMulti::open() {
    multi_ = new_multi();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timeout);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

void CurlMulti::close() {
    while (!transfers_.empty()) (*transfers_.begin())->finish(std::nullopt);
    // Closes pooled connections, which still calls on_socket.
    curl_multi_cleanup(multi_);
    for (auto& [number, socket] : sockets_) socket->release();
    sockets_.clear();
    timer_.cancel();
}

Awaitable<std::optional<CURLcode>> CurlMulti::perform(CURL* easy) {
    Transfer transfer(*this, easy);
    co_await transfer.end();
    // This CurlMulti may be gone by now.
    co_return transfer.result();
}

int CurlMulti::on_socket(CURL* /*easy*/, curl_socket_t descriptor, int what, void* self,
                         void* /*assigned*/) noexcept {
    auto& multi = *static_cast<CurlMulti*>(self);
    try {
        if (what == CURL_POLL_REMOVE)
            multi.release(descriptor);
        else
            multi.follow(descriptor, what);
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

int CurlMulti::on_timeout(CURLM* /*multi*/, long milliseconds, void* self) noexcept {
    try {
        static_cast<CurlMulti*>(self)->set_timeout(milliseconds);
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

void CurlMulti::follow(curl_socket_t descriptor, int what) {
    auto found = sockets_.find(descriptor);
    if (found == sockets_.end())
        found = sockets_.emplace(descriptor, std::make_shared<Socket>(executor_, descriptor)).first;
    found->second->wanted = what;
    arm(found->second);
}

// At once, not later: curl closes the descriptor next, and the kernel hands its number out again.
void CurlMulti::release(curl_socket_t descriptor) {
    const auto found = sockets_.find(descriptor);
    if (found == sockets_.end()) return;
    found->second->release();
    sockets_.erase(found);
}

void CurlMulti::arm(const std::shared_ptr<Socket>& socket) {
    for (const int direction : {CURL_POLL_IN, CURL_POLL_OUT})
        if ((socket->wanted & direction) != 0 && (socket->waiting & direction) == 0) wait(socket, direction);
}

void CurlMulti::wait(const std::shared_ptr<Socket>& socket, int direction) {
    const bool in = direction == CURL_POLL_IN;
    socket->waiting |= direction;
    socket->descriptor.async_wait(
        in ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write,
        [this, socket, direction, in, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
            socket->waiting &= ~direction;
            if (alive.expired() || !socket->descriptor.is_open()) return;
            const int ready = in ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
            if ((socket->wanted & direction) != 0)
                drive(socket->descriptor.native_handle(), error ? CURL_CSELECT_ERR : ready);
            // Curl may have released it meanwhile, or armed it again by itself.
            if (socket->descriptor.is_open()) arm(socket);
        });
}

// Curl must not be called from its own callback, not even for a timeout of zero; a timer that has run out
// calls it from the loop. Too early does no harm: curl sets the timer again.
void CurlMulti::set_timeout(long milliseconds) {
    if (milliseconds < 0) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
        if (!error && !alive.expired()) drive(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlMulti::drive(curl_socket_t descriptor, int events) {
    int running = 0;
    if (curl_multi_socket_action(multi_, descriptor, events, &running) == CURLM_OK) {
        collect_finished();
        return;
    }
    // "The state of all transfers is uncertain" (curl_multi_socket_action(3)): give them up, start afresh.
    close();
    open();
}

void CurlMulti::collect_finished() {
    int waiting = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &waiting)) {
        if (message->msg != CURLMSG_DONE) continue;
        // Read before the transfer leaves, which frees the message.
        const CURLcode result = message->data.result;
        char* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        reinterpret_cast<Transfer*>(transfer)->finish(result);
    }
}

}  // namespace certferry
