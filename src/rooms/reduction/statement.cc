#include "rooms/reduction/statement.h"

#include <algorithm>
#include <map>

#include "base/cbor.h"

namespace tanpuhui {
namespace {

constexpr std::string_view statement_label = "tph/statement";
constexpr std::int64_t statement_version = 1;
constexpr std::int64_t zone_minutes_max = 24 * 60;
const Bilingual document_title = {"注销证明", "cancellation statement"};

Refusal no_entry_of_a_use() {
  return refuse("CER-11")
      .says("账目无法读取，或不是一笔使用减排量的账目",
            "the entry cannot be read, or is not one by which reductions were used")
      .mend("请向出具方索取原始文件", "ask the issuer for the original file");
}

Refusal not_its_context(std::string zh, std::string en) {
  return refuse("CER-13")
      .says(std::move(zh), std::move(en))
      .mend("请向出具方索取原始文件", "ask the issuer for the original file");
}

Refusal unequal_amounts() {
  return refuse("CER-19")
      .says("编号区间与退出流通的数量不符", "the serial ranges are not what left circulation")
      .mend("请向出具方索取原始文件", "ask the issuer for the original file");
}

void write_batches(CborWriter& out, const std::vector<StatementBatch>& batches) {
  out.array(batches.size());
  for (const StatementBatch& batch : batches)
    out.array(4).integer(batch.id.value).text(batch.label).text(batch.methodology).bytes(batch.methodology_hash);
}

bool read_batches(CborReader& in, std::vector<StatementBatch>& batches) {
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
    in.array(4);
    StatementBatch& batch = batches.emplace_back();
    batch.id = BatchId{in.integer()};
    batch.label = in.text();
    batch.methodology = in.text();
    const ByteView hash = in.bytes();
    if (hash.size() != batch.methodology_hash.size()) return false;
    std::ranges::copy(hash, batch.methodology_hash.begin());
  }
  return true;
}

Bilingual read_bilingual(CborReader& in) {
  Bilingual text;
  text.zh = in.text();
  text.en = in.text();
  return text;
}

// Labels stand for ids in the file that people read, so none may come twice.
bool each_once(const std::vector<StatementBatch>& batches) {
  std::vector<std::string_view> labels;
  for (const StatementBatch& batch : batches) labels.push_back(batch.label);
  std::ranges::sort(labels);
  const auto not_rising = [](const StatementBatch& a, const StatementBatch& b) { return !(a.id < b.id); };
  return std::ranges::adjacent_find(labels) == labels.end() &&
         std::ranges::adjacent_find(batches, not_rising) == batches.end();
}

bool is_use(EntryKind kind) {
  return kind == EntryKind::donate || kind == EntryKind::retire || kind == EntryKind::cancel;
}

bool sound(const SerialRange& range) { return range.from_mg >= Milligrams() && range.from_mg < range.to_mg; }

// Whether legs to final accounts and serials agree a batch. The bytes may come from anybody: nothing here overflows.
bool numbered_exactly(const Posting& posting) {
  std::map<BatchId, int128> open;
  for (const Leg& leg : posting.legs)
    if (is_final(leg.account)) open[leg.batch] += int128{leg.d_backing_mg.count()} + leg.d_free_mg.count();
  for (const SerialRange& range : posting.serials) {
    if (!sound(range)) return false;
    open[range.batch] -= (range.to_mg - range.from_mg).count();
  }
  return std::ranges::all_of(open, [](const auto& sum) { return sum.second == 0; });
}

const StatementBatch* find_batch(const StatementContext& context, BatchId id) {
  const auto found = std::ranges::find(context.batches, id, &StatementBatch::id);
  return found == context.batches.end() ? nullptr : &*found;
}

bool same_batches(const Posting& posting, const StatementContext& context) {
  const auto fixed = [&](const StatementBatch& batch) {
    return std::ranges::find(posting.serials, batch.id, &SerialRange::batch) != posting.serials.end();
  };
  const auto listed = [&](const SerialRange& range) { return find_batch(context, range.batch) != nullptr; };
  return std::ranges::all_of(context.batches, fixed) && std::ranges::all_of(posting.serials, listed);
}

void add_serials(StatementFacts& facts, const Posting& posting, const StatementContext& context) {
  for (const SerialRange& range : posting.serials) {
    facts.serials.push_back({find_batch(context, range.batch)->label, range.from_mg.count(), range.to_mg.count()});
    facts.amount += range.to_mg - range.from_mg;
  }
}

void add_methodologies(StatementFacts& facts, const StatementContext& context) {
  for (const StatementBatch& batch : context.batches) {
    CertifiedMethodology reference{batch.methodology, batch.methodology_hash};
    if (std::ranges::find(facts.methodologies, reference) == facts.methodologies.end())
      facts.methodologies.push_back(std::move(reference));
  }
}

StatementFacts facts_of(const Entry& entry, const StatementContext& context) {
  StatementFacts facts;
  facts.entry_id = entry.entry_id;
  facts.number = context.number;
  facts.document = document_title;
  facts.programme = context.programme;
  facts.purpose_id = context.purpose_id;
  facts.purpose = context.purpose;
  facts.beneficiary = context.beneficiary;
  facts.holder = context.holder;
  facts.recorded_at = entry.recorded_at;
  facts.zone = context.zone;
  add_serials(facts, entry.posting, context);
  add_methodologies(facts, context);
  facts.rulebook = entry.rulebook_hash;
  facts.context_digest = *entry.document_digest;
  return facts;
}

// The sum of all ranges, each at most 2^63 - 1, may still not fit.
bool sum_fits(const Posting& posting) {
  int128 sum = 0;
  for (const SerialRange& range : posting.serials) sum += (range.to_mg - range.from_mg).count();
  return sum <= INT64_MAX;
}

}  // namespace

