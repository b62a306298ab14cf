#pragma once
/// A consent file in memory, line by line: CSV with a header, quotes as in RFC 4180, one consent a line. A stray quote
/// spoils its own line only.
///
///   TANPUHUI_TRY(ConsentFile file, ConsentFile::read(path));
///   while (const auto line = file.next()) use(line->values);
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "rooms/participants/consent.h"

namespace tanpuhui {

class ConsentFile {
 public:
  /// A Fault when it cannot be read, DAT-06 when the first line is not the header of a consent file.
  static Result<ConsentFile> read(const std::string& path);

  struct Line {
    std::int64_t number = 0;  ///< in the file, from 1
    std::string_view text;    ///< without its end
    bool malformed = false;   ///< not as many values as columns, or a quote that is not closed
    ConsentLine values;
  };
  /// Empty lines are passed over. Texts live as long as the file.
  std::optional<Line> next();

  const std::string& name() const { return name_; }
  const Digest& digest() const { return digest_; }

 private:
  ConsentFile() = default;
  bool take_line(std::string_view& line);
  bool split(std::string_view line);
  bool take_quoted(std::string_view& line);
  void take_plain(std::string_view& line);
  bool take_header(std::string_view line);

  std::string name_;
  Digest digest_{};
  std::shared_ptr<const std::string> content_;  // shared: texts point into it wherever the file is moved
  std::string_view rest_;
  std::int64_t number_ = 0;
  std::vector<std::size_t> columns_;  // for each column of the file its field
  std::vector<std::string_view> cells_;
  std::deque<std::string> unquoted_;
};

}  // namespace tanpuhui
