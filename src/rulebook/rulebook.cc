#include "rulebook/rulebook.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/cbor.h"
#include "rulebook/rule_blocks.h"

namespace tanpuhui {
namespace {

constexpr const char* book_file = "book.toml";

bool two_digits(std::string_view text) {
  return text.size() == 2 && text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
}

/// "+08:00" -> 480
std::optional<Zone> parse_zone(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  if (!two_digits(text.substr(1, 2)) || !two_digits(text.substr(4, 2))) return std::nullopt;
  const int hours = (text[1] - '0') * 10 + (text[2] - '0');
  const int minutes = (text[4] - '0') * 10 + (text[5] - '0');
  if (hours > 14 || minutes > 59) return std::nullopt;
  return Zone{(text[0] == '-' ? -1 : 1) * (hours * 60 + minutes)};
}

Result<Rulebook, TextErrors> read_book_file(const SourceFile& file) {
  TANPUHUI_TRY(const TomlValue root, parse_toml(file.text, file.name));
  TextErrors errors;
  TomlReader reader(root, file.name, errors);
  Rulebook book = empty_rulebook(reader.text("name"));
  book.title_zh = reader.text("title_zh");
  book.title_en = reader.text("title_en");
  book.document_number = reader.text("document_number");
  book.issued_on = reader.optional_day("issued_on");
  book.region = reader.text("region");
  const std::string zone = reader.text("zone");
  if (const auto parsed = parse_zone(zone)) {
    book.zone = *parsed;
  } else if (!zone.empty()) {
    reader.fail("zone", "the zone is no offset from UTC", "write it like \"+08:00\"");
  }
  reader.finish();
  if (!errors.empty()) return errors;
  return book;
}

void check_names(const std::vector<SourceFile>& files, TextErrors& errors) {
  std::set<std::string> seen;
  for (const SourceFile& file : files) {
    const std::string name = base_name(file.name);
    if (name != book_file && chapter_number(name) == 0)
      errors.push_back({file.name, 1, 1, "this is no file of a rulebook", "name it book.toml or chN_<name>.law.md"});
    if (!seen.insert(name).second)
      errors.push_back({file.name, 1, 1, "the file comes twice", "keep one file of this name"});
  }
  if (!seen.contains(book_file))
    errors.push_back(
        {book_file, 1, 1, "the rulebook has no book.toml", "add it: name, titles, document, zone, region"});
}

std::vector<const SourceFile*> chapters_in_order(const std::vector<SourceFile>& files) {
  std::vector<const SourceFile*> chapters;
  for (const SourceFile& file : files)
    if (chapter_number(file.name) > 0) chapters.push_back(&file);
  std::sort(chapters.begin(), chapters.end(), [](const SourceFile* a, const SourceFile* b) {
    return std::tuple(chapter_number(a->name), a->name) < std::tuple(chapter_number(b->name), b->name);
  });
  return chapters;
}

void add_provisions(const LawChapter& chapter, Rulebook& book, TextErrors& errors) {
  for (const Provision& provision : chapter.provisions) {
    if (const Provision* other = book.find_provision(provision.id))
      errors.push_back({provision.file, provision.line, 1,
                        provision.id + " also stands at " + other->file + ":" + std::to_string(other->line),
                        "keep it in one chapter"});
    book.provisions.push_back(provision);
  }
}

void read_chapter(const SourceFile& file, Rulebook& book, TextErrors& errors) {
  const auto chapter = read_law_chapter(file, book.name);
  if (!chapter) {
    errors.insert(errors.end(), chapter.error().begin(), chapter.error().end());
    return;
  }
  add_provisions(*chapter, book, errors);
  read_rule_blocks(*chapter, book, errors);
}

/// Each error names the provision that it stands under.
void name_passages(const Rulebook& book, TextErrors& errors) {
  for (TextError& error : errors)
    for (const Provision& provision : book.provisions)
      if (provision.file == error.file && provision.line <= error.line) error.passage = provision.id;
}

const SourceFile& book_file_of(const std::vector<SourceFile>& files) {
  return *std::find_if(files.begin(), files.end(),
                       [](const SourceFile& file) { return base_name(file.name) == book_file; });
}

}  // namespace

Result<Rulebook, TextErrors> load_rulebook(const std::vector<SourceFile>& files, HashFunction hash) {
  TextErrors errors;
  check_names(files, errors);
  if (!errors.empty()) return errors;
  TANPUHUI_TRY(Rulebook book, read_book_file(book_file_of(files)));
  for (const SourceFile* file : chapters_in_order(files)) read_chapter(*file, book, errors);
  begin_rules_with_the_book(book, errors);
  if (errors.empty()) check_references(book, errors);
  name_passages(book, errors);
  if (!errors.empty()) return errors;
  book.hash = rulebook_hash(files, hash);
  return book;
}

Digest rulebook_hash(const std::vector<SourceFile>& files, HashFunction hash) {
  std::map<std::string, const std::string*> sorted;
  for (const SourceFile& file : files) sorted.emplace(base_name(file.name), &file.text);
  CborWriter out;
  out.array(sorted.size());
  for (const auto& [name, text] : sorted) out.array(2).text(name).text(*text);
  return hash(out.result());
}

const Provision* Rulebook::find_provision(const std::string& id) const {
  const auto found =
      std::find_if(provisions.begin(), provisions.end(), [&](const Provision& known) { return known.id == id; });
  return found == provisions.end() ? nullptr : &*found;
}

Result<PermittedUse> Rulebook::permitted_use(const std::string& id, UseBy by, Day day) const {
  const auto found = uses.find(id);
  if (found != uses.end()) {
    TANPUHUI_TRY(PermittedUse use, found->second.on(day));
    if (use.by == by) return use;
  }
  std::string known;
  for (const PermittedUse& use : permitted_uses_on(day))
    if (use.by == by) known += (known.empty() ? "" : ", ") + use.id;
  return refuse("USE-01", basis_of("USE-01"))
      .because("purpose", id)
      .says("不允许的用途：" + id, "this purpose is not permitted: " + id)
      .mend("可选用途：" + known, "choose one of: " + known);
}

std::vector<PermittedUse> Rulebook::permitted_uses_on(Day day) const {
  std::vector<PermittedUse> all;
  for (const auto& [id, history] : uses)
    if (const auto use = history.on(day)) all.push_back(*use);
  return all;
}

std::vector<Honour> Rulebook::honours_on(Day day) const {
  std::vector<Honour> all;
  for (const auto& [id, history] : honours)
    if (const auto honour = history.on(day)) all.push_back(*honour);
  return all;
}

const RightRule* Rulebook::find_right(const std::string& holder, const std::string& asset, const std::string& act,
                                      Day day) const {
  for (const RightRule& right : rights)
    if (right.holder == holder && right.asset == asset && right.act == act && applies_on(right, day)) return &right;
  return nullptr;
}

const ProcedureState* ProcedureRule::find_state(const std::string& state) const {
  for (const ProcedureState& known : states)
    if (known.id == state) return &known;
  return nullptr;
}

std::string Rulebook::basis_of(const std::string& code) const {
  const auto found = refusal_basis.find(code);
  return found == refusal_basis.end() ? name : found->second;
}

Refusal no_value_in_force(const ValueName& name, const std::vector<const Rule*>& values, Day day) {
  const Rule* next = nullptr;
  for (const Rule* value : values)
    if (value->from && *value->from > day && (next == nullptr || *value->from < *next->from)) next = value;
  const std::string basis = values.empty() ? name.basis : values.front()->basis;
  const std::string on = format_day(day);
  Refusal refusal = refuse(name.code, basis);
  refusal.because("day", on);
  if (next != nullptr) refusal.because("next_from", format_day(*next->from));
  const std::string zh = next == nullptr ? "" : ",下一规定自 " + format_day(*next->from) + " 起施行";
  const std::string en = next == nullptr ? "" : "; the next one is in force from " + format_day(*next->from);
  return refusal
      .says(name.zh + "在 " + on + " 无有效规定 (" + basis + ")" + zh,
            name.en + " has no value in force on " + on + " (" + basis + ")" + en)
      .mend("选择规定有效的日期，或载入该日有效的规定",
            "choose a day on which it has one, or load the rule of that day");
}

}  // namespace tanpuhui