Bytes encode_statement(const StatementContext& context) {
  TANPUHUI_REQUIRE(each_once(context.batches), "the batches of a statement rise, each with a label of its own");
  CborWriter out;
  out.array(12).text(statement_label).integer(statement_version).text(context.number);
  out.text(context.programme.zh).text(context.programme.en).text(context.purpose_id);
  out.text(context.purpose.zh).text(context.purpose.en).text(context.beneficiary).text(context.holder);
  out.integer(context.zone.offset_minutes);
  write_batches(out, context.batches);
  return out.take();
}

Result<StatementContext> decode_statement(ByteView bytes) {
  CborReader in(bytes);
  StatementContext context;
  in.array(12);
  const bool known = in.text() == statement_label && in.integer() == statement_version;
  context.number = in.text();
  context.programme = read_bilingual(in);
  context.purpose_id = in.text();
  context.purpose = read_bilingual(in);
  context.beneficiary = in.text();
  context.holder = in.text();
  const std::int64_t minutes = in.integer();
  const bool read = read_batches(in, context.batches);
  const bool on_earth = minutes >= -zone_minutes_max && minutes <= zone_minutes_max;
  if (!in.finish() || !known || !read || !on_earth || !each_once(context.batches))
    return not_its_context("所附公开信息无法读取", "the public facts cannot be read");
  context.zone = Zone{static_cast<std::int32_t>(minutes)};
  return context;
}

Result<StatementFacts> decode_statement_facts(ByteView entry_bytes, ByteView context_bytes) {
  const auto entry = decode_entry(entry_bytes);
  if (!entry || !is_use(entry->kind)) return no_entry_of_a_use();
  if (!numbered_exactly(entry->posting) || !sum_fits(entry->posting)) return unequal_amounts();
  TANPUHUI_TRY(const StatementContext context, decode_statement(context_bytes));
  if (!entry->document_digest)
    return not_its_context("账目未记载公开信息的摘要", "the entry names no digest of public facts");
  if (!same_batches(entry->posting, context))
    return not_its_context("所附批次与账目的批次不同", "the batches listed are not those of the entry");
  return facts_of(*entry, context);
}

}  // namespace tanpuhui
