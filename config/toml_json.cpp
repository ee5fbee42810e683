// SPDX-License-Identifier: MIT
#include "config/toml_json.hpp"

#include "config/render.hpp"

#include <sstream>

#include <boost/json/parse.hpp>
#include <toml++/toml.h>

namespace certferry::config {

boost::json::object to_json(const Config& config) {
    const toml::table document = toml::parse(render(config));
    std::ostringstream text;
    text << toml::json_formatter(document);
    return boost::json::parse(text.str()).as_object();
}

}  // namespace certferry::config
