/// `rulebook where`: a provision as it stands in the book, its cases, and what rests on it.
#include <algorithm>
#include <filesystem>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct WhereOptions {
  std::string id;
  bool json = false;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// The passage from the heading to the next one of its rank, as it stands in the chapter.
std::string passage_of(const std::string& path, const Provision& provision) {
  const std::vector<std::string> lines = lines_of(read_file(path));
  std::string passage;
  for (std::size_t i = static_cast<std::size_t>(provision.line) - 1; i < lines.size(); ++i) {
    const bool next = lines[i].starts_with("## ") || (provision.is_paragraph && lines[i].starts_with("### "));
    if (next && i >= static_cast<std::size_t>(provision.line)) break;
    passage += lines[i] + "\n";
  }
  return passage;
}

/// Whether the line rests on the provision, or on a paragraph of the article.
bool rests_on(const std::string& line, const std::string& id) {
  const auto basis = line.find("Basis:");
  for (std::size_t at = line.find(id, basis); at != std::string::npos; at = line.find(id, at + 1)) {
    const std::size_t end = at + id.size();
    if (basis != std::string::npos && (end == line.size() || line[end] < '0' || line[end] > '9')) return true;
  }
  return false;
}

/// `src/rooms/mall/order.h:12: ...` for each line below the folders.
std::vector<std::string> code_resting_on(const std::string& home, const std::string& id) {
  std::vector<std::string> found;
  for (const char* folder : {"src", "api"}) {
    if (!fs::is_directory(fs::path(home) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(home) / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::vector<std::string> lines = lines_of(read_file(entry.path().string()));
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (rests_on(lines[i], id))
          found.push_back(fmt::format("{}:{}: {}", fs::relative(entry.path(), home).string(), i + 1,
                                      lines[i].substr(lines[i].find_first_not_of(" /"))));
    }
  }
  std::ranges::sort(found);
  return found;
}

/// Those of the provision; of an article also those of its paragraphs.
std::vector<LawCase> cases_of(std::vector<LawCase> cases, const Provision& provision) {
  std::erase_if(cases, [&](const LawCase& told) {
    return told.basis != provision.id && (provision.is_paragraph || !told.basis.starts_with(provision.id + "p"));
  });
  return cases;
}

void print_json(const Provision& provision, const std::string& passage, const std::vector<LawCase>& cases,
                const std::vector<std::string>& code) {
  json::array told;
  for (const LawCase& one : cases)
    told.push_back(json::object{
        {"id", one.id}, {"expect", one.expect}, {"waits_for", one.waits_for}, {"zh", one.zh}, {"en", one.en}});
  fmt::print("{}\n", json::serialize(json::object{{"command", "rulebook where"},
                                                  {"id", provision.id},
                                                  {"kind", provision.kind},
                                                  {"status", provision.status},
                                                  {"file", provision.file},
                                                  {"line", provision.line},
                                                  {"passage", passage},
                                                  {"cases", std::move(told)},
                                                  {"code", json::array(code.begin(), code.end())}}));
}

int run_where(const SharedOptions& shared, const WhereOptions& options) {
  const std::string home = find_home(shared.home);
  const std::string name = options.id.substr(0, options.id.find('.'));
  const Rulebook book = load_book(home, name);
  const Provision* provision = book.find_provision(options.id);
  if (provision == nullptr)
    throw UsageError(fmt::format("{}: the book has no such provision; write it like {}", options.id,
                                 book.provisions.empty() ? name + ".a1" : book.provisions.front().id));
  const std::string path = (fs::path(home) / "rulebooks" / name / provision->file).string();
  const std::string passage = passage_of(path, *provision);
  const std::vector<std::string> code = code_resting_on(home, options.id);
  const std::vector<LawCase> cases = cases_of(load_law_cases(home, name), *provision);
  if (options.json) {
    print_json(*provision, passage, cases, code);
    return exit_done;
  }
  fmt::print("{}:{}\n\n{}\ncases: {}\n", path, provision->line, passage, cases.size());
  for (const LawCase& told : cases)
    fmt::print("  {} [{}{}] {}:{}\n    {}\n    {}\n", told.id, told.expect,
               told.waits_for.empty() ? "" : ", waits for " + told.waits_for, told.file, told.line, told.zh, told.en);
  fmt::print("\ncode: {}\n", code.size());
  for (const std::string& line : code) fmt::print("  {}\n", line);
  return exit_done;
}

}  // namespace

void add_where_command(CLI::App& group, SharedOptions& shared, Chosen& chosen) {
  add_command<WhereOptions>(
      group, "where", "an article: its text, rules, cases, and the code that rests on it", chosen,
      [](CLI::App& command, WhereOptions& options) {
        command.add_option("ID", options.id, "of an article or paragraph")->required();
        command.add_flag("--json", options.json, "as one JSON object");
      },
      [&shared](const WhereOptions& options) { return run_where(shared, options); });
}

}  // namespace tanpuhui
