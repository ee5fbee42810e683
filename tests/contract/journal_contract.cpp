// SPDX-License-Identifier: MIT
#include "contract/journal_contract.hpp"

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

using namespace std::chrono_literals;

const WallTime morning{Duration(1'790'000'000'123)};
const TargetKey www{AccountName("default"), CertificateId("4b9fc92b")};
const TargetKey shop{AccountName("default"), CertificateId("Ku8h1lfR")};
const TargetKey www_overseas{AccountName("overseas"), CertificateId("4b9fc92b")};

CertificateFacts facts(std::string fingerprint) {
    CertificateFacts certificate;
    certificate.fingerprint = Fingerprint(std::move(fingerprint));
    certificate.not_before = std::chrono::sys_seconds(1'789'000'000s);
    certificate.not_after = std::chrono::sys_seconds(1'796'000'000s);
    certificate.names = {"192.0.2.7", "example.com", "www.example.com"};
    certificate.issuer = "CN=R11, O=Let's Encrypt, C=US";
    return certificate;
}

BindingSet bindings() {
    Binding full;
    full.place = {"lb-1", "lbl-a", ""};
    full.region = "gz";
    full.ssl_mode = "mutual";
    full.verify_client = "optional";
    full.client_ca = "caid";
    full.beside = {CertificateId("ecc"), CertificateId("rsa")};
    full.classic = true;
    Binding bare;
    bare.place = {"lb-1", "lbl-a", "é.example"};
    bare.as_client_ca = true;
    return {full, bare};
}

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.has_value(), result.error().message());
    return *std::move(result);
}

void must(const Result<void>& result) {
    REQUIRE_MESSAGE(result.has_value(), result.error().message());
}

template <class T>
void must_conflict(const Result<T>& result) {
    REQUIRE(result.has_error());
    CHECK_MESSAGE(result.error().code() == Errc::journal_conflict, result.error().message());
}

// A whole rotation of www that ends as done, from whatever its head is.
Rotation rotate(Journal& journal, const TargetKey& target, const char* new_id, const char* bundle) {
    const Succession before = must(journal.succession(target, morning));
    Rotation rotation = must(journal.begin(planned_rotation(target, before.head().id.str().c_str(), bundle)));
    rotation.new_id = CertificateId(new_id);
    rotation.stage = Stage::verifying;
    rotation.changed += 1min;
    must(journal.conclude(rotation, "proven"));
    return rotation;
}

void a_new_target(Journal& journal) {
    const Succession first = must(journal.succession(www, morning));
    REQUIRE(first.entries.size() == 1);
    CHECK(first.head().id == www.configured_id);
    CHECK(first.head().since == morning);
    CHECK_FALSE(first.head().certificate.has_value());
    CHECK_MESSAGE(must(journal.targets()).empty(), "reading makes no target known");
    CHECK_FALSE(must(journal.open_rotation(www)).has_value());
    CHECK(must(journal.rotations(www, 10)).empty());
    CHECK(must(journal.history(www, 10)).empty());

    const Rotation begun = must(journal.begin(planned_rotation(www, "4b9fc92b", "aa")));
    CHECK_MESSAGE(must(journal.succession(www, begun.began + 24h)).head().since == begun.began,
                  "a target is new only once");
}

// However long the succession is, and while it is that of a target which the journal does not know.
void the_head(Journal& journal) {
    CHECK(must(journal.head(www, morning)) == must(journal.succession(www, morning)).head());
    for (const char* const renewal : {"aa", "bb", "cc"}) {
        rotate(journal, www, renewal, renewal);
        CHECK(must(journal.head(www, morning)) == must(journal.succession(www, morning)).head());
        CHECK(must(journal.head(www, morning)).id == CertificateId(renewal));
    }
    CHECK(must(journal.head(shop, morning)).id == shop.configured_id);
}

void learning_the_head(Journal& journal) {
    must_conflict(journal.learn_head(www, facts("aa")));
    must(journal.begin(planned_rotation(www, "4b9fc92b", "aa")));

    CertificateFacts from_the_api = facts("");
    must(journal.learn_head(www, from_the_api));
    CHECK(must(journal.succession(www, morning)).head().certificate == from_the_api);

    must(journal.learn_head(www, facts("aa")));
    CHECK(must(journal.succession(www, morning)).head().certificate == facts("aa"));

    must(journal.learn_head(www, from_the_api));
    CHECK_MESSAGE(must(journal.succession(www, morning)).head().certificate == facts("aa"),
                  "what is known with its fingerprint stays");
}

