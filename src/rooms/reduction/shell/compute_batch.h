#pragma once
/// Computing a batch: the sealed acts of a period, summed for each person.
///
///   TANPUHUI_TRY(BatchId batch, compute_batch(office, {scenario, from, until}));
///
/// Basis: js24.a25, decisions D4, D10
#include "office/office.h"

namespace tanpuhui {

struct BatchRequest {
  ScenarioId scenario;
  Day from, until;  ///< both inclusive
};

/// Takes all open sealed days of the period and closes them. When they are closed already and a batch of exactly this
/// period stands, that batch is the answer. Refuses ISS-02 when there is nothing to issue in the period.
Result<BatchId> compute_batch(const Office& office, const BatchRequest& request);

}  // namespace tanpuhui
