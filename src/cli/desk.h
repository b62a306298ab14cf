#pragma once
/// The programme as one command sees it: opened, locked, with its law and its formulas loaded.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/work_on_case.h"
#include "cli/values.h"
#include "crypto/ed25519.h"
#include "journal/checkpoint.h"
#include "methodology/methodology.h"
#include "office/office.h"
#include "procedure/law_case.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/scenario/shell/find_scenario.h"
#include "rulebook/questions.h"
#include "store/programme.h"

namespace tanpuhui {

/// The texts under rulebooks/ and methodologies/. Faults name the file, the line and the remedy.
FactorTables load_factor_tables(const std::string& home);
Methodology load_methodology_file(const std::string& path, const FactorTables& factors);
/// By its folder or file, wherever it lies; factors are those of the home.
Methodology open_methodology(const SharedOptions& shared, const std::string& folder);
Rulebook load_book(const std::string& home, const std::string& name);
/// What goes with the books, for those who check them: questions, cases, the days off of each year.
std::vector<BookQuestion> load_questions(const std::string& home);
std::vector<LawCase> load_law_cases(const std::string& home, const std::string& name);
Calendar load_working_days(const std::string& home);
std::map<std::string, Methodology> load_methodologies(const std::string& home);
/// The one that the scenario was recorded with; a Fault when it is missing or its file has another hash now.
const Methodology& methodology_of(const std::map<std::string, Methodology>& methodologies, const Scenario& scenario);
/// The names of the rulebooks there are, in order.
std::vector<std::string> list_books(const std::string& home);
/// `given`, or the nearest folder from here or from the program upwards that holds rulebooks/ and methodologies/.
std::string find_home(const std::string& given);

class Desk {
 public:
  explicit Desk(const SharedOptions& shared);

  Office& office() { return *office_; }
  Database& database() { return programme_.database(); }
  const ProgrammeSettings& settings() const { return programme_.settings(); }
  const Rulebook& book() const { return book_; }
  const std::map<std::string, Methodology>& methodologies() const { return methodologies_; }
  Instant now() const { return office_->now; }

  /// A Fault when there is none, with the names there are.
  Scenario scenario(const std::string& name);
  const Methodology& methodology_of(const Scenario& scenario) const {
    return tanpuhui::methodology_of(methodologies_, scenario);
  }

  /// For records of that scenario that come now.
  IngestOptions ingest_options(const Scenario& scenario);

  /// For work on cases, with the calendar of the home and what the rooms do about steps.
  CaseOffice case_office();

  LogKey log_key();
  /// Everything that was done goes into the log: called at the end of every command that writes.
  void seal_log();
  /// The clock read anew, for a command that goes on for long.
  Instant read_clock(const SharedOptions& shared) const;
  /// Moves the clock of a rehearsal.
  void set_now(Instant now) { office_->now = now; }

 private:
  Programme programme_;
  Rulebook book_;
  std::string home_;
  std::map<std::string, Methodology> methodologies_;
  std::optional<Calendar> calendar_;
  std::optional<CaseRooms> rooms_;
  std::optional<Writer> writer_;
  std::optional<Office> office_;
};

/// An account by its number or by the programme's name for the holder; a UsageError when there is none.
AccountId account_option(Database& database, const std::string& text);

/// A new programme with the keys of its log beside it; salt and key of `settings` are made here. `origin` names the
/// log.
void create_programme(const SharedOptions& shared, ProgrammeSettings settings, const std::string& origin);

/// Where the log's private key lies: beside a file, else in the folder of keys.
std::string log_key_path(const SharedOptions& shared);
std::string public_key_path(const SharedOptions& shared);
/// A public key from a file as `tanpuhui key` writes it; a Fault when the file holds none.
PublicKeyBytes read_public_key(const std::string& path);

}  // namespace tanpuhui
