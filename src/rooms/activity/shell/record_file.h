#pragma once
/// The records of a file, one after another: plain or gzip, NDJSON or CSV, told by content.
///
///   RecordFile file(path, intake);
///   for (RawRecord raw; file.next(raw);) take(raw, file.line());
///   if (file.problem() != Outcome::received) ...
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "rooms/activity/shell/line_source.h"
#include "rooms/activity/shell/record_reader.h"

namespace tanpuhui {

/// SHA-256 of a file's bytes; none when it cannot be read. `progress` sees how many bytes of how many were read, and
/// may be empty.
std::optional<Digest> digest_file(const std::string& path,
                                  const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

/// Lines of records, copied out of a source so that another thread can read them.
class RecordLines {
 public:
  void clear();
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  void add(std::string_view line, std::int64_t number);
  /// After the last one: puts the padding behind it that readers want.
  void end() { text_.append(line_padding, '\0'); }
  std::size_t size() const { return lines_.size(); }
  std::size_t bytes() const { return text_.size(); }
  std::string_view text(std::size_t index) const;
  std::int64_t number(std::size_t index) const { return lines_[index].number; }

 private:
  struct Line {
    std::size_t end = 0;
    std::int64_t number = 0;
  };
  std::string text_;
  std::vector<Line> lines_;
};

/// Records in an order that never changes, whatever they come from.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Copies the next records: `count` of them, fewer at the end or at a problem or when their lines are very long.
  void take(RecordLines& lines, std::size_t count);
  /// Reads what `take` copied; for each thread its own.
  virtual std::unique_ptr<RecordReader> make_reader(const Intake& intake) const = 0;
  /// The next record; what `raw` points to lives until the next call. False at the end or at a problem.
  bool next(RawRecord& raw);
  /// Passes over records without reading them; false when there are fewer.
  bool skip(std::int64_t records);
  /// True when `next` would give nothing; a problem right behind the last record is known then.
  virtual bool at_end() = 0;
  /// `received` while all is well; file_empty when there was no record at all.
  virtual Outcome problem() const = 0;
  virtual std::int64_t records() const = 0;  ///< given or skipped so far
  virtual std::int64_t line() const = 0;     ///< where the last record stands, for the report

 protected:
  std::unique_ptr<RecordReader> reader_;  ///< of `next`; set by who derives

 private:
  /// A line that is too long is given as an empty one.
  virtual bool next_line(std::string_view& line) = 0;
};

class RecordFile : public RecordSource {
 public:
  RecordFile(const std::string& path, const Intake& intake);

  std::unique_ptr<RecordReader> make_reader(const Intake& intake) const override;
  bool at_end() override;
  Outcome problem() const override;
  std::int64_t records() const override { return records_; }
  std::int64_t line() const override { return records_ + (header_ ? 1 : 0); }  ///< from 1

 private:
  bool next_line(std::string_view& line) override;

  LineSource source_;
  std::string first_line_;  ///< of the file: it tells how the others are read
  std::string_view first_;  ///< record, until it is given
  bool holds_first_ = false, header_ = false, empty_ = false;
  std::int64_t records_ = 0;
};

}  // namespace tanpuhui
