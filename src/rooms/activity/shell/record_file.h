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

/// Records in an order that never changes, whatever they come from.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// The next record; what `raw` points to lives until the next call. False at the end or at a problem.
  virtual bool next(RawRecord& raw) = 0;
  /// Passes over records without reading them; false when there are fewer.
  bool skip(std::int64_t records);
  /// True when `next` would give nothing; a problem right behind the last record is known then.
  virtual bool at_end() = 0;
  /// `received` while all is well; file_empty when there was no record at all.
  virtual Outcome problem() const = 0;
  virtual std::int64_t records() const = 0;  ///< given or skipped so far
  virtual std::int64_t line() const = 0;     ///< where the last record stands, for the report

 private:
  virtual bool next_line(std::string_view& line) = 0;
};

class RecordFile : public RecordSource {
 public:
  RecordFile(const std::string& path, const Intake& intake);

  bool next(RawRecord& raw) override;
  bool at_end() override;
  Outcome problem() const override;
  std::int64_t records() const override { return records_; }
  std::int64_t line() const override { return records_ + (header_ ? 1 : 0); }  ///< from 1

 private:
  bool next_line(std::string_view& line) override;

  LineSource source_;
  std::unique_ptr<RecordReader> reader_;
  std::string_view first_;
  bool holds_first_ = false, header_ = false, empty_ = false;
  std::int64_t records_ = 0;
};

}  // namespace tanpuhui
