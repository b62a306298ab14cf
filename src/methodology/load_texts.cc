#include "methodology/draft.h"

namespace tanpuhui {
namespace {

struct Part {
  const char* key;
  BilingualText* text;
  bool wanted;
};

/// Acts without reductions have nothing that a baseline or a calculation could speak of.
void read_parts(TomlReader& root, Methodology& m) {
  const bool reductions = m.bears_reductions();
  const Part parts[] = {{"title", &m.title, true},
                        {"publisher", &m.publisher, true},
                        {"applicability", &m.applicability, true},
                        {"baseline", &m.baseline, reductions},
                        {"calculation", &m.calculation, reductions},
                        {"monitoring_plan", &m.monitoring_plan, true},
                        {"additionality", &m.additionality, false}};
  for (const Part& part : parts)
    *part.text = part.wanted ? read_bilingual(root, part.key) : read_optional_bilingual(root, part.key);
}

}  // namespace

BilingualText read_bilingual(TomlReader& parent, std::string_view key) {
  auto table = parent.table(key);
  if (!table) return {};
  BilingualText both{table->text("zh"), table->text("en")};
  table->finish();
  return both;
}

BilingualText read_optional_bilingual(TomlReader& parent, std::string_view key) {
  return parent.has(key) ? read_bilingual(parent, key) : BilingualText{};
}

void read_identity(TomlReader& root, Draft& draft) {
  Methodology& m = draft.out;
  m.id = root.text("id");
  m.version = root.text("version");
  m.kind = root.one_of("kind", Choices<3>{"scenario", "project", "points"});
  m.valid_from = root.day("valid_from");
  m.valid_until = root.optional_day("valid_until");
  if (m.valid_until && *m.valid_until < m.valid_from)
    root.fail("valid_until", "the last day is before the first", "write a day not before valid_from");
  read_parts(root, m);
}

}  // namespace tanpuhui
