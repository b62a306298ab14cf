#include "procedure/terms.h"

#include <algorithm>
#include <charconv>

#include "base/words.h"

namespace tanpuhui {
namespace {

/// Index of the last complete act that is one of the actions; -1 when there is none.
int last_of(const Case& matter, const std::vector<std::string>& actions) {
  for (int i = static_cast<int>(matter.history.size()) - 1; i >= 0; --i) {
    const CaseAct& act = matter.history[static_cast<std::size_t>(i)];
    if (act.complete && is_one_of(actions, act.action)) return i;
  }
  return -1;
}

int days_of(const DeadlineRule& rule, const Case& matter) {
  const std::string text = rule.days_field.empty() ? "" : matter.field(rule.days_field);
  int days = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool sound = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && 1 <= days && days <= 3660;
  return sound ? days : rule.days;
}

/// Follows one deadline from its start through the acts after it.
class DeadlineClock {
 public:
  DeadlineClock(const Rulebook& book, const Calendar& calendar, const Case& matter, Day today)
      : book_(book), calendar_(calendar), matter_(matter), today_(today) {}

  RunningDeadline run(const DeadlineRule& rule, std::size_t start) const {
    RunningDeadline deadline;
    deadline.rule = &rule;
    deadline.started_on = day_of_act(matter_.history[start]);
    deadline.days = days_of(rule, matter_);
    for (std::size_t i = start + 1; i < matter_.history.size() && !deadline.ended_on; ++i) follow(deadline, i);
    if (deadline.paused) deadline.pauses.back().last = std::max(today_, deadline.pauses.back().first);
    deadline.due = due(deadline);
    const Day last = deadline.ended_on.value_or(today_);
    deadline.overdue = !deadline.ended_on && last > deadline.due.last_day;
    deadline.late = deadline.ended_on && last > deadline.due.last_day;
    deadline.counted = counted_until(deadline, last);
    for (const std::int64_t after : rule.remind_after)
      if (!deadline.ended_on && deadline.counted >= after) deadline.reminders.push_back(after);
    return deadline;
  }

 private:
  Day day_of_act(const CaseAct& act) const { return day_at(act.at, book_.zone); }

  void follow(RunningDeadline& deadline, std::size_t i) const {
    const CaseAct& act = matter_.history[i];
    if (!act.complete) return;
    const Day day = day_of_act(act);
    if (deadline.paused && is_one_of(deadline.rule->resumed_by, act.action)) {
      deadline.pauses.back().last = day;
      deadline.paused = false;
    }
    if (!deadline.paused && is_one_of(deadline.rule->paused_by, act.action)) {
      deadline.pauses.push_back({day, day});
      deadline.paused = true;
    }
    if (!is_one_of(deadline.rule->ends, act.action)) return;
    deadline.ended_on = day;
    if (deadline.paused) deadline.pauses.back().last = day;
    deadline.paused = false;
  }

  static bool is_paused(const RunningDeadline& deadline, Day day) {
    return std::ranges::any_of(deadline.pauses, [day](const DayRange& pause) { return pause.contains(day); });
  }

  Deadline due(const RunningDeadline& deadline) const {
    if (deadline.rule->working)
      return calendar_.working_days_after(deadline.started_on, deadline.days, deadline.pauses);
    Day day = deadline.started_on;
    for (int counted = 0; counted < deadline.days;) {
      day = day + 1;
      counted += !is_paused(deadline, day);
    }
    return {day, false, 0};
  }

  int counted_until(const RunningDeadline& deadline, Day last) const {
    int counted = 0;
    for (Day day = deadline.started_on + 1; day <= last; day = day + 1)
      counted += !is_paused(deadline, day) && (!deadline.rule->working || calendar_.is_working_day(day));
    return counted;
  }

