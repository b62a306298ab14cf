/// Cases of procedures: opened, worked on, looked at; who acts for the scheme. The command line is the operator's own
/// machine and believes who it is told to act as; over HTTP everybody signs (person_key_commands.cc).
#include <algorithm>

#include <fmt/format.h>

#include "base/words.h"
#include "cases/due.h"
#include "cases/first_act.h"
#include "cases/listings.h"
#include "cases/officers.h"
#include "cases/standings.h"
#include "cases/work_on_case.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "crypto/hash.h"
#include "governance/draws.h"
#include "procedure/lapse.h"
#include "procedure/terms.h"

namespace tanpuhui {
namespace {

struct OfficerOptions {
  std::string person, role, unit, from, until, region;
};

int record_officer_of(const SharedOptions& shared, const OfficerOptions& options) {
  Desk desk(shared);
  Officer officer{options.person, options.role, options.unit, day_option("--from", options.from), {}};
  if (!options.until.empty()) officer.until = day_option("--until", options.until);
  officer.region = options.region;
  const auto entry = record_officer(desk.office(), officer, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("{} acts as {} of {} from {}\n", officer.person, officer.role, officer.unit, options.from);
  return exit_done;
}

int list_all_officers(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"person", "role", "unit", "region", "from", "until"}};
  for (const Officer& officer : list_officers(desk.database()))
    rows.push_back({officer.person, officer.role, officer.unit, officer.region.empty() ? "-" : officer.region,
                    format_day(officer.from), officer.until ? format_day(*officer.until) : "-"});
  fmt::print("{}", table(rows));
  return exit_done;
}

struct CaseOptions {
  std::int64_t number = 0, about = 0;
  std::string procedure, action, person, unit, role, kind = "organisation", reason, vote, state, id, list;
  std::string applicant, fact, proof, name, out;
  std::size_t count = 0;
  std::vector<std::string> fields, documents, words;
  bool due = false;
  int within = -1;
};

/// `name=value`
std::pair<std::string, std::string> pair_option(const std::string& option, const std::string& text) {
  const auto sign = text.find('=');
  if (sign == 0 || sign == std::string::npos) throw UsageError(option + ": write " + text + " as name=value");
  return {text.substr(0, sign), text.substr(sign + 1)};
}

Files read_documents(const std::vector<std::string>& options) {
  Files files;
  for (const std::string& option : options) {
    const auto [kind, path] = pair_option("--document", option);
    const std::string content = read_file(path);
    if (content.size() > document_size_max)
      throw UsageError(fmt::format("--document: {} is larger than {} MiB", path, document_size_max >> 20));
    files[kind] = Bytes(content.begin(), content.end());
  }
  return files;
}

Vote vote_option(const std::string& text) {
  if (text.empty()) return Vote::none;
  if (text != "for" && text != "against") throw UsageError("--vote: write for or against");
  return text == "for" ? Vote::for_it : Vote::against;
}

std::string applicant_text(const Applicant& applicant) {
  if (applicant.person.empty() || applicant.unit.empty()) return applicant.person + applicant.unit;
  return fmt::format("{} ({})", applicant.person, applicant.unit);
}

int open_case_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  CaseOpening opening{options.procedure, {options.person, options.unit, options.kind}, {}};
  if (options.about > 0) opening.about = options.about;
  const auto number = open_case(desk.office(), opening, id_option(options.id, desk.now()));
  if (!number) return print_refusal(number.error());
  desk.seal_log();
  fmt::print("case {}: {} of {}\n", *number, options.procedure, applicant_text(opening.applicant));
  return exit_done;
}

StoredCase required_case(Desk& desk, std::int64_t number) {
  auto stored = find_case(desk.database(), number);
  if (!stored) throw UsageError(fmt::format("there is no case {}: see `tanpuhui case list`", number));
  return *std::move(stored);
}

