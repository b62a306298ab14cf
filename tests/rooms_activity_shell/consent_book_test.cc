#include "rooms/activity/shell/consent_book.h"

#include "rooms_activity_shell/desk.h"

namespace tanpuhui {
namespace {

TEST(SubjectNumbers, are_given_in_order_and_stay) {
  SubjectNumbers numbers;
  EXPECT_EQ(numbers.number_of("rider-0"), 0U);
  EXPECT_EQ(numbers.number_of(""), 1U);
  EXPECT_EQ(numbers.number_of("rider-0"), 0U);
  for (std::uint32_t i = 0; i < 20'000; ++i) numbers.number_of("person " + std::to_string(i));
  ASSERT_EQ(numbers.size(), 20'002U);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    ASSERT_EQ(numbers.number_of("person " + std::to_string(i)), i + 2);
    ASSERT_EQ(numbers.text(i + 2), "person " + std::to_string(i));
  }
  EXPECT_EQ(numbers.text(1), "");
  numbers.clear();
  EXPECT_EQ(numbers.size(), 0U);
  EXPECT_EQ(numbers.number_of("person 7"), 0U);
}

TEST(SubjectNumbers, of_many_are_those_of_each) {
  SubjectNumbers together, alone;
  std::vector<std::string> texts;
  for (int i = 0; i < 5'003; ++i) texts.push_back("rider-" + std::to_string(i * i % 1'777));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<std::uint32_t> numbers{9, 9};
  together.number_all(views, numbers);
  ASSERT_EQ(numbers.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(numbers[i], alone.number_of(texts[i])) << texts[i];
  together.number_all({}, numbers);
  EXPECT_TRUE(numbers.empty());
}

class ConsentBookTest : public Folder {
 protected:
  ConsentBookTest() : desk_(path("p.db")) {}

  void agree(int from, int until) {
    Transaction transaction(desk_.database);
    for (int i = from; i < until; ++i) desk_.agree(name(i), 10'000 + i, Instant{i});
    transaction.commit();
  }
  static std::string name(int i) { return "rider-" + std::to_string(i); }

  /// Learns of these persons, and compares what is known of each with what was recorded.
  void expect_known(ConsentBook& book, int from, int until, int recorded_until) {
    std::vector<std::string> names;
    for (int i = from; i < until; ++i) names.push_back(name(i));
    std::vector<std::uint32_t> numbers;
    book.number_all(std::vector<std::string_view>(names.begin(), names.end()), numbers);
    book.learn();
    for (int i = from; i < until; ++i) {
      const auto known = book.of(numbers[static_cast<std::size_t>(i - from)]);
      ASSERT_EQ(known.size(), i < recorded_until ? 1U : 0U) << i;
      if (!known.empty()) {
        ASSERT_EQ(known[0].account.value, 10'000 + i);
      }
    }
  }

  RideDesk desk_;
};

TEST_F(ConsentBookTest, knows_whom_it_looked_up_one_by_one) {
  agree(0, 20'000);
  ConsentBook book(desk_.database, bikes);
  expect_known(book, 0, 300, 20'000);
  expect_known(book, 200, 500, 20'000);
  expect_known(book, 19'900, 20'100, 20'000);
}

TEST_F(ConsentBookTest, knows_everybody_where_it_read_all_at_once) {
  agree(0, 6'000);
  ConsentBook book(desk_.database, bikes);
  expect_known(book, 1'000, 4'000, 6'000);
  expect_known(book, 0, 6'500, 6'000);
  expect_known(book, 5'900, 9'000, 6'000);
}

TEST_F(ConsentBookTest, keeps_all_consents_of_a_person_in_order) {
  agree(0, 3'000);
  desk_.agree(name(7), 20'007, Instant{-5});
  desk_.agree(name(7), 30'007, Instant{90'000});
  ConsentBook book(desk_.database, bikes);
  std::vector<std::string> names;
  for (int i = 0; i < 3'000; ++i) names.push_back(name(i));
  std::vector<std::uint32_t> numbers;
  book.number_all(std::vector<std::string_view>(names.begin(), names.end()), numbers);
  book.learn();
  const auto known = book.of(numbers[7]);
  ASSERT_EQ(known.size(), 3U);
  EXPECT_EQ(known[0].account.value, 20'007);
  EXPECT_EQ(known[1].account.value, 10'007);
  EXPECT_EQ(known[2].account.value, 30'007);
}

}  // namespace
}  // namespace tanpuhui
