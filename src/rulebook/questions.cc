#include "rulebook/questions.h"

#include <set>

#include "rulebook/law_block.h"

namespace tanpuhui {

Result<std::vector<BookQuestion>, TextErrors> read_questions(const SourceFile& file) {
  TANPUHUI_TRY(const TomlValue root, parse_toml(file.text, file.name));
  TextErrors errors;
  TomlReader reader(root, file.name, errors);
  std::vector<BookQuestion> questions;
  std::set<std::string> ids;
  for (TomlReader& table : reader.tables("question")) {
    BookQuestion question{table.text("id"), table.text("zh"), table.text("en"), file.name, table.at().line};
    if (!question.id.empty() && !is_question(question.id))
      table.fail("id", question.id + " is no question", "write it like AMB-02, D4 or who_issues");
    if (!ids.insert(question.id).second)
      table.fail("id", "the question " + question.id + " is asked twice", "keep one of them");
    table.finish();
    questions.push_back(std::move(question));
  }
  reader.finish();
  if (!errors.empty()) return errors;
  return questions;
}

}  // namespace tanpuhui