std::string state_text(const Rulebook& book, const std::string& in, const std::string& id, Day day) {
  const ProcedureRule* procedure = book.find(book.procedures, in, day);
  const ProcedureState* state = procedure == nullptr ? nullptr : procedure->find_state(id);
  return state == nullptr ? id : fmt::format("{} {} ({})", state->zh, state->en, state->id);
}

StepRequest request_of(Desk& desk, const CaseOptions& options) {
  StepRequest request;
  request.action = options.action;
  request.actor = find_actor(desk.database(), desk.book(), options.person, options.unit, desk.office().today());
  request.role = options.role;
  request.reason = options.reason;
  request.vote = vote_option(options.vote);
  for (const std::string& field : options.fields) request.fields.insert(pair_option("--field", field));
  return request;
}

int bring_in_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  CaseOpening opening{options.procedure, {options.applicant, options.unit, options.kind}, {}};
  if (options.about > 0) opening.about = options.about;
  StepRequest request = request_of(desk, options);
  if (request.role.empty()) request.role = role_to_bring_in(desk.book(), request.actor, desk.office().today());
  const auto brought = bring_in(desk.case_office(), opening, options.state, std::move(request),
                                read_documents(options.documents), id_option(options.id, desk.now()));
  if (!brought) return print_refusal(brought.error());
  desk.seal_log();
  fmt::print("case {}: {} of {}, brought in by {}; now {}\n", brought->number, options.procedure,
             applicant_text(opening.applicant), options.person,
             state_text(desk.book(), options.procedure, brought->step.act.to, desk.office().today()));
  return exit_done;
}

int vouch_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const Actor actor = find_actor(desk.database(), desk.book(), options.person, "", desk.office().today());
  const Files proof = read_documents({"proof=" + options.proof});
  const auto entry = vouch_for(desk.case_office(), options.number, options.fact, actor, proof.at("proof"),
                               id_option(options.id, desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("case {}: {} vouches for {}\n", options.number, options.person, options.fact);
  return exit_done;
}

int list_standings(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"name", "stands as", "from", "until", "case", "detail"}};
  for (const Standing& standing : standings_of(desk.database(), options.kind))
    if (options.name.empty() || options.name == standing.name)
      rows.push_back({standing.name, standing.word, format_day(standing.from),
                      standing.until ? format_day(*standing.until) : "-", std::to_string(standing.case_number),
                      standing.detail.empty() ? "-" : standing.detail});
  fmt::print("{}", table(rows));
  return exit_done;
}

int take_step_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const StoredCase stored = required_case(desk, options.number);
  StepRequest request = request_of(desk, options);
  if (request.role.empty())
    request.role = role_for(desk.book(), stored.matter.procedure, options.action, request.actor);
  const auto step = take_step(desk.case_office(), options.number, std::move(request), read_documents(options.documents),
                              id_option(options.id, desk.now()));
  if (!step) return print_refusal(step.error());
  desk.seal_log();
  fmt::print("case {}: {} by {} as {} ({}); now {}\n", options.number, step->act.action, step->act.person,
             step->act.role, step->act.basis,
             state_text(desk.book(), stored.matter.procedure, step->act.to, desk.office().today()));
  if (!step->act.complete) fmt::print("  others must still sign\n");
  const Case after = required_case(desk, options.number).matter;
  if (after.history.back().role == platform_role)
    fmt::print("  then by itself: {}; now {}\n    {}\n", after.history.back().action,
               state_text(desk.book(), after.procedure, after.state, desk.office().today()),
               after.history.back().reason);
  return exit_done;
}

