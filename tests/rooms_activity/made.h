#pragma once
/// Methodologies made for a test, of one formula.
#include "sample.h"

namespace tanpuhui {

/// A methodology with one formula; `more` goes behind the fields, `seal` into the seal's table.
inline Methodology made(const std::string& fields, const std::string& formula, const std::string& seal,
                        const std::string& vectors, const std::string& more = "") {
  std::string text = "id = \"made\"\nversion = \"v1\"\nkind = \"scenario\"\nvalid_from = 2024-01-01\n";
  for (const char* part : {"title", "publisher", "applicability", "baseline", "calculation", "monitoring_plan"})
    text += std::string("[") + part + "]\nzh = \"文\"\nen = \"text\"\n";
  text += fields + more + "[seal]\nwindow = \"day\"\noverlap = \"refuse\"\nmax_duration = \"24 h\"\n" + seal +
          "[reduction]\nexpression = \"" + formula +
          "\"\nunit = \"mgCO2e\"\nrounding = \"down\"\nnegative = \"zero\"\n" + vectors;
  auto loaded = load_methodology(text, "made.toml", plain_digest);
  if (!loaded) throw std::runtime_error(describe(loaded.error()));
  return *std::move(loaded);
}

inline constexpr const char* distance =
    "[[field]]\nname = \"distance_km\"\nunit = \"km\"\ndecimals = 3\nmin = \"0\"\nmax = \"100\"\n"
    "[[check]]\ncode = \"too_short\"\nexpression = \"distance_km >= 0.3 km\"\nstage = \"intake\"\n"
    "message = { zh = \"短\", en = \"short\" }\n";
inline constexpr const char* distance_vectors =
    "[[vector]]\nname = \"a\"\nday = 2025-01-01\ninputs = { distance_km = \"1\", duration_s = \"600\" }\nreduction_mg "
    "= "
    "\"50000\"\n[[vector]]\nname = \"b\"\nday = 2025-01-01\ninputs = { distance_km = \"2\", duration_s = \"600\" "
    "}\nreduction_mg = \"100000\"\n[[vector]]\nname = \"c\"\nday = 2025-01-01\ninputs = { distance_km = \"0.1\", "
    "duration_s = \"600\" }\nrefused = \"too_short\"\n";

inline SealFacts facts_with(std::span<const PersonBefore> before) {
  SealFacts facts;
  facts.day = monday;
  facts.next_day = start_of(monday + 1, zone);
  facts.before = before;
  return facts;
}

inline std::vector<std::int64_t> reductions_of(const SealedDay& sealed) {
  std::vector<std::int64_t> all;
  for (const SealedRow& row : sealed.rows) all.push_back(row.reduction_mg);
  return all;
}

}  // namespace tanpuhui
