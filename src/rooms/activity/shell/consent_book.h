#pragma once
/// Consents of one scenario by the partner's id of the person, remembered while files are read. A person is looked up
/// once a line and read from the store once, together with all others that a chunk of lines brings.
///
///   book.number_all(subjects, numbers);                  // of the lines of a chunk
///   book.learn();                                        // then once: one statement for all who are new
///   find_credited(book.of(numbers[i]), started_at, now);
///   book.end_chunk();
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/activity/intake.h"
#include "store/database.h"

namespace tanpuhui {

/// Texts numbered from 0 in the order in which they were met: a table of hashes beside the texts. A file of many
/// persons finds neither in the processor's caches, so several are asked for together before the first is looked at.
class SubjectNumbers {
 public:
  std::uint32_t number_of(std::string_view text) { return number_of(text, hash_of(text)); }
  void number_all(std::span<const std::string_view> texts, std::vector<std::uint32_t>& numbers);
  std::string_view text(std::uint32_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(texts_).substr(begin, ends_[number] - begin);
  }
  std::size_t size() const { return ends_.size(); }
  void clear();

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t next_number = 0;  ///< number + 1; 0: free
  };
  static std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }
  std::uint32_t number_of(std::string_view text, std::uint64_t hash);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(slots_at_first);  // a power of two, at most half of them taken
  std::string texts_;                                            // one behind another
  std::vector<std::size_t> ends_;                                // by number
  static constexpr std::size_t slots_at_first = 1024;
};

class ConsentBook {
 public:
  ConsentBook(Database& database, ScenarioId scenario) : database_(database), scenario_(scenario) {}

  /// Numbers and what they stand for are good until `end_chunk`.
  void number_all(std::span<const std::string_view> subjects, std::vector<std::uint32_t>& numbers) {
    subjects_.number_all(subjects, numbers);
  }
  /// Reads the consents of all who were numbered since the last call; where those are many of the scenario's,
  /// everybody's at once.
  void learn();
  /// In order of their start; empty when the person is unknown.
  std::span<const ConsentInterval> of(std::uint32_t number) const;
  /// Forgets everybody when there are very many, so that memory is bounded however long the file.
  void end_chunk();

 private:
  bool are_many(std::size_t fresh);
  Statement ask_for(std::size_t first);
  Statement ask_for_all();
  struct Range {
    std::uint32_t first = 0, count = 0;
  };

  Database& database_;
  ScenarioId scenario_;
  SubjectNumbers subjects_;
  std::vector<Range> ranges_;  // by number, of those whose consents were read
  std::vector<ConsentInterval> intervals_;
};

}  // namespace tanpuhui
