#pragma once
/// What a regulation must answer, asked once for all books: `rulebooks/common/questions.toml`.
///
///   [[question]]
///   id = "AMB-12"
///   zh = "..."
///   en = "..."
///
/// A book answers under the article that the question is about, with [[setting]]. `rulebook check` asks for every
/// answer; an open question never stops a programme.
#include <string>
#include <vector>

#include "toml/toml.h"

namespace tanpuhui {

struct BookQuestion {
  std::string id;
  std::string zh, en;
  std::string file;
  int line = 0;
};

Result<std::vector<BookQuestion>, TextErrors> read_questions(const SourceFile& file);

}  // namespace tanpuhui
