#include "cli/explain.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/decimal.h"
#include "base/fault.h"
#include "journal/block.h"
#include "rooms/activity/acts.h"
#include "rooms/activity/shell/find_acts.h"
#include "rooms/reduction/shell/find_certificates.h"
#include "rooms/reduction/statement.h"
#include "rooms/scenario/shell/find_scenario.h"
#include "store/writer.h"

namespace tanpuhui {
namespace {

/// What the walk stands on.
struct Found {
  NumberedStatement row;
  StatementContext context;
  StatementFacts facts;
  Entry entry;
};

std::optional<NumberedStatement> find_statement(Database& database, std::string_view name) {
  if (auto found = find_certificate(database, name)) return found;
  EntryId entry;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), entry.value);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return find_certificate(database, entry);
}

Bytes entry_bytes(Database& database, EntryId entry) {
  auto row = database.statement("SELECT body FROM entries WHERE entry_id = ?");
  row.bind(entry.value);
  if (!row.step())
    throw Fault(fmt::format("{}: entry {} is missing; run `tanpuhui audit`", database.path(), entry.value));
  return Bytes(row.blob(0).begin(), row.blob(0).end());
}

Found find_all(Database& database, std::string_view name) {
  auto row = find_statement(database, name);
  if (!row)
    throw Fault(
        fmt::format("{}: there is no statement or use \"{}\"; its number (S...) is on the certificate and on the "
                    "receipt of the use",
                    database.path(), name));
  auto context = decode_statement(row->context);
  auto facts = decode_statement_facts(entry_bytes(database, row->entry), row->context);
  auto entry = find_entry(database, row->entry);
  if (!context || !facts || !entry)
    throw Fault(fmt::format("{}: statement {} and entry {} do not belong together; run `tanpuhui audit`",
                            database.path(), row->number, row->entry.value));
  return {*std::move(row), *std::move(context), *std::move(facts), *std::move(entry)};
}

std::string kilograms(Milligrams mg) { return format_fixed(mg.count(), 6) + " kg CO2e"; }

