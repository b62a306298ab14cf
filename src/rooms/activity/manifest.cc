#include "rooms/activity/manifest.h"

#include <fmt/format.h>

namespace tanpuhui {
namespace {

constexpr int fraction_decimals = 18;

class Reading {
 public:
  Reading(TomlReader& root, const Methodology& methodology) : root_(root), fields_(summed_fields(methodology)) {}

  Manifest run() {
    out_.file = root_.optional_text("file").value_or("");
    if (const auto hex = root_.optional_text("sha256")) read_digest(*hex);
    if (!root_.has("file") && !root_.has("sha256"))
      root_.fail("file", "the manifest does not say which file it is of", "write file = \"NAME\" or sha256 = \"HEX\"");
    out_.records = root_.integer("records", 0);
    read_sums();
    root_.finish();
    return std::move(out_);
  }

 private:
  void read_digest(const std::string& hex) {
    out_.digest = digest_from_hex(hex);
    if (!out_.digest) root_.fail("sha256", "no SHA-256", "write its 64 hexadecimal digits in small letters");
  }

  void read_sums() {
    if (fields_.empty()) return;
    auto sums = root_.table("sums");
    if (!sums) return;
    for (const SummedField& field : fields_) out_.sums.emplace_back().add(sums->decimal(field.name));
    sums->finish();
  }

  TomlReader& root_;
  std::vector<SummedField> fields_;
  Manifest out_;
};

}  // namespace

void ExactSum::add(const Decimal& value) {
  const std::int64_t one = power_of_ten(value.scale);
  whole_ += value.mantissa / one;
  fraction_ += int128{value.mantissa % one} * power_of_ten(fraction_decimals - value.scale);
}

// Whole and fraction of one sign, the fraction smaller than one.
ExactSum ExactSum::settled() const {
  const int128 one = power_of_ten(fraction_decimals);
  ExactSum out;
  out.whole_ = whole_ + fraction_ / one;
  out.fraction_ = fraction_ % one;
  if (out.whole_ > 0 && out.fraction_ < 0) {
    --out.whole_;
    out.fraction_ += one;
  } else if (out.whole_ < 0 && out.fraction_ > 0) {
    ++out.whole_;
    out.fraction_ -= one;
  }
  return out;
}

ExactSum ExactSum::operator-(const ExactSum& other) const {
  ExactSum out;
  out.whole_ = whole_ - other.whole_;
  out.fraction_ = fraction_ - other.fraction_;
  return out;
}

bool ExactSum::operator==(const ExactSum& other) const {
  const ExactSum difference = (*this - other).settled();
  return difference.whole_ == 0 && difference.fraction_ == 0;
}

std::string ExactSum::text(int decimals_min) const {
  const ExactSum sum = settled();
  const bool negative = sum.whole_ < 0 || sum.fraction_ < 0;
  const int128 whole = negative ? -sum.whole_ : sum.whole_, fraction = negative ? -sum.fraction_ : sum.fraction_;
  std::string digits = fmt::format("{:018}", static_cast<std::int64_t>(fraction));
  while (digits.size() > static_cast<std::size_t>(decimals_min) && digits.back() == '0') digits.pop_back();
  return fmt::format("{}{}{}{}", negative ? "-" : "", whole, digits.empty() ? "" : ".", digits);
}

std::vector<SummedField> summed_fields(const Methodology& methodology) {
  std::vector<SummedField> fields;
  for (std::size_t i = 0; i < methodology.field_columns; ++i) {
    const MethodologyColumn& column = methodology.columns[i];
    if (methodology.fields[column.field].list.empty())
      fields.push_back({column.name, slot_first_field + i, column.decimals});
  }
  return fields;
}

Result<Manifest, TextErrors> read_manifest(std::string_view text, std::string_view file_name,
                                           const Methodology& methodology) {
  const auto parsed = parse_toml(text, file_name);
  if (!parsed) return parsed.error();
  TextErrors errors;
  TomlReader root(*parsed, file_name, errors);
  Manifest manifest = Reading(root, methodology).run();
  if (!errors.empty()) return errors;
  return manifest;
}

ManifestCheck::ManifestCheck(const Manifest& manifest, const Methodology& methodology)
    : manifest_(manifest), fields_(summed_fields(methodology)), sums_(fields_.size()) {}

void ManifestCheck::add(const RawRecord& raw) {
  ++records_;
  if (raw.malformed) return;
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (const auto value = parse_decimal(raw.values[fields_[i].slot].text)) sums_[i].add(*value);
}

std::vector<ManifestDifference> ManifestCheck::compare_file(const std::string& name, const Digest& digest) const {
  std::vector<ManifestDifference> out;
  if (!manifest_.file.empty() && manifest_.file != name) out.push_back({"file", manifest_.file, name, ""});
  if (manifest_.digest && *manifest_.digest != digest)
    out.push_back({"sha256", to_hex(*manifest_.digest), to_hex(digest), ""});
  return out;
}

std::vector<ManifestDifference> ManifestCheck::compare_records() const {
  std::vector<ManifestDifference> out;
  if (records_ != manifest_.records)
    out.push_back({"records", std::to_string(manifest_.records), std::to_string(records_),
                   std::to_string(records_ - manifest_.records)});
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (const int decimals = fields_[i].decimals; !(sums_[i] == manifest_.sums[i]))
      out.push_back({"sums." + fields_[i].name, manifest_.sums[i].text(decimals), sums_[i].text(decimals),
                     (sums_[i] - manifest_.sums[i]).text(decimals)});
  return out;
}

}  // namespace tanpuhui
