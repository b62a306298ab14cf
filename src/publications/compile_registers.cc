/// What was decided in cases: rules, methodologies, scenarios and projects, points rules, bodies, sanctions,
/// complaints.
#include <algorithm>
#include <limits>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/decimal.h"
#include "base/words.h"
#include "publications/compilers.h"
#include "publications/ledger_figures.h"
#include "rooms/scenario/shell/find_scenario.h"

namespace tanpuhui {
namespace {

using Words = std::vector<std::string>;

Zone zone_of(const Compilation& at) { return at.sources.book.zone; }

/// The case has once done what this publication tells.
bool was_published(const Compilation& at, const Case& matter) {
  return std::ranges::any_of(matter.history, [&](const CaseAct& act) {
    return act.complete && std::ranges::any_of(at.sources.book.actions, [&](const ActionRule& rule) {
             return rule.procedure == matter.procedure && rule.id == act.action && rule.publishes == at.rule.id;
           });
  });
}

/// When it came to where it stands, if that is one of the states.
Cell day_it_came_to(const Compilation& at, const Case& matter, const Words& states) {
  return is_one_of(states, matter.state) ? day_of_act(at, first_entry(matter, matter.state)) : Cell();
}

Row book_row(const Compilation& at) {
  const Rulebook& book = at.sources.book;
  Row row;
  row["title"] = book.title_zh + " / " + book.title_en;
  row["document_number"] = book.document_number.empty() ? Cell() : Cell(book.document_number);
  row["full_text"] = "sha256:" + to_hex(book.hash);
  row["version"] = Cell();
  row["effective_from"] = book.in_force_from ? Cell(format_day(*book.in_force_from)) : Cell();
  row["repealed_on"] = Cell();
  return row;
}

// The acts that the public was told of since it was first published.
Cell changes_of(const Compilation& at, const Case& matter, const CaseAct& published) {
  std::string all;
  for (const CaseAct& act : matter.history) {
    if (&act <= &published || !act.complete) continue;
    const bool told = std::ranges::any_of(at.sources.book.actions, [&](const ActionRule& rule) {
      return rule.procedure == matter.procedure && rule.id == act.action && rule.publishes == at.rule.id;
    });
    if (told) all += (all.empty() ? "" : "; ") + format_day(day_at(act.at, zone_of(at))) + " " + act.action;
  }
  return all;
}

/// What the field said once the act was taken.
Cell field_after(const Case& matter, const CaseAct& until, const std::string& field) {
  Cell value;
  for (const CaseAct& act : matter.history) {
    if (const auto given = act.fields.find(field); given != act.fields.end()) value = Cell(given->second);
    if (&act == &until) break;
  }
  return value;
}

// The day that the withdrawal names, else that of the act.
Cell end_of(const Compilation& at, const Case& matter) {
  const CaseAct* ended = first_act_with(at, matter, {"methodology_withdrawn", "methodology_superseded"});
  if (ended == nullptr || ended->to != matter.state) return {};
  const auto day = ended->fields.find("effective_from");
  return day == ended->fields.end() ? day_of_act(at, ended) : Cell(day->second);
}

Row catalogue_row(const Compilation& at, const StoredCase& stored, const CaseAct& published) {
  const Case& matter = stored.matter;
  Row row;
  row["id"] = name_of(stored, {"methodology_subject", "title", "name", "methodology"});
  row["kind"] = field_of(matter, "kind");
  row["version"] = field_of(matter, "version");
  row["effective_from"] = field_after(matter, published, "effective_from");
  row["effective_to"] = end_of(at, matter);
  row["full_text"] = document_of(matter, "full_text");
  row["parameters"] = document_of(matter, "calculation");
  row["changes"] = changes_of(at, matter, published);
  row["state"] = matter.state;
  return row;
}

/// Accepted of all records in batches that were posted whole; unknown while there are none.
class DataQuality {
 public:
  explicit DataQuality(const Compilation& at)
      : database_(at.sources.database),
        ledger_(read_ledger_figures(
            database_, {at.as_of, Day{std::numeric_limits<std::int32_t>::max()}, zone_of(at), at.group_min()})),
        persons_min_(at.group_min()) {}

  Cell of(const Case& matter) {
    for (const char* field : {"identifier", "name"})
      if (const auto scenario = find_scenario(database_, matter.field(field))) return of(scenario->id);
    return {};
  }

