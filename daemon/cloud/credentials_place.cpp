// SPDX-License-Identifier: MIT
#include "cloud/credentials_place.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

bool surrounded_by_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    return blanks.find(text.front()) != std::string_view::npos ||
           blanks.find(text.back()) != std::string_view::npos;
}

}  // namespace

Awaitable<Result<Credentials>> FirstOfPlaces::look() {
    std::string reasons;
    for (const std::unique_ptr<CredentialsPlace>& place : places_) {
        Result<Credentials> found = co_await place->look();
        if (found) co_return found;
        const Error reason = found.error();
        reasons += (reasons.empty() ? "" : "; ") + reason.message();
        if (reason.code() != Errc::file_missing)
            co_return Error(reason.code(), reasons).with_remedy(std::string(reason.remedy()));
    }
    co_return Error(Errc::credentials_missing, reasons);
}

Result<Credentials> without_blanks(Result<Credentials> found) {
    if (!found) return found;
    if (surrounded_by_blanks(found->secret_id) || surrounded_by_blanks(found->secret_key.reveal()))
        return Error(Errc::credentials_missing,
                     fmt::format("{}: there are blanks around the secret id or key", found->source))
            .with_remedy("remove them");
    return found;
}

}  // namespace certferry
