#pragma once
/// Bicycle rides as a partner delivers them: drawn from one fixed sequence, the same every time, or a real partner's
/// files.
#include <cstdint>
#include <string>
#include <vector>

#include "bench/ground.h"
#include "crypto/ed25519.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/seal_days.h"

namespace tanpuhui {

struct RideFiles {
  std::string scenario;
  std::string consents;              ///< CSV
  std::vector<std::string> records;  ///< NDJSON, plain or gzip
};

struct RideDraw {
  std::int64_t persons = 0;
  Day first;
  int days = 0;
};

/// A Fault when the home has none.
const Methodology& bicycle_methodology(const Ground& ground);

/// The consents of so many persons, from 2025 on, as a file at `path`.
void write_consents(const std::string& path, std::int64_t persons);
/// Rides of these days, in order of time; some 1.4 a person and day. Gives how many.
std::int64_t write_rides(const std::string& path, const RideDraw& draw);

/// Rides of `days` days from 2025-01-01 on in `files` files.
RideFiles draw_rides(const Ground& ground, std::int64_t persons, int days, int files);
/// A folder with `consents.csv`, the scenario in its first column, and `records/`.
RideFiles find_rides(const std::string& folder);

/// A programme with the scenario and its consents, on 2026-01-01.
class RideProgramme {
 public:
  RideProgramme(const Ground& ground, const std::string& name, const RideFiles& files, Beside beside = Beside::nothing);

  Office& office() { return programme_.office(); }
  Database& database() { return programme_.database(); }
  ScenarioId scenario() const { return scenario_; }
  const SigningKey& partner() const { return partner_; }

  IngestOptions ingest_options() const;
  std::int64_t ingest(const std::string& file);  ///< gives the lines
  SealReport seal();
  /// All that is sealed and open in the period, as a batch of its own.
  BatchId compute(Day from, Day until);
  /// Signed by partner and authority.
  void sign(BatchId batch);

 private:
  const Methodology& methodology_;
  BenchProgramme programme_;
  SigningKey partner_ = SigningKey::generate(), authority_ = SigningKey::generate();
  std::string scenario_name_;
  ScenarioId scenario_;
};

}  // namespace tanpuhui
