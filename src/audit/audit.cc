#include "audit/audit.h"

#include <array>

#include "audit/account_rows.h"
#include "audit/batches.h"
#include "audit/cases.h"
#include "audit/certificates.h"
#include "audit/commands.h"
#include "audit/corrections.h"
#include "audit/draws.h"
#include "audit/holds.h"
#include "audit/issues.h"
#include "audit/lines.h"
#include "audit/log.h"
#include "audit/netting.h"
#include "audit/orders.h"
#include "audit/posts.h"
#include "audit/sealed_days.h"
#include "audit/stored_entries.h"

namespace tanpuhui {
namespace {

// What the engine of the database itself can tell: pages, indexes and the named constraints of the tables.
void check_store(Database& database, Findings& findings) {
  for (const std::string& flaw : database.find_damage()) findings.report("the store keeps its constraints", flaw);
}

class Audit {
 public:
  Audit(Database& database, const AuditSources& sources, const std::function<void(const std::string&)>& progress)
      : database_(database),
        sources_(sources),
        progress_(progress),
        orders_(database, findings_),
        acts_(findings_),
        posts_(database, sources.book, findings_),
        certificates_(database, findings_),
        commands_(database, findings_),
        netted_(database, findings_),
        lines_(database, sources.book.zone, findings_),
        cases_(database, findings_),
        holds_(database, findings_),
        corrections_(database, sources.book, sources.methodologies, findings_),
        ledger_([this](AccountId account) { return orders_.is_escrow(account); }) {}

  AuditReport run() {
    say("store");
    check_store(database_, findings_);
    say("entries");
    report_.entries = StoredEntries(database_, findings_).read([this](const Entry& entry) { see(entry); });
    for (EntryCheck* check : checks_) findings_.guard(check->invariant(), [&] { check->finish(); });
    say("accounts");
    report_.accounts = read_account_rows(database_, findings_, [this](const AccountState& row) { see(row); });
    lines_.finish_rows();
    for (const Violation& violation : ledger_.finish()) findings_.report(violation);
    say("acts");
    report_.acts = check_sealed_days(database_, sources_.methodologies, findings_);
    say("batches");
    report_.batches = check_batches(database_, sources_.book, acts_, findings_);
    say("log");
    report_.blocks = check_log(database_, findings_);
    check_draws(database_, findings_);
    say("publications");
    report_.issues = check_issues(database_, sources_, findings_);
    report_.violations = findings_.take();
    return std::move(report_);
  }

 private:
  void say(const std::string& stage) const {
    if (progress_) progress_(stage);
  }

  void see(const Entry& entry) {
    ledger_.see(entry);
    for (EntryCheck* check : checks_) findings_.guard(check->invariant(), [&] { check->see(entry); });
  }

  void see(const AccountState& row) {
    ledger_.see(row);
    lines_.see(row);
  }

  Database& database_;
  const AuditSources& sources_;
  const std::function<void(const std::string&)>& progress_;
  Findings findings_;
  OrdersAgree orders_;
  BatchActs acts_;
  PostsEqualLines posts_;
  CertificatesStand certificates_;
  CommandsAnswered commands_;
  NettedBalancesAgree netted_;
  LinesAgree lines_;
  CasesAgree cases_;
  HoldsKept holds_;
  CorrectionsAgree corrections_;
  LedgerAudit ledger_;
  const std::array<EntryCheck*, 10> checks_{&orders_, &acts_,  &posts_, &certificates_, &commands_,
                                            &netted_, &lines_, &cases_, &holds_,        &corrections_};
  AuditReport report_;
};

}  // namespace

AuditReport audit_programme(Database& database, const AuditSources& sources,
                            const std::function<void(const std::string& stage)>& progress) {
  ReadTransaction one_state(database);
  return Audit(database, sources, progress).run();
}

}  // namespace tanpuhui
