/// Sums of the ledger: a month's figures, a year's, and what each batch issued. What is left out is decided by the
/// rules of suppression.h.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "publications/compilers.h"
#include "publications/ledger_figures.h"

namespace tanpuhui {
namespace {

using Flows = std::vector<Flow>;

const Flows issued = {Flow::issued}, cancelled = {Flow::cancelled}, cleared = {Flow::points_cleared};
const Flows corrected = {Flow::corrected}, traded = {Flow::traded}, granted = {Flow::points_granted};
const Flows retired_event = {Flow::retired_event}, retired_offset = {Flow::retired_offset};
const Flows retired_eco = {Flow::retired_eco};
const Flows retired = {Flow::retired_event, Flow::retired_offset, Flow::retired_eco};

/// The figures of a month as a book shows them: which flows make one figure.
std::vector<Flows> shown_by(const PublicationRule& rule) {
  const auto shows = [&](std::string_view field) { return std::ranges::find(rule.fields, field) != rule.fields.end(); };
  std::vector<Flows> all;
  if (shows("issued_t")) all.push_back(issued);
  if (shows("cancelled_t_by_purpose")) all.insert(all.end(), {retired_event, retired_offset, cancelled, retired_eco});
  if (shows("retired_t")) all.push_back(retired);
  if (shows("cancelled_t")) all.push_back(cancelled);
  if (shows("corrected_t")) all.push_back(corrected);
  return all;
}

class Figures {
 public:
  Figures(const Compilation& at, Day last)
      : min_(at.group_min()),
        ledger_(read_ledger_figures(at.sources.database, {at.as_of, last, at.sources.book.zone, min_})) {}

  FlowFigure figure(const MonthFigures& month, const Flows& flows) const {
    FlowFigure total(min_);
    for (const Flow flow : flows) {
      const auto found = month.flows.find(flow);
      if (found == month.flows.end()) continue;
      total.sum += found->second.sum;
      total.persons.add(found->second.persons);
    }
    return total;
  }

  bool may_show(const MonthFigures& month, const Flows& flows) const {
    return may_show_total(figure(month, flows).persons, finer(month, flows), min_);
  }

  /// Who made what is not shown of a month's figure, neither in it nor by its batches.
  PersonGroup hidden(const MonthFigures& month, const Flows& flows) const {
    PersonGroup persons(min_);
    if (may_show(month, flows)) return persons;
    if (flows != issued) return figure(month, flows).persons;
    for (const FinerFigure& batch : finer(month, flows))
      if (!batch.shown) persons.add(batch.persons);
    return persons;
  }

  template <class Unit>
  Value of_month(const MonthFigures& month, const Flows& flows) const {
    if (!may_show(month, flows)) return Suppressed{};
    return Unit(figure(month, flows).sum);
  }

  /// `months`: the figures that the months show of it.
  template <class Unit>
  Value of_months(const Period& period, const std::vector<Flows>& months) const {
    FlowFigure total(min_);
    std::vector<FinerFigure> finer_figures;
    for (const MonthFigures* month : ledger_.months_in(period.first, period.last))
      for (const Flows& flows : months) {
        const FlowFigure part = figure(*month, flows);
        total.sum += part.sum;
        total.persons.add(part.persons);
        finer_figures.push_back({hidden(*month, flows), may_show(*month, flows)});
      }
    if (!may_show_total(total.persons, finer_figures, min_)) return Suppressed{};
    return Unit(total.sum);
  }

  /// At the end of the period, when `monthly` shows these flows beside it.
  Value held(const Period& period, const std::vector<Flows>& monthly) const {
    StockMask mask(min_);
    Value value = Milligrams();
    for (const MonthFigures* month : ledger_.months_in(Day{std::numeric_limits<std::int32_t>::min()}, period.last)) {
      for (const Flows& flows : monthly) mask.hide(hidden(*month, flows));
      for (const Flow flow : {Flow::issued, Flow::retired_event, Flow::retired_offset, Flow::retired_eco,
                              Flow::cancelled, Flow::expired, Flow::corrected})
        if (!is_among(flow, monthly)) mask.hide(figure(*month, {flow}).persons);
      value = mask.may_show(month->holders) ? Value(month->held) : Value(Suppressed{});
    }
    return value;
  }