/// Lines of the walk; a step has a heading, its facts are indented.
class Walk {
 public:
  void step(std::string_view heading) { text_ += fmt::format("{}{}\n", text_.empty() ? "" : "\n", heading); }
  void fact(std::string_view name, std::string_view value) { text_ += fmt::format("  {:<22} {}\n", name, value); }
  void line(std::string_view text) { text_ += fmt::format("    {}\n", text); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void tell_statement(Walk& walk, const Found& found) {
  const StatementFacts& facts = found.facts;
  walk.step(fmt::format("Statement {} · {}", facts.number, facts.document.zh));
  walk.fact("programme", facts.programme.en);
  walk.fact("purpose", fmt::format("{} ({}, {})", facts.purpose.en, facts.purpose.zh, facts.purpose_id));
  if (!facts.beneficiary.empty()) walk.fact("beneficiary", facts.beneficiary);
  walk.fact("holder", facts.holder + " (a pseudonym)");
  walk.fact("amount", kilograms(facts.amount));
}

void tell_entry(Walk& walk, const Found& found) {
  const Entry& entry = found.entry;
  Points points;
  for (const Leg& leg : entry.posting.legs)
    if (leg.account == entry.posting.account) points -= leg.d_points;
  walk.step(fmt::format("Entry {} · 账目", entry.entry_id.value));
  walk.fact("kind", fmt::format("{} ({})", name_en(entry.kind), name_zh(entry.kind)));
  walk.fact("recorded", format_instant(entry.recorded_at, found.context.zone));
  walk.fact("act", fmt::format("{} of part {}", entry.act_no, entry.part.value));
  walk.fact("basis", entry.basis);
  walk.fact("rulebook", to_hex(entry.rulebook_hash));
  walk.fact("left circulation",
            fmt::format("{}, and {} points with it", kilograms(found.facts.amount), points.count()));
  walk.fact("digest of the facts", to_hex(found.facts.context_digest));
}

void tell_block(Walk& walk, Database& database, EntryId entry) {
  auto row = database.statement(
      "SELECT block_no, first_entry, last_entry, record, leaf_hash FROM blocks WHERE first_entry <= ? AND last_entry "
      ">= ?");
  row.bind(entry.value).bind(entry.value);
  walk.step("Transparency log · 透明日志");
  if (!row.step()) return walk.fact("block", "none yet: the entry waits for the next sealing of the log");
  const auto block = decode_block(row.blob(3));
  walk.fact("block", fmt::format("{} (leaf {} of the log), entries {} to {}", row.integer(0), row.integer(0),
                                 row.integer(1), row.integer(2)));
  if (block) walk.fact("sealed", fmt::format("{}, {} leaves", format_utc(block->sealed_at), block->event_count));
  walk.fact("leaf hash", to_hex(row.blob(4)));
}

std::string signature_text(const Statement& row, int column) {
  return row.is_null(column) ? "none" : to_hex(row.blob(column)).substr(0, 16) + "...";
}

/// The row of a batch.
struct BatchRow {
  ScenarioId scenario;
  Day from, until;
  std::string methodology;
  Digest methodology_hash{};
};

void tell_batch_facts(Walk& walk, const Statement& row) {
  walk.fact("state", row.text(5));
  walk.fact("issued", fmt::format("{} to {} persons from {} records", kilograms(Milligrams(row.integer(6))),
                                  row.integer(7), row.integer(8)));
  walk.fact("sealed acts, digest", to_hex(row.blob(9)));
  walk.fact("batch, digest", to_hex(row.blob(10)));
  walk.fact("signed by the partner", signature_text(row, 11));
  walk.fact(
      "by the authority",
      signature_text(row, 12) +
          (row.is_null(13) || row.text(13).empty() ? "" : fmt::format(" (operator, delegation {})", row.text(13))));
  if (!row.is_null(14)) walk.fact("credited on", format_day(Day{static_cast<std::int32_t>(row.integer(14))}));
}

BatchRow tell_batch(Walk& walk, Database& database, const StatementBatch& batch, const Entry& entry) {
  auto row = database.statement(
      "SELECT scenario_id, period_from, period_until, methodology, methodology_hash, state, issued_mg, persons, "
      "records, "
      "acts_digest, digest, partner_signature, authority_signature, delegation, credited_on FROM batches WHERE "
      "batch_id "
      "= ?");
  row.bind(batch.id.value);
  if (!row.step())
    throw Fault(fmt::format("{}: batch {} is missing; run `tanpuhui audit`", database.path(), batch.id.value));
  BatchRow found{ScenarioId{row.integer(0)},
                 Day{static_cast<std::int32_t>(row.integer(1))},
                 Day{static_cast<std::int32_t>(row.integer(2))},
                 std::string(row.text(3)),
                 {}};
  std::ranges::copy_n(row.blob(4).begin(), std::min<std::ptrdiff_t>(32, std::ssize(row.blob(4))),
                      found.methodology_hash.begin());
  walk.step(fmt::format("Batch {} · 批次 · {}", batch.id.value, batch.label));
  if (const auto scenario = find_scenario(database, found.scenario))
    walk.fact("scenario", fmt::format("{} ({}, {})", scenario->title_en, scenario->title_zh, scenario->name));
  walk.fact("period", fmt::format("{} to {}", format_day(found.from), format_day(found.until)));
  tell_batch_facts(walk, row);
  for (const SerialRange& range : entry.posting.serials)
    if (range.batch == batch.id)
      walk.fact("serials of this use", fmt::format("[{}, {}) mg = {}", range.from_mg.count(), range.to_mg.count(),
                                                   kilograms(range.to_mg - range.from_mg)));
  return found;
}

void tell_factors(Walk& walk, const Methodology& methodology, const BatchRow& batch) {
  for (const MethodologyParameter& factor : methodology.parameters) {
    if (factor.from > batch.until || (factor.until && *factor.until < batch.from)) continue;
    walk.fact("factor", fmt::format("{} = {} {}", factor.name, format_fixed(factor.value.mantissa, factor.value.scale),
                                    factor.unit));
    walk.line(fmt::format("{} to {}, {}", format_day(factor.from),
                          factor.until ? format_day(*factor.until) : std::string("now"), factor.region));
    walk.line(fmt::format("source: {}; trust: {}", factor.source, factor.trust));
  }
  if (methodology.has_demonstration_factors())
    walk.fact("take care", "some factors are demonstration values (演示值), published by nobody");
}

// The methodology when the file at hand is the one that the batch names.
const Methodology* tell_methodology(Walk& walk, const BatchRow& batch,
                                    const std::map<std::string, Methodology>& methodologies) {
  walk.step(fmt::format("Methodology {} · 方法学", batch.methodology));
  walk.fact("hash", to_hex(batch.methodology_hash));
  const auto found = methodologies.find(batch.methodology);
  if (found == methodologies.end()) return walk.fact("file", "not at hand"), nullptr;
  const Methodology& methodology = found->second;
  walk.fact("title", fmt::format("{} ({})", methodology.title.en, methodology.title.zh));
  walk.fact("publisher", fmt::format("{} ({})", methodology.publisher.en, methodology.publisher.zh));
  if (methodology.hash != batch.methodology_hash)
    return walk.fact("file", "at hand, but another one: its hash is " + to_hex(methodology.hash)), nullptr;
  walk.fact("formula", methodology.reduction.expression);
  tell_factors(walk, methodology, batch);
  return &methodology;
}

bool belongs(const FoundAct& act, BatchId batch) { return act.batch == batch && act.outcome == Outcome::accepted; }

// Acts come newest first over all scenarios: ask for more until the period has been passed.
std::vector<FoundAct> own_records(Database& database, AccountId holder, BatchId batch, const BatchRow& row,
                                  std::size_t records_max) {
  for (std::size_t limit = 256;; limit *= 4) {
    std::vector<FoundAct> acts = find_acts(database, holder, limit, row.until);
    const bool passed = acts.size() < limit || acts.back().day < row.from;
    std::erase_if(acts, [&](const FoundAct& act) { return !belongs(act, batch); });
    if (acts.size() < records_max && !passed) continue;
    if (acts.size() > records_max) acts.resize(records_max);
    return acts;
  }
}

void tell_calculation(Walk& walk, const Methodology& methodology, const FoundAct& act) {
  std::vector<std::int64_t> inputs(methodology.sealed_columns());
  if (!read_fields(act.fields, inputs)) return walk.fact("calculation", "the record's inputs cannot be read");
  // What follows the fields tells subjects apart and is no input.
  inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(methodology.field_columns),
               inputs.begin() + static_cast<std::ptrdiff_t>(methodology.kept_columns));
  inputs.push_back(act.duration_ms);
  walk.fact("calculation", "of " + act.record_id);
  for (const std::string& line : explain(methodology, inputs, act.day)) walk.line(line);
}

void tell_records(Walk& walk, const std::vector<FoundAct>& acts, const Methodology* methodology, Zone zone) {
  walk.step("Records of the holder in this batch · 持有人的记录");
  if (acts.empty())
    return walk.fact("records", "none of the holder's own: the reductions came from others, or none asked");
  for (const FoundAct& act : acts)
    walk.fact(act.record_id, fmt::format("{}, {} s, {}", format_instant(act.started_at, zone),
                                         format_fixed(act.duration_ms, 3), kilograms(act.reduction)));
  if (methodology != nullptr) tell_calculation(walk, *methodology, acts.front());
}

}  // namespace

std::string explain_certificate(Database& database, std::string_view number_or_entry_id,
                                const std::map<std::string, Methodology>& methodologies, std::size_t records_max) {
  const ReadTransaction one_state(database);
  const Found found = find_all(database, number_or_entry_id);
  Walk walk;
  tell_statement(walk, found);
  tell_entry(walk, found);
  tell_block(walk, database, found.entry.entry_id);
  for (const StatementBatch& batch : found.context.batches) {
    const BatchRow row = tell_batch(walk, database, batch, found.entry);
    const Methodology* methodology = tell_methodology(walk, row, methodologies);
    const auto acts = own_records(database, found.entry.posting.account, batch.id, row, records_max);
    tell_records(walk, acts, methodology, found.context.zone);
  }
  return walk.take();
}

}  // namespace tanpuhui
