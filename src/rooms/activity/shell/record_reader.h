#pragma once
/// From a line to a RawRecord: NDJSON (one object a line) or CSV with a header (RFC 4180; a record is one line).
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/activity/intake.h"

namespace tanpuhui {

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  /// `line` has `line_padding` readable bytes behind it. The texts of `raw` live until the next call or as long as the
  /// line, whichever ends first.
  virtual void read(std::string_view line, RawRecord& raw) = 0;
  /// True when the first line of the file is not a record but names the fields.
  virtual bool takes_header() const = 0;
  virtual void read_header(std::string_view line) = 0;
};

/// By content: CSV when the first line names fields, else NDJSON.
std::unique_ptr<RecordReader> make_record_reader(std::string_view first_line, const Intake& intake);

}  // namespace tanpuhui
