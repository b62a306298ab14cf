#pragma once
/// What somebody asks about a case, from the JSON in which they ask. Read strictly: what is unknown, stands twice, is
/// missing or of another type is refused with its JSON pointer. Basis: decisions D37
#include "base/ids.h"
#include "cases/work_on_case.h"
#include "server/reply.h"

namespace tanpuhui {

inline constexpr std::size_t asked_text_max = 64 * 1024;  ///< of a reason or a field
inline constexpr std::size_t asked_names_max = 200;       ///< fields, and documents

struct AskedOpening {
  CommandId id;
  std::string procedure;
  std::optional<std::int64_t> about;
  std::optional<Applicant> applicant;
};

struct AskedStep {
  CommandId id;
  StepRequest request;  ///< without the actor
  Files files;
};

/// From a file that holds the body. 400; 413 for a document larger than `document_size_max`.
Result<AskedOpening, Reply> read_opening(const std::string& path);
Result<AskedStep, Reply> read_step(const std::string& path);

}  // namespace tanpuhui
