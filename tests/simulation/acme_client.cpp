// SPDX-License-Identifier: MIT
#include "simulation/acme_client.hpp"

#include <algorithm>

namespace certferry::simulation {

using namespace std::chrono_literals;

void AcmeClient::begin() {
    written_ = &series_.regular.front();
    put(key(), written_->key);
    put(chain(), written_->chain);
    for (std::size_t generation = 1; generation < Series::generations; ++generation) {
        const SteadyTime issued = SteadyTime() + series_.period * generation;
        const SteadyTime moment = issued + ports_.chance.between(2h, series_.period * 2 / 3);
        ports_.timeline.at(moment, [this, generation] { renew(generation); });
    }
}

void AcmeClient::write_last() {
    over_ = true;
    const auto generation =
        static_cast<std::size_t>((ports_.timeline.now() - SteadyTime() - 1h) / series_.period);
    written_ = &series_.again.at(std::min(generation, Series::generations - 1));
    ports_.story.tell("acme", "{} is renewed for the last time: {}", name_, written_->name);
    put(key(), written_->key);
    put(chain(), written_->chain);
}

// What is bad is followed by the right one, a good while later.
void AcmeClient::renew(std::size_t generation) {
    if (over_) return;
    if (!ports_.weather.strikes(Fault::bad_bundle)) {
        write(series_.regular[generation]);
        return;
    }
    write(bad(generation));
    ports_.timeline.in(ports_.chance.between(1h, series_.period / 4), [this, generation] {
        if (!over_) write(series_.regular[generation]);
    });
}

const Issued& AcmeClient::bad(std::size_t generation) {
    switch (ports_.chance.below(3)) {
        case 0:
            return series_.staging[generation];
        case 1:
            return series_.narrow[generation];
        default:
            return series_.regular[std::max<std::size_t>(generation, 2) - 2];  // before the deployed one
    }
}

void AcmeClient::write(const Issued& issued) {
    ports_.story.tell("acme", "{} is renewed: {}", name_, issued.name);
    written_ = &issued;
    struct Step {
        std::filesystem::path path;
        std::string text;
    };
    std::vector<Step> steps = {{key(), issued.key}, {chain(), issued.chain}};
    if (ports_.chance.one_in(2)) std::swap(steps[0], steps[1]);
    if (ports_.chance.one_in(2)) {  // in place: empty, then half of it, then all
        steps.insert(steps.begin() + 1, {steps[0].path, steps[0].text});
        steps[0].text = steps[0].text.substr(0, steps[0].text.size() / 2);
        steps.insert(steps.begin(), {steps[0].path, ""});
    }
    const bool torn = ports_.weather.strikes(Fault::torn_files);
    Duration later{};
    for (const Step& step : steps) {
        ports_.timeline.in(later, [this, step] {
            if (!over_) put(step.path, step.text);
        });
        later += torn ? ports_.chance.between(10ms, 20s) : 0ms;
    }
}

void AcmeClient::put(const std::filesystem::path& path, const std::string& text) {
    ports_.files.write(path, text);
    if (!ports_.weather.strikes(Fault::lost_event)) ports_.changed(path.parent_path());
}

}  // namespace certferry::simulation
