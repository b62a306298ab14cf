#pragma once
/// The mall of one cafe, whose orders tests place, end and settle. Every test leaves sound books.
#include "mall_desk.h"

namespace tanpuhui {

class Orders : public MallDesk {
 protected:
  Orders() : cafe_(register_cafe()) {}
  ~Orders() override { EXPECT_EQ("", audited()); }

  std::string state_of(EntryId order) {
    auto row = database_->statement("SELECT state FROM orders WHERE order_id = ?");
    row.bind(order.value);
    return row.step() ? std::string(row.text(0)) : "none";
  }
  EntryId settled_order(EntryId order) {
    return EntryId{database_->statement("SELECT coalesce(settled_by, 0) FROM orders WHERE order_id = ?")
                       .bind(order.value)
                       .run_integer()};
  }

  Provider cafe_;
};

}  // namespace tanpuhui
