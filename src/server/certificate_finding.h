#pragma once
/// Checks a certificate file with the log's key and says the finding as JSON: {valid, facts} or {valid, refusal}.
#include <string_view>

#include <boost/json.hpp>

#include "journal/checkpoint.h"

namespace tanpuhui {

boost::json::object certificate_finding(std::string_view file, const LogKey& key);

}  // namespace tanpuhui
