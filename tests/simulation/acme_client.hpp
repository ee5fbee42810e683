// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/certificates.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/weather.hpp"
#include "support/fake_files.hpp"

#include <functional>
#include <string>

namespace certferry::simulation {

/// Keeps one lineage renewed, as ACME clients do: file by file, key or chain first, in place or not, at once
/// or with time in between; now and then something that must not be deployed.
class AcmeClient {
public:
    struct Ports {
        Timeline& timeline;
        Weather& weather;
        Chance& chance;
        Story& story;
        tests::FakeFiles& files;
        std::function<void(const std::filesystem::path&)> changed;  // in a directory
    };

    AcmeClient(std::string name, const Series& series, Ports ports)
        : name_(std::move(name)), series_(series), ports_(std::move(ports)) {}

    const std::string& name() const { return name_; }
    std::filesystem::path directory() const { return "/live/" + name_; }
    std::filesystem::path chain() const { return directory() / "fullchain.pem"; }
    std::filesystem::path key() const { return directory() / "privkey.pem"; }

    /// Writes generation 0 now, and plans all that follow.
    void begin();

    /// Writes the newest certificate that can be had now, at once; one that was never written before. Nothing
    /// follows it.
    void write_last();

    /// What was written last, whole or not yet.
    const Issued& written() const { return *written_; }

private:
    void renew(std::size_t generation);
    const Issued& bad(std::size_t generation);
    void write(const Issued& issued);
    void put(const std::filesystem::path& path, const std::string& text);

    std::string name_;
    const Series& series_;
    Ports ports_;
    const Issued* written_ = nullptr;
    bool over_ = false;
};

}  // namespace certferry::simulation
