#pragma once
/// The public page: three files compiled into the program, nothing from elsewhere.
#include <string_view>

namespace tanpuhui {

struct PageFile {
  std::string_view path, content_type, text;
};

/// Null when the page has no such file.
const PageFile* find_page_file(std::string_view path);

}  // namespace tanpuhui
