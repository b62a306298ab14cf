#include "store/sqlite_values.h"

#include "base/check.h"

namespace tanpuhui {
namespace {

constexpr const char* pointer_type = "tanpuhui-sets";
constexpr int hidden_column = sqlite_sets_columns;  // the sets themselves; those before are their values

struct Cursor {
  sqlite3_vtab_cursor base{};  // SQLite's part comes first
  const SqliteSets* sets = nullptr;
  std::size_t at = 0;
};
Cursor& own(sqlite3_vtab_cursor* base) { return *reinterpret_cast<Cursor*>(base); }

int connect(sqlite3* connection, void*, int, const char* const*, sqlite3_vtab** made, char**) {
  std::string columns = "CREATE TABLE x(";
  for (std::size_t i = 1; i <= sqlite_sets_columns; ++i) columns += "v" + std::to_string(i) + ", ";
  const int code = sqlite3_declare_vtab(connection, (columns + "sets HIDDEN)").c_str());
  if (code != SQLITE_OK) return code;
  sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY);
  *made = new sqlite3_vtab{};
  return SQLITE_OK;
}
int disconnect(sqlite3_vtab* table) {
  delete table;
  return SQLITE_OK;
}

// One plan: all rows of the sets that are given as the argument.
int plan(sqlite3_vtab*, sqlite3_index_info* info) {
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.iColumn != hidden_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ || !constraint.usable)
      continue;
    info->aConstraintUsage[i].argvIndex = 1;
    info->aConstraintUsage[i].omit = 1;
    info->estimatedCost = 1;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  *made = &(new Cursor)->base;
  return SQLITE_OK;
}
int close(sqlite3_vtab_cursor* base) {
  delete &own(base);
  return SQLITE_OK;
}
int begin(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value** arguments) {
  own(base).sets = static_cast<const SqliteSets*>(sqlite3_value_pointer(arguments[0], pointer_type));
  own(base).at = 0;
  return SQLITE_OK;
}
int next(sqlite3_vtab_cursor* base) {
  ++own(base).at;
  return SQLITE_OK;
}
int at_end(sqlite3_vtab_cursor* base) { return !own(base).sets || own(base).at >= own(base).sets->count(); }
int row_number(sqlite3_vtab_cursor* base, sqlite3_int64* number) {
  *number = static_cast<sqlite3_int64>(own(base).at);
  return SQLITE_OK;
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* out, int number) {
  const Cursor& cursor = own(base);
  if (static_cast<std::size_t>(number) >= cursor.sets->width()) return SQLITE_OK;  // NULL
  const SqliteValue value = cursor.sets->at(cursor.at, static_cast<std::size_t>(number));
  switch (value.type) {
    case SQLITE_INTEGER:
      sqlite3_result_int64(out, value.integer);
      break;
    case SQLITE_TEXT:
      sqlite3_result_text64(out, static_cast<const char*>(value.data), value.size, SQLITE_STATIC, SQLITE_UTF8);
      break;
    case SQLITE_BLOB:
      sqlite3_result_blob64(out, value.data, value.size, SQLITE_STATIC);
      break;
    default:
      break;
  }
  return SQLITE_OK;
}

sqlite3_module sets_module() {
  sqlite3_module module{};
  module.xConnect = connect;  // no xCreate: the table is there without being made
  module.xDisconnect = disconnect;
  module.xBestIndex = plan;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = begin;
  module.xNext = next;
  module.xEof = at_end;
  module.xColumn = column;
  module.xRowid = row_number;
  return module;
}

}  // namespace

int bind_value(sqlite3_stmt* statement, int index, const SqliteValue& value) {
  switch (value.type) {
    case SQLITE_INTEGER:
      return sqlite3_bind_int64(statement, index, value.integer);
    case SQLITE_TEXT:
      return sqlite3_bind_text64(statement, index, static_cast<const char*>(value.data), value.size, SQLITE_STATIC,
                                 SQLITE_UTF8);
    case SQLITE_BLOB:
      return sqlite3_bind_blob64(statement, index, value.data, value.size, SQLITE_STATIC);
    default:
      return sqlite3_bind_null(statement, index);
  }
}

void SqliteSets::add(const std::vector<SqliteValue>& set) {
  TANPUHUI_REQUIRE(values_.empty() || set.size() == width_, "all sets of a statement have as many values");
  width_ = set.size();
  for (const SqliteValue& value : set) {
    SqliteValue& kept = values_.emplace_back(value);
    kept.integer = value.data ? static_cast<std::int64_t>(bytes_.size()) : value.integer;
    if (value.data) bytes_.append(static_cast<const char*>(value.data), value.size);
  }
}

void SqliteSets::clear() {
  values_.clear();
  bytes_.clear();
}

SqliteValue SqliteSets::at(std::size_t set, std::size_t column) const {
  SqliteValue value = values_[set * width_ + column];
  if (value.data) value.data = bytes_.data() + value.integer;
  return value;
}

int bind_sets(sqlite3_stmt* statement, const SqliteSets& sets) {
  return sqlite3_bind_pointer(statement, 1, const_cast<SqliteSets*>(&sets), pointer_type, nullptr);
}

int define_sets(sqlite3* connection) {
  static const sqlite3_module module = sets_module();
  return sqlite3_create_module_v2(connection, "given_values", &module, nullptr, nullptr);
}

}  // namespace tanpuhui
