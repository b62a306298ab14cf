#include "publications/suppression.h"

namespace tanpuhui {

bool may_show_total(const PersonGroup& persons, const std::vector<FinerFigure>& finer, int group_min) {
  PersonGroup rest(group_min);
  for (const FinerFigure& figure : finer)
    if (!figure.shown) rest.add(figure.persons);
  return !persons.few() && !rest.few();
}

bool StockMask::may_show(const PersonGroup& holders) {
  if (holders.few() || hidden_.few()) return false;
  hidden_ = PersonGroup(group_min_);
  return true;
}

}  // namespace tanpuhui
