#pragma once
/// A regulation as the engine sees it: its provisions, and the typed rules that stand under them.
///
///   auto book = load_rulebook(files, sha256);            // the files of one folder of rulebooks/
///   if (!book) return print(book.error());               // every error with file:line:column
///   TANPUHUI_TRY(const ExpiryRule expiry, book->expiry.on(credited_on));
///   entry.basis = expiry.basis;  entry.rulebook_hash = book->hash;
///
/// The folder holds `book.toml` (name, titles, document, zone, region) and chapters `chN_<name>.law.md`
/// (law_chapter.h). Adding a regulation adds a folder; no code here knows one by name.
///
/// `cases/*.toml` are tests of the book and no part of it: they are not given to load_rulebook and not in the hash.
///
/// Blocks of values; every block may have `from`, `until` (both inclusive), `settings` and `mark`:
///
///   [[points_rule]]       reduction_g_per_point, rounding = "down", sum_over = "person_in_batch", points_per_act (of
///   an
///                         act that bears no reductions; may be left out)
///   [[expiry_rule]]       years, runs_from = "available", roll_over, grace_days_after_order,
///                         provider_refund_grace_days, notice_days
///   [[spend_rule]]        first = "bearing" | "oldest", within = "oldest_credited", user_choice
///   [[permitted_use]]     id, zh, en, by = "owner" | "platform", needs_beneficiary, needs_document, region_only
///   [[order_rule]]        after_sales_days
///   [[honour]]            id, zh, en
///   [[signing_rule]]      authority_may_sign, operator_needs_delegation, by_case, held_for_notice
///   [[entry_into_force]]  from only; without it the book runs on trial
///   [[refusal]]           code: the provision on which a refusal code rests; not dated
///
/// Roles, procedures, actions, guards, deadlines, notices, draws, rights, settings and publications: docs/RULEBOOKS.md.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "rulebook/law_chapter.h"
#include "rulebook/procedure_rules.h"
#include "rulebook/rules.h"

namespace tanpuhui {

struct Rulebook {
  std::string name;  ///< folder and prefix of all ids
  std::string title_zh, title_en;
  std::string document_number;
  std::optional<Day> issued_on;
  Zone zone;           ///< in which its days begin
  std::string region;  ///< administrative division code
  bool has_entry_into_force = false;
  std::optional<Day> in_force_from;  ///< none: undated, trial only
  Digest hash{};                     ///< over all files; acts and batches name it

  std::vector<Provision> provisions;  ///< articles and paragraphs in order of the articles

  Dated<PointsRule> points;
  Dated<ExpiryRule> expiry;
  Dated<SpendRule> spending;
  Dated<OrderRule> orders;
  Dated<SigningRule> signing;
  std::map<std::string, Dated<PermittedUse>> uses;
  std::map<std::string, Dated<Honour>> honours;
  std::map<std::string, std::string> refusal_basis;  ///< code -> provision

  std::vector<RoleRule> roles;
  std::vector<ProcedureRule> procedures;
  std::vector<ActionRule> actions;
  std::vector<GuardRule> guards;
  std::vector<DeadlineRule> deadlines;
  std::vector<NoticeRule> notices;
  std::vector<DrawRule> draws;
  std::vector<RightRule> rights;
  std::vector<SettingAnswer> answers;
  std::vector<PublicationRule> publications;

  bool on_trial() const { return !in_force_from; }
  /// Whether a rule of who acts and how applies: a book on trial can be walked, though none of its values is in force.
  bool applies_on(const Rule& rule, Day day) const {
    return rule.in_force_on(day) || (on_trial() && !rule.from && (!rule.until || day <= *rule.until));
  }
  /// The rule of that name which applies on a day; null when there is none.
  template <class T>
  const T* find(const std::vector<T>& rules, const std::string& id, Day day) const {
    for (const T& rule : rules)
      if (rule.id == id && applies_on(rule, day)) return &rule;
    return nullptr;
  }
  /// The same for what belongs to a procedure.
  template <class T>
  const T* find(const std::vector<T>& rules, const std::string& procedure, const std::string& id, Day day) const {
    for (const T& rule : rules)
      if (rule.procedure == procedure && rule.id == id && applies_on(rule, day)) return &rule;
    return nullptr;
  }
  /// Null when the book says nothing about it on that day.
  const RightRule* find_right(const std::string& holder, const std::string& asset, const std::string& act,
                              Day day) const;

  /// `<book>.a37` or `<book>.a37p2`; null when the book does not have it.
  const Provision* find_provision(const std::string& id) const;

  /// The purpose when it is permitted on that day to whoever asks; else USE-01.
  Result<PermittedUse> permitted_use(const std::string& id, UseBy by, Day day) const;
  /// All purposes in force on a day, by id.
  std::vector<PermittedUse> permitted_uses_on(Day day) const;
  std::vector<Honour> honours_on(Day day) const;

  /// The provision on which a refusal with this code rests; the book's name when the book does not say.
  std::string basis_of(const std::string& code) const;
};

/// Names may carry folders; only the last part counts. All errors of all files are reported at once.
Result<Rulebook, TextErrors> load_rulebook(const std::vector<SourceFile>& files, HashFunction hash);

/// Every dated rule of the book, by kind.
std::vector<const Rule*> all_rules(const Rulebook& book);

/// The hash of a book: over canonical bytes of [[name, text] ...], sorted by name. Any byte of any file changes it,
/// where the folder lies does not.
Digest rulebook_hash(const std::vector<SourceFile>& files, HashFunction hash);

}  // namespace tanpuhui