  Value collected(const Period& period) const {
    StockMask mask(min_);
    Value value = Milligrams();
    for (const MonthFigures* month : ledger_.months_in(Day{std::numeric_limits<std::int32_t>::min()}, period.last)) {
      mask.hide(month->moved_collected);
      value = mask.may_show(PersonGroup(min_)) ? Value(month->collected) : Value(Suppressed{});
    }
    return value;
  }

  const MonthFigures& month(const Period& period) const {
    const MonthFigures* found = ledger_.month(period.first);
    return found == nullptr ? nothing_ : *found;
  }
  const LedgerFigures& ledger() const { return ledger_; }

 private:
  static bool is_among(Flow flow, const std::vector<Flows>& all) {
    return std::ranges::any_of(all, [&](const Flows& flows) { return std::ranges::find(flows, flow) != flows.end(); });
  }

  // A batch that was posted in two months is no part of either.
  bool lies_in_one_month(BatchId batch) const {
    return std::ranges::count_if(ledger_.months,
                                 [&](const auto& month) { return month.second.issued_to.contains(batch); }) == 1;
  }

  std::vector<FinerFigure> finer(const MonthFigures& month, const Flows& flows) const {
    std::vector<FinerFigure> batches;
    if (flows != issued) return batches;
    for (const auto& [batch, persons] : month.issued_to) {
      const auto whole = ledger_.batches.find(batch);
      const bool shown = whole != ledger_.batches.end() && !whole->second.group.few() && lies_in_one_month(batch);
      batches.push_back({persons, shown});
    }
    return batches;
  }

  int min_;
  LedgerFigures ledger_;
  MonthFigures nothing_{min_};
};

// Accounts are opened and never removed, each at its time.
Value count_users(const Compilation& at, Day last) {
  auto row = at.sources.database.statement("SELECT count(*) FROM accounts_register WHERE kind = ? AND opened_at < ?");
  row.bind(static_cast<int>(AccountKind::person)).bind(start_of(last + 1, at.sources.book.zone).ms);
  const std::int64_t users = row.run_integer();
  if (users > 0 && users < at.group_min()) return Suppressed{};
  return users;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "; ") + line;
  return all;
}

Cell evaluations_in(const Compilation& at, const Period& period) {
  std::vector<std::string> lines;
  for (const StoredCase& stored : cases_of(at, "programme_evaluation")) {
    const CaseAct* concluded = first_entry(stored.matter, "concluded");
    if (concluded == nullptr || !period.contains(day_at(concluded->at, at.sources.book.zone))) continue;
    const auto report = stored.matter.documents.find("evaluation_report");
    lines.push_back(
        fmt::format("{} case {}{}", format_day(day_at(concluded->at, at.sources.book.zone)), stored.number,
                    report == stored.matter.documents.end() ? "" : " sha256:" + to_hex(report->second.digest)));
  }
  return lines.empty() ? Cell() : Cell(joined_lines(lines));
}

Cell rule_changes_in(const Compilation& at, const Period& period) {
  std::vector<std::string> lines;
  for (const StoredCase& stored : cases_of(at, "rule_document"))
    for (const CaseAct& act : stored.matter.history) {
      const Day day = day_at(act.at, at.sources.book.zone);
      const bool changes = act.complete && (act.to == "in_force" || act.to == "repealed") && act.from != act.to;
      if (!changes || !period.contains(day)) continue;
      lines.push_back(fmt::format("{} {} {}", format_day(day), act.to, name_of(stored, {"title", "name"})));
    }
  return joined_lines(lines);
}

/// What the register says of a batch that is posted whole.
struct BatchRow {
  std::string scenario, period, methodology;
};

std::optional<BatchRow> find_batch_row(Database& database, BatchId batch, const BatchFigures& figures) {
  auto row = database.statement(
      "SELECT s.title_zh, s.title_en, b.period_from, b.period_until, b.methodology, (SELECT count(*) FROM batch_lines "
      "l "
      "WHERE l.batch_id = b.batch_id AND (l.reduction_mg > 0 OR l.plain_records > 0)) "
      "FROM batches b JOIN scenarios s ON s.scenario_id = b.scenario_id WHERE b.batch_id = ?");
  row.bind(batch.value);
  if (!row.step() || row.integer(5) != figures.entries) return std::nullopt;
  const auto day = [&](int column) { return format_day(Day{static_cast<std::int32_t>(row.integer(column))}); };
  return BatchRow{std::string(row.text(0)) + " / " + std::string(row.text(1)), day(2) + "/" + day(3),
                  std::string(row.text(4))};
}

}  // namespace

