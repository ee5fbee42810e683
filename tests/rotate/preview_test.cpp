// SPDX-License-Identifier: MIT
#include "rotate/preview.hpp"

#include "rotate/by_hand.hpp"
#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

Preview preview_of(RotationWorld& world, const Bundle* bundle) {
    RotationPorts ports = world.ports();
    const std::shared_ptr<const FoundBundle> on_disk = bundle == nullptr ? nullptr : found(*bundle);
    const auto seen = world.loop.run(preview(ports, world.target, on_disk.get(), Trust::any()));
    REQUIRE_MESSAGE(seen.has_value(), seen.error().message());
    return *seen;
}

TEST_CASE("a preview tells each next step, and changes nothing") {
    RotationWorld world;
    const Bundle first = bundle_of(1);
    const Bundle second = bundle_of(2);
    CHECK(preview_of(world, nullptr).step == "nothing: there is no usable certificate on disk");
    const Preview before = preview_of(world, &first);
    CHECK(before.step == "replace 4b9fc92b by certificate generation1f, valid until 2027-01-24");
    CHECK(before.bindings.size() == 2);
    CHECK(world.cloud.calls.empty());

    REQUIRE(world.attempt(first));
    CHECK(preview_of(world, &first).step ==
          "nothing: certificate generation1f, valid until 2027-01-24 is deployed");
    world.cloud.bind("lb-1", "lbl-2", CertificateId("4b9fc92b"));
    CHECK(preview_of(world, &first).step ==
          "look within the hour why new00001 has gone from lb-1/lbl-2; `certferry rotate --force` does it at "
          "once");
    world.cloud.bind("lb-1", "lbl-2", CertificateId("new00001"));
    const Bundle older = bundle_of(0);
    const Preview refused = preview_of(world, &older);
    REQUIRE(refused.refusal.has_value());
    CHECK(refused.refusal->code() == Errc::older_than_deployed);

    world.cloud.faults["replace"] = {Fault::refused};
    REQUIRE_FALSE(world.attempt(second));
    CHECK(preview_of(world, &second).step.starts_with("go on with rotation 2, which is "));
    const Bundle third = bundle_of(3);
    CHECK(preview_of(world, &third).step.starts_with("end rotation 2, which is "));
}

TEST_CASE("after a way back nothing is done before the next renewal") {
    RotationWorld world;
    const Bundle first = bundle_of(1);
    REQUIRE(world.attempt(first));
    RotationPorts ports = world.ports();
    REQUIRE(world.loop.run(roll_back_by_hand(ports, world.target)));
    CHECK(
        preview_of(world, &first).step ==
        "nothing before the next renewal: rotation 2 is rolled back; `certferry rotate --force` goes forward "
        "again");
    const Bundle second = bundle_of(2);
    CHECK(preview_of(world, &second)
              .step.starts_with("end rotation 2, which is rolled_back; then replace by "));
}

}  // namespace
}  // namespace certferry
