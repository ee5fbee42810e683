// SPDX-License-Identifier: MIT
#include "service/bundle_memory.hpp"

#include "support/memory_journal.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

MappingName mapping(int number) {
    return MappingName(fmt::format("mapping{}", number));
}

KnownBundle bundle(int number) {
    KnownBundle known;
    known.seal = Seal(fmt::format("seal{}", number));
    return known;
}

TEST_CASE("what many lineages held is written down in a few commits, and known to the next run") {
    tests::MemoryJournal journal;
    int commits = 0;
    journal.before_write = [&](std::string_view) {
        ++commits;
        return Result<void>();
    };
    BundleMemory memory(journal);
    for (int number = 0; number < 1000; ++number) memory.keep(mapping(number), bundle(number));
    CHECK(memory.find(mapping(999)) == bundle(999));
    while (memory.write_some()) {
    }
    CHECK(commits > 1);
    CHECK(commits < 20);
    CHECK_FALSE(memory.write_some());

    BundleMemory next(journal);
    for (int number = 0; number < 1000; ++number) CHECK(next.find(mapping(number)) == bundle(number));
    CHECK_FALSE(next.find(mapping(1000)).has_value());
}

TEST_CASE("what the journal cannot take is offered again") {
    tests::MemoryJournal journal;
    bool full = true;
    journal.before_write = [&](std::string_view) {
        return full ? Result<void>(Error(Errc::journal_unwritable, "full")) : Result<void>();
    };
    BundleMemory memory(journal);
    memory.keep(mapping(1), bundle(1));
    CHECK_FALSE(memory.write_some());
    CHECK(memory.find(mapping(1)) == bundle(1));
    CHECK_FALSE(BundleMemory(journal).find(mapping(1)).has_value());

    full = false;
    CHECK_FALSE(memory.write_some());
    CHECK(BundleMemory(journal).find(mapping(1)) == bundle(1));
}

}  // namespace
}  // namespace certferry
