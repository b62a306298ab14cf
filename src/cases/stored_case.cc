#include "cases/stored_case.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/cbor.h"
#include "base/fault.h"
#include "base/region.h"
#include "procedure/decide_step.h"

namespace tanpuhui {
namespace {

constexpr std::size_t act_fields = 13;

std::string next_text(CborReader& in) { return std::string(in.text()); }

[[noreturn]] void report_damage(const Database& database, std::int64_t number) {
  throw Fault(
      fmt::format("{}: the acts of case {} are damaged; restore the programme from a backup", database.path(), number));
}

constexpr std::string_view columns =
    "c.case_id, c.procedure, c.starts, c.state, c.person, c.unit, c.kind, c.about, c.acts, c.opened_at, a.body";

void apply_act(const Database& database, StoredCase& stored, ByteView body) {
  auto act = decode_act(body);
  if (!act || act->from != stored.matter.state) report_damage(database, stored.number);
  apply_step(stored.matter, CaseStep{std::move(*act), {}, {}});
}

StoredCase read_row(const Statement& row) {
  StoredCase stored;
  stored.number = row.integer(0);
  stored.matter.procedure = row.text(1);
  stored.matter.state = row.text(2);
  stored.matter.applicant = {std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6))};
  if (!row.is_null(7)) stored.about = row.integer(7);
  stored.opened_at = Instant{row.integer(9)};
  return stored;
}

/// Cases from their rows and acts side by side: a row an act, in the order of acts.
std::vector<StoredCase> read_cases(const Database& database, Statement& rows) {
  std::vector<StoredCase> cases;
  bool more = rows.step();
  while (more) {
    StoredCase stored = read_row(rows);
    const std::string state(rows.text(3));
    const std::int64_t acts = rows.integer(8);
    for (; more && rows.integer(0) == stored.number; more = rows.step()) {
      if (rows.is_null(10)) continue;  // none yet
      auto act = decode_act(rows.blob(10));
      if (!act || act->from != stored.matter.state) report_damage(database, stored.number);
      apply_step(stored.matter, CaseStep{std::move(*act), {}, {}});
    }
    if (stored.matter.state != state || std::ssize(stored.matter.history) != acts)
      report_damage(database, stored.number);
    cases.push_back(std::move(stored));
  }
  return cases;
}

}  // namespace

