#include "rooms/activity/shell/frozen_tables.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/fault.h"
#include "crypto/hash.h"
#include "rooms/activity/shell/find_sealed_acts.h"

namespace tanpuhui {
namespace {

bool same(const FrozenTable& a, const FrozenTable& b) {
  return frozen_table_digest(a, "", sha256) == frozen_table_digest(b, "", sha256);
}

void insert_table(Database& database, ScenarioId scenario, const FrozenTable& table) {
  auto insert = database.statement(
      "INSERT INTO frozen_figures(scenario_id, reference, from_day, until_day, n, word, value, source) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  std::int64_t n = 0;
  for (const FrozenTable::Row& row : table.rows) {
    const std::string value = figure_text(row);
    insert.bind(scenario.value).bind(table.reference).bind(table.from.number).bind(table.until.number).bind(n++);
    insert.bind(row.word).bind(value).bind(table.source).add();
  }
  insert.run();
}

Entry freezing_entry(const Office& office, std::string_view scenario, const FrozenTable& table, const Digest& digest) {
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("MET-04"));
  entry.notes = {{1, std::string(scenario)},
                 {2, table.reference},
                 {3, format_day(table.from) + "/" + format_day(table.until)},
                 {4, to_hex(digest)}};
  return entry;
}

/// Adds up the acts of peers, word by word.
class PeerSums {
 public:
  PeerSums(const Methodology& methodology, const MethodologyReference& reference)
      : inputs_(methodology.sealed_columns()),
        of_(methodology.column_of(reference.of)),
        by_(reference.by.empty() ? std::nullopt : std::optional(methodology.column_of(reference.by))) {}

  void add(const Database& database, const SealedAct& act) {
    read_inputs(database, act, inputs_);
    Word& word = words_[by_ ? inputs_[*by_] : 0];
    word.sum.total += inputs_[of_];
    ++word.sum.acts;
    word.persons.insert(act.account.value);
  }
  PeerSum of(std::int64_t number) {
    Word& word = words_[number];
    word.sum.persons = std::ssize(word.persons);
    return word.sum;
  }

 private:
  struct Word {
    PeerSum sum;
    std::set<std::int64_t> persons;
  };
  std::vector<std::int64_t> inputs_;
  std::size_t of_;
  std::optional<std::size_t> by_;
  std::map<std::int64_t, Word> words_;
};

}  // namespace

std::vector<FrozenTable> list_frozen_tables(Database& database, ScenarioId scenario) {
  std::vector<FrozenTable> tables;
  auto rows = database.statement(
      "SELECT reference, from_day, until_day, n, word, value, source FROM frozen_figures WHERE scenario_id = ? "
      "ORDER BY reference, from_day, n");
  rows.bind(scenario.value);
  while (rows.step()) {
    if (rows.integer(3) == 0)
      tables.push_back({std::string(rows.text(0)),
                        Day{static_cast<std::int32_t>(rows.integer(1))},
                        Day{static_cast<std::int32_t>(rows.integer(2))},
                        std::string(rows.text(6)),
                        {}});
    const auto value = parse_decimal(rows.text(5));
    if (!value || tables.empty()) throw Fault(database.path() + ": frozen_figures cannot be read");
    tables.back().rows.push_back({std::string(rows.text(4)), *value});
  }
  return tables;
}

Result<Digest> freeze_table(const Office& office, ScenarioId scenario, std::string_view scenario_name,
                            const FrozenTable& table) {
  std::vector<FrozenPeriod> standing;
  for (const FrozenTable& other : list_frozen_tables(office.database, scenario)) {
    if (other.reference != table.reference) continue;
    if (same(other, table)) return frozen_table_digest(table, scenario_name, sha256);
    standing.push_back({other.from, other.until});
  }
  const auto decided = decide_freeze(table, standing, office.today());
  if (!decided) return office.on_its_basis(decided.error());
  const Digest digest = frozen_table_digest(table, scenario_name, sha256);
  TANPUHUI_TRY(const EntryId entry,
               office.register_act(command_id_of(office.now, digest), digest,
                                   freezing_entry(office, scenario_name, table, digest),
                                   [&](Database& store, EntryId) { insert_table(store, scenario, table); }));
  static_cast<void>(entry);
  return digest;
}

Result<FrozenTable> mean_of_peers(Database& database, ScenarioId scenario, const Methodology& methodology,
                                  const std::string& reference, Day from, Day until) {
  const auto asked = std::ranges::find(methodology.references, reference, &MethodologyReference::name);
  if (asked == methodology.references.end() || asked->kind != "frozen" || asked->of.empty())
    return refuse("MET-04")
        .because("reference", reference)
        .says("方法学没有以字段均值固定的该项数值",
              "the methodology asks for no such figure that is the mean of a field")
        .mend("选择带有 of 的 frozen 参照项", "name a reference of kind frozen that has `of`");
  PeerSums sums(methodology, *asked);
  for (const SealedRound& round : list_rounds(database, scenario, from, until))
    for_each_act(database, round, [&](const SealedAct& act) {
      if (stands(act.outcome)) sums.add(database, act);
    });
  FrozenTable table;
  table.reference = reference;
  table.source =
      fmt::format("mean of {} an act, {} to {}, of what stands sealed", asked->of, format_day(from), format_day(until));
  const std::vector<std::string> words = frozen_words(methodology, *asked);
  for (std::size_t number = 0; number < words.size(); ++number)
    if (const auto mean = peer_mean(sums.of(static_cast<std::int64_t>(number)), methodology, *asked))
      table.rows.push_back({words[number], *mean});
  return table;
}

}  // namespace tanpuhui