 private:
  Cell of(ScenarioId scenario) {
    auto rows = database_.statement(
        "SELECT batch_id, accepted, counts FROM sealed_days WHERE scenario_id = ? AND batch_id IS NOT NULL");
    rows.bind(scenario.value);
    std::int64_t accepted = 0, all = 0;
    PersonGroup persons(persons_min_);
    while (rows.step()) {
      const auto batch = ledger_.batches.find(BatchId{rows.integer(0)});
      if (batch == ledger_.batches.end()) continue;
      persons.add(batch->second.group);
      accepted += rows.integer(1);
      const boost::json::value counts = boost::json::parse(rows.text(2));
      for (const auto& [outcome, count] : counts.as_object()) all += count.to_number<std::int64_t>();
    }
    if (all == 0) return {};
    if (persons.few()) return Value(Suppressed{});
    return fmt::format("{}/{}", accepted, all);
  }

  Database& database_;
  LedgerFigures ledger_;
  int persons_min_;
};

Row rule_of_platform(const Rulebook& book, const PointsRule& rule, std::size_t number) {
  const std::optional<Day> from = rule.from ? rule.from : book.in_force_from;
  const auto expiry = from ? book.expiry.on(*from) : Result<ExpiryRule>(refuse(""));
  Row row;
  row["owner"] = std::string("平台 the platform");
  row["version"] = std::to_string(number);
  row["effective_from"] = from ? Cell(format_day(*from)) : Cell();
  row["grams_per_point"] = format_fixed(rule.mg_per_point.count(), 3);
  row["points_per_act"] = rule.points_per_act == Points() ? Cell() : Cell(Value(rule.points_per_act.count()));
  row["caps"] = std::string("依各方法学 as each methodology says");
  row["redemption"] = Cell();
  row["term"] = expiry ? Cell(fmt::format("{} 年 years", expiry->years)) : Cell();
  return row;
}

Row rule_of_developer(const Case& matter, const CaseAct& registered) {
  Row row;
  row["owner"] = applicant_of(matter);
  row["version"] = field_of(matter, "version");
  row["effective_from"] = field_after(matter, registered, "effective_from");
  for (const char* field : {"grams_per_point", "points_per_act", "caps", "redemption", "term"})
    row[field] = field_of(matter, field);
  return row;
}

struct ComplaintFigures {
  std::int64_t received = 0, answered = 0, upheld = 0, working_days = 0;
};

/// Working days after `from` up to `until`; CAL-01 when a year of them has no notice.
Result<std::int64_t> working_days_between(const Calendar& calendar, Day from, Day until) {
  std::int64_t days = 0;
  for (Day day = from + 1; day <= until; day = day + 1) {
    if (const int year = civil_of(day).year; !calendar.knows_year(year)) return finalise({until, true, year}).error();
    days += calendar.is_working_day(day) ? 1 : 0;
  }
  return days;
}

Result<Done> count_complaint(const Compilation& at, const Case& matter, ComplaintFigures& figures) {
  const auto in_period = [&](const CaseAct* act) {
    return act != nullptr && at.period->contains(day_at(act->at, zone_of(at)));
  };
  const CaseAct* received = first_entry(matter, "received");
  if (in_period(received)) ++figures.received;
  const CaseAct* answer = nullptr;
  for (const char* state : {"answered", "upheld", "dismissed"})
    if (answer == nullptr) answer = first_entry(matter, state);
  if (!in_period(answer) || received == nullptr) return Done{};
  ++figures.answered;
  if (answer->to == "upheld") ++figures.upheld;
  TANPUHUI_TRY(const std::int64_t days, working_days_between(at.sources.calendar, day_at(received->at, zone_of(at)),
                                                             day_at(answer->at, zone_of(at))));
  figures.working_days += days;
  return Done{};
}

}  // namespace

Cell methodology_of(const Compilation& at, const Case& matter) {
  const std::string named = matter.field("methodology");
  if (named.empty()) return std::string("无方法学 no methodology");
  for (const StoredCase& stored : cases_of(at, "methodology"))
    if (std::to_string(stored.number) == named) return name_of(stored, {"title", "name", "methodology_subject"});
  return named;
}

Result<Rows> compile_rules(const Compilation& at) {
  Rows rows{book_row(at)};
  for (const StoredCase& stored : cases_of(at, "rule_document")) {
    const Case& matter = stored.matter;
    if (first_entry(matter, "in_force") == nullptr) continue;
    Row row;
    row["title"] = name_of(stored, {"title", "name"});
    for (const char* field : {"document_number", "version", "effective_from"}) row[field] = field_of(matter, field);
    row["full_text"] = document_of(matter, "full_text");
    row["repealed_on"] = day_it_came_to(at, matter, {"repealed"});
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_methodology_catalogue(const Compilation& at) {
  Rows rows;
  for (const char* procedure : {"methodology", "methodology_revision"})
    for (const StoredCase& stored : cases_of(at, procedure))
      if (const CaseAct* published =
              first_act_with(at, stored.matter, {"methodology_published", "methodology_revised"}))
        rows.push_back(catalogue_row(at, stored, *published));
  return rows;
}

Result<Rows> compile_register(const Compilation& at) {
  DataQuality quality(at);
  Rows rows;
  for (const char* procedure : {"scenario", "project"})
    for (const StoredCase& stored : cases_of(at, procedure)) {
      const Case& matter = stored.matter;
      if (!was_published(at, matter)) continue;
      Row row;
      row["name"] = name_of(stored, {"name", "title", "identifier"});
      row["kind"] = matter.procedure;
      row["developer"] = applicant_of(matter);
      row["category"] = field_of(matter, "category");
      row["methodology"] = methodology_of(at, matter);
      row["state"] = matter.state;
      row["filed_on"] = day_of_act(at, first_act_with(at, matter, {"scenario_filed", "project_registered"}));
      row["recognised_on"] = day_of_act(at, first_act_with(at, matter, {"object_recognised"}));
      row["live_on"] = day_of_act(at, first_act_with(at, matter, {"scenario_live", "project_live"}));
      row["ended_on"] = day_of_act(at, first_act_with(at, matter,
                                                      {"scenario_terminated", "scenario_closed", "project_closed",
                                                       "object_exited", "object_deregistered"}));
      row["data_quality"] = quality.of(matter);
      rows.push_back(std::move(row));
    }
  return rows;
}

Result<Rows> compile_points_rules(const Compilation& at) {
  const Rulebook& book = at.sources.book;
  Rows rows;
  for (std::size_t i = 0; i < book.points.all().size(); ++i)
    rows.push_back(rule_of_platform(book, book.points.all()[i], i + 1));
  for (const StoredCase& stored : cases_of(at, "conversion_rule"))
    if (const CaseAct* registered = first_act_with(at, stored.matter, {"conversion_rule_in_force"}))
      if (first_act_with(at, stored.matter, {"conversion_rule_ended"}) == nullptr)
        rows.push_back(rule_of_developer(stored.matter, *registered));
  return rows;
}

Result<Rows> compile_verification_bodies(const Compilation& at) {
  Rows rows;
  for (const StoredCase& stored : cases_of(at, "verification_body")) {
    if (!was_published(at, stored.matter)) continue;
    Row row;
    row["name"] = applicant_of(stored.matter);
    row["scope"] = field_of(stored.matter, "scope");
    row["valid_until"] = field_of(stored.matter, "qualified_until");
    row["state"] = stored.matter.state;
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_disqualifications(const Compilation& at) {
  Rows rows;
  for (const StoredCase& stored : cases_of(at, "violation")) {
    const Case& matter = stored.matter;
    const CaseAct* executed = first_act_with(at, matter, {"sanction_executed"});
    const bool of_organisation = matter.applicant.kind != "person" && !matter.applicant.unit.empty();
    if (executed == nullptr || !of_organisation || matter.field("measure") != "disqualification") continue;
    Row row;
    row["organisation"] = applicant_of(matter);
    row["scope"] = field_of(matter, "scope");
    row["from"] = day_of_act(at, executed);
    row["until"] = field_of(matter, "until");
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Rows> compile_complaint_statistics(const Compilation& at) {
  ComplaintFigures figures;
  for (const char* procedure : {"complaint", "objection"})
    for (const StoredCase& stored : cases_of(at, procedure)) {
      TANPUHUI_TRY([[maybe_unused]] const Done counted, count_complaint(at, stored.matter, figures));
    }
  Row row;
  row["quarter"] = at.period->text;
  row["received"] = Value(figures.received);
  row["answered"] = Value(figures.answered);
  row["upheld"] = Value(figures.upheld);
  // To a tenth of a day, half up.
  row["working_days"] =
      figures.answered == 0
          ? Cell()
          : Cell(format_fixed((20 * figures.working_days + figures.answered) / (2 * figures.answered), 1));
  return Rows{std::move(row)};
}

}  // namespace tanpuhui
