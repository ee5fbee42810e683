// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include <openssl/crypto.h>

namespace certferry {

/// Overwrites memory before it goes back to the heap.
template <class T>
struct WipingAllocator : std::allocator<T> {
    template <class Other>
    struct rebind {
        using other = WipingAllocator<Other>;
    };

    WipingAllocator() = default;
    template <class Other>
    explicit WipingAllocator(const WipingAllocator<Other>&) {}

    void deallocate(T* memory, std::size_t count) {
        OPENSSL_cleanse(memory, count * sizeof(T));
        std::allocator<T>::deallocate(memory, count);
    }
};

/// A private key, a cloud secret, or a request that carries one. It has no operator<< and no fmt formatter,
/// so it cannot be logged by accident; its memory is wiped when it is freed.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}

    /// Valid as long as this Secret is. Do not copy it into an ordinary string that lives on.
    std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
    bool empty() const { return bytes_.empty(); }
    void append(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::vector<char, WipingAllocator<char>> bytes_;
};

}  // namespace certferry
