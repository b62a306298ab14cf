#pragma once
/// The records of a file, one after another: plain or gzip, NDJSON or CSV, told by content.
///
///   RecordFile file(path, intake);
///   for (RawRecord raw; file.next(raw);) take(raw, file.line());
///   if (file.problem() != Outcome::received) ...
#include <memory>
#include <string>

#include "rooms/activity/shell/line_source.h"
#include "rooms/activity/shell/record_reader.h"

namespace tanpuhui {

class RecordFile {
 public:
  RecordFile(const std::string& path, const Intake& intake);

  /// The next record; what `raw` points to lives until the next call. False at the end or at a problem.
  bool next(RawRecord& raw);
  /// Passes over records without reading them; false when the file ends before.
  bool skip(std::int64_t records);
  /// True when `next` would give nothing; a problem right behind the last record is known then.
  bool at_end();
  /// `received` while all is well; file_empty when there was no record at all.
  Outcome problem() const;

  std::int64_t records() const { return records_; }                   ///< given or skipped so far
  std::int64_t line() const { return records_ + (header_ ? 1 : 0); }  ///< of the last record, from 1

 private:
  bool next_line(std::string_view& line);

  LineSource source_;
  std::unique_ptr<RecordReader> reader_;
  std::string_view first_;
  bool holds_first_ = false, header_ = false, empty_ = false;
  std::int64_t records_ = 0;
};

}  // namespace tanpuhui
