// SPDX-License-Identifier: MIT
#include "rotate/rotation_world.hpp"

#include "rotate/pursuit.hpp"

#include <algorithm>

namespace certferry::tests {

RotationWorld::RotationWorld() {
    target.key = {AccountName("default"), CertificateId("4b9fc92b")};
    target.mapping = MappingName("www");
    target.gate.trust = config::TrustAny{};
    target.gate.require_chain = false;
    target.verify.attempts_for = std::chrono::seconds(10);

    const CertificateId id = cloud.add("4b9fc92b", bundle_of(0).leaf);
    cloud.bind("lb-1", "lbl-1", id);
    cloud.bind("lb-1", "lbl-2", id);
}

Result<void> RotationWorld::attempt(const Bundle& bundle, Anew anew) {
    SeededRandom random(1);
    Pursuit pursuit(target, ports(), random, Trust::any(), loop.executor());
    if (anew == Anew::yes) pursuit.hurry(true);
    pursuit.want(found(bundle));
    const auto work = [&]() -> Awaitable<Result<void>> {
        co_await pursuit.run(Persistence::once);
        if (pursuit.failure()) co_return *pursuit.failure();
        co_return Result<void>();
    };
    return loop.run(work());
}

Rotation RotationWorld::of_sibling(const Bundle& bundle, Stage stage) const {
    Rotation rotation;
    rotation.target = {target.key.account, CertificateId("sibling1")};
    rotation.mapping = target.mapping;
    rotation.bundle = bundle.leaf;
    rotation.stage = stage;
    rotation.old_id = rotation.target.configured_id;
    return rotation;
}

Awaitable<void> RotationWorld::come_true_in(Duration delay) {
    co_await loop.sleep_until(loop.steady_now() + delay);
    cloud.come_true();
}

std::vector<std::string> RotationWorld::bound_ids() const {
    std::vector<std::string> ids;
    for (const auto& [place, id] : cloud.bound) ids.push_back(id.str());
    return ids;
}

std::ptrdiff_t RotationWorld::journal_states(std::string_view state) {
    const auto lines = *journal.history(target.key, 1000);
    return std::count_if(lines.begin(), lines.end(),
                         [&](const HistoryLine& line) { return line.state == state; });
}

}  // namespace certferry::tests
