#pragma once
/// Methodologies as JSON, as api/openapi.yaml lays them out.
#include <map>
#include <string>

#include <boost/json.hpp>

#include "methodology/methodology.h"

namespace tanpuhui {

boost::json::object methodology_list_json(const std::map<std::string, Methodology>& methodologies);
boost::json::object methodology_json(const Methodology& methodology);

}  // namespace tanpuhui
