// SPDX-License-Identifier: MIT
#include "report/notices.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace certferry {
namespace {

constexpr Duration told_again_after = std::chrono::hours(24);
// Of a certificate that the cloud did not describe well.
constexpr Duration usual_life = std::chrono::days(90);

Notice notice_of(NoticeKind kind, const TargetCondition& target) {
    Notice notice;
    notice.kind = kind;
    notice.mapping = target.mapping;
    notice.target = target.target;
    notice.reason = target.reason;
    notice.why = target.why;
    notice.next = target.next;
    notice.deployed = target.deployed;
    if (kind == NoticeKind::rotated) notice.replaced = target.replaced;
    if (target.certificate) notice.valid_until = target.certificate->not_after;
    return notice;
}

// One target: moves what was told to what is, and says what is news on the way.
class Telling {
public:
    Telling(const TargetCondition& target, Told before, WallTime now)
        : target_(target), now_(now), told_(std::move(before)) {}

    std::vector<Notice> news() {
        tell_failure();
        tell_rotation();
        tell_expiry();
        return std::move(notices_);
    }

    const Told& told() const { return told_; }

private:
    void tell_failure() {
        const bool was_failing = !told_.trouble.empty();
        if (target_.condition == Condition::failing && told_.trouble != target_.trouble) {
            told_.trouble = target_.trouble;
            told_.since = told_.at = now_;
            add(NoticeKind::failed);
        } else if (target_.condition == Condition::failing && now_ - told_.at >= told_again_after) {
            told_.at = now_;
            add(NoticeKind::still_failing);
        } else if (target_.condition == Condition::well && was_failing) {
            told_.trouble.clear();
            told_.at = now_;
            add(NoticeKind::recovered);
        }
    }

    // What has recovered has been told.
    void tell_rotation() {
        if (target_.done <= told_.rotation) return;
        told_.rotation = target_.done;
        const bool moved = target_.replaced != target_.deployed;
        if (moved && notices_.empty()) add(NoticeKind::rotated);
    }

    void tell_expiry() {
        const unsigned step = target_.certificate ? expiry_step(*target_.certificate, now_) : 0;
        const bool other = told_.expiring != target_.deployed;
        if (step == 0 && other) {
            told_.expiring = CertificateId();
            told_.expiring_step = 0;
        }
        if (step == 0 || (!other && step <= told_.expiring_step)) return;
        told_.expiring = target_.deployed;
        told_.expiring_step = step;
        add(NoticeKind::expiring);
    }

    void add(NoticeKind kind) { notices_.push_back(notice_of(kind, target_)); }

    const TargetCondition& target_;
    WallTime now_;
    Told told_;
    std::vector<Notice> notices_;
};

}  // namespace

std::string_view to_text(NoticeKind kind) {
    constexpr std::array<std::string_view, 6> words = {"failed",    "still_failing", "expiring",
                                                       "recovered", "rotated",       "test"};
    return words.at(static_cast<std::size_t>(kind));
}

unsigned expiry_step(const CertificateFacts& certificate, WallTime now) {
    const bool known = certificate.not_before != std::chrono::sys_seconds();
    const Duration life = known ? Duration(certificate.not_after - certificate.not_before) : usual_life;
    const Duration left = certificate.not_after - now;
    if (left <= Duration::zero()) return 4;
    if (left <= life / 20) return 3;
    if (left <= life / 10) return 2;
    return left <= life / 5 ? 1 : 0;
}

ToldByTarget first_acquaintance(const std::vector<TargetCondition>& targets, const ToldByTarget& told,
                                WallTime since) {
    ToldByTarget acquainted;
    for (const TargetCondition& target : targets) {
        if (told.contains(target.target)) continue;
        Told& now = acquainted[target.target];
        if (target.done_at < std::max(since, target.told_since)) now.rotation = target.done;
    }
    return acquainted;
}

bool differs(const TargetCondition& target, const ToldByTarget& told, WallTime now) {
    const auto before = told.find(target.target);
    if (before == told.end()) return true;
    Telling telling(target, before->second, now);
    return !telling.news().empty() || telling.told() != before->second;
}

Decision decide(const std::vector<TargetCondition>& targets, const ToldByTarget& told, WallTime now,
                std::size_t most) {
    Decision decision;
    for (const TargetCondition& target : targets) {
        const auto before = told.find(target.target);
        if (before == told.end()) continue;
        Telling telling(target, before->second, now);
        std::vector<Notice> news = telling.news();
        if (decision.notices.size() + news.size() > most) break;
        decision.notices.insert(decision.notices.end(), std::make_move_iterator(news.begin()),
                                std::make_move_iterator(news.end()));
        if (before->second != telling.told()) decision.told[target.target] = telling.told();
    }
    return decision;
}

}  // namespace certferry
