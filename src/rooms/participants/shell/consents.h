#pragma once
/// Consents of persons to a scenario, as the partner hands them over: CSV with a header
///
///   scenario,subject,person,from_at,until_at,text_version
///
/// The columns in any order; values may be quoted (RFC 4180), a line is one consent. `subject` is the partner's id of
/// the person, `person` the programme's. A consent is a dated interval [from_at, until_at); until_at may be empty.
/// Where a file names it, the end was agreed: acts before it count also when they arrive after it. A person who has no
/// account yet gets one, opened at from_at: acts before that earn nothing. A line that is refused leaves the rest
/// alone; the same file or line again changes nothing. What can become of a line: consent_outcome_table().
/// Basis: js24.a24, decisions D14, D15
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "office/office.h"

namespace tanpuhui {

struct ConsentExample {
  std::int64_t line = 0;  ///< in the file, from 1
  std::string outcome, field, value;
  std::string message_zh, message_en, remedy_zh, remedy_en;
};

struct ConsentReport {
  std::string file_name;
  std::int64_t lines = 0;                      ///< without the header
  std::map<std::string, std::int64_t> counts;  ///< `recorded`, `known_already`, or the id of what is wrong
  std::int64_t accounts_opened = 0;
  std::vector<ConsentExample> examples;  ///< the first 20 refused lines
};

/// A Refusal (DAT-06) when the file as a whole cannot be read as consents (header). A Fault when it cannot be read at
/// all. Everything of a file goes in one commit with one entry; a file that brings nothing new leaves no entry.
Result<ConsentReport> load_consents(const Office& office, ByteView account_salt, const std::string& path);

struct Withdrawal {
  std::string scenario;
  std::string subject;
  Instant at;                    ///< not later than now
  bool settle_unsealed = false;  ///< the person wants what was done before `at` to be settled
};

/// Ends the consent that is open at `at`. Refuses DAT-04 an unknown scenario, DAT-03 a time to come, CON-01 when no
/// consent is open then.
Result<EntryId> withdraw_consent(const Office& office, const Withdrawal& withdrawal, CommandId id);

}  // namespace tanpuhui
