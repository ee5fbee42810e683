// SPDX-License-Identifier: MIT
#include "config/toml_loader.hpp"

#include "base/posix_files.hpp"
#include "config/check.hpp"
#include "config/toml_read.hpp"
#include "config/toml_shape.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::size_t largest_file = 16UL * 1024 * 1024;

class Loading {
public:
    void load(const std::filesystem::path& file, std::string_view remedy) {
        const Result<FileContents> contents = PosixFiles().read(file, largest_file);
        if (!contents) {
            refuse(file, contents.error().message(), remedy);
            return;
        }
        const std::string_view text = contents->bytes.reveal();
        parse(text, report_.add_file(file, text));
    }

    /// `message` may begin with the file's name, as those of Files do.
    void refuse(const std::filesystem::path& file, std::string message, std::string_view remedy) {
        const std::string prefix = file.string() + ": ";
        if (message.starts_with(prefix)) message.erase(0, prefix.size());
        report_.add({report_.add_file(file), 0, 0}, std::move(message), std::string(remedy));
        complete_ = false;
    }

    const Draft& draft() const { return draft_; }

    Loaded finish() {
        // What a file that could not be read would have said is unknown: names in it are not missing.
        if (!complete_) return report_.sorted();
        Config config = check(draft_, report_);
        if (!report_.clean()) return report_.sorted();
        return config;
    }

private:
    void parse(std::string_view text, std::size_t file) {
        try {
            const toml::table document = toml::parse(text);
            check_shape(document, file, report_);
            read_document(document, file, draft_, report_);
        } catch (const toml::parse_error& error) {
            report_.add(place(file, error.source()), sentence(error), remedy(error));
            complete_ = false;
        }
    }

    static std::string sentence(const toml::parse_error& error) {
        constexpr std::string_view preamble = "Error while parsing ";
        std::string_view description = error.description();
        if (description.starts_with(preamble)) description.remove_prefix(preamble.size());
        return fmt::format("this is not TOML: {}", description);
    }

    static std::string remedy(const toml::parse_error& error) {
        const std::string_view description = error.description();
        if (description.ends_with("could not determine value type"))
            return "a text stands in quotes, as in region = \"ap-guangzhou\"";
        if (description.find("redefine") != std::string_view::npos) return "keep one of the two";
        return {};
    }

    Report report_;
    Draft draft_;
    bool complete_ = true;
};

// Hidden files are left alone: editors put their locks and copies there.
bool is_part(const std::filesystem::path& file) {
    return file.extension() == ".toml" && !file.filename().string().starts_with('.');
}

// Every file of the configuration, in order.
void load_all(Loading& loading, const std::filesystem::path& main_file) {
    loading.load(main_file, "name the configuration with --config, and let the daemon's user read it");

    const std::filesystem::path directory = main_file.parent_path() / "conf.d";
    std::vector<std::filesystem::path> parts;
    std::error_code error;
    for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
         at.increment(error))
        if (is_part(at->path())) parts.push_back(at->path());
    if (error && error != std::errc::no_such_file_or_directory)
        loading.refuse(directory, error.message(), "let the daemon's user read the directory");

    std::sort(parts.begin(), parts.end());
    for (const auto& part : parts) loading.load(part, "let the daemon's user read it, or remove it");
}

}  // namespace

Loaded load(const std::filesystem::path& main_file) {
    Loading loading;
    load_all(loading, main_file);
    return loading.finish();
}

std::optional<Config> load_or_complain(const std::filesystem::path& main_file, std::ostream& complaints) {
    Loaded loaded = load(main_file);
    if (auto* const config = std::get_if<Config>(&loaded)) return std::move(*config);
    for (const Problem& problem : std::get<std::vector<Problem>>(loaded)) complaints << format(problem);
    return std::nullopt;
}

std::filesystem::path control_socket_in(const std::filesystem::path& main_file) {
    Loading loading;
    load_all(loading, main_file);
    return loading.draft().daemon.control_socket;
}

}  // namespace certferry::config
