#include "publications/suppression.h"

#include <gtest/gtest.h>

namespace tanpuhui {
namespace {

constexpr int least = 5;

/// Persons from `first` on.
PersonGroup group(int first, int count) {
  PersonGroup persons(least);
  for (int i = 0; i < count; ++i) persons.add(AccountId{1000 + first + i});
  return persons;
}

TEST(suppression, leaves_out_four_and_shows_five_and_none) {
  EXPECT_FALSE(may_show_total(group(0, 4), {}, least));
  EXPECT_TRUE(may_show_total(group(0, 5), {}, least));
  EXPECT_TRUE(may_show_total(group(0, 0), {}, least));
}

TEST(suppression, counts_a_person_once) {
  PersonGroup persons = group(0, 4);
  persons.add(group(0, 4));
  EXPECT_TRUE(persons.few());
  persons.add(AccountId{1004});
  EXPECT_FALSE(persons.few());
}

TEST(suppression, leaves_a_total_out_when_the_parts_shown_would_leave_a_few) {
  EXPECT_FALSE(may_show_total(group(0, 9), {{group(0, 5), true}, {group(5, 4), false}}, least));
  EXPECT_TRUE(may_show_total(group(0, 9), {{group(0, 9), true}}, least));
}

TEST(suppression, shows_a_total_whose_missing_parts_are_together_many) {
  EXPECT_TRUE(may_show_total(group(0, 11), {{group(0, 5), true}, {group(5, 4), false}, {group(8, 3), false}}, least));
}

TEST(suppression, leaves_a_stock_out_until_those_who_moved_it_unseen_are_many) {
  const PersonGroup holders = group(0, 9);
  StockMask mask(least);
  EXPECT_TRUE(mask.may_show(holders));
  mask.hide(group(0, 3));
  EXPECT_FALSE(mask.may_show(holders));
  EXPECT_FALSE(mask.may_show(holders));  // also in later periods, else their difference would tell
  mask.hide(group(2, 3));
  EXPECT_TRUE(mask.may_show(holders));
  mask.hide(group(7, 1));
  EXPECT_FALSE(mask.may_show(holders));  // since it was shown, they count anew
}

TEST(suppression, leaves_the_stock_of_a_few_holders_out) {
  StockMask mask(least);
  mask.hide(group(0, 6));
  EXPECT_FALSE(mask.may_show(group(0, 4)));
  EXPECT_TRUE(mask.may_show(group(0, 6)));
}

}  // namespace
}  // namespace tanpuhui
