#include "rooms/reduction/correction.h"

#include <algorithm>

#include "base/cbor.h"

namespace tanpuhui {
namespace {

constexpr std::size_t day_digits = 8;
constexpr std::string_view replaced_word = "replaced", dropped_word = "dropped";

Refusal unreadable_line(std::size_t number, std::string_view line) {
  return refuse("DAT-06")
      .because("line", std::to_string(number))
      .because("text", std::string(line.substr(0, 80)))
      .says("记录清单第 " + std::to_string(number) + " 行不是记录编号",
            "line " + std::to_string(number) + " of the list is no record id")
      .mend("每行写一个记录编号，如 20250303-17 或 20250303-17,replaced",
            "write one record a line: 20250303-17, or 20250303-17,replaced");
}

Refusal nothing_listed() {
  return refuse("DAT-06")
      .because("records", "0")
      .says("清单没有列出记录", "the list names no record")
      .mend("每行写一个记录编号", "write one record id a line");
}

Refusal listed_twice(const std::string& record) {
  return refuse("DAT-06")
      .because("record", record)
      .says("记录 " + record + " 在清单中出现两次", "record " + record + " is listed twice")
      .mend("每条记录只列一次", "list each record once");
}

bool is_record_id(std::string_view id) {
  return id.size() > day_digits + 1 && id[day_digits] == '-' && parse_compact_day(id.substr(0, day_digits));
}

std::optional<FaultyRecord> parse_line(std::string_view line) {
  const std::size_t comma = line.find(',');
  const std::string_view id = line.substr(0, comma);
  const std::string_view word = comma == std::string_view::npos ? dropped_word : line.substr(comma + 1);
  if (!is_record_id(id) || (word != dropped_word && word != replaced_word)) return std::nullopt;
  return FaultyRecord{std::string(id), word == replaced_word ? RecordFault::replaced : RecordFault::dropped};
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

Milligrams sum_of_rises(const std::vector<CorrectionLine>& lines, Milligrams CorrectionLine::*from,
                        Milligrams CorrectionLine::*to) {
  Milligrams sum;
  for (const CorrectionLine& line : lines) sum += std::max(Milligrams(), line.*to - line.*from);
  return sum;
}

}  // namespace

Result<std::vector<FaultyRecord>> parse_faulty_records(std::string_view text) {
  std::vector<FaultyRecord> records;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.empty() || (number == 1 && line.starts_with("record_id"))) continue;
    const auto record = parse_line(line);
    if (!record) return unreadable_line(number, line);
    records.push_back(*record);
  }
  if (records.empty()) return nothing_listed();
  std::ranges::sort(records);
  const auto twice = std::ranges::adjacent_find(records, {}, &FaultyRecord::record_id);
  if (twice != records.end()) return listed_twice(twice->record_id);
  return records;
}

Milligrams CorrectionContent::taken_back() const {
  return sum_of_rises(lines, &CorrectionLine::after, &CorrectionLine::before);
}

Milligrams CorrectionContent::added() const {
  return sum_of_rises(lines, &CorrectionLine::before, &CorrectionLine::after);
}

Digest correction_digest(const CorrectionContent& content, HashFunction hash) {
  CborWriter out;
  out.array(6).text("tph/correction1").integer(content.case_number).text(content.scenario).text(content.responsible);
  out.array(content.records.size());
  for (const FaultyRecord& record : content.records)
    out.array(2).text(record.record_id).integer(static_cast<std::int64_t>(record.fault));
  out.array(content.lines.size());
  for (const CorrectionLine& line : content.lines) {
    out.array(6).integer(line.account.value).integer(line.batch.value);
    out.integer(line.before.count()).integer(line.after.count()).integer(line.plain_before).integer(line.plain_after);
  }
  return hash(out.result());
}

LineGrants grants_of(const CorrectionLine& line, Day credited_on, const GrantRule& rule) {
  return {grant_of({line.batch, line.before, credited_on, line.plain_before}, rule),
          grant_of({line.batch, line.after, credited_on, line.plain_after}, rule)};
}

}  // namespace tanpuhui
