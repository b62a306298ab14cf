/// Rulebooks: check and diff. None of these needs a programme.
#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/fault.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "governance/rooms_of_cases.h"
#include "procedure/check_rulebook.h"
#include "publications/compiler.h"
#include "rulebook/compare.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

struct CheckOptions {
  std::vector<std::string> books;
  bool json = false;
};

struct CheckedBook {
  std::string name, broken;  ///< broken: why it could not be read
  BookReport report;
  std::set<std::string> uncompiled;  ///< publications
  bool sound() const { return broken.empty() && report.findings.empty(); }
};

CheckedBook check_book(const std::string& home, const std::string& name, const Calendar& calendar) {
  try {
    const Rulebook book = load_book(home, name);
    CheckedBook checked{
        name,
        "",
        check_rulebook({book, calendar, load_questions(home), load_law_cases(home, name), performed_effects()}),
        {}};
    PublicationCheck publications = check_publications(book);
    checked.uncompiled = std::move(publications.uncompiled);
    std::ranges::move(publications.findings, std::back_inserter(checked.report.findings));
    return checked;
  } catch (const Fault& fault) {
    return {name, fault.what(), {}, {}};
  }
}

template <class Counts>
std::string counted(const Counts& counts) {
  std::string all;
  for (const auto& [name, count] : counts) all += fmt::format("{}{} {}", all.empty() ? "" : ", ", count, name);
  return all.empty() ? "none" : all;
}

template <class Words>
std::string words_or_none(const Words& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

void print_check(const CheckedBook& book) {
  fmt::print("{} {}\n", book.sound() ? "sound" : "NOT SOUND", book.name);
  if (!book.broken.empty()) return fmt::print("{}\n", book.broken);
  const BookReport& report = book.report;
  fmt::print("  provisions: {}\n  cases played: {}; waiting for a room: {}\n", counted(report.provisions),
             report.cases_played, counted(report.cases_waiting));
  fmt::print("  procedures walked in every way, cases told apart: {}\n", counted(report.explored));
  fmt::print("  effects that no room carries out yet: {}\n", words_or_none(report.unperformed_effects));
  fmt::print("  publications that nothing compiles yet: {}\n", words_or_none(book.uncompiled));
  for (const TextError& finding : report.findings) fmt::print("  {}\n", describe(finding));
}

template <class Counts>
json::object as_json(const Counts& counts) {
  json::object all;
  for (const auto& [name, count] : counts) all[name] = count;
  return all;
}

json::object as_json(const CheckedBook& book) {
  json::array findings;
  for (const TextError& finding : book.report.findings)
    findings.push_back(json::object{
        {"file", finding.file}, {"line", finding.line}, {"message", finding.message}, {"remedy", finding.remedy}});
  json::array effects(book.report.unperformed_effects.begin(), book.report.unperformed_effects.end());
  return {{"book", book.name},
          {"sound", book.sound()},
          {"broken", book.broken},
          {"provisions", as_json(book.report.provisions)},
          {"cases_played", book.report.cases_played},
          {"cases_waiting", as_json(book.report.cases_waiting)},
          {"explored", as_json(book.report.explored)},
          {"unperformed_effects", std::move(effects)},
          {"uncompiled_publications", json::array(book.uncompiled.begin(), book.uncompiled.end())},
          {"findings", std::move(findings)}};
}

int run_check(const SharedOptions& shared, const CheckOptions& options) {
  const std::string home = find_home(shared.home);
  const Calendar calendar = load_working_days(home);
  json::array all;
  bool sound = true;
  for (const std::string& name : options.books.empty() ? list_books(home) : options.books) {
    const CheckedBook book = check_book(home, name, calendar);
    sound = sound && book.sound();
    all.push_back(as_json(book));
    if (!options.json) print_check(book);
  }
  if (options.json) fmt::print("{}\n", json::serialize(json::object{{"command", "rulebook check"}, {"books", all}}));
  return sound ? exit_done : exit_refused;
}

struct DiffOptions {
  std::string left, right, language = "en";
  bool json = false;
};

json::object as_json(const BookSays& says) {
  return {{"basis", says.basis}, {"zh", says.zh}, {"en", says.en}, {"value", says.value}};
}

std::string in_words(const BookSays& says, bool zh) {
  if (says.basis.empty()) return "-";
  const std::string text = zh ? says.zh : says.en;
  return fmt::format("{} ({}{})", text, says.value.empty() ? "" : says.value + ", ", says.basis);
}

int run_diff(const SharedOptions& shared, const DiffOptions& options) {
  const std::string home = find_home(shared.home);
  const Rulebook left = load_book(home, options.left), right = load_book(home, options.right);
  json::array all;
  std::string part;
  const bool zh = options.language == "zh";
  for (const ComparedRow& row : compare_books(left, right, load_questions(home))) {
    all.push_back(json::object{{"part", row.part},
                               {"name", row.name},
                               {"zh", row.zh},
                               {"en", row.en},
                               {"left", as_json(row.left)},
                               {"right", as_json(row.right)},
                               {"same", row.is_the_same()}});
    if (options.json) continue;
    if (row.part != part) fmt::print("{}{}s\n", part.empty() ? "" : "\n", row.part);
    part = row.part;
    const std::string title = zh ? row.zh : row.en;
    fmt::print("  {} {}{}\n    {:<8} {}\n    {:<8} {}\n", row.is_the_same() ? "=" : "*", row.name,
               title.empty() ? "" : "  " + title, left.name, in_words(row.left, zh), right.name,
               in_words(row.right, zh));
  }
  if (options.json)
    fmt::print("{}\n", json::serialize(json::object{
                           {"command", "rulebook diff"}, {"left", left.name}, {"right", right.name}, {"rows", all}}));
  return exit_done;
}

}  // namespace

void add_rulebook_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& group = add_group(app, "rulebook", "check regulations, look an article up, compare two");
  add_command<CheckOptions>(
      group, "check", "does every book hold together", chosen,
      [](CLI::App& command, CheckOptions& options) {
        command.add_option("BOOK", options.books, "folders of rulebooks/; all when none is named");
        command.add_flag("--json", options.json, "as one JSON object");
      },
      [&shared](const CheckOptions& options) { return run_check(shared, options); });
  add_where_command(group, shared, chosen);
  add_command<DiffOptions>(
      group, "diff", "the same question, two answers", chosen,
      [](CLI::App& command, DiffOptions& options) {
        command.add_option("BOOK", options.left)->required();
        command.add_option("OTHER", options.right)->required();
        command.add_option("--language", options.language, "zh or en")
            ->capture_default_str()
            ->check(CLI::IsMember({"zh", "en"}));
        command.add_flag("--json", options.json, "as one JSON object, in both languages");
      },
      [&shared](const DiffOptions& options) { return run_diff(shared, options); });
}

}  // namespace tanpuhui