void everything_of_a_rotation_is_kept(const OpenJournal& open) {
    Rotation rotation = planned_rotation(www, "4b9fc92b", "aa");
    {
        const auto journal = open();
        rotation = must(journal->begin(rotation));
        CHECK(rotation.number > 0);
        CHECK(rotation.changed == rotation.began);
        CHECK(must(journal->open_rotation(www)) == rotation);

        rotation.stage = Stage::replacing;
        rotation.mapping = MappingName("renamed");
        rotation.new_id = CertificateId("e2b6d555");
        rotation.uploaded = true;
        rotation.bindings = bindings();
        rotation.request = RequestId("3c2b0a7e-…");
        rotation.failures = 3;
        rotation.changed = rotation.began + 90s;
        Pause pause;
        pause.kind = PauseKind::waiting;
        pause.reason = "api_busy";
        pause.detail = std::string("it said \"no\"\xff\0 and more", 23);
        pause.next_attempt = morning + 1h;
        rotation.pause = pause;
        must(journal->record(rotation, "the load balancer is busy"));
    }
    const auto journal = open();
    CHECK(must(journal->open_rotation(www)) == rotation);
    CHECK(must(journal->rotations(www, 1)).front() == rotation);

    const auto history = must(journal->history(www, 10));
    REQUIRE(history.size() == 2);
    CHECK(history[0].rotation == rotation.number);
    CHECK(history[0].target == www);
    CHECK(history[0].state == "planned");
    CHECK(history[0].at == rotation.began);
    CHECK_FALSE(history[0].detail.empty());
    CHECK(history[1].state == "waiting");
    CHECK(history[1].at == rotation.changed);
    CHECK(history[1].detail == "the load balancer is busy");
}

void one_open_rotation(Journal& journal) {
    Rotation first = must(journal.begin(planned_rotation(www, "4b9fc92b", "aa")));
    must_conflict(journal.begin(planned_rotation(www, "4b9fc92b", "bb")));
    CHECK(must(journal.open_rotation(www)) == first);
    must(journal.begin(planned_rotation(shop, "Ku8h1lfR", "aa")));
    must(journal.begin(planned_rotation(www_overseas, "4b9fc92b", "aa")));
    const auto latest = must(journal.latest_history(2));
    REQUIRE(latest.size() == 2);
    CHECK(latest[0].target == www_overseas);
    CHECK(latest[1].target == shop);
    CHECK(must(journal.latest_history(10)).size() == 3);

    first.stage = Stage::superseded;
    first.pause = Pause{PauseKind::held, "names_lost", "it lacks www.example.com", {}};
    must(journal.record(first, "a newer bundle came"));
    CHECK(must(journal.history(www, 10)).back().state == "superseded");
    CHECK_FALSE(must(journal.rotations(www, 1)).front().pause.has_value());
    CHECK_FALSE(must(journal.open_rotation(www)).has_value());
    const Rotation second = must(journal.begin(planned_rotation(www, "4b9fc92b", "bb")));
    CHECK(second.number > first.number);
    CHECK(must(journal.open_rotation(www)) == second);
    const auto last = must(journal.history(www, 2));
    REQUIRE(last.size() == 2);
    CHECK(last[0].state == "superseded");
    CHECK(last[1].rotation == second.number);
}

void what_is_over_stays_over(Journal& journal) {
    Rotation over = rotate(journal, www, "e2b6d555", "aa");
    must_conflict(journal.record(over, "again"));
    must_conflict(journal.conclude(over, "again"));

    Rotation open = must(journal.begin(planned_rotation(www, "e2b6d555", "bb")));
    Rotation done = open;
    done.stage = Stage::done;
    done.new_id = CertificateId("11111111");
    must_conflict(journal.record(done, "not this way"));
    must_conflict(journal.conclude(open, "without a new id"));
    Rotation stranger = open;
    stranger.target = shop;
    must_conflict(journal.record(stranger, "not its target"));
    stranger = open;
    stranger.number += 1;
    must_conflict(journal.record(stranger, "not its number"));

    CHECK(must(journal.open_rotation(www)) == open);
    CHECK(must(journal.succession(www, morning)).entries.size() == 2);
    CHECK(must(journal.history(www, 10)).size() == 3);
}

void the_succession_grows(const OpenJournal& open) {
    {
        const auto journal = open();
        rotate(*journal, www, "e2b6d555", "aa");
        rotate(*journal, www, "0a0a0a0a", "bb");
        rotate(*journal, www, "e2b6d555", "aa");
    }
    const auto journal = open();
    const Succession grown = must(journal->succession(www, morning));
    REQUIRE(grown.entries.size() == 4);
    CHECK(grown.entries[0].id == www.configured_id);
    CHECK(grown.entries[1].id == CertificateId("e2b6d555"));
    CHECK(grown.entries[2].id == CertificateId("0a0a0a0a"));
    CHECK_MESSAGE(grown.head().id == CertificateId("e2b6d555"), "going back is growing too");
    CHECK(grown.head().since == morning + 1min);
    CHECK(grown.head().certificate == facts("aa"));
    CHECK(must(journal->succession(shop, morning)).entries.size() == 1);

    const auto all = must(journal->rotations(www, 10));
    REQUIRE(all.size() == 3);
    CHECK(all.front().number > all.back().number);
    CHECK(all.front().stage == Stage::done);
    CHECK(must(journal->rotations(www, 2)).size() == 2);
    CHECK(must(journal->history(www, 10)).back().state == "done");
}

