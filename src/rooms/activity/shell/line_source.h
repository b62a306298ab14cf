#pragma once
/// The lines of a file, plain or gzip (told by content), in bounded memory.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/activity/outcomes.h"

namespace tanpuhui {

/// A longer line is given as an empty one that is `too_long`.
inline constexpr std::size_t line_size_max = 64 * 1024;
/// Bytes behind each line that may be read, whatever they hold: simdjson wants them.
inline constexpr std::size_t line_padding = 64;

class LineSource {
 public:
  /// A Fault is never thrown for what the file holds: see `problem`.
  explicit LineSource(const std::string& path);
  ~LineSource();
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;

  /// The next line without its end, valid until the next call; false at the end of the file or at a problem.
  bool next(std::string_view& line);
  bool too_long() const { return too_long_; }
  /// True when `next` would give nothing. Reads ahead, so that a problem right behind the last line is known too.
  bool at_end();
  /// `received` while all is well, else file_unreadable or file_truncated.
  Outcome problem() const { return problem_; }

 private:
  struct Input;
  bool refill();
  bool find_line(std::string_view& line);
  std::unique_ptr<Input> input_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false, too_long_ = false;
  Outcome problem_ = Outcome::received;
};

}  // namespace tanpuhui
