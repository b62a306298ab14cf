#include "methodology/draft.h"

namespace tanpuhui {
namespace {

void read(TomlReader& root, Draft& draft) {
  read_identity(root, draft);
  read_lists(root, draft);
  read_fields(root, draft);
  read_references(root, draft);
  lay_out_columns(root, draft);
  read_parameters(root, draft);
  read_tables(root, draft);
  read_lets(root, draft);
  read_checks(root, draft);
  read_reduction(root, draft);
  read_seal(root, draft);
  count_vectors(root);
}

}  // namespace

void Draft::fail(TextPosition at, std::string message, std::string remedy) {
  TextError error{std::string(file), at.line, at.column, std::move(message), std::move(remedy)};
  for (const TextError& known : errors)
    if (known == error) return;
  errors.push_back(std::move(error));
}

void Draft::fail(const expr::FormulaErrors& found) {
  for (const expr::FormulaError& error : found) fail({error.at.line, error.at.column}, error.message, error.remedy);
}

Result<Methodology, TextErrors> load_methodology(std::string_view text, std::string_view file_name, HashFunction hash,
                                                 const FactorTables& factors, HashFunction second_hash) {
  const auto parsed = parse_toml(text, file_name);
  if (!parsed) return parsed.error();
  Draft draft{text, file_name, factors};
  TomlReader root(*parsed, file_name, draft.errors);
  read(root, draft);
  if (draft.sound()) check_dates(draft);
  if (draft.sound()) compile_periods(draft);
  if (draft.sound()) try_vectors(root, draft);
  root.finish();
  if (!draft.sound()) return std::move(draft.errors);
  Methodology& out = draft.out;
  out.canonical = canonical_bytes(out);
  out.hash = hash(out.canonical);
  if (second_hash != nullptr) out.second_hash = second_hash(out.canonical);
  return std::move(out);
}

}  // namespace tanpuhui
