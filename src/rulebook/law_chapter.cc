#include "rulebook/law_chapter.h"

#include <algorithm>
#include <array>

namespace tanpuhui {
namespace {

constexpr std::array<std::string_view, 8> kinds = {"definition",  "duty",      "right",  "power",
                                                   "prohibition", "procedure", "effect", "entry_into_force"};
constexpr std::array<std::string_view, 5> statuses = {"executable", "recorded", "informative", "delegated", "open"};
constexpr std::string_view separator = " · ";

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The number after a letter and how far it reaches: "a37p2" with 'a' -> 37. 0 when there is none.
int take_number(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return 0;
  std::size_t end = 1;
  int number = 0;
  while (end < text.size() && end <= 4 && text[end] >= '0' && text[end] <= '9')
    number = number * 10 + text[end++] - '0';
  if (number > 0 && text[1] != '0') text.remove_prefix(end);
  return number;
}

struct ProvisionNumber {
  int article = 0;
  int paragraph = 0;
};

/// "book.a37p2" of the book "book" -> {37, 2}; {0, 0} for anything else.
ProvisionNumber number_of(std::string_view id, const std::string& book) {
  if (!id.starts_with(book + ".")) return {};
  id.remove_prefix(book.size() + 1);
  ProvisionNumber number;
  number.article = take_number(id, 'a');
  if (!id.empty()) number.paragraph = take_number(id, 'p');
  return id.empty() ? number : ProvisionNumber{};
}

class ChapterReader {
 public:
  ChapterReader(const SourceFile& file, const std::string& book) : text_(file.text), book_(book) {
    chapter_.file = file.name;
    chapter_.number = chapter_number(file.name);
  }

  Result<LawChapter, TextErrors> run() {
    for (std::size_t start = 0; start < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', start), text_.size());
      ++line_;
      read_line(text_.substr(start, end - start));
      chapter_.toml += '\n';
      start = end + 1;
    }
    if (in_block_) fail("this block is never closed", "close it with ``` on a line of its own", block_line_);
    close_provision();
    check_chapter();
    if (!errors_.empty()) return errors_;
    return chapter_;
  }

 private:
  void fail(std::string message, std::string remedy, int line = 0) {
    const int at = line == 0 ? line_ : line;
    errors_.push_back({chapter_.file, at, 1, std::move(message), std::move(remedy), provision_above(at)});
  }

  /// The provision under whose heading the line stands; empty: none.
  std::string provision_above(int line) const {
    std::string id;
    for (const Provision& provision : chapter_.provisions)
      if (provision.line <= line) id = provision.id;
    return id;
  }

  void read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (in_block_) return read_block_line(line);
    if (line.starts_with("```")) return open_block(line);
    if (line.starts_with("  ") && summary_ != nullptr) return continue_summary(line);
    summary_ = nullptr;
    if (line.starts_with("#")) return read_heading(line);
    if (line.starts_with("- **")) read_summary_line(line);
  }

  void open_block(std::string_view line) {
    summary_ = nullptr;
    in_block_ = true;
    block_line_ = line_;
    if (line != "```toml") fail("only toml blocks stand in a law file", "begin the block with ```toml");
    if (chapter_.provisions.empty()) return fail("a block must stand under a provision", "put a heading above it");
    chapter_.blocks.push_back({line_ + 1, line_, chapter_.provisions.size() - 1});
  }

  void read_block_line(std::string_view line) {
    if (line == "```") {
      in_block_ = false;
      return;
    }
    chapter_.toml += line;
    if (!chapter_.blocks.empty()) chapter_.blocks.back().last_line = line_;
  }

  void read_heading(std::string_view line) {
    if (line.starts_with("# ")) return titles(line.substr(2), chapter_.title_zh, chapter_.title_en);
    if (line.starts_with("## ")) return open_article(line.substr(3));
    if (line.starts_with("### ")) return open_paragraph(line.substr(4));
    fail("this heading is none of the three kinds", "write # chapter, ## article or ### paragraph");
  }

  void titles(std::string_view text, std::string& zh, std::string& en) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return fail("the title lacks one language", "write <zh title> · <en title>");
    zh = text.substr(0, at);
    en = text.substr(at + separator.size());
  }

  void open_article(std::string_view text) {
    close_provision();
    const auto space = std::min(text.find(' '), text.size());
    const ProvisionNumber number = number_of(text.substr(0, space), book_);
    if (number.article <= article_ || number.paragraph != 0)
      fail("this is not the id of a next article", "write " + book_ + ".aN with a number above the last one");
    article_ = number.article;
    paragraph_ = 0;
    open_provision(text.substr(0, space), false);
    if (space < text.size()) text.remove_prefix(space + 1);
    titles(text, chapter_.provisions.back().title_zh, chapter_.provisions.back().title_en);
  }

