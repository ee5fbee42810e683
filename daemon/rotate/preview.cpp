// SPDX-License-Identifier: MIT
#include "rotate/preview.hpp"

#include "rotate/bindings.hpp"
#include "rotate/past.hpp"
#include "rotate/plan.hpp"
#include "rotate/verify.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

std::string what_follows(Plan plan, const SuccessionEntry& head, const Rotation* open,
                         const FoundBundle& bundle) {
    const std::string certificate =
        fmt::format("certificate {}, valid until {}", short_form(bundle.fingerprint()),
                    to_utc_day(bundle.leaf().not_after));
    switch (plan) {
        case Plan::nothing:
            return fmt::format("nothing: {} is deployed", certificate);
        case Plan::begin:
            return fmt::format("replace {} by {}", head.id.str(), certificate);
        case Plan::resume:
            if (open->stage == Stage::rolled_back)
                return fmt::format(
                    "nothing before the next renewal: rotation {} is rolled back; `certferry rotate "
                    "--force` goes forward again",
                    open->number);
            return fmt::format("go on with rotation {}, which is {}, to {}", open->number,
                               to_text(open->stage), certificate);
        case Plan::settle_first:
            return fmt::format("end rotation {}, which is {}; then replace by {}", open->number,
                               to_text(open->stage), certificate);
    }
    return {};
}

std::string look_into(const SuccessionEntry& head, const std::vector<Binding>& gone) {
    return fmt::format(
        "look within the hour why {} has gone from {}; `certferry rotate --force` does it at once",
        head.id.str(), to_text(gone));
}

Awaitable<Result<CertificateFacts>> deployed(RotationPorts& ports, const SuccessionEntry& head) {
    if (head.certificate) co_return *head.certificate;
    co_return co_await ports.cloud.describe(head.id);
}

}  // namespace

Awaitable<Result<Preview>> preview(RotationPorts& ports, const Target& target, const FoundBundle* bundle,
                                   const Trust& trust) {
    Result<SuccessionEntry> found = ports.journal.head(target.key, ports.clock.now());
    if (!found) co_return found.error();
    SuccessionEntry& head = *found;
    const Result<std::optional<Rotation>> open = ports.journal.open_rotation(target.key);
    if (!open) co_return open.error();
    Result<BindingSet> bound = co_await bindings_of(ports, head.id);
    if (!bound) co_return bound.error();
    Preview seen;
    seen.head = head.id;
    seen.bindings = std::move(*bound);
    if (bundle == nullptr) {
        seen.step = "nothing: there is no usable certificate on disk";
        co_return seen;
    }

    const Result<CertificateFacts> facts = co_await deployed(ports, head);
    if (!facts) co_return facts.error();
    head.certificate = *facts;
    const Plan next = plan(head, *open, bundle->leaf());
    seen.step = what_follows(next, head, *open ? &**open : nullptr, *bundle);
    if (next == Plan::nothing) {
        const Result<Past> past = past_of(ports.journal, target.key, ports.clock.now());
        if (!past) co_return past.error();
        const BindingSet gone = missing_from(seen.bindings, past->places());
        if (!gone.empty()) seen.step = look_into(head, {gone.begin(), gone.end()});
        co_return seen;
    }
    const Result<std::shared_ptr<const Bundle>> contents = bundle->contents();
    if (!contents) co_return contents.error();
    const auto admitted = gate(**contents, target.kind, target.gate, trust, *facts, ports.clock.now());
    if (!admitted) seen.refusal = admitted.error();
    co_return seen;
}

}  // namespace certferry
