#include "rooms/mall/shell/offers.h"

#include "mall_desk.h"

namespace tanpuhui {
namespace {

class Offers : public MallDesk {};

TEST_F(Offers, stand_in_the_register_as_they_were_listed) {
  register_cafe();
  const OfferId id = list(20, 3);
  const Offer offer = find_offer(*database_, id).value();
  EXPECT_EQ(cafe, offer.provider);
  EXPECT_EQ(cafe_escrow, offer.escrow);
  EXPECT_EQ(Points(20), offer.price);
  EXPECT_EQ(3, offer.stock);
  EXPECT_EQ(cafe_agreement().agreement_until, offer.agreement_until);
  EXPECT_TRUE(offer.listed);
  EXPECT_EQ(1U, list_offers(*database_).size());
}

TEST_F(Offers, keep_their_number_when_the_command_is_sent_again) {
  register_cafe();
  const CommandId id = next_id();
  const NewOffer offer{"cafe", "咖啡", "coffee", Points(20), 3};
  const OfferId first = list_offer(office(), offer, id).value();
  list(30, 1);
  EXPECT_EQ(first, list_offer(office(), offer, id).value());
  EXPECT_EQ(2, count("offers"));
}

TEST_F(Offers, of_other_content_under_a_used_command_are_refused) {
  register_cafe();
  const CommandId id = next_id();
  list_offer(office(), {"cafe", "咖啡", "coffee", Points(20), 3}, id).value();
  EXPECT_EQ("IDM-01", code_of(list_offer(office(), {"cafe", "咖啡", "coffee", Points(21), 3}, id)));
}

TEST_F(Offers, of_an_unknown_provider_are_refused_with_the_provision) {
  const auto refused = list_offer(office(), {"nobody", "咖啡", "coffee", Points(20), 3}, next_id());
  ASSERT_EQ("MAL-01", code_of(refused));
  EXPECT_EQ(book_.basis_of("MAL-01"), refused.error().basis);
}

TEST_F(Offers, are_listed_on_the_last_day_of_the_agreement) {
  register_cafe();
  today_ = cafe_agreement().agreement_until;
  EXPECT_EQ("granted", code_of(list_offer(office(), {"cafe", "咖啡", "coffee", Points(20), 3}, next_id())));
}

TEST_F(Offers, are_not_listed_the_day_after) {
  register_cafe();
  today_ = cafe_agreement().agreement_until + 1;
  EXPECT_EQ("MAL-01", code_of(list_offer(office(), {"cafe", "咖啡", "coffee", Points(20), 3}, next_id())));
}

TEST_F(Offers, without_a_price_are_refused) {
  register_cafe();
  EXPECT_EQ("MAL-01", code_of(list_offer(office(), {"cafe", "咖啡", "coffee", Points(0), 3}, next_id())));
}

class Providers : public MallDesk {};

TEST_F(Providers, registered_again_with_the_same_facts_are_the_same) {
  register_cafe();
  EXPECT_EQ(cafe, register_cafe().account);
  EXPECT_EQ(1, count("entries"));
  EXPECT_EQ(std::vector{cafe_escrow}, escrow_accounts(*database_));
}

TEST_F(Providers, with_other_facts_under_the_same_name_are_refused) {
  register_cafe();
  NewProvider other = cafe_agreement();
  other.agreement_until = other.agreement_until + 1;
  EXPECT_EQ("MAL-01", code_of(register_provider(office(), other, next_id())));
}

TEST_F(Providers, need_an_account_of_an_organisation) {
  NewProvider person = cafe_agreement();
  person.account = ann;
  EXPECT_EQ("ACC-01", code_of(register_provider(office(), person, next_id())));
}

TEST_F(Providers, need_an_escrow_number_that_belongs_to_nobody) {
  NewProvider taken = cafe_agreement();
  taken.escrow = bob;
  EXPECT_EQ("MAL-01", code_of(register_provider(office(), taken, next_id())));
}

}  // namespace
}  // namespace tanpuhui