Result<Rows> compile_monthly_figures(const Compilation& at) {
  const Period& period = *at.period;
  const Figures figures(at, period.last);
  const MonthFigures& month = figures.month(period);
  const auto tonnes = [&](const Flows& flows) { return figures.of_month<Milligrams>(month, flows); };
  Row row;
  row["month"] = period.text;
  row["users"] = count_users(at, period.last);
  row["issued_t"] = tonnes(issued);
  row["held_t"] = figures.held(period, shown_by(at.rule));
  row["cancelled_t_by_purpose"] = Cell({{"event", tonnes(retired_event)},
                                        {"offset", tonnes(retired_offset)},
                                        {"cancel", tonnes(cancelled)},
                                        {"ecological", tonnes(retired_eco)}});
  row["retired_t"] = tonnes(retired);
  row["cancelled_t"] = tonnes(cancelled);
  row["cleared_points"] = figures.of_month<std::int64_t>(month, cleared);
  row["collected_t"] = figures.collected(period);
  row["traded_t"] = tonnes(traded);
  row["corrected_t"] = tonnes(corrected);
  return Rows{std::move(row)};
}

Result<Rows> compile_yearly_report(const Compilation& at) {
  const Period& period = *at.period;
  const Figures figures(at, period.last);
  const auto tonnes = [&](const std::vector<Flows>& months) { return figures.of_months<Milligrams>(period, months); };
  Row row;
  row["year"] = period.text;
  row["issued_t"] = tonnes({issued});
  row["points_granted"] = figures.of_months<std::int64_t>(period, {granted});
  row["uses_t"] = tonnes({retired_event, retired_offset, cancelled, retired_eco});
  row["retired_t"] = tonnes({retired});
  row["cancelled_t"] = tonnes({cancelled});
  row["traded_t"] = tonnes({traded});
  row["evaluation"] = evaluations_in(at, period);
  row["rule_changes"] = rule_changes_in(at, period);
  return Rows{std::move(row)};
}

Result<Rows> compile_issuances(const Compilation& at) {
  const Zone zone = at.sources.book.zone;
  const LedgerFigures ledger = read_ledger_figures(
      at.sources.database, {at.as_of, Day{std::numeric_limits<std::int32_t>::max()}, zone, at.group_min()});
  Rows rows;
  for (const auto& [batch, figures] : ledger.batches) {
    const auto found = find_batch_row(at.sources.database, batch, figures);
    if (!found) continue;
    const bool few = figures.group.few();
    Row row;
    row["scenario"] = row["object"] = found->scenario;
    row["period"] = found->period;
    row["amount_t"] = few ? Value(Suppressed{}) : Value(figures.amount);
    row["persons"] = few ? Value(Suppressed{}) : Value(figures.persons);
    row["methodology_version"] = found->methodology;
    row["posted_on"] = row["issued_on"] = format_day(day_at(figures.last_posted_at, zone));
    row["objection_channel"] = objection_channel(fmt::format("batch {}", batch.value));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tanpuhui
