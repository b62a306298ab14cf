#include "procedure/case.h"

#include <utility>

namespace tanpuhui {

std::string Case::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

Case begin_case(const ProcedureRule& procedure, Applicant applicant) {
  Case matter;
  matter.procedure = procedure.id;
  matter.state = procedure.starts;
  matter.applicant = std::move(applicant);
  return matter;
}

}  // namespace tanpuhui
