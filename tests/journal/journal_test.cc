#include <set>

#include <gtest/gtest.h>

#include "journal/plain_json.h"
#include "sample.h"

namespace tanpuhui {
namespace {

TEST(event_leaf, is_label_salt_and_entry) {
  const Bytes entry = {1, 2, 3};
  Bytes expected;
  for (char c : std::string("tph/ev1")) expected.push_back(static_cast<std::uint8_t>(c));
  const Salt salt = digest_of("salt");
  expected.insert(expected.end(), salt.begin(), salt.end());
  expected.insert(expected.end(), entry.begin(), entry.end());
  EXPECT_EQ(event_leaf_data({salt, entry}), expected);
  EXPECT_EQ(event_leaf_hash({salt, entry}, plain_sha256), merkle_leaf_hash(expected, plain_sha256));
}

TEST(event_leaves, of_a_small_block_are_filled_with_leaves_that_all_differ) {
  const Bytes entry = {1};
  const std::vector<SealedEvent> events = {{digest_of("salt"), entry}};
  const auto leaves = event_leaves(events, digest_of("secret"), plain_sha256);
  ASSERT_EQ(leaves.size(), 16U);
  EXPECT_EQ(leaves.front(), event_leaf_hash(events.front(), plain_sha256));
  EXPECT_EQ(std::set<Digest>(leaves.begin(), leaves.end()).size(), 16U);
  EXPECT_EQ(event_leaves(events, digest_of("secret"), plain_sha256), leaves);
  EXPECT_NE(event_leaves(events, digest_of("other"), plain_sha256), leaves);
}

TEST(event_leaves, of_a_large_block_are_its_events) {
  const Bytes entry = {1};
  const std::vector<SealedEvent> events(17, {digest_of("salt"), entry});
  EXPECT_EQ(event_leaves(events, digest_of("secret"), plain_sha256).size(), 17U);
}

TEST(block_record, comes_back_from_its_bytes) {
  EXPECT_EQ(decode_block(encode_block(sample_record())).value(), sample_record());
}

TEST(block_record, has_one_encoding_in_whatever_order_the_totals_come) {
  BlockRecord record = sample_record();
  std::swap(record.totals[0], record.totals[1]);
  EXPECT_EQ(encode_block(record), encode_block(sample_record()));
}

TEST(block_record, with_the_same_total_twice_is_a_defect) {
  BlockRecord record = sample_record();
  record.totals.push_back(record.totals.front());
  EXPECT_THROW(static_cast<void>(encode_block(record)), Defect);
}

TEST(block_record, cut_short_or_longer_is_refused) {
  Bytes bytes = encode_block(sample_record());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_block(ByteView(bytes).first(size))) << size;
  bytes.push_back(0);
  const auto longer = decode_block(bytes);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, "CER-15");
}

TEST(block_record, with_a_flipped_bit_is_refused_or_another_record) {
  const Bytes bytes = encode_block(sample_record());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto record = decode_block(flipped);
    if (!record) continue;
    EXPECT_NE(*record, sample_record()) << bit;
    EXPECT_EQ(encode_block(*record), flipped) << bit;
  }
}

TEST(block_record, sealed_after_the_year_9999_is_refused) {
  BlockRecord record = sample_record();
  record.sealed_at = year_10000;
  EXPECT_THROW(static_cast<void>(encode_block(record)), Defect);
}

// The key of the examples in the documentation of Go's note package, from which the format comes.
TEST(log_key, is_read_and_written_as_the_published_example) {
  const std::string text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto key = parse_log_key(text, plain_sha256);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(to_hex(key_id(*key, plain_sha256)), "c74f20a3");
  EXPECT_EQ(format_log_key(*key, plain_sha256), text);
}

TEST(log_key, with_any_flipped_bit_is_refused) {
  const std::string text = format_log_key(sample_key(), plain_sha256);
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(static_cast<unsigned char>(flipped[bit / 8]) ^ (1U << (bit % 8)));
    EXPECT_FALSE(parse_log_key(flipped, plain_sha256)) << flipped;
  }
}

TEST(log_key, that_is_none_is_refused_with_the_form_it_should_have) {
  for (const char* text :
       {"", "name", "a+b+c", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"}) {
    const auto key = parse_log_key(text, plain_sha256);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, "CER-20");
    EXPECT_NE(key.error().remedy_en.find("name+8 hex digits+base64"), std::string::npos);
  }
}

const Checkpoint sample_head = {"tanpuhui.example/log/2025", 4711, digest_of("root")};

