#pragma once
/// Computing a batch: the sealed acts of a period, summed for each person.
///
///   TANPUHUI_TRY(BatchId batch, compute_batch(office, {scenario, from, until}));
///
/// An account carries losses from one batch of a scenario to the next in the order in which batches are computed (see
/// batch.h). Basis: js24.a25, decisions D4, D10
#include "office/office.h"

namespace tanpuhui {

struct BatchRequest {
  ScenarioId scenario;
  Day from, until;               ///< both inclusive
  bool bears_reductions = true;  ///< false: the scenario's methodology is of kind `points`
};

/// Takes all open sealed days of the period and closes them. When they are closed already and a batch of exactly this
/// period stands, that batch is the answer. Refuses ISS-02 when no act of the period counts; PTS-02 when today's points
/// rule has nothing for acts that bear no reductions.
Result<BatchId> compute_batch(const Office& office, const BatchRequest& request);

}  // namespace tanpuhui
