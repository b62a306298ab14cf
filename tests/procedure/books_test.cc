/// The books as they are: each holds together, and each procedure answers every role, action and state.
#include <algorithm>
#include <filesystem>

#include "procedure/check_rulebook.h"
#include "procedure/explore.h"
#include "small_book.h"

namespace tanpuhui {
namespace {

struct Folder {
  std::string books, name;
};
void PrintTo(const Folder& folder, std::ostream* out) { *out << folder.name; }

std::vector<Folder> all_books() {
  std::vector<Folder> all;
  for (const char* books : {"rulebooks", "tests/third_book"})
    for (const auto& entry : std::filesystem::directory_iterator(std::string(TANPUHUI_ROOT) + "/" + books))
      if (std::filesystem::exists(entry.path() / "book.toml")) all.push_back({books, entry.path().filename().string()});
  return all;
}

std::vector<LawCase> cases_of(const Folder& folder) {
  std::vector<LawCase> all;
  for (const SourceFile& file : test::files_of(folder.books + "/" + folder.name + "/cases")) {
    auto cases = read_law_cases(file);
    EXPECT_TRUE(cases) << (cases ? "" : describe(cases.error()));
    if (cases) all.insert(all.end(), cases->begin(), cases->end());
  }
  return all;
}

class EveryBook : public testing::TestWithParam<Folder> {
 protected:
  Rulebook book = test::loaded(test::files_of(GetParam().books + "/" + GetParam().name));
};

TEST_P(EveryBook, holds_together) {
  const auto questions = read_questions(test::files_of(GetParam().books + "/common").at(0));
  ASSERT_TRUE(questions);
  const BookReport report = check_rulebook({book, test::notified_calendar(), *questions, cases_of(GetParam()), {}});
  EXPECT_EQ(describe(report.findings), "");
  EXPECT_GE(report.cases_played, 8);
}

TEST_P(EveryBook, answers_every_role_action_and_state) {
  for (const ProcedureRule& procedure : book.procedures) {
    const std::vector<MatrixRow> rows = matrix_of(book, procedure.id);
    std::size_t actions = 0, granted = 0;
    for (const ActionRule& action : book.actions) actions += action.procedure == procedure.id;
    EXPECT_EQ(rows.size(), book.roles.size() * actions * procedure.states.size()) << procedure.id;
    for (const MatrixRow& row : rows) {
      EXPECT_FALSE(row.answer.empty());
      granted += row.answer == "granted";
      const ActionRule* action = book.find(book.actions, procedure.id, row.action, test::day("2026-06-01"));
      ASSERT_NE(action, nullptr) << row.action;
      const bool listed = std::ranges::find(action->when, row.state) != action->when.end();
      const bool named = std::ranges::find(action->by, row.role) != action->by.end();
      EXPECT_EQ(row.answer == "PRO-01", !listed) << row.role << " " << row.action << " " << row.state;
      if (row.answer == "granted") {
        EXPECT_TRUE(named) << row.role << " " << row.action;
      }
    }
    EXPECT_GT(granted, 0U) << procedure.id;
  }
}

INSTANTIATE_TEST_SUITE_P(books, EveryBook, testing::ValuesIn(all_books()),
                         [](const auto& folder) { return folder.param.name; });

}  // namespace
}  // namespace tanpuhui
