// SPDX-License-Identifier: MIT
#include "watch/chain.hpp"

#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using Paths = std::vector<std::filesystem::path>;

std::vector<Step> steps_to(const Files& files, const Paths& paths) {
    MetLinks met;
    return steps_of(files, paths, met);
}

using Directories = std::set<std::string>;

Directories directories_of(const Files& files, const std::filesystem::path& path) {
    Directories directories;
    for (const Step& step : steps_to(files, {path})) directories.insert(step.directory);
    return directories;
}

// What is in it: links with their targets, anything else with none. The rest does not exist.
class Tree final : public Files {
public:
    Tree(std::initializer_list<std::pair<const std::filesystem::path, std::filesystem::path>> entries)
        : entries_(entries) {}

    void set(const std::filesystem::path& link, const std::filesystem::path& target) {
        entries_[link] = target;
    }

    Result<std::filesystem::path> link_target(const FilePath& path) const override {
        const auto found = entries_.find(path);
        if (found == entries_.end()) return Error(Errc::file_missing, path.string());
        return found->second;
    }
    Result<FileContents> read(const FilePath& path, std::size_t) const override {
        return Error(Errc::file_missing, path.string());
    }
    Result<FileStamp> stamp(const FilePath& path) const override {
        return Error(Errc::file_missing, path.string());
    }
    Result<std::vector<std::string>> names_in(const FilePath& path) const override {
        return Error(Errc::file_missing, path.string());
    }

private:
    std::map<std::filesystem::path, std::filesystem::path> entries_;
};

TEST_CASE("a plain path is looked up in each of its parents") {
    const Tree files{
        {"/etc", ""}, {"/etc/ssl", ""}, {"/etc/ssl/shop", ""}, {"/etc/ssl/shop/fullchain.pem", ""}};
    CHECK(directories_of(files, "/etc/ssl/shop/fullchain.pem") ==
          Directories{"/", "/etc", "/etc/ssl", "/etc/ssl/shop"});
}

TEST_CASE("dots and doubled slashes in a path change nothing") {
    CHECK(directories_of(Tree{}, "/etc//ssl/./shop/../shop/fullchain.pem") ==
          Directories{"/", "/etc", "/etc/ssl", "/etc/ssl/shop"});
}

TEST_CASE("certbot: the link's directory and the archive") {
    const Tree files{{"/le/live/web/privkey.pem", "../../archive/web/privkey2.pem"}};
    CHECK(directories_of(files, "/le/live/web/privkey.pem") ==
          Directories{"/", "/le", "/le/archive", "/le/archive/web", "/le/live", "/le/live/web"});
}

TEST_CASE("Kubernetes: the volume and the data directory of the moment") {
    Tree files{{"/tls/tls.crt", "..data/tls.crt"}, {"/tls/..data", "..2026_11_24"}};
    CHECK(directories_of(files, "/tls/tls.crt") == Directories{"/", "/tls", "/tls/..2026_11_24"});
    files.set("/tls/..data", "..2026_12_24");
    CHECK(directories_of(files, "/tls/tls.crt") == Directories{"/", "/tls", "/tls/..2026_12_24"});
}

TEST_CASE("a link to a directory is followed into what it names, absolute or not") {
    const Tree relative{{"/srv/live", "releases/7"}};
    CHECK(directories_of(relative, "/srv/live/crt.pem") ==
          Directories{"/", "/srv", "/srv/releases", "/srv/releases/7"});
    const Tree absolute{{"/srv/live", "/mnt/7"}};
    CHECK(directories_of(absolute, "/srv/live/crt.pem") == Directories{"/", "/mnt", "/mnt/7", "/srv"});
}

TEST_CASE("dot-dot behind a link leaves what the link names, not where it stands") {
    const Tree files{{"/srv/live", "/mnt/certs/7"}};
    CHECK(directories_of(files, "/srv/live/../common/crt.pem") ==
          Directories{"/", "/mnt", "/mnt/certs", "/mnt/certs/common", "/srv"});
}

TEST_CASE("dot-dot above the root stays at the root") {
    const Tree files{{"/crt.pem", "../../../etc/crt.pem"}};
    CHECK(directories_of(files, "/crt.pem") == Directories{"/", "/etc"});
}

TEST_CASE("links in a loop end, with the directories they were met in") {
    const Tree files{{"/a/x", "../b/y"}, {"/b/y", "../a/x"}};
    CHECK(directories_of(files, "/a/x") == Directories{"/", "/a", "/b"});
}

TEST_CASE("forty links are followed, as in Linux, and no more") {
    Tree files{};
    for (int i = 1; i <= 41; ++i)
        files.set("/links/" + std::to_string(i), i < 41 ? std::to_string(i + 1) : "/beyond/crt.pem");
    CHECK(directories_of(files, "/links/2") == Directories{"/", "/beyond", "/links"});
    CHECK(directories_of(files, "/links/1") == Directories{"/", "/links"});
}

TEST_CASE("a path that does not exist yet names the directories in which it will appear") {
    CHECK(directories_of(Tree{}, "/etc/letsencrypt/live/web/cert.pem") ==
          Directories{"/", "/etc", "/etc/letsencrypt", "/etc/letsencrypt/live", "/etc/letsencrypt/live/web"});
}

TEST_CASE("a dangling link names the directories in which its target will appear") {
    const Tree files{{"/tls/crt.pem", "/mnt/later/crt.pem"}};
    CHECK(directories_of(files, "/tls/crt.pem") == Directories{"/", "/mnt", "/mnt/later", "/tls"});
}

TEST_CASE("in one pass, what many have on their way is looked at once, what only one has each time") {
    Tree files{{"/le/current", "7"}};
    MetLinks met;
    const auto homes = [&](const char* chain) {
        Directories directories;
        for (const Step& step : steps_of(files, {chain}, met)) directories.insert(step.directory);
        return directories;
    };
    CHECK(homes("/le/current/a.pem").contains("/le/7"));
    files.set("/le/current", "8");
    files.set("/le/7/a.pem", "/mnt/a.pem");
    CHECK(homes("/le/current/b.pem").contains("/le/7"));
    CHECK(homes("/le/current/a.pem").contains("/mnt"));
    met = MetLinks();
    CHECK(homes("/le/current/a.pem").contains("/le/8"));
}

TEST_CASE("the steps to a certificate and its key are named once each, a parent before what is in it") {
    const Tree files{{"/tls/crt.pem", "../mnt/7.pem"}};
    const std::vector<Step> steps = steps_to(files, Paths{"/tls/crt.pem", "/tls/private/key.pem"});
    const std::vector<Step> expected{{"/", "mnt"},        {"/", "tls"},        {"/mnt", "7.pem"},
                                     {"/tls", "crt.pem"}, {"/tls", "private"}, {"/tls/private", "key.pem"}};
    CHECK((steps == expected));
}

}  // namespace
}  // namespace certferry
