#include "rooms/mall/shell/offers.h"

#include "base/cbor.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

Digest digest_of(const NewProvider& provider) {
  CborWriter out;
  out.array(6).text("tph/provider1").text(provider.name).integer(provider.account.value).integer(provider.escrow.value);
  out.integer(provider.agreement_from.number).integer(provider.agreement_until.number);
  return sha256(out.result());
}

Digest digest_of(const NewOffer& offer) {
  CborWriter out;
  out.array(6).text("tph/offer1").text(offer.provider).text(offer.title_zh).text(offer.title_en);
  out.integer(offer.price.count()).integer(offer.stock);
  return sha256(out.result());
}

bool same(const Provider& standing, const NewProvider& provider) {
  return standing.account == provider.account && standing.escrow == provider.escrow &&
         standing.agreement_from == provider.agreement_from && standing.agreement_until == provider.agreement_until;
}

Refusal other_facts(const Provider& standing) {
  return refuse("MAL-01")
      .because("provider", standing.name)
      .because("account", std::to_string(standing.account.value))
      .because("escrow", std::to_string(standing.escrow.value))
      .because("agreement_from", format_day(standing.agreement_from))
      .because("agreement_until", format_day(standing.agreement_until))
      .says("该名称的权益提供方已登记，登记内容不同", "a provider with other facts stands under this name")
      .mend("核对登记内容，或使用其他名称", "compare with the register, or use another name");
}

bool is_organisation(Database& database, AccountId account) {
  return database.statement("SELECT count(*) FROM accounts_register WHERE account_id = ? AND kind = ? AND status = ?")
             .bind(account.value)
             .bind(static_cast<std::int64_t>(AccountKind::organisation))
             .bind(static_cast<std::int64_t>(AccountStatus::active))
             .run_integer() == 1;
}

// An escrow account receives legs only: its number must belong to nobody else.
bool number_is_taken(Database& database, AccountId escrow) {
  return is_system(escrow) ||
         database.statement(
                     "SELECT (SELECT count(*) FROM accounts_register WHERE account_id = ?) + (SELECT count(*) "
                     "FROM providers WHERE escrow_id = ?)")
                 .bind(escrow.value)
                 .bind(escrow.value)
                 .run_integer() > 0;
}

bool provides_already(Database& database, AccountId account) {
  return database.statement("SELECT count(*) FROM providers WHERE account_id = ?").bind(account.value).run_integer() >
         0;
}

Result<Done> check_provider(Database& database, const NewProvider& provider) {
  if (!is_organisation(database, provider.account))
    return refuse("ACC-01")
        .because("account", std::to_string(provider.account.value))
        .says("权益提供方须有正常的机构账户", "a provider needs an active account of an organisation")
        .mend("先为其开立机构账户", "open an organisation's account for it first");
  if (provides_already(database, provider.account) || number_is_taken(database, provider.escrow))
    return refuse("MAL-01")
        .because("account", std::to_string(provider.account.value))
        .because("escrow", std::to_string(provider.escrow.value))
        .says("账户或托管编号已被使用", "the account or the escrow number is in use already")
        .mend("使用未被占用的编号", "use numbers that belong to nobody");
  if (provider.name.empty() || provider.agreement_until < provider.agreement_from)
    return refuse("MAL-01")
        .because("agreement_from", format_day(provider.agreement_from))
        .because("agreement_until", format_day(provider.agreement_until))
        .says("名称为空，或协议的起止日期颠倒", "there is no name, or the agreement ends before it begins")
        .mend("更正名称或日期", "correct the name or the days");
  return Done{};
}

void save_provider(Database& database, const NewProvider& provider) {
  database.statement("INSERT INTO providers VALUES (?, ?, ?, ?, ?)")
      .bind(provider.account.value)
      .bind(provider.escrow.value)
      .bind(std::string_view(provider.name))
      .bind(provider.agreement_from.number)
      .bind(provider.agreement_until.number)
      .run();
}

Result<Done> check_offer(const NewOffer& offer, const std::optional<Provider>& provider, Day today) {
  if (!provider || today < provider->agreement_from || today > provider->agreement_until)
    return refuse("MAL-01")
        .because("provider", offer.provider)
        .because("today", format_day(today))
        .says("权益提供方未登记或协议不在有效期内", "the provider is unknown or has no agreement in force")
        .mend("先登记有效的合作协议", "record an agreement in force first");
  if (offer.price <= Points() || offer.stock < 0)
    return refuse("MAL-01")
        .because("price_points", std::to_string(offer.price.count()))
        .because("stock", std::to_string(offer.stock))
        .says("积分价格须大于零，库存不得为负", "a price is above zero and a stock is not below it")
        .mend("更正价格或库存", "correct the price or the stock");
  return Done{};
}

void save_offer(Database& database, OfferId id, AccountId provider, const NewOffer& offer) {
  database.statement("INSERT INTO offers VALUES (?, ?, ?, ?, ?, ?, 1)")
      .bind(id.value)
      .bind(provider.value)
      .bind(std::string_view(offer.title_zh))
      .bind(std::string_view(offer.title_en))
      .bind(offer.price.count())
      .bind(offer.stock)
      .run();
}

Decided listing(const Office& office, const NewOffer& offer, AccountId provider) {
  const OfferId id{office.database.statement("SELECT coalesce(max(offer_id), 0) + 1 FROM offers").run_integer()};
  Decided decided;
  decided.entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("MAL-01"));
  decided.entry.notes = {{1, std::to_string(id.value)}, {2, std::to_string(provider.value)}};
  decided.also = [id, provider, offer](Database& database, EntryId) { save_offer(database, id, provider, offer); };
  return decided;
}

}  // namespace

Result<Provider> register_provider(const Office& office, const NewProvider& provider, CommandId id) {
  if (const auto standing = find_provider(office.database, provider.name)) {
    if (same(*standing, provider)) return *standing;
    return office.on_its_basis(other_facts(*standing));
  }
  if (auto checked = check_provider(office.database, provider); !checked) return office.on_its_basis(checked.error());
  Entry entry = office.entry(EntryKind::register_act, "operator", office.book.basis_of("MAL-01"));
  entry.notes = {{1, std::to_string(provider.account.value)}, {2, std::to_string(provider.escrow.value)}};
  TANPUHUI_TRY([[maybe_unused]] const EntryId done,
               office.register_act(id, digest_of(provider), std::move(entry),
                                   [provider](Database& database, EntryId) { save_provider(database, provider); }));
  return Provider{provider.account, provider.escrow, provider.name, provider.agreement_from, provider.agreement_until};
}

Result<OfferId> list_offer(const Office& office, const NewOffer& offer, CommandId id) {
  const auto decide = [&](const AccountState&) -> Result<Decided> {
    const std::optional<Provider> provider = find_provider(office.database, offer.provider);
    TANPUHUI_TRY([[maybe_unused]] const Done fits, check_offer(offer, provider, office.today()));
    return listing(office, offer, provider->account);
  };
  TANPUHUI_TRY(const EntryId listed,
               office.carry_out(office.command(id, system_account(SystemAccount::issued), digest_of(offer), decide)));
  // The number stands in the entry, so that the command sent again gives the first one.
  const std::optional<Entry> entry = find_entry(office.database, listed);
  TANPUHUI_REQUIRE(entry && !entry->notes.empty(), "a listing names its offer");
  return OfferId{std::stoll(entry->notes.front().text)};
}

}  // namespace tanpuhui