int draw_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const StoredCase stored = required_case(desk, options.number);
  const CaseOffice at = desk.case_office();
  const DrawRule* rule = find_draw_rule(desk.book(), stored.matter.procedure, options.action, desk.office().today());
  if (rule == nullptr)
    throw UsageError(fmt::format("the action {} of {} draws nothing", options.action, stored.matter.procedure));
  const auto draw = draw_for(at.ground(), stored, *rule, options.count);
  if (!draw) return print_refusal(draw.error());
  const std::string text = format_draw(*draw, sha256);
  StepRequest request = request_of(desk, options);
  if (request.role.empty())
    request.role = role_for(desk.book(), stored.matter.procedure, options.action, request.actor);
  request.fields[drawn_field] = joined(draw->drawn());
  const Files files{{draw_document, Bytes(text.begin(), text.end())}};
  const auto step = take_step(at, options.number, std::move(request), files, id_option(options.id, desk.now()));
  if (!step) return print_refusal(step.error());
  desk.seal_log();
  if (!options.out.empty()) write_file(options.out, text);
  fmt::print("case {}: {} of {} drawn by block {} of the log: {}\n", options.number, draw->count, draw->ranked.size(),
             draw->block, joined(draw->drawn()));
  return exit_done;
}

std::string pauses_text(const RunningDeadline& deadline) {
  std::string text;
  for (const DayRange& pause : deadline.pauses)
    text += fmt::format("{}{}..{}", text.empty() ? "" : ", ", format_day(pause.first), format_day(pause.last));
  return text.empty() ? "-" : text;
}

std::string standing(const RunningDeadline& deadline) {
  if (deadline.ended_on) return deadline.late ? "done late" : "done";
  if (deadline.overdue) return "OVERDUE, to " + deadline.rule->escalates_to;
  if (deadline.paused) return "paused";
  if (deadline.due.provisional) return fmt::format("provisional: no working days of {}", deadline.due.missing_year);
  return fmt::format("day {} of {}", deadline.counted, deadline.days);
}

void print_deadlines(const std::vector<RunningDeadline>& deadlines) {
  if (deadlines.empty()) return;
  std::vector<std::vector<std::string>> rows{{"deadline", "from", "due", "pauses", "owner", "stands"}};
  for (const RunningDeadline& deadline : deadlines)
    rows.push_back({deadline.rule->zh + " " + deadline.rule->en, format_day(deadline.started_on),
                    format_day(deadline.due.last_day), pauses_text(deadline), deadline.rule->owner,
                    standing(deadline)});
  fmt::print("\n{}", table(rows));
}

void print_notices(const std::vector<RunningNotice>& notices) {
  if (notices.empty()) return;
  std::vector<std::vector<std::string>> rows{{"notice", "opened", "earliest close", "stands"}};
  for (const RunningNotice& notice : notices) {
    std::string stands = notice.closed_on ? "closed " + format_day(*notice.closed_on) : "runs";
    if (notice.documents_changed) stands = "documents changed: to be opened again";
    rows.push_back({notice.rule->zh + " " + notice.rule->en, format_day(notice.opened_on),
                    format_day(notice.least.day_after()) + (notice.least.provisional ? " (provisional)" : ""), stands});
  }
  fmt::print("\n{}", table(rows));
}

void print_history(const Case& matter, Zone zone) {
  std::vector<std::vector<std::string>> rows{{"when", "action", "to", "by", "as", "brought"}};
  for (const CaseAct& act : matter.history) {
    std::string brought = act.reason;
    for (const auto& [kind, document] : act.documents)
      brought += fmt::format("{}{} v{} {}", brought.empty() ? "" : "; ", kind, document.version,
                             to_hex(ByteView(document.digest).first(4)));
    if (act.vote != Vote::none) brought += act.vote == Vote::for_it ? " (for)" : " (against)";
    rows.push_back({format_day(day_at(act.at, zone)), act.action, act.complete ? act.to : "(signed)", act.person,
                    act.role, brought});
  }
  fmt::print("\n{}", table(rows));
}