void the_succession_never_forks(Journal& journal) {
    rotate(journal, www, "e2b6d555", "aa");
    must_conflict(journal.begin(planned_rotation(www, "4b9fc92b", "bb")));

    Rotation rotation = must(journal.begin(planned_rotation(www, "e2b6d555", "bb")));
    rotation.old_id = CertificateId("4b9fc92b");
    rotation.new_id = CertificateId("0a0a0a0a");
    const auto forked = journal.conclude(rotation, "would fork");
    must_conflict(forked);
    CHECK(forked.error().message().find("4b9fc92b") != std::string::npos);
    CHECK(forked.error().message().find("e2b6d555") != std::string::npos);

    CHECK_MESSAGE(must(journal.open_rotation(www)).has_value(), "nothing of it was written");
    CHECK(must(journal.succession(www, morning)).entries.size() == 2);
}

void a_head_that_somebody_else_set(const OpenJournal& open) {
    const SuccessionEntry found{CertificateId("c0ffee00"), facts("cc"), morning + 5min, std::nullopt};
    Rotation rotation;
    {
        const auto journal = open();
        rotation = must(journal->begin(planned_rotation(www, "4b9fc92b", "aa")));
        must_conflict(journal->adopt(rotation, found, "does not replace it"));
        rotation.old_id = found.id;
        rotation.changed += 5min;
        must(journal->adopt(rotation, found, "found in its place"));
    }
    const auto journal = open();
    const Succession grown = must(journal->succession(www, morning));
    REQUIRE(grown.entries.size() == 2);
    CHECK(grown.head() == found);
    CHECK(must(journal->open_rotation(www)) == rotation);
    CHECK(must(journal->history(www, 10)).back().detail == "found in its place");
}

void retired_ids(Journal& journal) {
    rotate(journal, www, "e2b6d555", "aa");
    for (const Retirement how : {Retirement::muted, Retirement::removed}) {
        must(journal.retire(www, www.configured_id, how));
        CHECK(must(journal.succession(www, morning)).entries[0].retired == how);
    }
    CHECK_FALSE(must(journal.succession(www, morning)).head().retired.has_value());
    must_conflict(journal.retire(www, CertificateId("e2b6d555"), Retirement::removed));
    must_conflict(journal.retire(www, CertificateId("unknown"), Retirement::removed));
}

void a_bundle_that_was_there_already(Journal& journal) {
    Rotation rotation = must(journal.begin(planned_rotation(www, "4b9fc92b", "aa")));
    rotation.new_id = rotation.old_id;
    must(journal.conclude(rotation, "bound already"));
    const Succession same = must(journal.succession(www, morning));
    CHECK(same.entries.size() == 1);
    CHECK(same.head().certificate == facts("aa"));
    CHECK_FALSE(must(journal.open_rotation(www)).has_value());
}

void a_head_that_a_person_states(const OpenJournal& open) {
    const SuccessionEntry stated{CertificateId("e2b6d555"), facts("aa"), morning + 1h, std::nullopt};
    {
        const auto journal = open();
        Rotation rotation = must(journal->begin(planned_rotation(www, "4b9fc92b", "bb")));
        must_conflict(journal->take_head(www, stated));
        rotation.stage = Stage::superseded;
        must(journal->record(rotation, "out of the way"));
        must(journal->take_head(www, stated));
        must(journal->take_head(shop, stated));
    }
    const auto journal = open();
    CHECK(must(journal->succession(www, morning)).head() == stated);
    CHECK(must(journal->succession(shop, morning)).entries.size() == 2);
}

void all_targets(const OpenJournal& open) {
    {
        const auto journal = open();
        CHECK(must(journal->targets()).empty());
        must(journal->begin(planned_rotation(www, "4b9fc92b", "first")));
        must(journal->begin(planned_rotation(www_overseas, "4b9fc92b", "first")));
    }
    CHECK(must(open()->targets()) == std::vector{www, www_overseas});
}