// One statement sees one state: between two of them another writer may have taken a step.
std::optional<StoredCase> find_case(Database& database, std::int64_t number) {
  auto rows = database.statement(fmt::format(
      "SELECT {} FROM cases c LEFT JOIN case_acts a ON a.case_id = c.case_id WHERE c.case_id = ? ORDER BY a.n",
      columns));
  rows.bind(number);
  std::vector<StoredCase> found = read_cases(database, rows);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<StoredCase> list_cases(Database& database, const CaseFilter& filter) {
  // Without conditions that always hold, so that each list finds its index.
  std::string where = "case_id < ?";
  if (!filter.procedure.empty()) where += " AND procedure = ?";
  if (!filter.state.empty()) where += " AND state = ?";
  if (filter.applicant) where += " AND ((person = ? AND person <> '') OR (unit = ? AND unit <> ''))";
  if (!filter.region.empty()) where += " AND region LIKE ?";
  auto rows = database.statement(
      fmt::format("SELECT {} FROM (SELECT * FROM cases WHERE {} ORDER BY case_id DESC LIMIT ?) c LEFT JOIN case_acts a "
                  "ON a.case_id = c.case_id ORDER BY c.case_id DESC, a.n",
                  columns, where));
  rows.bind(filter.before.value_or(std::numeric_limits<std::int64_t>::max()));
  if (!filter.procedure.empty()) rows.bind(filter.procedure);
  if (!filter.state.empty()) rows.bind(filter.state);
  if (filter.applicant) rows.bind(filter.applicant->person).bind(filter.applicant->unit);
  if (!filter.region.empty()) rows.bind(std::string(region_prefix(filter.region)) + "%");
  rows.bind(filter.limit);
  return read_cases(database, rows);
}

std::optional<Bytes> find_document(Database& database, const Case& matter, const Digest& digest) {
  const bool is_there = std::ranges::any_of(matter.history, [&](const CaseAct& act) {
    return std::ranges::any_of(act.documents, [&](const auto& brought) { return brought.second.digest == digest; });
  });
  if (!is_there) return std::nullopt;
  auto bytes = find_document(database, digest);
  if (!bytes) throw Fault(fmt::format("{}: a document of a case is missing; run `tanpuhui audit`", database.path()));
  return bytes;
}

std::vector<StoredCase> list_cases_as_of(Database& database, const std::string& procedure, EntryId last) {
  auto rows = database.statement(
      "SELECT c.case_id, c.procedure, c.starts, c.state, c.person, c.unit, c.kind, c.about, c.acts, c.opened_at, "
      "a.body "
      "FROM cases c LEFT JOIN case_acts a ON a.case_id = c.case_id AND a.entry_id <= ? "
      "WHERE c.procedure = ? AND c.case_id <= ? ORDER BY c.case_id, a.n");
  rows.bind(last.value).bind(procedure).bind(last.value);
  std::vector<StoredCase> cases;
  while (rows.step()) {
    if (cases.empty() || cases.back().number != rows.integer(0)) cases.push_back(read_row(rows));
    if (!rows.is_null(10)) apply_act(database, cases.back(), rows.blob(10));
  }
  return cases;
}

std::optional<Bytes> find_document(Database& database, const Digest& digest) {
  auto row = database.statement("SELECT bytes FROM documents WHERE digest = ?");
  row.bind(ByteView(digest));
  if (!row.step()) return std::nullopt;
  return Bytes(row.blob(0).begin(), row.blob(0).end());
}

std::vector<RelatedCase> find_cases_about(Database& database, std::int64_t number) {
  auto rows = database.statement("SELECT procedure, state FROM cases WHERE about = ? ORDER BY case_id");
  rows.bind(number);
  std::vector<RelatedCase> cases;
  while (rows.step()) cases.push_back({std::string(rows.text(0)), std::string(rows.text(1))});
  return cases;
}

std::optional<RelatedCase> find_related(Database& database, const std::string& number) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) return std::nullopt;
  auto row = database.statement("SELECT procedure, state FROM cases WHERE case_id = ?");
  row.bind(value);
  if (!row.step()) return std::nullopt;
  return RelatedCase{std::string(row.text(0)), std::string(row.text(1))};
}

Bytes encode_act(const CaseAct& act) {
  CborWriter out;
  out.array(act_fields).text(act.person).text(act.unit).text(act.role).text(act.action).text(act.from).text(act.to);
  out.integer(act.at.ms).text(act.reason).array(act.documents.size());
  for (const auto& [kind, document] : act.documents)
    out.array(3).text(kind).integer(document.version).bytes(document.digest);
  out.array(act.fields.size());
  for (const auto& [field, text] : act.fields) out.array(2).text(field).text(text);
  return out.integer(static_cast<int>(act.vote)).integer(act.complete ? 1 : 0).text(act.basis).take();
}

std::optional<CaseAct> decode_act(ByteView bytes) {
  CborReader in(bytes);
  in.array(act_fields);
  CaseAct act;
  for (std::string* text : {&act.person, &act.unit, &act.role, &act.action, &act.from, &act.to}) *text = next_text(in);
  act.at.ms = in.integer();
  act.reason = next_text(in);
  for (std::size_t left = in.array(); left > 0; --left) {
    in.array(3);
    CaseDocument& document = act.documents[next_text(in)];
    document.version = static_cast<int>(in.integer());
    const ByteView digest = in.bytes();
    if (digest.size() != document.digest.size()) return std::nullopt;
    std::ranges::copy(digest, document.digest.begin());
  }
  for (std::size_t left = in.array(); left > 0; --left) {
    in.array(2);
    std::string& text = act.fields[next_text(in)];
    text = next_text(in);
  }
  const std::int64_t vote = in.integer();
  act.complete = in.integer() != 0;
  act.basis = next_text(in);
  if (!in.finish() || vote < 0 || vote > static_cast<int>(Vote::against)) return std::nullopt;
  act.vote = static_cast<Vote>(vote);
  return act;
}

}  // namespace tanpuhui