/// For everybody when nobody is named: what the state has, and who may do it.
void print_actions(Desk& desk, const StoredCase& stored, const CaseOptions& options) {
  const Rulebook& book = desk.book();
  const Day today = desk.office().today();
  std::vector<std::vector<std::string>> rows{{"possible now", "", "by", "except that"}};
  const Actor actor = find_actor(desk.database(), book, options.person, options.unit, today);
  const CaseOffice at = desk.case_office();
  StepRequest request;
  request.actor = actor;
  const CaseFacts facts = find_facts(at.ground(), stored, request);
  for (const OfferedAction& offered : actions_of(book, at.calendar, stored.matter, facts, actor, desk.now())) {
    const bool say = !options.person.empty() && offered.refusal;
    rows.push_back({offered.action->id, offered.action->zh, joined(offered.action->by),
                    say ? offered.refusal->code + " " + offered.refusal->message_en : "-"});
  }
  if (rows.size() > 1) fmt::print("\n{}", table(rows));
}

int show_case(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const Calendar& calendar = desk.case_office().calendar;
  const StoredCase stored = required_case(desk, options.number);
  const Case& matter = stored.matter;
  fmt::print("case {}: {} of {}, {}\n", stored.number, matter.procedure, applicant_text(matter.applicant),
             state_text(desk.book(), matter.procedure, matter.state, desk.office().today()));
  if (stored.about) fmt::print("  about case {}\n", *stored.about);
  for (const auto& [field, text] : matter.fields) fmt::print("  {} = {}\n", field, text);
  print_history(matter, desk.book().zone);
  print_deadlines(deadlines_of(desk.book(), calendar, matter, desk.now()));
  print_notices(notices_of(desk.book(), calendar, matter));
  print_actions(desk, stored, options);
  return exit_done;
}

int list_all_cases(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const Calendar& calendar = desk.case_office().calendar;
  struct Line {
    Day due = never;
    std::vector<std::string> cells;
  };
  std::vector<Line> lines;
  for (const StoredCase& stored :
       list_cases(desk.database(), {.procedure = options.procedure, .state = options.state})) {
    const auto next = next_due(desk.book(), calendar, stored.matter, desk.now());
    if (options.due && !next) continue;
    lines.push_back({next ? next->due.last_day : never,
                     {std::to_string(stored.number), stored.matter.procedure, stored.matter.state,
                      applicant_text(stored.matter.applicant), format_day(day_at(stored.opened_at, desk.book().zone)),
                      next ? format_day(next->due.last_day) : "-", next ? standing(*next) : "-"}});
  }
  if (options.due) std::ranges::stable_sort(lines, {}, &Line::due);
  std::vector<std::vector<std::string>> rows{{"case", "procedure", "state", "applicant", "opened", "due", "stands"}};
  for (Line& line : lines) rows.push_back(std::move(line.cells));
  fmt::print("{}", table(rows));
  return exit_done;
}

int list_due(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const Calendar& calendar = desk.case_office().calendar;
  const RoleRule* role = desk.book().find(desk.book().roles, options.role, desk.office().today());
  if (role == nullptr)
    throw UsageError(fmt::format("--role: the rulebook has no role {}; it has {}", options.role,
                                 joined(desk.book().roles, &RoleRule::id)));
  DueFilter filter{.roles = {role->id}};
  if (options.within >= 0) filter.within_days = options.within;
  std::vector<std::vector<std::string>> rows{{"case", "procedure", "state", "applicant", "deadline", "due", "stands"}};
  for (const DueCase& due : find_due(desk.database(), desk.book(), calendar, filter, desk.now()))
    rows.push_back({std::to_string(due.stored.number), due.stored.matter.procedure, due.stored.matter.state,
                    applicant_text(due.stored.matter.applicant), due.deadline.rule->zh + " " + due.deadline.rule->en,
                    format_day(due.deadline.due.last_day), standing(due.deadline)});
  fmt::print("{}", table(rows));
  return exit_done;
}

int record_conflict_of(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  const auto entry = record_conflict(desk.office(), options.number, options.person, new_command_id(desk.now()));
  if (!entry) return print_refusal(entry.error());
  desk.seal_log();
  fmt::print("{} has an interest in case {} and takes no part in it as an expert or verifier\n", options.person,
             options.number);
  return exit_done;
}