void uploads(const OpenJournal& open) {
    const auto journal = open();
    Rotation rotation = must(journal->begin(planned_rotation(www, "4b9fc92b", "first")));
    const AccountName& account = www.account;
    const Fingerprint bundle = rotation.bundle.fingerprint;
    rotation.new_id = CertificateId("e2b6d555");
    rotation.stage = Stage::uploaded;
    must(journal->record(rotation, "it was there"));
    CHECK_FALSE(must(journal->uploaded(account, bundle)).has_value());
    rotation.uploaded = true;
    must(journal->record(rotation, "uploaded"));
    CHECK(must(journal->uploaded(account, bundle)) == CertificateId("e2b6d555"));
    CHECK_FALSE(must(journal->uploaded(AccountName("another"), bundle)).has_value());
    CHECK_FALSE(must(journal->uploaded(account, Fingerprint("other"))).has_value());
}

void mappings_on_hold(const OpenJournal& open) {
    const MappingName one("one");
    const MappingName other("other");
    {
        const auto journal = open();
        must(journal->hold(one, morning));
        must(journal->hold(one, morning + 1h));
        must(journal->hold(other, morning + 2h));
        must(journal->release(other));
        must(journal->release(other));
    }
    CHECK(must(open()->on_hold()) == std::map<MappingName, WallTime>{{one, morning}});
}

void what_notifiers_have_told(const OpenJournal& open) {
    const NotifierName ops("ops");
    const NotifierName robot("robot");
    const Told failing{"held:names_lost", morning, morning + 24h, 7, CertificateId("4b9fc92b"), 2};
    const Told well{"", {}, morning + 48h, 8, CertificateId(), 0};
    {
        const auto journal = open();
        must(journal->note_told(ops, {{www, failing}, {shop, failing}}));
        must(journal->note_told(ops, {{shop, well}}));
        must(journal->note_told(robot, {{www, well}}));
    }
    const auto journal = open();
    CHECK(must(journal->told(ops)) == ToldByTarget{{www, failing}, {shop, well}});
    CHECK(must(journal->told(robot)) == ToldByTarget{{www, well}});
    CHECK(must(journal->told(NotifierName("nobody"))).empty());
}

void known_bundles(const OpenJournal& open) {
    const MappingName web("web");
    const MappingName mail("mail");
    {
        const auto journal = open();
        CHECK_FALSE(must(journal->known_bundle(web)).has_value());
        must(journal->know_bundles(
            {{web, {facts("aa"), Seal("first")}}, {mail, {facts("cc"), Seal("mail's")}}}));
        must(journal->know_bundles({{web, {facts("bb"), Seal("second")}}}));
        must(journal->know_bundles({}));
    }
    const auto journal = open();
    CHECK((must(journal->known_bundle(web)) == KnownBundle{facts("bb"), Seal("second")}));
    CHECK((must(journal->known_bundle(mail)) == KnownBundle{facts("cc"), Seal("mail's")}));
}

}  // namespace

Rotation planned_rotation(const TargetKey& target, const char* old_id, const char* bundle) {
    Rotation rotation;
    rotation.target = target;
    rotation.mapping = MappingName("www");
    rotation.bundle = facts(bundle);
    rotation.old_id = CertificateId(old_id);
    rotation.began = morning;
    return rotation;
}

void check_journal_contract(const OpenJournal& open) {
    SUBCASE("a new target's succession is its configured id") {
        a_new_target(*open());
    }
    SUBCASE("the head is the end of the succession") {
        the_head(*open());
    }
    SUBCASE("the head's certificate becomes known, and stays known") {
        learning_the_head(*open());
    }
    SUBCASE("everything of a rotation is there after a restart") {
        everything_of_a_rotation_is_kept(open);
    }
    SUBCASE("a target has one open rotation") {
        one_open_rotation(*open());
    }
    SUBCASE("a rotation that is over cannot be written again") {
        what_is_over_stays_over(*open());
    }
    SUBCASE("the succession grows by what was proven, and survives a restart") {
        the_succession_grows(open);
    }
    SUBCASE("a head that somebody else set is followed") {
        a_head_that_somebody_else_set(open);
    }
    SUBCASE("superseded ids are retired, the head never is") {
        retired_ids(*open());
    }
    SUBCASE("the succession never forks") {
        the_succession_never_forks(*open());
    }
    SUBCASE("a bundle that was there already ends its rotation") {
        a_bundle_that_was_there_already(*open());
    }
    SUBCASE("a head that a person states is taken, but not during a rotation") {
        a_head_that_a_person_states(open);
    }
    SUBCASE("every target that was ever looked at is known") {
        all_targets(open);
    }
    SUBCASE("what was uploaded to an account is known by its fingerprint") {
        uploads(open);
    }
    SUBCASE("mappings that are held by a person, until they are released") {
        mappings_on_hold(open);
    }
    SUBCASE("what each mapping's lineage held is there after a restart") {
        known_bundles(open);
    }
    SUBCASE("what each notifier has told is there after a restart") {
        what_notifiers_have_told(open);
    }
}

}  // namespace certferry::tests
