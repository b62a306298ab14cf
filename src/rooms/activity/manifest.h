#pragma once
/// The manifest of a file: what the partner says that it sent. It is compared with what was read, refused records
/// included; where one figure differs the file is refused as a whole.
///
///   file = "2025-03.ndjson.gz"         # the name or the digest, or both
///   sha256 = "9f86d0..."               # of the file as it is sent
///   records = 6000                     # lines, without the header of a CSV file
///   [sums]                             # of each numeric field, over all records, as text
///   distance_km = "18204.350"
///   "mass_kg.paper" = "12.5"           # one for each word of a list
///
/// A line that cannot be parsed, and a value that is no decimal (of at most 18 decimals), counts as a record and adds
/// nothing.
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/quantity.h"
#include "rooms/activity/intake.h"

namespace tanpuhui {

/// Exact however many values of whatever scale are added: whole and fraction apart, so that neither can overflow.
class ExactSum {
 public:
  void add(const Decimal& value);
  ExactSum operator-(const ExactSum& other) const;
  bool operator==(const ExactSum& other) const;
  /// With as many decimals as it needs, at least so many.
  std::string text(int decimals_min) const;

 private:
  ExactSum settled() const;
  int128 whole_ = 0, fraction_ = 0;  ///< fraction in 10^-18
};

/// The numeric fields of a record, in the order of the methodology's columns.
struct SummedField {
  std::string name;
  std::size_t slot = 0;
  int decimals = 0;
};
std::vector<SummedField> summed_fields(const Methodology& methodology);

struct Manifest {
  std::string file;  ///< empty: not stated
  std::optional<Digest> digest;
  std::int64_t records = 0;
  std::vector<ExactSum> sums;  ///< beside summed_fields
};
Result<Manifest, TextErrors> read_manifest(std::string_view text, std::string_view file_name,
                                           const Methodology& methodology);

/// One figure that is not as stated. `difference` (found less stated) only where both are numbers.
struct ManifestDifference {
  std::string figure, stated, found, difference;
};

/// Adds up what is read, and compares.
class ManifestCheck {
 public:
  ManifestCheck(const Manifest& manifest, const Methodology& methodology);

  void add(const RawRecord& raw);
  /// What is known before a record is read.
  std::vector<ManifestDifference> compare_file(const std::string& name, const Digest& digest) const;
  /// What is known behind the last one.
  std::vector<ManifestDifference> compare_records() const;

 private:
  const Manifest& manifest_;
  std::vector<SummedField> fields_;
  std::vector<ExactSum> sums_;
  std::int64_t records_ = 0;
};

}  // namespace tanpuhui
