#include "governance/conformance.h"

#include "base/cbor.h"
#include "cases/standings.h"
#include "cases/stored_case.h"
#include "crypto/hash.h"
#include "governance/rooms_of_cases.h"

namespace tanpuhui {
namespace {

Refusal no_case(std::int64_t number) {
  return refuse("SCN-05")
      .because("case", std::to_string(number))
      .says("没有此案件：" + std::to_string(number), "there is no case " + std::to_string(number))
      .mend("写明场景案件的编号", "name the case of the scenario");
}

Refusal not_passed(const ConformanceSample& sample) {
  return refuse("SCN-05")
      .because("records", std::to_string(sample.records))
      .because("accepted", std::to_string(sample.accepted))
      .says("联调未通过：样本须不少于十条，且每条都能计入",
            "the conformance test is not passed: a sample has ten records or more, and every one counts")
      .mend("用 `tanpuhui compute` 查看未计入的记录，更正后重新联调",
            "`tanpuhui compute` says which do not and why; correct them and test again");
}

}  // namespace

Result<EntryId> record_conformance(const Office& office, const ConformanceSample& sample, CommandId id) {
  if (!find_case(office.database, sample.case_number)) return office.on_its_basis(no_case(sample.case_number));
  if (sample.records < conformance_records_min || sample.accepted < sample.records)
    return office.on_its_basis(not_passed(sample));
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("SCN-05"));
  entry.notes = {{1, std::to_string(sample.case_number)}, {2, "conformance"}, {3, std::to_string(sample.records)}};
  entry.document_digest = sample.file;
  CborWriter content;
  content.array(3).text("tph/conformance1").integer(sample.case_number).bytes(sample.file);
  Standing passed{std::string(conformance_thing), std::to_string(sample.case_number), "passed", office.today()};
  passed.case_number = sample.case_number;
  passed.detail = to_hex(sample.file);
  return office.register_act(id, sha256(content.result()), std::move(entry),
                             [passed](Database& store, EntryId made) { add_standing(store, made, passed); });
}

}  // namespace tanpuhui
