#include "rulebook/compare.h"

#include <algorithm>
#include <map>

#include "base/words.h"

namespace tanpuhui {
namespace {

/// The last version of a rule: what the book says from some day on.
template <class T>
std::map<std::string, T> last_versions(const std::vector<T>& rules, std::string (*name)(const T&)) {
  std::map<std::string, T> last;
  for (const T& rule : rules) last.insert_or_assign(name(rule), rule);
  return last;
}

BookSays says(const RoleRule& role) {
  return {role.basis, role.zh, role.en, role.excludes.empty() ? "" : "excludes " + joined(role.excludes)};
}
BookSays says(const RightRule& right) {
  return {right.basis, right.allowed ? "可以" : "不可以", right.allowed ? "yes" : "no", right.code};
}
BookSays says(const DeadlineRule& deadline) {
  const std::string days = std::to_string(deadline.days);
  return {deadline.basis, deadline.zh + "：" + days + (deadline.working ? " 个工作日" : " 日"),
          deadline.en + ": " + days + (deadline.working ? " working days" : " days"), ""};
}
BookSays says(const NoticeRule& notice) {
  const std::string days = std::to_string(notice.working_days_min);
  return {notice.basis, notice.zh + "：不少于 " + days + " 个工作日",
          notice.en + ": at least " + days + " working days", ""};
}
BookSays says(const SettingAnswer& answer) { return {answer.basis, answer.zh, answer.en, answer.value}; }

std::string name_of(const RoleRule& role) { return role.id; }
std::string name_of(const RightRule& right) { return right.holder + " " + right.act + " " + right.asset; }
std::string name_of(const DeadlineRule& deadline) { return deadline.procedure + "." + deadline.id; }
std::string name_of(const NoticeRule& notice) { return notice.procedure + "." + notice.id; }
std::string name_of(const SettingAnswer& answer) { return answer.question; }

template <class T>
void add_rows(const std::string& part, const std::vector<T>& left, const std::vector<T>& right,
              std::vector<ComparedRow>& rows) {
  std::map<std::string, ComparedRow> by_name;
  for (const auto& [name, rule] : last_versions<T>(left, name_of)) by_name[name].left = says(rule);
  for (const auto& [name, rule] : last_versions<T>(right, name_of)) by_name[name].right = says(rule);
  for (auto& [name, row] : by_name) {
    row.part = part;
    row.name = name;
    rows.push_back(row);
  }
}

}  // namespace

std::vector<ComparedRow> compare_books(const Rulebook& left, const Rulebook& right,
                                       const std::vector<BookQuestion>& questions) {
  std::vector<ComparedRow> answers, rows;
  add_rows("question", left.answers, right.answers, answers);
  for (const BookQuestion& question : questions) {
    const auto found = std::ranges::find(answers, question.id, &ComparedRow::name);
    rows.push_back(found == answers.end() ? ComparedRow{"question", question.id, "", "", {}, {}} : *found);
    rows.back().zh = question.zh;
    rows.back().en = question.en;
  }
  add_rows("role", left.roles, right.roles, rows);
  add_rows("right", left.rights, right.rights, rows);
  add_rows("deadline", left.deadlines, right.deadlines, rows);
  add_rows("notice", left.notices, right.notices, rows);
  return rows;
}

}  // namespace tanpuhui
