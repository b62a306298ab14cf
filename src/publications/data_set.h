#pragma once
/// A publication as data: fields, rows, and what they rest on, as canonical JSON and as CSV. The same data set has the
/// same bytes, so its digest names it.
///
///   const std::string json = format_json(set), csv = format_csv(set);
///   sha256(as_bytes(json))
///
/// JSON: one line, keys in a fixed order, rows as objects in the order of the fields; amounts are decimal strings of
/// tonnes with nine decimals, which is exact to the milligram; what is not known is null, what is suppressed is the
/// word `suppressed`. CSV (RFC 4180, UTF-8): the same rows; a field with parts has a column a part, `field.part`; text
/// that a spreadsheet would take for a formula begins with an apostrophe.
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/quantity.h"
#include "base/time.h"

namespace tanpuhui {

/// A figure about too few persons (suppression.h).
struct Suppressed {
  bool operator==(const Suppressed&) const = default;
};

/// None: not known.
using Value = std::variant<std::monostate, std::string, std::int64_t, Milligrams, Suppressed>;

struct Cell {
  Cell() = default;
  Cell(Value one) : value(std::move(one)) {}                                       // NOLINT: a value is a cell
  Cell(std::string text) : value(std::move(text)) {}                               // NOLINT
  Cell(std::vector<std::pair<std::string, Value>> all) : parts(std::move(all)) {}  // NOLINT

  Value value;
  std::vector<std::pair<std::string, Value>> parts;  ///< where there are any, they are the cell
  bool operator==(const Cell&) const = default;
};

using Row = std::map<std::string, Cell, std::less<>>;  ///< by field

struct DataField {
  std::string id, zh, en;
};

struct DataSet {
  std::string programme;
  bool rehearsal = false;
  std::string publication, title_zh, title_en;
  std::string basis;  ///< the provision that asks for it
  std::string rulebook;
  Digest rulebook_hash{};
  std::string period;  ///< `2026-10`, `2026-Q4`, `2026`; empty: how things stand
  EntryId as_of;       ///< entries up to this one
  Instant as_of_at;    ///< when that entry was recorded
  Zone zone;
  int group_min = 0;
  std::vector<DataField> fields;
  std::vector<Row> rows;  ///< each has every field

  std::int64_t suppressed() const;  ///< figures left out
};

std::string format_json(const DataSet& set);
std::string format_csv(const DataSet& set);

}  // namespace tanpuhui
