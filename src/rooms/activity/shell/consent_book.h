#pragma once
/// Consents of one scenario by the partner's id of the person, remembered while files are read. A person is looked up
/// once a line and read from the store once, together with all others that a chunk of lines brings.
///
///   const auto number = book.number_of("rider-1");      // for each line of a chunk
///   book.learn();                                        // then once: one statement for all who are new
///   find_credited(book.of(number), started_at, now);
///   book.end_chunk();
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rooms/activity/intake.h"
#include "store/database.h"

namespace tanpuhui {

class ConsentBook {
 public:
  ConsentBook(Database& database, ScenarioId scenario) : database_(database), scenario_(scenario) {}

  /// Numbers and what they stand for are good until `end_chunk`.
  std::uint32_t number_of(std::string_view subject);
  /// Reads the consents of all who were numbered since the last call.
  void learn();
  /// In order of their start; empty when the person is unknown.
  std::span<const ConsentInterval> of(std::uint32_t number) const;
  std::string_view subject(std::uint32_t number) const { return *subjects_[number]; }
  /// Forgets everybody when there are very many, so that memory is bounded however long the file.
  void end_chunk();

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Range {
    std::uint32_t first = 0, count = 0;
  };

  Database& database_;
  ScenarioId scenario_;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers_;
  std::vector<const std::string*> subjects_;  // by number; the keys of `numbers_`
  std::vector<Range> ranges_;                 // by number, of those whose consents were read
  std::vector<ConsentInterval> intervals_;
};

}  // namespace tanpuhui
