#include "rooms/participants/account.h"

#include "rooms/participants/holder_text.h"

namespace tanpuhui {

Result<Done> decide_open_account(const NewAccount& account, std::optional<AccountKind> standing) {
  if (account.ref.empty() || !is_plain_text(account.ref))
    return refuse("DAT-06")
        .because("account", shown_text(account.ref))
        .says("账户持有者的名称为空、过长或含有控制字符",
              "the name of the holder is empty, too long or holds control characters")
        .mend("使用 1 至 128 字节的名称", "use a name of 1 to 128 bytes");
  if (standing && *standing != account.kind)
    return refuse("ACC-01")
        .because("account", account.ref)
        .says("该名称属于另一类账户", "this name belongs to an account of another kind")
        .mend("为该持有者另取名称", "choose another name for this holder");
  return Done{};
}

}  // namespace tanpuhui
