#include "rooms/activity/shell/record_file.h"

namespace tanpuhui {

RecordFile::RecordFile(const std::string& path, const Intake& intake) : source_(path) {
  holds_first_ = source_.next(first_);
  reader_ = make_record_reader(first_, intake);
  header_ = holds_first_ && reader_->takes_header();
  if (header_) {
    reader_->read_header(first_);
    holds_first_ = source_.next(first_);
  }
  empty_ = !holds_first_;
}

bool RecordFile::next_line(std::string_view& line) {
  const bool have = holds_first_ || source_.next(first_);
  holds_first_ = false;
  line = first_;
  records_ += have ? 1 : 0;
  return have;
}

bool RecordFile::next(RawRecord& raw) {
  std::string_view line;
  if (!next_line(line)) return false;
  if (source_.too_long())
    raw.malformed = true;
  else
    reader_->read(line, raw);
  return true;
}

bool RecordSource::skip(std::int64_t records) {
  for (std::string_view line; records > 0; --records)
    if (!next_line(line)) return false;
  return true;
}

bool RecordFile::at_end() { return !holds_first_ && source_.at_end(); }

Outcome RecordFile::problem() const {
  if (source_.problem() != Outcome::received) return source_.problem();
  return empty_ ? Outcome::file_empty : Outcome::received;
}

}  // namespace tanpuhui
