// SPDX-License-Identifier: MIT
#include "cloud/wiped_json.hpp"

#include <new>

#include <boost/json/memory_resource.hpp>
#include <boost/json/parser.hpp>
#include <openssl/crypto.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 16;

// Nothing in JSON is aligned more strictly than the heap aligns. Which alignment is asked for is ignored: for
// keys it is another when they are freed.
class WipingResource final : public json::memory_resource {
    void* do_allocate(std::size_t size, std::size_t /*alignment*/) override { return ::operator new(size); }
    void do_deallocate(void* memory, std::size_t size, std::size_t /*alignment*/) override {
        OPENSSL_cleanse(memory, size);
        ::operator delete(memory);
    }
    bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

json::storage_ptr wiping_memory() {
    static WipingResource memory;
    return {&memory};
}

json::value parse_wiped(std::string_view text, boost::system::error_code& failure) {
    json::parse_options options;
    options.max_depth = depth_max;
    json::parser parser(wiping_memory(), options);
    parser.reset(wiping_memory());
    parser.write(text, failure);
    if (failure) return nullptr;
    return parser.release();
}

}  // namespace certferry
