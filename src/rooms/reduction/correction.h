#pragma once
/// A correction: what a batch granted for records that do not count. The amounts are the engine's: the window of the
/// records is sealed again without them, and what each person's line comes to then is compared with what was issued.
///
///   case: open -> compute (from the list of records) -> propose -> hear -> decide -> post (person by person) -> notify
///
/// Fewer milligrams are taken back (ledger/correct.h); more of them - a cap that a bad record had filled lets another
/// act in - are issued by a batch of their own, signed like any other.
/// Basis: js24.a22p2, AMB-08, AMB-09, AMB-38, AMB-49, decisions D10
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/result.h"
#include "ledger/grant.h"

namespace tanpuhui {

/// What is wrong with a record that was posted.
enum class RecordFault : std::uint8_t {
  dropped = 1,   ///< it counts in no version
  replaced = 2,  ///< a version that came after the posting counts in its stead
};

struct FaultyRecord {
  std::string record_id;  ///< `20250303-17`
  RecordFault fault = RecordFault::dropped;
  auto operator<=>(const FaultyRecord&) const = default;
};

/// A text of one record a line: `20250303-17` or `20250303-17,replaced`; empty lines and a first line `record_id` or
/// `record_id,fault` are passed over. Sorted, each record once. DAT-06 names the line that is neither.
Result<std::vector<FaultyRecord>> parse_faulty_records(std::string_view text);

/// What one account was granted of one batch, and what it should have been.
struct CorrectionLine {
  AccountId account;
  BatchId batch;
  Milligrams before, after;
  std::int64_t plain_before = 0, plain_after = 0;  ///< acts that bear no reductions

  bool takes_back() const { return after < before || plain_after < plain_before; }
  bool operator==(const CorrectionLine&) const = default;
};

struct CorrectionContent {
  std::int64_t case_number = 0;
  std::string scenario;
  std::string responsible;  ///< who caused it: `person`, or the name of a unit
  std::vector<FaultyRecord> records;
  std::vector<CorrectionLine> lines;  ///< by account, then batch; each changes something

  Milligrams taken_back() const;  ///< over the lines that lose
  Milligrams added() const;       ///< over the lines that gain
};

/// Points that the person spent and should not have had are owed only by who caused it. Basis: AMB-08
inline constexpr std::string_view caused_by_person = "person";

Digest correction_digest(const CorrectionContent& content, HashFunction hash);

/// Of a line of a posted batch, under the rule of its crediting day.
struct LineGrants {
  Grant before, after;
};
LineGrants grants_of(const CorrectionLine& line, Day credited_on, const GrantRule& rule);

}  // namespace tanpuhui