  void open_paragraph(std::string_view id) {
    close_provision();
    const ProvisionNumber number = number_of(id, book_);
    if (number.article != article_ || number.article == 0 || number.paragraph <= paragraph_)
      return fail("this is not the id of a next paragraph of the article above",
                  "write " + book_ + ".a" + std::to_string(article_) + "pN with a number above the last one");
    paragraph_ = number.paragraph;
    const Provision above = chapter_.provisions.back();
    open_provision(id, true);
    chapter_.provisions.back().title_zh = above.title_zh;
    chapter_.provisions.back().title_en = above.title_en;
  }

  void open_provision(std::string_view id, bool is_paragraph) {
    Provision provision;
    provision.id = id;
    provision.file = chapter_.file;
    provision.line = line_;
    provision.is_paragraph = is_paragraph;
    chapter_.provisions.push_back(std::move(provision));
    open_ = true;
  }

  /// An article that is followed by a paragraph may leave its summary to it.
  void close_provision() {
    if (!open_) return;
    open_ = false;
    summary_ = nullptr;
    const Provision& provision = chapter_.provisions.back();
    const bool complete = !provision.zh.empty() && !provision.en.empty() && !provision.kind.empty();
    const bool empty = provision.zh.empty() && provision.en.empty() && provision.kind.empty();
    if (complete || (!provision.is_paragraph && empty)) return;
    fail(provision.id + " lacks its summary, kind or status",
         "write - **zh**: ..., - **en**: ... and - **kind**: duty · **status**: recorded", provision.line);
  }

  void read_summary_line(std::string_view line) {
    if (!open_) return;
    Provision& provision = chapter_.provisions.back();
    if (line.starts_with("- **zh**: ")) return begin_summary(provision.zh, line.substr(10), "");
    if (line.starts_with("- **en**: ")) return begin_summary(provision.en, line.substr(10), " ");
    if (line.starts_with("- **kind**: ")) return read_kind(provision, line.substr(12));
    fail("this line is none of zh, en, kind", "write - **zh**: ..., - **en**: ... or - **kind**: ...");
  }

  void begin_summary(std::string& summary, std::string_view text, std::string_view joint) {
    if (!summary.empty()) return fail("the provision has two summaries in one language", "keep one");
    summary = text;
    summary_ = &summary;
    joint_ = joint;
  }

  void continue_summary(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.empty()) summary_->append(joint_).append(line);
  }

  void read_kind(Provision& provision, std::string_view text) {
    constexpr std::string_view middle = " · **status**: ";
    const auto at = text.find(middle);
    provision.kind = text.substr(0, at);
    if (at != std::string_view::npos) provision.status = text.substr(at + middle.size());
    if (!contains(kinds, provision.kind)) fail("unknown kind", "write one of: " + joined(kinds));
    if (!contains(statuses, provision.status)) fail("unknown status", "write one of: " + joined(statuses));
  }

  template <std::size_t N>
  static std::string joined(const std::array<std::string_view, N>& words) {
    std::string all;
    for (std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
    return all;
  }

  void check_chapter() {
    if (chapter_.title_zh.empty()) fail("the chapter has no title", "begin with # <zh title> · <en title>", 1);
    for (std::size_t i = 0; i < chapter_.provisions.size(); ++i) check_article(i);
  }

  void check_article(std::size_t i) {
    const Provision& provision = chapter_.provisions[i];
    const bool has_paragraphs = i + 1 < chapter_.provisions.size() && chapter_.provisions[i + 1].is_paragraph;
    if (provision.is_paragraph || has_paragraphs || !provision.zh.empty() || !provision.kind.empty()) return;
    fail(provision.id + " has neither a summary nor paragraphs", "write its summary, kind and status", provision.line);
  }

  std::string_view text_;
  std::string book_;
  LawChapter chapter_;
  TextErrors errors_;
  int line_ = 0, block_line_ = 0;
  int article_ = 0, paragraph_ = 0;
  bool in_block_ = false, open_ = false;
  std::string* summary_ = nullptr;
  std::string_view joint_;
};

}  // namespace

const Provision* LawChapter::provision_at(int line) const {
  for (const LawBlock& block : blocks)
    if (block.first_line <= line && line <= block.last_line) return &provisions[block.provision];
  return nullptr;
}

Result<LawChapter, TextErrors> read_law_chapter(const SourceFile& file, const std::string& book) {
  return ChapterReader(file, book).run();
}

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

int chapter_number(const std::string& path) {
  const std::string name = base_name(path);
  std::string_view rest = name;
  if (!rest.starts_with("ch") || !rest.ends_with(".law.md")) return 0;
  rest.remove_prefix(1);
  const int number = take_number(rest, 'h');
  return rest.starts_with("_") && rest.size() > 8 ? number : 0;
}

}  // namespace tanpuhui
