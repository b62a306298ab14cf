#include "rooms/activity/shell/record_file.h"

#include <cstdio>
#include <filesystem>

#include "crypto/hash.h"

namespace tanpuhui {
namespace {

constexpr std::size_t bytes_taken_max = std::size_t{8} << 20;  // some 160 bytes a line of a full chunk
constexpr std::size_t digest_piece = std::size_t{1} << 17;     // stays in the cache of a core

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::optional<Digest> digest_file(const std::string& path,
                                  const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file || std::filesystem::is_directory(path)) return std::nullopt;
  std::error_code ignored;
  const auto total = static_cast<std::int64_t>(std::filesystem::file_size(path, ignored));
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  Bytes piece(digest_piece);
  Sha256Stream hash;
  std::int64_t done = 0;
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
    hash.update(ByteView(piece).first(count));
    done += static_cast<std::int64_t>(count);
    if (progress) progress(done, total);
  }
  if (std::ferror(file.get()) != 0) return std::nullopt;
  return hash.finish();
}

void RecordLines::clear() {
  text_.clear();
  lines_.clear();
}

void RecordLines::add(std::string_view line, std::int64_t number) {
  text_.append(line);
  lines_.push_back({text_.size(), number});
}

std::string_view RecordLines::text(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : lines_[index - 1].end;
  return std::string_view(text_).substr(begin, lines_[index].end - begin);
}

void RecordSource::take(RecordLines& lines, std::size_t count) {
  lines.clear();
  lines.reserve(bytes_taken_max + line_size_max + line_padding);
  for (std::string_view line; lines.size() < count && lines.bytes() < bytes_taken_max && next_line(line);)
    lines.add(line, this->line());
  lines.end();
}

RecordFile::RecordFile(const std::string& path, const Intake& intake) : source_(path) {
  holds_first_ = source_.next(first_);
  first_line_ = first_;
  reader_ = make_reader(intake);
  header_ = holds_first_ && reader_->takes_header();
  if (header_) holds_first_ = source_.next(first_);
  empty_ = !holds_first_;
}

std::unique_ptr<RecordReader> RecordFile::make_reader(const Intake& intake) const {
  auto reader = make_record_reader(first_line_, intake);
  if (reader->takes_header()) reader->read_header(first_line_);
  return reader;
}

bool RecordFile::next_line(std::string_view& line) {
  const bool have = holds_first_ || source_.next(first_);
  holds_first_ = false;
  line = first_;
  records_ += have ? 1 : 0;
  return have;
}

bool RecordSource::next(RawRecord& raw) {
  std::string_view line;
  if (!next_line(line)) return false;
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
