#pragma once
/// Consents of one scenario by the partner's id of the person, remembered while a file is read.
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "rooms/activity/intake.h"
#include "store/database.h"

namespace tanpuhui {

class ConsentBook {
 public:
  ConsentBook(Database& database, ScenarioId scenario) : database_(database), scenario_(scenario) {}
  /// In order of their start; empty when the person is unknown. Valid until the next call.
  const std::vector<ConsentInterval>& of(std::string_view subject);

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<ConsentInterval> load(std::string_view subject);

  Database& database_;
  ScenarioId scenario_;
  std::unordered_map<std::string, std::vector<ConsentInterval>, TextHash, std::equal_to<>> known_;
};

}  // namespace tanpuhui
