// SPDX-License-Identifier: MIT
#include "service/posix_landlock.hpp"

#include "base/posix_files.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace fs = std::filesystem;

// What Linux's headers have had since ABI 3 and 4 (include/uapi/linux/landlock.h); Debian 12's have not.
constexpr std::uint64_t access_fs_truncate = 1ULL << 14U;
constexpr std::uint64_t access_net_connect_tcp = 1ULL << 1U;
constexpr int rule_net_port = 2;
struct RulesetAttributes {
    std::uint64_t handled_access_fs;
    std::uint64_t handled_access_net;
};
struct NetPortAttributes {
    std::uint64_t allowed_access;
    std::uint64_t port;
};

constexpr int abi_with_truncate = 3;
constexpr int abi_with_ports = 4;

constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                  LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

int call(long number, auto... arguments) {
    return static_cast<int>(::syscall(number, arguments...));
}

OwnedDescriptor open_nearest(fs::path directory) {
    for (;;) {
        OwnedDescriptor opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (opened.valid() || !directory.has_relative_path()) return opened;
        directory = directory.parent_path();
    }
}

class Ruleset {
public:
    Ruleset(int abi, bool limits_ports)
        : files_(reading | writing | (abi >= abi_with_truncate ? access_fs_truncate : 0)),
          ports_(limits_ports ? access_net_connect_tcp : 0),
          descriptor_(create(abi)) {}

    bool valid() const { return descriptor_.valid(); }

    bool allow_below(const fs::path& directory, std::uint64_t access) {
        const OwnedDescriptor opened = open_nearest(directory);
        landlock_path_beneath_attr rule{};
        rule.allowed_access = access & files_;
        rule.parent_fd = opened.get();
        return add(LANDLOCK_RULE_PATH_BENEATH, &rule);
    }

    bool allow_port(std::uint16_t port) {
        const NetPortAttributes rule{access_net_connect_tcp, port};
        return add(rule_net_port, &rule);
    }

    bool enforce() const {
        return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
               call(SYS_landlock_restrict_self, descriptor_.get(), 0) == 0;
    }

private:
    int create(int abi) const {
        const RulesetAttributes attributes{files_, ports_};
        const std::size_t size =
            abi >= abi_with_ports ? sizeof attributes : sizeof attributes.handled_access_fs;
        return call(SYS_landlock_create_ruleset, &attributes, size, 0);
    }

    bool add(int type, const void* rule) {
        return call(SYS_landlock_add_rule, descriptor_.get(), type, rule, 0) == 0;
    }

    std::uint64_t files_;
    std::uint64_t ports_;
    OwnedDescriptor descriptor_;
};

bool allow(Ruleset& rules, const Confinement& confinement) {
    bool allowed = true;
    for (const fs::path& directory : confinement.readable)
        allowed = rules.allow_below(directory, reading) && allowed;
    for (const fs::path& directory : confinement.writable)
        allowed = rules.allow_below(directory, reading | writing | access_fs_truncate) && allowed;
    for (const std::uint16_t port : confinement.ports) allowed = rules.allow_port(port) && allowed;
    return allowed;
}

}  // namespace

// All or nothing: a rule that is missing would take away what is needed.
std::optional<Confined> confine(Confinement confinement) {
    const int abi = call(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) return std::nullopt;
    if (abi < abi_with_ports) confinement.ports.clear();
    Ruleset rules(abi, !confinement.ports.empty());
    if (!rules.valid() || !allow(rules, confinement) || !rules.enforce()) return std::nullopt;
    return Confined{abi, std::move(confinement)};
}

}  // namespace certferry
