#pragma once
/// What intake, seal and consents say when they are done: for the terminal, and as JSON for `--report`.
#include <string>
#include <vector>

#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/seal_days.h"
#include "rooms/participants/shell/consents.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

void print_ingest(const std::vector<IngestReport>& reports, const Rulebook& book);
std::string ingest_json(const std::string& scenario, const std::vector<IngestReport>& reports, const Rulebook& book);

void print_seal(const SealReport& report, Day until);
std::string seal_json(const std::string& scenario, Day until, const SealReport& report);

void print_consents(const ConsentReport& report, const Rulebook& book);
std::string consents_json(const ConsentReport& report, const Rulebook& book);

/// All outcomes of files, records and consents as Markdown: docs/OUTCOMES.md is this text.
std::string outcomes_markdown();

}  // namespace tanpuhui
