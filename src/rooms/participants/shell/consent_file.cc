#include "rooms/participants/shell/consent_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/participants/holder_text.h"

namespace tanpuhui {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::uintmax_t file_size_max = 256U << 20U;  // one commit: some two million consents

std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  if (!in || problem) throw Fault(path + ": cannot be read; check path and permissions");
  if (size > file_size_max) throw Fault(path + ": more than 256 MB; hand the consents over in several files");
  std::string content(size, '\0');
  in.read(content.data(), static_cast<std::streamsize>(size));
  if (in.gcount() != static_cast<std::streamsize>(size)) throw Fault(path + ": cannot be read to its end");
  return content;
}

Refusal bad_header(const std::string& name, std::string_view header) {
  return refuse("DAT-06")
      .because("file", name)
      .because("line", "1")
      .because("header", shown_text(header))
      .says("不是授权文件：首行没有写明规定的各列", "not a consent file: the first line does not name its columns")
      .mend("首行写 scenario,subject,person,from_at,until_at,text_version，各列一次，顺序不限；文件不压缩",
            "begin with scenario,subject,person,from_at,until_at,text_version, each once, in any order; not packed");
}

}  // namespace

Result<ConsentFile> ConsentFile::read(const std::string& path) {
  ConsentFile file;
  file.name_ = shown_text(std::filesystem::path(path).filename().string());
  file.content_ = std::make_shared<const std::string>(read_bytes(path));
  file.digest_ = sha256(as_bytes(*file.content_));
  file.rest_ = *file.content_;
  if (file.rest_.starts_with(byte_order_mark)) file.rest_.remove_prefix(byte_order_mark.size());
  std::string_view header;
  if (!file.take_line(header) || !file.take_header(header)) return bad_header(file.name_, header);
  return file;
}

std::optional<ConsentFile::Line> ConsentFile::next() {
  Line line;
  do {
    if (!take_line(line.text)) return std::nullopt;
  } while (line.text.empty());
  line.number = number_;
  line.malformed = !split(line.text) || cells_.size() != columns_.size();
  if (!line.malformed)
    for (std::size_t i = 0; i < cells_.size(); ++i) line.values[columns_[i]] = cells_[i];
  return line;
}

bool ConsentFile::take_line(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = std::min(rest_.find('\n'), rest_.size());
  line = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

bool ConsentFile::split(std::string_view line) {
  cells_.clear();
  while (true) {
    if (!line.starts_with('"'))
      take_plain(line);
    else if (!take_quoted(line))
      return false;
    if (line.empty()) return true;
    line.remove_prefix(1);
  }
}

void ConsentFile::take_plain(std::string_view& line) {
  const std::size_t end = std::min(line.find(','), line.size());
  cells_.push_back(line.substr(0, end));
  line.remove_prefix(end);
}

// Up to the comma behind the closing quote, or the end of the line. Only texts with quotes inside are copied.
bool ConsentFile::take_quoted(std::string_view& line) {
  std::size_t end = line.find('"', 1);
  bool doubled = false;
  while (end != std::string_view::npos && end + 1 < line.size() && line[end + 1] == '"') {
    doubled = true;
    end = line.find('"', end + 2);
  }
  if (end == std::string_view::npos || (end + 1 < line.size() && line[end + 1] != ',')) return false;
  std::string_view text = line.substr(1, end - 1);
  if (doubled) {
    std::string& single = unquoted_.emplace_back();
    for (std::size_t i = 0; i < text.size(); i += text[i] == '"' ? 2 : 1) single += text[i];
    text = single;
  }
  cells_.push_back(text);
  line.remove_prefix(end + 1);
  return true;
}

bool ConsentFile::take_header(std::string_view line) {
  if (!split(line) || cells_.size() != consent_fields) return false;
  for (const std::string_view cell : cells_) {
    const auto field = std::ranges::find(consent_field_names, cell);
    if (field == consent_field_names.end()) return false;
    const auto index = static_cast<std::size_t>(field - consent_field_names.begin());
    if (std::ranges::count(columns_, index) > 0) return false;
    columns_.push_back(index);
  }
  return true;
}

}  // namespace tanpuhui
