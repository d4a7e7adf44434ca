#pragma once
#include "engine/domain/order/order.hpp"
#include "tests/support/books.hpp"

// Commands and checks around orders, stock and shipments.
namespace o2c::test {

struct OrderSpec {
  std::string id{};
  bool confirm = false;
  std::string on{};
};
inline Wish create_order(const DocumentSpec& document, const OrderSpec& o = {}) {
  return wish([=](Builder& b) {
    const auto on = fb_day(o.on);
    return fb::CreateCreateOrder(b, put(b, o.id), build(b, document), o.confirm, pointer(on));
  });
}
inline Wish revise_order(const std::string& id, const DocumentSpec& document) {
  return wish([=](Builder& b) { return fb::CreateReviseOrder(b, b.CreateString(id), build(b, document)); });
}
inline Wish confirm_order(const std::string& id, std::string_view on = {}) {
  return wish(
      [=, when = fb_day(on)](Builder& b) { return fb::CreateConfirmOrder(b, b.CreateString(id), pointer(when)); });
}
inline Wish approve_order(const std::string& id) {
  return wish([=](Builder& b) { return fb::CreateApproveOrder(b, b.CreateString(id), b.CreateString("agreed")); });
}
inline Wish reject_order(const std::string& id, const std::string& reason = "too cheap") {
  return wish([=](Builder& b) { return fb::CreateRejectOrder(b, b.CreateString(id), b.CreateString(reason)); });
}
inline Wish withdraw_order(const std::string& id) {
  return wish([=](Builder& b) { return fb::CreateWithdrawOrder(b, b.CreateString(id)); });
}
inline Wish hold_order(const std::string& id, fb::HoldKind kind = fb::HoldKind::manual,
                       const std::string& reason = "asked by the buyer") {
  return wish([=](Builder& b) { return fb::CreateHoldOrder(b, b.CreateString(id), kind, b.CreateString(reason)); });
}
inline Wish release_order(const std::string& id, fb::HoldKind kind = fb::HoldKind::manual,
                          bool override_limit = false) {
  return wish([=](Builder& b) {
    return fb::CreateReleaseOrder(b, b.CreateString(id), kind, b.CreateString("settled"), override_limit);
  });
}
inline Wish cancel_order(const std::string& id, const std::string& reason = "not wanted any more") {
  return wish([=](Builder& b) { return fb::CreateCancelOrder(b, b.CreateString(id), b.CreateString(reason)); });
}
inline Wish short_close(const std::string& id, const std::vector<std::uint16_t>& lines = {}) {
  return wish([=](Builder& b) {
    return fb::CreateShortCloseOrder(b, b.CreateString(id), lines.empty() ? 0 : b.CreateVector(lines),
                                     b.CreateString("end of season"));
  });
}
inline Wish reserve_order(const std::string& id) {
  return wish([=](Builder& b) { return fb::CreateReserveOrder(b, b.CreateString(id)); });
}
inline Wish expire_reservation(const std::string& id) {
  return wish([=](Builder& b) { return fb::CreateExpireReservation(b, b.CreateString(id)); });
}

struct GoodsSpec {
  std::string product = "P-1", quantity = "1";
};
inline flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::StockLine>>> build(
    Builder& b, const std::vector<GoodsSpec>& goods) {
  std::vector<flatbuffers::Offset<fb::StockLine>> lines;
  for (const GoodsSpec& g : goods) {
    const fb::Quantity quantity{millionths(g.quantity)};
    lines.push_back(fb::CreateStockLine(b, b.CreateString(g.product), &quantity));
  }
  return b.CreateVector(lines);
}
inline Wish receive_stock(const std::string& place, const std::vector<GoodsSpec>& goods, const std::string& on = {}) {
  return wish([=](Builder& b) {
    const auto day = fb_day(on);
    return fb::CreateReceiveStock(b, b.CreateString(place), build(b, goods), 0, pointer(day));
  });
}
inline Wish count_stock(const std::string& place, const std::vector<GoodsSpec>& goods, const std::string& on = {}) {
  return wish([=](Builder& b) {
    const auto day = fb_day(on);
    return fb::CreateCountStock(b, b.CreateString(place), build(b, goods), b.CreateString("year end"), pointer(day));
  });
}
inline Wish transfer_stock(const std::string& from, const std::string& to, const std::vector<GoodsSpec>& goods,
                           const std::string& on = {}) {
  return wish([=](Builder& b) {
    const auto day = fb_day(on);
    return fb::CreateTransferStock(b, b.CreateString(from), b.CreateString(to), build(b, goods), pointer(day));
  });
}

struct ShipLine {
  std::uint16_t line = 1;
  std::string quantity{}, place{};
};  // empty: absent
struct ShipSpec {
  std::string id{};
  std::optional<std::uint16_t> ship_to{};
  std::string on{};
};
inline Wish ship(const std::string& order, const std::vector<ShipLine>& lines = {}, const ShipSpec& s = {}) {
  return wish([=](Builder& b) {
    std::vector<flatbuffers::Offset<fb::ShipmentLineRequest>> list;
    for (const ShipLine& l : lines) {
      const auto quantity = fb_quantity(l.quantity);
      list.push_back(fb::CreateShipmentLineRequest(b, l.line, pointer(quantity), put(b, l.place)));
    }
    const auto on = fb_day(s.on);
    const auto id = put(b, s.id), of = b.CreateString(order);
    const auto lines_of = list.empty() ? 0 : b.CreateVector(list);
    fb::PostShipmentBuilder post(b);
    post.add_shipment(id), post.add_order(of), post.add_lines(lines_of), post.add_occurred_on(pointer(on));
    if (s.ship_to) post.add_ship_to(*s.ship_to);
    return post.Finish();
  });
}
inline Wish confirm_delivery(const std::string& shipment, std::string_view on = {}) {
  return wish([=, when = fb_day(on)](Builder& b) {
    return fb::CreateConfirmDelivery(b, b.CreateString(shipment), b.CreateString("the porter"), pointer(when));
  });
}
/// Bills what the order has to bill.
inline Wish bill_order(const std::string& order) {
  return wish([=](Builder& b) {
    const auto id = b.CreateString(order);
    fb::IssueInvoiceBuilder issue(b);
    issue.add_order(id);
    return issue.Finish();
  });
}

inline Wish publish_credit(fb::OverLimit over, bool drafts_count = false, bool at_shipment = true) {
  return publish("default", [=](Builder& b) { return fb::CreateCreditRules(b, over, drafts_count, at_shipment); });
}
struct StockSpec {
  fb::WhenShort when_short = fb::WhenShort::backorder;
  std::uint16_t days = 0;
  std::vector<std::string> places{};
  std::string over_delivery{};
};
inline Wish publish_stock(const StockSpec& s) {
  return publish("default", [=](Builder& b) {
    const auto over = fb_percent(s.over_delivery);
    return fb::CreateStockRules(b, s.when_short, s.days, s.places.empty() ? 0 : b.CreateVectorOfStrings(s.places),
                                pointer(over));
  });
}
struct ApprovalSpec {
  std::string role = "manager";
  std::optional<Money> total_from{};
  std::string discount_from{}, margin_below{};
};
inline Wish publish_approval(const std::string& name, const ApprovalSpec& a) {
  return publish(name, [=](Builder& b) {
    const auto total = fb_money(a.total_from);
    const auto discount = fb_percent(a.discount_from), margin = fb_percent(a.margin_below);
    return fb::CreateApprovalRules(b, b.CreateString(a.role), pointer(total), pointer(discount), pointer(margin));
  });
}
inline Wish publish_basis(fb::InvoiceBasis basis) {
  return publish("default", [=](Builder& b) { return fb::CreateInvoiceRules(b, basis); });
}

inline const Order& order_of(const Books& books, std::string_view id) {
  const Order* order = books.state().orders.find(id);
  if (!order) throw std::runtime_error(fmt::format("no order {}", id));
  return *order;
}
inline std::string status_of(const Books& books, std::string_view id) {
  return std::string(shown_status(order_of(books, id)));
}
inline const Exposure& exposure_of(const Books& books, std::string_view customer = "C-1") {
  return books.state().customers.find(customer)->exposure;
}

/// "A 10/4": on hand and reserved of a product, place by place in the order of arrival.
inline std::string stock_of(const Books& books, std::string_view product = "P-1") {
  std::string out;
  for (const StockAt& at : books.state().products.find(product)->stock) {
    out += fmt::format("{}{} {}/{}", out.empty() ? "" : " ", at.place, format_trimmed(at.on_hand, 6),
                       format_trimmed(at.reserved, 6));
  }
  return out;
}

}  // namespace o2c::test