TEST(checkpoint, is_three_lines_a_blank_one_and_a_signature) {
  const std::string note = sample_note(sample_head);
  const std::string text = "tanpuhui.example/log/2025\n4711\n" + to_base64(digest_of("root")) + "\n";
  EXPECT_EQ(checkpoint_text(sample_head), text);
  EXPECT_TRUE(note.starts_with(text + "\n— tanpuhui.example/log/2025 ")) << note;
  const auto read = parse_checkpoint(note);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->signed_text, text);
  EXPECT_EQ(read->id, key_id(sample_key(), plain_sha256));
}

TEST(checkpoint, opens_with_its_key) {
  EXPECT_EQ(open_checkpoint(sample_note(sample_head), sample_key(), plain_sha256, fake_verify).value(), sample_head);
}

TEST(checkpoint, with_any_flipped_bit_does_not_open) {
  const std::string note = sample_note(sample_head);
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string flipped = note;
    flipped[bit / 8] = static_cast<char>(static_cast<unsigned char>(flipped[bit / 8]) ^ (1U << (bit % 8)));
    EXPECT_FALSE(open_checkpoint(flipped, sample_key(), plain_sha256, fake_verify)) << bit;
  }
}

TEST(checkpoint, of_another_key_of_the_same_name_does_not_open) {
  const LogKey other = {sample_key().name, digest_of("other")};
  const auto opened = open_checkpoint(sample_note(sample_head, other), sample_key(), plain_sha256, fake_verify);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "CER-18");
}

std::string with_text(const std::string& text) {
  const NoteSignature signature = fake_signature(sample_key().ed25519, as_bytes(text));
  const KeyId id = key_id(sample_key(), plain_sha256);
  Bytes bytes(id.begin(), id.end());
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return text + "\n— " + sample_key().name + " " + to_base64(bytes) + "\n";
}

TEST(checkpoint, well_signed_but_of_another_form_is_refused) {
  const std::string origin = sample_key().name + "\n";
  const std::string root = to_base64(digest_of("root")) + "\n";
  EXPECT_TRUE(open_checkpoint(with_text(origin + "4711\n" + root), sample_key(), plain_sha256, fake_verify));
  for (const std::string& text :
       {origin + "04711\n" + root, origin + "-1\n" + root, origin + "-0\n" + root, origin + "+1\n" + root,
        origin + "\n" + root, origin + "99999999999999999999\n" + root, origin + "4711\n" + root + "extension\n",
        origin + "4711\n", origin + "4711\nAAAA\n", "\n4711\n" + root, "other\n4711\n" + root}) {
    const auto opened = open_checkpoint(with_text(text), sample_key(), plain_sha256, fake_verify);
    ASSERT_FALSE(opened) << text;
    EXPECT_EQ(opened.error().code, "CER-17") << text;
  }
}

TEST(checkpoint, with_a_second_signature_line_is_refused) {
  const std::string note = sample_note(sample_head);
  const std::string line = note.substr(note.find("\n\n") + 2);
  EXPECT_FALSE(parse_checkpoint(note + line));
}

TEST(plain_json, reads_what_it_wrote) {
  PlainJsonWriter out;
  out.member("text", "a\"b\\c\nd\x01\x7f碳").member("number", -12);
  out.open("list", '[').member("", "x").open("", '{').close().close().open("none", '[').close();
  const std::string text = out.finish();
  const auto json = read_plain_json(text);
  ASSERT_TRUE(json) << text;
  EXPECT_EQ(json->find("text")->text, "a\"b\\c\nd\x01\x7f碳");
  EXPECT_EQ(json->find("number")->number, -12);
  EXPECT_EQ(json->find("list")->items.size(), 2U);
  EXPECT_TRUE(json->find("none")->items.empty());
  EXPECT_EQ(json->find("absent"), nullptr);
}

TEST(plain_json, refuses_what_is_broken_or_read_differently_elsewhere) {
  for (const char* text : {"",
                           "{",
                           "}",
                           "{\"a\": 1,}",
                           "{\"a\": 1, \"a\": 1}",
                           "{\"a\" 1}",
                           "{a: 1}",
                           "{\"a\": 01}",
                           "{\"a\": 1.5}",
                           "{\"a\": -}",
                           "{\"a\": 99999999999999999999}",
                           "{\"a\": \"\\x\"}",
                           "{\"a\": \"\\u0\"}",
                           "{\"a\": \"\\u4e2d\"}",
                           "{\"a\": \"x}",
                           "{\"a\": \"\\",
                           "{\"a\": \"\\u00",
                           "{\"a\": true}",
                           "{\"a\": null}",
                           "{} {}",
                           "[[[[[[[[[[1]]]]]]]]]]"})
    EXPECT_FALSE(read_plain_json(text)) << text;
}

}  // namespace
}  // namespace tanpuhui
