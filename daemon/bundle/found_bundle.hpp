// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/bundle.hpp"
#include "bundle/seal.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace certferry {

/// What of a bundle stays known while its contents are left on disk.
struct KnownBundle {
    CertificateFacts leaf;
    Seal seal;  // of the files that it was read from

    friend bool operator==(const KnownBundle&, const KnownBundle&) = default;
};

/// A bundle that was found on disk and can be used. Ten thousand of them are kept in memory for years, and
/// the contents of each are needed for some seconds every few weeks: they are read again then.
class FoundBundle {
public:
    /// Gives the bundle of files that still have this seal. Errors: as read_sealed().
    using Read = std::function<Result<Bundle>(const Seal&)>;

    /// `contents` are those that it was just judged by, if it was: nobody reads them again while they last.
    FoundBundle(KnownBundle known, Read read, const std::shared_ptr<const Bundle>& contents = nullptr)
        : known_(std::move(known)), read_(std::move(read)), held_(contents) {}

    const CertificateFacts& leaf() const { return known_.leaf; }
    const Fingerprint& fingerprint() const { return known_.leaf.fingerprint; }
    const Seal& seal() const { return known_.seal; }

    /// To be held for a while: what make_shared() makes would stay in memory for as long as it is known.
    static std::shared_ptr<const Bundle> apart(Bundle contents) {
        return std::make_unique<const Bundle>(std::move(contents));
    }

    /// Read once for all who hold them at a time. Errors: as read_sealed().
    Result<std::shared_ptr<const Bundle>> contents() const {
        if (auto held = held_.lock()) return held;
        Result<Bundle> read = read_(known_.seal);
        if (!read) return read.error();
        std::shared_ptr<const Bundle> contents = apart(*std::move(read));
        held_ = contents;
        return contents;
    }

private:
    KnownBundle known_;
    Read read_;
    mutable std::weak_ptr<const Bundle> held_;
};

/// The contents of one bundle, from when they are first asked for until others are: what waits for days must
/// not depend on what becomes of the files.
class HeldContents {
public:
    /// Lets go of the contents of any other.
    void keep_only(const std::shared_ptr<const FoundBundle>& bundle) {
        if (bundle != whose_) *this = HeldContents();
    }

    /// Valid until the next call. Errors: as FoundBundle::contents().
    Result<const Bundle*> of(const std::shared_ptr<const FoundBundle>& bundle) {
        if (bundle != whose_) {
            Result<std::shared_ptr<const Bundle>> read = bundle->contents();
            if (!read) return read.error();
            contents_ = *std::move(read);
            whose_ = bundle;
        }
        return contents_.get();
    }

private:
    std::shared_ptr<const FoundBundle> whose_;
    std::shared_ptr<const Bundle> contents_;
};

}  // namespace certferry