int record_listings(const SharedOptions& shared, const CaseOptions& options) {
  Desk desk(shared);
  for (const std::string& word : options.words) {
    const auto entry = record_listing(desk.office(), options.list, word, new_command_id(desk.now()));
    if (!entry) return print_refusal(entry.error());
  }
  desk.seal_log();
  fmt::print("{} on the list {}\n", options.words.size(), options.list);
  return exit_done;
}

void declare_officer(CLI::App& command, OfficerOptions& options) {
  command.add_option("--person", options.person, "how acts name the person")->required();
  command.add_option("--role", options.role, "a role of the rulebook, e.g. operator_clerk")->required();
  command.add_option("--unit", options.unit, "the unit that the person belongs to")->required();
  command.add_option("--from", options.from, "first day")->required();
  command.add_option("--until", options.until, "last day");
  command.add_option("--region", options.region, "of a local role: the code of its division, e.g. 320500");
}

void declare_applicant_kind(CLI::App& command, CaseOptions& options) {
  command.add_option("--kind", options.kind, "what the applicant is")
      ->check(CLI::IsMember({"person", "organisation", "public_institution"}))
      ->capture_default_str();
}

void declare_opening(CLI::App& command, CaseOptions& options) {
  command.add_option("procedure", options.procedure, "a procedure of the rulebook, e.g. methodology")->required();
  command.add_option("--person", options.person, "the applicant");
  command.add_option("--unit", options.unit, "the applicant's unit");
  declare_applicant_kind(command, options);
  command.add_option("--about", options.about, "the case that it is about, e.g. of an objection");
  command.add_option("--id", options.id, "the command's id: the same again changes nothing");
}

void declare_bringing_in(CLI::App& command, CaseOptions& options) {
  command.add_option("procedure", options.procedure, "a procedure of the rulebook, e.g. scenario")->required();
  command.add_option("state", options.state, "where the earlier decision left it, e.g. live")->required();
  command.add_option("--person", options.person, "who brings it in, of the operator or the authority")->required();
  command.add_option("--role", options.role, "found by itself when the person has one that can");
  command.add_option("--applicant", options.applicant, "a person whom it is about");
  command.add_option("--unit", options.unit, "the unit that it is about");
  declare_applicant_kind(command, options);
  command.add_option("--about", options.about, "the case that it is about, e.g. of an objection");
  command.add_option("--reason", options.reason);
  command.add_option("--field", options.fields, "name=value, e.g. live_from=2025-03-01");
  command.add_option("--document", options.documents, "kind=FILE; earlier_decision=FILE is needed");
  command.add_option("--id", options.id, "the command's id: the same again changes nothing");
}

void declare_step(CLI::App& command, CaseOptions& options) {
  command.add_option("case", options.number)->required();
  command.add_option("action", options.action, "an action of its procedure: `case show` lists them")->required();
  command.add_option("--person", options.person, "who acts")->required();
  command.add_option("--unit", options.unit, "of an applicant; officers have the recorded one");
  command.add_option("--role", options.role, "found by itself when the person has one that can");
  command.add_option("--reason", options.reason);
  command.add_option("--field", options.fields, "name=value");
  command.add_option("--document", options.documents, "kind=FILE");
  command.add_option("--vote", options.vote, "for or against");
  command.add_option("--id", options.id, "the command's id: the same again changes nothing");
}

void declare_draw(CLI::App& command, CaseOptions& options) {
  command.add_option("case", options.number)->required();
  command.add_option("action", options.action, "an action of its procedure that draws, e.g. draw_panel")->required();
  command.add_option("--person", options.person, "who acts")->required();
  command.add_option("--role", options.role, "found by itself when the person has one that can");
  command.add_option("--count", options.count, "how many names; the rulebook's least is drawn in any case");
  command.add_option("--out", options.out, "write the text of the draw to this file too");
}

}  // namespace

