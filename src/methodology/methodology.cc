#include "methodology/methodology.h"

#include <algorithm>

#include "base/cbor.h"

namespace tanpuhui {
namespace {

CborWriter& text(CborWriter& out, const BilingualText& both) { return out.array(2).text(both.zh).text(both.en); }

/// Days are whole numbers; no day is an empty array.
CborWriter& day(CborWriter& out, std::optional<Day> value) {
  if (!value) return out.array(0);
  return out.array(1).integer(value->number);
}

void write(CborWriter& out, const MethodologyField& field) {
  out.array(5).text(field.name).text(field.unit).integer(field.decimals).integer(field.min).integer(field.max);
}

void write(CborWriter& out, const MethodologyParameter& row) {
  out.array(9).text(row.name).integer(row.value.mantissa).integer(row.value.scale).text(row.unit);
  out.integer(row.from.number);
  day(out, row.until).text(row.region).text(row.source).text(row.trust);
}

void write(CborWriter& out, const MethodologyCheck& check) {
  out.array(4).text(check.code).text(check.expression).text(check.stage);
  text(out, check.message);
}

void write(CborWriter& out, const MethodologyVector& vector) {
  out.array(5).text(vector.name).integer(vector.day.number).array(vector.inputs.size());
  for (std::int64_t input : vector.inputs) out.integer(input);
  out.text(vector.refused).integer(vector.reduction_mg);
}

template <class T>
void write_all(CborWriter& out, const std::vector<T>& items) {
  out.array(items.size());
  for (const T& item : items) write(out, item);
}

}  // namespace

const CompiledMethodology* Methodology::in_force(Day day) const {
  for (const CompiledMethodology& period : periods)
    if (period.from <= day && (!period.until || day <= *period.until)) return &period;
  return nullptr;
}

bool Methodology::has_demonstration_factors() const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const auto& row) { return row.trust == "demonstration"; });
}

Bytes canonical_bytes(const Methodology& methodology) {
  const Methodology& m = methodology;
  CborWriter out;
  out.array(18).text("tanpuhui methodology 1").text(m.id).text(m.version).text(m.kind);
  text(out, m.title);
  text(out, m.publisher);
  out.integer(m.valid_from.number);
  day(out, m.valid_until);
  for (const BilingualText* part : {&m.applicability, &m.baseline, &m.calculation, &m.monitoring_plan})
    text(out, *part);
  write_all(out, m.fields);
  write_all(out, m.parameters);
  write_all(out, m.checks);
  out.array(4).text(m.seal.window).text(m.seal.overlap).integer(m.seal.max_duration_ms);
  out.integer(m.seal.cap_records_person_day);
  out.array(4)
      .text(m.reduction.expression)
      .text(m.reduction.unit)
      .text(m.reduction.rounding)
      .text(m.reduction.negative);
  write_all(out, m.vectors);
  return out.take();
}

}  // namespace tanpuhui
