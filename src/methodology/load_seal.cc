#include "methodology/draft.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t records_max = 1'000'000;

std::int64_t read_reduction_cap(TomlReader& table, std::string_view key, Draft& draft) {
  if (!table.has(key)) return 0;
  if (!draft.out.bears_reductions()) table.fail(key, "acts of kind points bear no reduction", "remove it");
  return read_amount(table, key, "mgCO2e", INT64_MAX, draft);
}

}  // namespace

void read_seal(TomlReader& root, Draft& draft) {
  auto table = root.table("seal");
  if (!table) return;
  MethodologySeal& seal = draft.out.seal;
  seal.window = table->one_of("window", Choices<3>{"day", "month", "meter_period"});
  seal.overlap = table->one_of("overlap", Choices<2>{"refuse", "allow"});
  seal.identity = table->has("identity") ? table->one_of("identity", Choices<2>{"person", "subject"}) : "person";
  draft.out.kept_columns = draft.out.field_columns + (draft.out.tells_subjects_apart() ? 1 : 0);
  seal.max_duration_ms = read_amount(*table, "max_duration", "ms", duration_limit_ms, draft);
  seal.cap_records_person_day = table->optional_integer("cap_records_person_day", 1, records_max).value_or(0);
  seal.cap_records_person_month = table->optional_integer("cap_records_person_month", 1, records_max).value_or(0);
  seal.cap_reduction_person_day_mg = read_reduction_cap(*table, "cap_reduction_person_day", draft);
  seal.cap_reduction_person_month_mg = read_reduction_cap(*table, "cap_reduction_person_month", draft);
  if (!table->has("cap_records_person_day") && !table->has("cap_records_person_month"))
    table->fail("cap_records_person_day", "nothing limits the records of a person",
                "write cap_records_person_day or cap_records_person_month");
  table->finish();
}

}  // namespace tanpuhui
