#pragma once
/// Tables and progress on a terminal.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "base/refusal.h"

namespace tanpuhui {

/// Columns aligned by what is seen: Chinese characters are two wide. The first row is the head; columns whose cells are
/// figures stand right.
std::string table(const std::vector<std::vector<std::string>>& rows);

std::string with_thousands(std::int64_t number);  ///< 1,234,567
std::string kilograms(Milligrams amount);         ///< 1.234567 kg

/// A bar on the terminal; silent where the output is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what) : what_(std::move(what)) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void show(std::int64_t done, std::int64_t total);
  void clear();

 private:
  std::string what_;
  std::string shown_;
};

/// Prints the refusal on the error output; gives `exit_refused`.
int print_refusal(const Refusal& refusal);

/// Writes the file whole or not at all.
void write_file(const std::string& path, std::string_view content);
std::string read_file(const std::string& path);

}  // namespace tanpuhui
