#include "server/case_json.h"

#include "server/procedure_json.h"
#include "server/reply.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

json::array documents_json(const std::map<std::string, CaseDocument>& documents) {
  json::array out;
  for (const auto& [kind, document] : documents)
    out.push_back({{"kind", kind}, {"version", document.version}, {"sha256", to_hex(document.digest)}});
  return out;
}

json::object fields_json(const std::map<std::string, std::string>& fields) {
  json::object out;
  for (const auto& [field, text] : fields) out[field] = text;
  return out;
}

json::value day_or_null(const std::optional<Day>& day) {
  return day ? json::value(format_day(*day)) : json::value(nullptr);
}

json::value vote_json(Vote vote) {
  if (vote == Vote::none) return nullptr;
  return vote == Vote::for_it ? "for" : "against";
}

json::object act_json(const CaseView& view, const CaseAct& act, Sight sight) {
  const bool all = sight == Sight::as_officer || !is_schemes(view.book, act);
  return {{"at", format_instant(act.at, view.book.zone)},
          {"action", act.action},
          {"role", act.role},
          {"person", all ? json::value(act.person) : json::value(nullptr)},
          {"unit", act.unit},
          {"from", act.from},
          {"to", act.to},
          {"complete", act.complete},
          {"reason", act.reason},
          {"vote", all ? vote_json(act.vote) : json::value(nullptr)},
          {"fields", fields_json(act.fields)},
          {"documents", documents_json(act.documents)},
          {"basis", act.basis}};
}

json::array history_json(const CaseView& view, const Case& matter, Sight sight) {
  json::array out;
  for (const CaseAct& act : matter.history) out.push_back(act_json(view, act, sight));
  return out;
}

json::array deadlines_json(const CaseView& view, const Case& matter) {
  json::array out;
  for (const RunningDeadline& deadline : deadlines_of(view.book, view.calendar, matter, view.now))
    out.push_back(running_deadline_json(deadline));
  return out;
}

json::array notices_json(const CaseView& view, const Case& matter) {
  json::array out;
  for (const RunningNotice& notice : notices_of(view.book, view.calendar, matter)) {
    json::object one = named_json(*notice.rule);
    one["opened_on"] = format_day(notice.opened_on);
    one["earliest_close_on"] = format_day(notice.least.day_after());
    one["provisional"] = notice.least.provisional;
    one["closed_on"] = day_or_null(notice.closed_on);
    one["documents_changed"] = notice.documents_changed;
    out.push_back(std::move(one));
  }
  return out;
}

json::array pauses_json(const std::vector<DayRange>& pauses) {
  json::array out;
  for (const DayRange& pause : pauses)
    out.push_back({{"from", format_day(pause.first)}, {"until", format_day(pause.last)}});
  return out;
}

}  // namespace

json::object case_head_json(const CaseView& view, const StoredCase& stored) {
  const Applicant& applicant = stored.matter.applicant;
  return {{"number", stored.number},
          {"procedure", stored.matter.procedure},
          {"state", stored.matter.state},
          {"applicant", {{"person", applicant.person}, {"unit", applicant.unit}, {"kind", applicant.kind}}},
          {"about", stored.about ? json::value(*stored.about) : json::value(nullptr)},
          {"opened_at", format_instant(stored.opened_at, view.book.zone)},
          {"acts", stored.matter.history.size()}};
}

json::object case_json(const CaseView& view, const StoredCase& stored, Sight sight) {
  json::object out = case_head_json(view, stored);
  out["fields"] = fields_json(stored.matter.fields);
  out["documents"] = documents_json(stored.matter.documents);
  out["history"] = history_json(view, stored.matter, sight);
  out["deadlines"] = deadlines_json(view, stored.matter);
  out["notices"] = notices_json(view, stored.matter);
  return out;
}

json::array actions_json(const std::vector<OfferedAction>& actions) {
  json::array out;
  for (const OfferedAction& offered : actions) {
    json::object one = named_json(*offered.action);
    one["by"] = words_json(offered.action->by);
    one["role"] = text_or_null(offered.role);
    one["refusal"] = offered.refusal ? json::value(refusal_json(*offered.refusal)) : json::value(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

json::object running_deadline_json(const RunningDeadline& deadline) {
  json::object out = named_json(*deadline.rule);
  out["owner"] = deadline.rule->owner;
  out["escalates_to"] = deadline.rule->escalates_to;
  out["started_on"] = format_day(deadline.started_on);
  out["due_on"] = format_day(deadline.due.last_day);
  out["days"] = deadline.days;
  out["counted"] = deadline.counted;
  out["working"] = deadline.rule->working;
  out["provisional"] = deadline.due.provisional;
  out["paused"] = deadline.paused;
  out["pauses"] = pauses_json(deadline.pauses);
  out["ended_on"] = day_or_null(deadline.ended_on);
  out["overdue"] = deadline.overdue;
  out["late"] = deadline.late;
  return out;
}

json::object step_json(const CaseView& view, std::int64_t number, const CaseAct& act) {
  return {{"case", number},
          {"action", act.action},
          {"role", act.role},
          {"from", act.from},
          {"to", act.to},
          {"complete", act.complete},
          {"at", format_instant(act.at, view.book.zone)},
          {"documents", documents_json(act.documents)},
          {"basis", act.basis}};
}

}  // namespace tanpuhui
