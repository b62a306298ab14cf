#pragma once
/// Sourced tables of factors, `methodologies/factors/*.toml`: one value a region and data year, each with its source
/// and mark of trust. Methodologies take values from them by name, so that a figure is written down once.
///
///   [[factor]]
///   name = "grid_average"
///   title = { zh = "电力平均二氧化碳排放因子", en = "Average emission factor of electricity" }
///   unit = "kgCO2e/kWh"
///   row = [
///     { region = "320000", data_year = 2023, value = "0.5827", trust = "repositories", source = "..." },
///   ]
///
/// `source` and `trust` may stand once for all rows of a factor; a row that has its own keeps it.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "methodology/texts.h"
#include "toml/toml.h"

namespace tanpuhui {

struct FactorRow {
  std::string region;
  std::int64_t data_year = 0;
  Decimal value;
  std::string trust;  ///< official, news, repositories, calculated or demonstration
  std::string source;
};

struct FactorTable {
  std::string name;
  BilingualText title;
  std::string unit;
  std::vector<FactorRow> rows;  ///< in the order of the file
  std::string file;

  const FactorRow* find(std::string_view region, std::int64_t data_year) const;
};

struct FactorTables {
  std::vector<FactorTable> tables;
  const FactorTable* find(std::string_view name) const;
};

Result<FactorTables, TextErrors> load_factors(std::span<const SourceFile> files);

}  // namespace tanpuhui
