#pragma once
/// The year of real rides that examples/partners/mibici/convert.py wrote, and a programme that takes it in.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "measure.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/seal_days.h"
#include "rooms/participants/shell/consents.h"
#include "rooms/scenario/shell/record_scenario.h"

namespace tanpuhui {

inline constexpr std::string_view scenario_name = "mibici-ride";

inline std::vector<std::string> month_files(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(folder + "/records"))
    files.push_back(file.path().string());
  std::ranges::sort(files);
  return files;
}

/// A programme with the scenario and its consents.
struct Programme {
  Programme(const std::string& path, const std::string& folder)
      : database(Database::open_writer(path)), writer(database, sha256) {
    migrate(database);
    ScenarioRecord record;
    record.name = scenario_name;
    record.title_zh = "骑行";
    record.title_en = "rides";
    record.developer = "partner";
    record.methodology = "bike-demo/v1";
    record.methodology_hash = methodology.hash;
    record.live_from = day_of({2025, 1, 1});
    record.lateness_days = 366;
    record.partner_key = SigningKey::generate().verify_key().bytes();
    scenario = record_scenario(office, record, new_command_id(office.now)).value();
    const Bytes salt(32, 7);
    load_consents(office, salt, folder + "/consents.csv").value();
  }

  void ingest(const std::string& file) {
    IngestOptions options;
    options.scenario = scenario;
    options.rules = {std::string(scenario_name), &methodology, book.zone, 366, office.now};
    ingest_file(database, file, options);
  }
  SealReport seal() {
    SealOptions options;
    options.scenario = scenario;
    options.scenario_name = scenario_name;
    options.methodology = &methodology;
    options.zone = book.zone;
    options.until = day_of({2025, 12, 31});
    options.now = office.now;
    return seal_days(database, options);
  }

  Methodology methodology = bike_methodology();
  Rulebook book = js24_book();
  Database database;
  Writer writer;
  Office office{database, writer, book, start_of(day_of({2026, 1, 1}), Zone{480})};
  ScenarioId scenario;
};

}  // namespace tanpuhui
