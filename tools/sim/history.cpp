#include "tools/sim/history.hpp"

namespace o2c::sim {

using Kind = fb::CommandBody;

std::optional<Body> History::draw(Builder& b, const CompanyState& state, Date today) {
  b_ = &b, state_ = &state, today_ = today;
  wrong_ = random_.chance(swarm_.wrong_ppm);
  Live& live = live_[state.books().id];
  if (live.scanned > state.orders.size()) live = {};
  for (; live.scanned < state.orders.size(); ++live.scanned)
    live.orders.push_back(state.orders.rows()[live.scanned].id);
  return draw_kind(static_cast<Kind>(random_.weighted(swarm_.weights)));
}

std::optional<Body> History::draw_kind(Kind kind) {
  Builder& b = *b_;
  switch (kind) {
    case Kind::OpenCompany: return open_company(b, today_);
    case Kind::RegisterCustomer: return customer(b, odd() ? any_customer() : given_id("C"), false);
    case Kind::ChangeCustomer: return customer(b, any_customer(), true);
    case Kind::SetCreditGroup: return credit_group(b);
    case Kind::RegisterProduct: return product(b, odd() ? any_product() : given_id("P"), false);
    case Kind::ChangeProduct: return product(b, any_product(), true);
    case Kind::RegisterUser: return user(b, odd() ? "boss" : given_id("U"), false);
    case Kind::ChangeUser: return user(b, known(random_.one_of({"boss", "junior"})), true);
    case Kind::ClosePeriod: return close_period(b);
    case Kind::CreateMark: return mark(b);
    case Kind::PublishPolicy: {
      const auto last = static_cast<unsigned>(fb::PolicyBody::MAX);
      const Date from = today_ + std::chrono::days{random_.between(-30, 20)};
      return policy(b, static_cast<fb::PolicyBody>(random_.between(1u, last)), from);
    }
    case Kind::CreateQuote:
    case Kind::ReviseQuote:
    case Kind::SendQuote:
    case Kind::AcceptQuote:
    case Kind::LoseQuote: return quote(b, kind);
    case Kind::CreateOrder: return new_order(b);
    case Kind::ReviseOrder:
    case Kind::ConfirmOrder:
    case Kind::ApproveOrder:
    case Kind::RejectOrder:
    case Kind::WithdrawOrder:
    case Kind::HoldOrder:
    case Kind::ReleaseOrder:
    case Kind::CancelOrder:
    case Kind::ShortCloseOrder:
    case Kind::ReserveOrder:
    case Kind::ExpireReservation: return order_step(b, kind);
    case Kind::ReceiveStock:
    case Kind::CountStock:
    case Kind::TransferStock: return stock(b, kind);
    case Kind::PostShipment: return shipment(b);
    case Kind::ConfirmDelivery: return delivery(b);
    case Kind::IssueInvoice: return random_.chance(70'000) ? manual_invoice(b) : invoice(b);
    case Kind::ReverseInvoice: return reversal(b);
    case Kind::RecordReceipt: return receipt(b);
    case Kind::ApplyCash: return apply(b);
    case Kind::UnapplyCash: return unapply(b);
    case Kind::ReturnReceipt: return pay_out(b, true);
    case Kind::RefundReceipt: return pay_out(b, false);
    case Kind::SetPartner: return partner(b);
    case Kind::TakeMessage:
    case Kind::NONE: break;
  }
  return std::nullopt;
}

/// An id that the client gives; of a wrong command often one that was given before.
std::string History::given_id(std::string_view prefix) {
  return fmt::format("{}:{:x}", prefix, odd() ? 1 : random_.below(1u << 24));
}

/// The id, or once in a while of a wrong command one that nothing has.
std::string History::known(std::string_view id) { return odd() ? given_id("no") : std::string(id); }

std::string History::any_customer() {
  const auto& rows = state_->customers.rows();
  return known(rows.empty() ? "C-1" : rows[static_cast<std::size_t>(random_.below(rows.size()))].id);
}
std::string History::any_product() {
  const auto& rows = state_->products.rows();
  return known(rows.empty() ? "P-1" : rows[static_cast<std::size_t>(random_.below(rows.size()))].id);
}

const Order* History::order_where(bool (*fits)(const Order&)) {
  std::vector<std::string>& live = live_[state_->books().id].orders;
  if (odd()) return recent<Order>(state_->orders, state_->orders.size(), [](const Order&) { return true; });
  for (int tries = 12; tries > 0 && !live.empty(); --tries) {
    const std::size_t at = static_cast<std::size_t>(random_.below(live.size()));
    const Order* order = state_->orders.find(live[at]);
    const bool over = !order || order->status == OrderStatus::cancelled || order->status == OrderStatus::rejected ||
                      is_completed(*order) ||
                      (order->status == OrderStatus::short_closed && billing_status(*order) == Progress::full);
    if (order && fits(*order)) return order;
    if (over && random_.chance(300'000))
      std::swap(live[at], live.back()), live.pop_back();  // some stay, for what comes too late
  }
  return nullptr;
}

/// A quantity in base units that the product's unit allows, 1 step to about `most`.
std::int64_t History::quantity_of(const Product& product, std::int64_t most) {
  const std::int64_t step = odd() ? 1 : power_of_ten(quantity_decimals - product.decimals);
  return std::max<std::int64_t>(1, random_.between<std::int64_t>(1, std::max<std::int64_t>(1, most / step))) * step;
}

std::int64_t History::money_up_to(std::int64_t minor) {
  if (odd())
    return random_.one_of<std::int64_t>({0, -1, minor + 1, std::numeric_limits<std::int64_t>::max(), minor * 2 + 7});
  if (minor <= 1 || random_.coin()) return std::max<std::int64_t>(minor, 1);
  return random_.between<std::int64_t>(1, minor);
}

/// Mostly none, which means today; sometimes a day of the last weeks, not before `earliest` unless it is to be wrong.
const fb::Date* History::some_day(std::optional<Date> earliest) {
  if (!wrong_ && !random_.chance(swarm_.back_dated_ppm)) return nullptr;
  Date day = today_ - std::chrono::days{random_.between(0, 25)};
  if (earliest && !odd()) day = std::max(day, *earliest);
  if (odd())
    day = random_.one_of({today_ + std::chrono::days{5000}, Date{std::chrono::days{-40'000}},
                          today_ - std::chrono::days{400}, earliest.value_or(today_) - std::chrono::days{1}});
  day_ = to_fb(day);
  return &day_;
}

}  // namespace o2c::sim
