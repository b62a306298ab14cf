#pragma once
/// Consents of one scenario by the partner's id of the person, remembered while files are read. A person is looked up
/// once a line and read from the store once, together with all others that a chunk of lines brings.
///
///   const auto number = book.number_of("rider-1");      // for each line of a chunk
///   book.learn();                                        // then once: one statement for all who are new
///   find_credited(book.of(number), started_at, now);
///   book.end_chunk();
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

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
  std::string_view subject(std::uint32_t number) const { return subjects_[number]; }
  /// Forgets everybody when there are very many, so that memory is bounded however long the file.
  void end_chunk();

 private:
  struct Range {
    std::uint32_t first = 0, count = 0;
  };

  Database& database_;
  ScenarioId scenario_;
  std::deque<std::string> subjects_;  // by number
  // Flat, since a file of many persons looks one up a line and finds none of them in the processor's caches.
  boost::unordered_flat_map<std::string_view, std::uint32_t> numbers_;
  std::vector<Range> ranges_;  // by number, of those whose consents were read
  std::vector<ConsentInterval> intervals_;
};

}  // namespace tanpuhui
