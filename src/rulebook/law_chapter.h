#pragma once
/// A chapter of a rulebook as its authors write it: literate Markdown, `chN_<name>.law.md`.
///
///   # <zh title> · <en title>
///   ## <book>.a37 <zh title> · <en title>              an article, with its permanent id
///   ### <book>.a37p2                                   a paragraph of it, with its permanent id
///   - **zh**: our own summary                        (lines that are indented go on with the line above)
///   - **en**: the same in English
///   - **kind**: duty · **status**: executable
///
///   ```toml                                          the rules that execute the paragraph
///   [[spend_rule]]
///   ...
///   ```
///
/// An article without paragraphs carries the summary itself. Everything else is prose for readers. To parse the rules,
/// the prose lines are blanked out and the chapter is read as one TOML document, so that line numbers hold (D38);
/// therefore each block begins with a `[[name]]` of its own.
#include <string>
#include <vector>

#include "toml/toml.h"

namespace tanpuhui {

/// What the law does here: definition, duty, right, power, prohibition, procedure, effect, entry_into_force.
/// What we do about it:
///   executable   the rule blocks below decide
///   recorded     the platform's records and checks keep it; nothing of it varies
///   informative  asks nothing of a program
///   delegated    another rule or body decides
///   open         not decided yet
struct Provision {
  std::string id;                  ///< `<book>.a37` or `<book>.a37p2`
  std::string title_zh, title_en;  ///< of the article
  std::string zh, en;              ///< our summary, not the official sentence; empty for an article with paragraphs
  std::string kind, status;
  std::string file;
  int line = 0;
  bool is_paragraph = false;
};

/// The lines between two fences, fences not included.
struct LawBlock {
  int first_line = 0, last_line = 0;
  std::size_t provision = 0;  ///< index into the chapter's provisions
};

struct LawChapter {
  std::string file;
  int number = 0;
  std::string title_zh, title_en;
  std::vector<Provision> provisions;  ///< articles and paragraphs in order
  std::vector<LawBlock> blocks;
  std::string toml;  ///< the chapter with its prose blanked out

  /// The provision above a line of a block; null outside of blocks.
  const Provision* provision_at(int line) const;
};

Result<LawChapter, TextErrors> read_law_chapter(const SourceFile& file, const std::string& book);

/// `a/b/ch5_points_mall.law.md` -> `ch5_points_mall.law.md`
std::string base_name(const std::string& path);
/// The N of `chN_<name>.law.md`; 0 for any other name.
int chapter_number(const std::string& path);

}  // namespace tanpuhui
