#include <algorithm>
#include <tuple>

#include "base/cbor.h"
#include "methodology/methodology.h"

namespace tanpuhui {
namespace {

void write(CborWriter& out, const BilingualText& both) { out.array(2).text(both.zh).text(both.en); }

/// Days are whole numbers; no day is an empty array.
void write(CborWriter& out, std::optional<Day> day) {
  out.array(day ? 1 : 0);
  if (day) out.integer(day->number);
}

void write(CborWriter& out, const MethodologyList& list) {
  out.array(2).text(list.name).array(list.words.size());
  for (const MethodologyList::Word& word : list.words) out.array(3).text(word.id).text(word.text.zh).text(word.text.en);
}

void write(CborWriter& out, const MethodologyField& field) {
  out.array(7).text(field.name).text(field.unit).integer(field.decimals).integer(field.min).integer(field.max);
  out.text(field.per).text(field.list);
}

void write(CborWriter& out, const MethodologyReference& input) {
  out.array(9).text(input.name).text(input.kind).text(input.of).integer(input.days).text(input.by);
  out.text(input.unit).integer(input.decimals).integer(input.min).integer(input.max);
}

/// Nine items.
void write_dated(CborWriter& out, const DatedValue& row) {
  out.integer(row.value.mantissa).integer(row.value.scale).integer(row.from.number);
  write(out, row.until);
  out.text(row.region).text(row.source).text(row.trust).text(row.factor).integer(row.data_year);
}

void write(CborWriter& out, const MethodologyParameter& row) {
  out.array(11).text(row.name).text(row.unit);
  write_dated(out, row);
}

void write(CborWriter& out, const MethodologyTable::Row& row) {
  out.array(10).text(row.word);
  write_dated(out, row);
}

void write(CborWriter& out, const MethodologyLet& let) { out.array(2).text(let.name).text(let.expression); }

void write(CborWriter& out, const MethodologyCheck& check) {
  out.array(4).text(check.code).text(check.expression).text(check.stage);
  write(out, check.message);
}

void write(CborWriter& out, const MethodologyVector& vector) {
  out.array(5).text(vector.name).integer(vector.day.number).array(vector.inputs.size());
  for (std::int64_t input : vector.inputs) out.integer(input);
  out.text(vector.refused).integer(vector.reduction_mg);
}

void write(CborWriter& out, const MethodologyTable& table);

template <class T>
void write_all(CborWriter& out, const std::vector<T>& items) {
  out.array(items.size());
  for (const T& item : items) write(out, item);
}

/// For blocks whose order in the file means nothing.
template <class T, class Key>
void write_sorted(CborWriter& out, std::vector<T> items, Key key) {
  std::stable_sort(items.begin(), items.end(), [&](const T& a, const T& b) { return key(a) < key(b); });
  write_all(out, items);
}

void write(CborWriter& out, const MethodologyTable& table) {
  out.array(4).text(table.name).text(table.list).text(table.unit);
  write_sorted(out, table.rows, [](const auto& row) { return std::tuple(row.word, row.from); });
}

void write(CborWriter& out, const MethodologySeal& seal) {
  out.array(8).text(seal.window).text(seal.identity).text(seal.overlap).integer(seal.max_duration_ms);
  out.integer(seal.cap_records_person_day).integer(seal.cap_records_person_month);
  out.integer(seal.cap_reduction_person_day_mg).integer(seal.cap_reduction_person_month_mg);
}

void write(CborWriter& out, const MethodologyReduction& reduction) {
  out.array(8).text(reduction.baseline).text(reduction.project).text(reduction.leakage).text(reduction.expression);
  out.text(reduction.unit).text(reduction.rounding).text(reduction.negative).integer(reduction.cap_record_mg);
}

void write_head(CborWriter& out, const Methodology& m) {
  out.text("tanpuhui methodology 3").text(m.id).text(m.version).text(m.kind);
  out.integer(m.valid_from.number);
  write(out, m.valid_until);
  for (const BilingualText* part :
       {&m.title, &m.publisher, &m.applicability, &m.baseline, &m.calculation, &m.monitoring_plan, &m.additionality})
    write(out, *part);
}

}  // namespace

Bytes canonical_bytes(const Methodology& methodology) {
  const auto name = [](const auto& item) { return item.name; };
  const Methodology& m = methodology;
  CborWriter out;
  out.array(23);
  write_head(out, m);
  write_sorted(out, m.lists, name);
  write_all(out, m.fields);
  write_all(out, m.references);
  write_sorted(out, m.parameters, [](const auto& row) { return std::tuple(row.name, row.from); });
  write_sorted(out, m.tables, name);
  write_all(out, m.lets);
  write_all(out, m.checks);
  write(out, m.seal);
  write(out, m.reduction);
  write_sorted(out, m.vectors, [](const auto& row) { return std::tuple(row.name, row.day, row.inputs); });
  return out.take();
}

}  // namespace tanpuhui