  const Rulebook& book_;
  const Calendar& calendar_;
  const Case& matter_;
  Day today_;
};

/// States that the action may lead to from one of these, or from wherever it may be taken.
void add_targets(const ActionRule& action, const std::set<std::string>* from, std::set<std::string>& to) {
  for (const std::string& state : action.when) {
    if (from != nullptr && !from->contains(state)) continue;
    to.insert(action.to.empty() ? state : action.to);
    if (action.together) to.insert(state);  // while signatures are missing
  }
}

/// A kind that was there at act `opening` and has another version since.
bool documents_changed_since(const Case& matter, int opening) {
  std::set<std::string> brought;
  for (std::size_t i = static_cast<std::size_t>(opening) + 1; i < matter.history.size(); ++i)
    for (const auto& [kind, document] : matter.history[i].documents)
      if (brought.insert(kind).second && document.version > 1) return true;
  return false;
}

Refusal not_opened(const NoticeRule& rule) {
  return refuse(rule.code, rule.basis)
      .because("notice", rule.id)
      .says(rule.zh + "尚未开始，至少 " + std::to_string(rule.working_days_min) + " 个工作日",
            rule.en + " has not been opened; it runs for at least " + std::to_string(rule.working_days_min) +
                " working days")
      .mend("先开始公示", "open the notice first");
}

Refusal not_over(const RunningNotice& notice) {
  const std::string from = format_day(notice.opened_on);
  const std::string least = std::to_string(notice.rule->working_days_min);
  const std::string earliest = format_day(notice.least.day_after());
  return refuse(notice.rule->code, notice.rule->basis)
      .because("opened_on", from)
      .because("working_days_min", least)
      .because("earliest_close", earliest)
      .says("公示尚未期满：自 " + from + " 起公示，至少 " + least + " 个工作日，最早可于 " + earliest + " 结束",
            "the notice is not over: it runs from " + from + " for at least " + least +
                " working days; earliest close " + earliest)
      .mend("于 " + earliest + " 或之后办理", "come back on " + earliest + " or later");
}

}  // namespace

std::set<std::string> states_while_running(const Rulebook& book, const DeadlineRule& rule) {
  std::set<std::string> states;
  for (const ActionRule& action : book.actions)
    if (action.procedure == rule.procedure && is_one_of(rule.starts, action.id)) add_targets(action, nullptr, states);
  for (std::size_t before = states.size() + 1; before != states.size();) {
    before = states.size();
    for (const ActionRule& action : book.actions)
      if (action.procedure == rule.procedure && !is_one_of(rule.ends, action.id)) add_targets(action, &states, states);
  }
  return states;
}

std::vector<RunningDeadline> deadlines_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                          Instant now) {
  const DeadlineClock clock(book, calendar, matter, day_at(now, book.zone));
  std::vector<RunningDeadline> running;
  for (const DeadlineRule& rule : book.deadlines) {
    if (rule.procedure != matter.procedure) continue;
    const int start = last_of(matter, rule.starts);
    if (start < 0) continue;
    const CaseAct& act = matter.history[static_cast<std::size_t>(start)];
    if (book.applies_on(rule, day_at(act.at, book.zone)))
      running.push_back(clock.run(rule, static_cast<std::size_t>(start)));
  }
  return running;
}

std::optional<RunningNotice> notice_of(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                       const NoticeRule& rule) {
  const int opening = last_of(matter, rule.opens);
  if (opening < 0) return std::nullopt;
  RunningNotice notice;
  notice.rule = &rule;
  notice.opened_on = day_at(matter.history[static_cast<std::size_t>(opening)].at, book.zone);
  notice.least = calendar.working_days_after(notice.opened_on, rule.working_days_min);
  const int closing = last_of(matter, rule.closes);
  if (closing > opening) notice.closed_on = day_at(matter.history[static_cast<std::size_t>(closing)].at, book.zone);
  notice.documents_changed = documents_changed_since(matter, opening);
  return notice;
}

std::vector<RunningNotice> notices_of(const Rulebook& book, const Calendar& calendar, const Case& matter) {
  std::vector<RunningNotice> notices;
  for (const NoticeRule& rule : book.notices) {
    if (rule.procedure != matter.procedure) continue;
    const auto notice = notice_of(book, calendar, matter, rule);
    if (notice && book.applies_on(rule, notice->opened_on)) notices.push_back(*notice);
  }
  return notices;
}

std::optional<Refusal> refuse_closing(const Rulebook& book, const Calendar& calendar, const Case& matter,
                                      const NoticeRule& rule, Instant now) {
  const auto notice = notice_of(book, calendar, matter, rule);
  if (!notice || notice->closed_on) return not_opened(rule);
  if (auto changed = refuse_changed_documents(*notice)) return changed;
  const auto last_day = finalise(notice->least);
  if (!last_day) return last_day.error();
  if (day_at(now, book.zone) <= *last_day) return not_over(*notice);
  return std::nullopt;
}

std::optional<Refusal> refuse_changed_documents(const RunningNotice& notice) {
  if (!notice.documents_changed) return std::nullopt;
  const NoticeRule& rule = *notice.rule;
  return refuse(rule.code, rule.basis)
      .because("notice", rule.id)
      .because("opened_on", format_day(notice.opened_on))
      .says("公示的材料在 " + format_day(notice.opened_on) + " 开始公示后已更改，须重新公示",
            "the documents have been changed since the notice of " + format_day(notice.opened_on) +
                "; it must be opened again")
      .mend("以更改后的材料重新公示", "open a new notice with the documents as they are now");
}

}  // namespace tanpuhui
