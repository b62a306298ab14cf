// Entry, format 1: an array of 17: format, entry_id, part, act_no, command_id, kind, actor, basis, rulebook_hash,
// recorded_at, occurred_on, [reverses], [completes], [document_digest], account, posting (6 lists), notes.
#include <algorithm>

#include "base/cbor.h"
#include "ledger/entry.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t head_bytes = 200, line_bytes = 24;  ///< of most entries

/// Writes the fields of a value one after another; `Source` reads them in the same order. One list of fields serves
/// both, so that the two cannot differ.
class Sink {
 public:
  explicit Sink(CborWriter& out) : out_(out) {}
  void count(std::size_t fields) { out_.array(fields); }
  void field(std::int64_t value) { out_.integer(value); }
  void field(bool value) { out_.integer(value ? 1 : 0); }
  void field(Day value) { out_.integer(value.number); }
  void field(LotOrigin value) { out_.integer(static_cast<std::int64_t>(value)); }
  template <class Tag>
  void field(Id<Tag> value) {
    out_.integer(value.value);
  }
  template <class Tag>
  void field(Quantity<Tag> value) {
    out_.integer(value.count());
  }
  void field(const std::string& value) { out_.text(value); }
  void field(const Digest& value) { out_.bytes(value); }
  template <class T>
  void field(const std::optional<T>& value) {
    out_.array(value ? 1 : 0);
    if (value) field(*value);
  }
  template <class T>
  void list(const std::vector<T>& lines);

 private:
  CborWriter& out_;
};

class Source {
 public:
  explicit Source(CborReader& in) : in_(in) {}
  void count(std::size_t fields) { in_.array(fields); }
  void field(std::int64_t& value) { value = in_.integer(); }
  void field(bool& value) { value = ranged(0, 1) == 1; }
  void field(Day& value) { value.number = static_cast<std::int32_t>(ranged(INT32_MIN, INT32_MAX)); }
  void field(LotOrigin& value) { value = static_cast<LotOrigin>(ranged(1, 4)); }
  template <class Tag>
  void field(Id<Tag>& value) {
    value.value = in_.integer();
  }
  template <class Tag>
  void field(Quantity<Tag>& value) {
    value = Quantity<Tag>(in_.integer());
  }
  void field(std::string& value) { value = in_.text(); }
  void field(Digest& value) { fixed(value); }
  template <class T>
  void field(std::optional<T>& value) {
    const std::size_t present = in_.array();
    sound_ = sound_ && present <= 1;
    if (present == 1) field(value.emplace());
  }
  template <std::size_t size>
  void fixed(std::array<std::uint8_t, size>& value) {
    const ByteView read = in_.bytes();
    sound_ = sound_ && read.size() == size;
    if (read.size() == size) std::ranges::copy(read, value.begin());
  }
  std::int64_t ranged(std::int64_t least, std::int64_t most) {
    const std::int64_t value = in_.integer();
    if (value >= least && value <= most) return value;
    sound_ = false;
    return least;
  }
  template <class T>
  void list(std::vector<T>& lines);
  bool sound() const { return sound_ && in_.ok(); }
  void doubt() { sound_ = false; }

 private:
  CborReader& in_;
  bool sound_ = true;
};

template <class Stream, class... Fields>
void all(Stream& stream, Fields&... fields) {
  stream.count(sizeof...(fields));
  (stream.field(fields), ...);
}

template <class Stream, class Line>
void line_of(Stream& s, Line& v) {
  using Plain = std::remove_const_t<Line>;
  if constexpr (std::is_same_v<Plain, Leg>)
    all(s, v.account, v.batch, v.tranche, v.d_points, v.d_backing_mg, v.d_free_mg);
  if constexpr (std::is_same_v<Plain, LotOpening>)
    all(s, v.account, v.batch, v.tranche, v.credited_on, v.expires_on, v.origin, v.base_points, v.base_mg,
        v.grace_used);
  if constexpr (std::is_same_v<Plain, DrawnLot>) all(s, v.batch, v.tranche, v.credited_on, v.expires_on, v.grace_used);
  if constexpr (std::is_same_v<Plain, HonourLine>) all(s, v.account, v.d_points, v.d_mg);
  if constexpr (std::is_same_v<Plain, LockLine>) all(s, v.account, v.batch, v.tranche, v.d_points);
  if constexpr (std::is_same_v<Plain, SerialRange>) all(s, v.batch, v.from_mg, v.to_mg);
  if constexpr (std::is_same_v<Plain, Note>) all(s, v.key, v.text);
}

template <class T>
void Sink::list(const std::vector<T>& lines) {
  out_.array(lines.size());
  for (const T& line : lines) line_of(*this, line);
}

template <class T>
void Source::list(std::vector<T>& lines) {
  const std::size_t size = in_.array();
  for (std::size_t i = 0; i < size && sound(); ++i) line_of(*this, lines.emplace_back());
}

template <class Stream, class Value>
void lists_of(Stream& stream, Value& posting) {
  stream.count(6);
  stream.list(posting.legs);
  stream.list(posting.openings);
  stream.list(posting.drawn);
  stream.list(posting.honours);
  stream.list(posting.locks);
  stream.list(posting.serials);
}

// All after the fixed-size head.
template <class Stream, class Value>
void body_of(Stream& stream, Value& entry) {
  stream.field(entry.actor);
  stream.field(entry.basis);
  stream.field(entry.rulebook_hash);
  stream.field(entry.recorded_at.ms);
  stream.field(entry.occurred_on);
  stream.field(entry.reverses);
  stream.field(entry.completes);
  stream.field(entry.document_digest);
  stream.field(entry.posting.account);
  lists_of(stream, entry.posting);
  stream.list(entry.notes);
}

bool keys_ascend(const std::vector<Note>& notes) {
  return std::ranges::adjacent_find(notes, std::ranges::greater_equal{}, &Note::key) == notes.end();
}

}  // namespace

Bytes encode_entry(const Entry& entry) {
  TANPUHUI_REQUIRE(keys_ascend(entry.notes), "keys of notes ascend, each once");
  const Posting& posting = entry.posting;
  CborWriter out(head_bytes + line_bytes * (posting.legs.size() + posting.openings.size() + posting.serials.size()));
  out.array(17).integer(format).integer(entry.entry_id.value).integer(entry.part.value).integer(entry.act_no);
  out.bytes(entry.command_id.bytes).integer(static_cast<std::int64_t>(entry.kind));
  Sink sink(out);
  body_of(sink, entry);
  return out.take();
}

Result<Entry, Malformed> decode_entry(ByteView bytes) {
  CborReader in(bytes);
  in.array(17);
  if (in.integer() != format) return Malformed{"entry of an unknown format"};
  Entry entry;
  Source source(in);
  source.field(entry.entry_id);
  entry.part.value = static_cast<std::int32_t>(source.ranged(0, part_count - 1));
  source.field(entry.act_no);
  source.fixed(entry.command_id.bytes);
  entry.kind = static_cast<EntryKind>(source.ranged(1, last_entry_kind));
  body_of(source, entry);
  if (!source.sound() || !in.finish() || !keys_ascend(entry.notes)) return Malformed{"entry bytes"};
  return entry;
}

}  // namespace tanpuhui