void add_case_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& officer = add_group(app, "officer", "who acts for the scheme");
  add_command<OfficerOptions>(officer, "record", "give a person a role", chosen, declare_officer,
                              [&shared](const OfficerOptions& options) { return record_officer_of(shared, options); });
  add_command<int>(
      officer, "list", "who holds which role", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return list_all_officers(shared); });

  CLI::App& group = add_group(app, "case", "cases of the rulebook's procedures");
  add_command<CaseOptions>(group, "open", "begin a case", chosen, declare_opening,
                           [&shared](const CaseOptions& options) { return open_case_of(shared, options); });
  add_command<CaseOptions>(group, "bring-in", "a case that was decided before it was kept here", chosen,
                           declare_bringing_in,
                           [&shared](const CaseOptions& options) { return bring_in_of(shared, options); });
  add_command<CaseOptions>(group, "step", "take an action in a case", chosen, declare_step,
                           [&shared](const CaseOptions& options) { return take_step_of(shared, options); });
  add_command<CaseOptions>(group, "draw", "draw names by lot, as the rulebook has it for the action", chosen,
                           declare_draw, [&shared](const CaseOptions& options) { return draw_of(shared, options); });
  add_command<CaseOptions>(
      group, "show", "history, deadlines, notices, and what can be done now", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("case", options.number)->required();
        command.add_option("--person", options.person, "say what this person could do");
        command.add_option("--unit", options.unit, "of an applicant");
      },
      [&shared](const CaseOptions& options) { return show_case(shared, options); });
  add_command<CaseOptions>(
      group, "list", "the newest cases", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("--procedure", options.procedure);
        command.add_option("--state", options.state);
        command.add_flag("--due", options.due, "those with a running deadline, the most urgent first");
      },
      [&shared](const CaseOptions& options) { return list_all_cases(shared, options); });
  add_command<CaseOptions>(
      group, "due", "what a role has to do, and what went over and up to it; the most urgent first", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("--role", options.role, "a role of the rulebook, e.g. operator_clerk")->required();
        command.add_option("--within", options.within, "due within so many days; what is overdue is always there")
            ->check(CLI::Range(0, 3660));
      },
      [&shared](const CaseOptions& options) { return list_due(shared, options); });
  add_command<CaseOptions>(
      group, "conflict", "a person has an interest in a case", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("case", options.number)->required();
        command.add_option("--person", options.person)->required();
      },
      [&shared](const CaseOptions& options) { return record_conflict_of(shared, options); });

  add_command<CaseOptions>(
      group, "vouch", "an officer says, with a proof, what no room can know", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("case", options.number)->required();
        command.add_option("fact", options.fact, "e.g. identity_proven")->required();
        command.add_option("--person", options.person, "the officer")->required();
        command.add_option("--proof", options.proof, "FILE")->required();
        command.add_option("--id", options.id, "the command's id: the same again changes nothing");
      },
      [&shared](const CaseOptions& options) { return vouch_of(shared, options); });
  CLI::App& standings = add_group(app, "standing", "what things stand as because cases said so");
  add_command<CaseOptions>(
      standings, "list", "of one kind, e.g. scenario, methodology, verification_body", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("kind", options.kind)->required();
        command.add_option("--name", options.name);
      },
      [&shared](const CaseOptions& options) { return list_standings(shared, options); });

  CLI::App& listing = add_group(app, "listing", "lists that procedures ask");
  add_command<CaseOptions>(
      listing, "record", "put words on a list, e.g. ccer_methodologies", chosen,
      [](CLI::App& command, CaseOptions& options) {
        command.add_option("list", options.list)->required();
        command.add_option("word", options.words)->required();
      },
      [&shared](const CaseOptions& options) { return record_listings(shared, options); });
}

}  // namespace tanpuhui
