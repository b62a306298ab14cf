#pragma once
/// The closed list of what can be wrong with a proof, in the order in which it is looked for. Each has a stable code
/// CER-10 to CER-20. Basis: design.9
#include "base/refusal.h"

namespace tanpuhui {

enum class ProofFlaw {
  form = 10,          ///< CER-10 not a certificate file of ours
  statement = 11,     ///< CER-11 the statement's own bytes cannot be read
  text = 12,          ///< CER-12 the file is not exactly what its proof says
  context = 13,       ///< CER-13 the public facts are not those that the statement names
  entry = 14,         ///< CER-14 the entry is not in the block
  block_record = 15,  ///< CER-15 not a block record
  block = 16,         ///< CER-16 the block is not in the log
  checkpoint = 17,    ///< CER-17 not a checkpoint of this log
  signature = 18,     ///< CER-18 the checkpoint was not signed by this key
  amounts = 19,       ///< CER-19 the serial ranges do not add up to the amount
  key = 20,           ///< CER-20 not a public key of a log
};

/// The refusal with its code, message and remedy; the caller may add facts.
Refusal refuse_proof(ProofFlaw flaw);

}  // namespace tanpuhui
