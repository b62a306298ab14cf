#include "cli/print.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/fault.h"
#include "cli/values.h"

namespace tanpuhui {
namespace {

// Our texts hold ASCII, a few signs of one column, and Chinese, which takes two.
std::size_t seen_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) == 0x80) continue;
    width += byte >= 0xe3 ? 2 : 1;
  }
  return width;
}

bool is_figure(const std::string& cell) {
  return !cell.empty() &&
         std::ranges::all_of(cell, [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == '.' || c == '-'; });
}

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string space(width - seen_width(cell), ' ');
  return right ? space + cell : cell + space;
}

[[noreturn]] void fail(const std::string& path) { throw Fault(path + ": " + std::strerror(errno)); }

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  std::vector<bool> right(widths.size(), rows.size() > 1);
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < widths.size(); ++c) {
      widths[c] = std::max(widths[c], seen_width(rows[r][c]));
      if (r > 0 && !rows[r][c].empty() && !is_figure(rows[r][c])) right[c] = false;
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c < widths.size(); ++c) line += " " + padded(row[c], widths[c], right[c]) + " ";
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string with_thousands(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return number < 0 ? "-" + digits : digits;
}

std::string kilograms(Milligrams amount) { return format_fixed(amount.count(), 6) + " kg"; }

void ProgressBar::show(std::int64_t done, std::int64_t total) {
  if (::isatty(STDERR_FILENO) == 0) return;
  constexpr std::int64_t width = 30;
  const std::int64_t full = total > 0 ? std::min(width, width * done / total) : width;
  const std::string bar =
      std::string(static_cast<std::size_t>(full), '#') + std::string(static_cast<std::size_t>(width - full), '.');
  const std::string line = fmt::format("{} [{}] {} of {}", what_, bar, with_thousands(done), with_thousands(total));
  if (line == shown_) return;
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  shown_ = line;
}

void ProgressBar::clear() {
  if (!shown_.empty()) std::fprintf(stderr, "\r\033[K");
  shown_.clear();
}

int print_refusal(const Refusal& refusal) {
  std::fputs(describe(refusal).c_str(), stderr);
  return exit_refused;
}

void write_file(const std::string& path, std::string_view content) {
  const std::string partial = path + ".partial";
  const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) fail(partial);
  for (std::size_t at = 0; at < content.size();) {
    const ssize_t count = ::write(file, content.data() + at, content.size() - at);
    if (count < 0) fail(partial);
    at += static_cast<std::size_t>(count);
  }
  if (::fsync(file) != 0 || ::close(file) != 0) fail(partial);
  if (std::rename(partial.c_str(), path.c_str()) != 0) fail(path);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace tanpuhui
