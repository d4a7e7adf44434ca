#pragma once
#include "engine/domain/company/identities.hpp"
#include "engine/domain/ledger/ledger.hpp"
#include "tests/support/books.hpp"

// Commands of invoices and cash, and the little of orders and stock that they need.
namespace o2c::test {

struct InvoiceLineSpec {
  std::string price{}, quantity{}, discount{}, product{}, tax_class{}, description{};  // empty: absent
  std::optional<Money> net{};
};
/// One of order, shipment, lines.
struct InvoiceSpec {
  std::string order{}, shipment{};
  std::vector<InvoiceLineSpec> lines{};
  std::string customer{}, id{}, number{}, terms{}, due{}, on{}, reference{};
  Currency currency = Currency::XXX;
};
inline Wish issue_invoice(const InvoiceSpec& spec) {
  return wish([=](Builder& b) {
    std::vector<flatbuffers::Offset<fb::InvoiceLineRequest>> lines;
    for (const InvoiceLineSpec& l : spec.lines) {
      const auto quantity = fb_quantity(l.quantity);
      const auto price = fb_price(l.price);
      const auto net = fb_money(l.net);
      const auto discount = fb_percent(l.discount);
      lines.push_back(fb::CreateInvoiceLineRequest(b, put(b, l.description), put(b, l.product), pointer(quantity),
                                                   pointer(price), pointer(net), pointer(discount),
                                                   put(b, l.tax_class)));
    }
    const auto due = fb_day(spec.due), on = fb_day(spec.on);
    const auto list = spec.lines.empty() ? 0 : b.CreateVector(lines);
    return fb::CreateIssueInvoice(b, put(b, spec.id), put(b, spec.number), put(b, spec.order), put(b, spec.shipment),
                                  put(b, spec.customer), spec.currency, list, put(b, spec.terms), pointer(due),
                                  put(b, spec.reference), 0, pointer(on));
  });
}
/// A manual invoice of one net amount to C-1 without tax worth speaking of: class "zero" of `zero_tax`.
inline Wish bill(const std::string& number, Money net, const std::string& on, const std::string& due = {},
                 const std::string& customer = "C-1") {
  return issue_invoice(
      {.lines = {{.tax_class = "zero", .net = net}}, .customer = customer, .number = number, .due = due, .on = on});
}
/// Classes standard 13 %, freight 13 %, reduced 9 %, zero.
inline Wish taxes(fb::TaxRounding rounding = fb::TaxRounding::category) {
  return publish_tax({{},
                      {.tax_class = "freight"},
                      {.tax_class = "reduced", .rate = "9"},
                      {.tax_class = "zero", .rate = "0", .category = "Z"}},
                     rounding);
}
inline Wish reverse_invoice(const std::string& invoice, std::string_view on = {},
                            const std::string& reason = "wrong buyer") {
  return wish([=, day = fb_day(on)](Builder& b) {
    return fb::CreateReverseInvoice(b, b.CreateString(invoice), b.CreateString(reason), pointer(day));
  });
}

struct ApplicationSpec {
  std::string invoice{};
  std::optional<Money> amount{};
};
inline flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Application>>> build(
    Builder& b, const std::vector<ApplicationSpec>& list) {
  if (list.empty()) return 0;
  std::vector<flatbuffers::Offset<fb::Application>> out;
  for (const ApplicationSpec& a : list) {
    const auto amount = fb_money(a.amount);
    out.push_back(fb::CreateApplication(b, b.CreateString(a.invoice), pointer(amount)));
  }
  return b.CreateVector(out);
}
struct ReceiptSpec {
  Money amount{};
  std::vector<ApplicationSpec> to{};
  fb::AllocationMode mode = fb::AllocationMode::named;
  std::string id{}, on{}, customer = "C-1";
};
inline Wish record_receipt(const ReceiptSpec& r) {
  return wish([=](Builder& b) {
    const fb::Money amount = r.amount.to_fb();
    const auto on = fb_day(r.on);
    return fb::CreateRecordReceipt(b, put(b, r.id), b.CreateString(r.customer), &amount, pointer(on), 0, build(b, r.to),
                                   r.mode);
  });
}
inline Wish apply_cash(const std::string& receipt, const std::vector<ApplicationSpec>& to, std::string_view on = {},
                       fb::AllocationMode mode = fb::AllocationMode::named) {
  return wish([=, day = fb_day(on)](Builder& b) {
    return fb::CreateApplyCash(b, b.CreateString(receipt), build(b, to), mode, pointer(day));
  });
}
inline Wish unapply_cash(const std::string& receipt, const std::string& invoice, std::optional<Money> amount = {},
                         std::string_view on = {}) {
  return wish([=, day = fb_day(on)](Builder& b) {
    const auto money = fb_money(amount);
    return fb::CreateUnapplyCash(b, b.CreateString(receipt), b.CreateString(invoice), pointer(money), 0, pointer(day));
  });
}
inline Wish return_receipt(const std::string& receipt, std::string_view on = {}) {
  return wish([=, day = fb_day(on)](Builder& b) {
    return fb::CreateReturnReceipt(b, b.CreateString(receipt), b.CreateString("no funds"), pointer(day));
  });
}
inline Wish refund_receipt(const std::string& receipt, std::optional<Money> amount = {}, std::string_view on = {}) {
  return wish([=, day = fb_day(on)](Builder& b) {
    const auto money = fb_money(amount);
    return fb::CreateRefundReceipt(b, b.CreateString(receipt), pointer(money), 0, pointer(day));
  });
}
inline Wish invoice_rules(fb::InvoiceBasis basis, bool receipt_needs_invoice = false) {
  return publish("default", [=](Builder& b) { return fb::CreateInvoiceRules(b, basis, receipt_needs_invoice); });
}

/// Goods for the orders to come: a thousand of the product at WH.
inline Wish goods_in(const std::string& product = "P-1", const std::string& quantity = "1000") {
  return wish([=](Builder& b) {
    const fb::Quantity q{millionths(quantity)};
    const std::vector<flatbuffers::Offset<fb::StockLine>> lines = {fb::CreateStockLine(b, b.CreateString(product), &q)};
    return fb::CreateReceiveStock(b, b.CreateString("WH"), b.CreateVector(lines));
  });
}
/// An order, created and confirmed at once.
inline Wish order_of(const std::string& id, const DocumentSpec& document, std::string_view on = {}) {
  return wish([=, day = fb_day(on)](Builder& b) {
    return fb::CreateCreateOrder(b, put(b, id), build(b, document), true, pointer(day));
  });
}
struct PartSpec {
  std::uint16_t line = 1;
  std::string quantity{};
};
/// Ships what is named, all that is open when nothing is.
inline Wish goods_out(const std::string& order, const std::vector<PartSpec>& parts = {},
                      const std::string& shipment = {}, std::string_view on = {}) {
  return wish([=, day = fb_day(on)](Builder& b) {
    std::vector<flatbuffers::Offset<fb::ShipmentLineRequest>> lines;
    for (const PartSpec& p : parts) {
      const auto quantity = fb_quantity(p.quantity);
      lines.push_back(fb::CreateShipmentLineRequest(b, p.line, pointer(quantity)));
    }
    const auto list = parts.empty() ? 0 : b.CreateVector(lines);
    return fb::CreatePostShipment(b, put(b, shipment), b.CreateString(order), list, flatbuffers::nullopt, 0, 0,
                                  pointer(day));
  });
}

/// Books with customer C-1 and product P-1, a thousand of it in stock.
struct TradingBooks : Books {
  TradingBooks() { given(taxes(), register_customer({}), register_product({}), goods_in()); }
  const Invoice& invoice(std::string_view id) const { return *state().invoices.find(id); }
  const Receipt& receipt(std::string_view id) const { return *state().receipts.find(id); }
  const Exposure& exposure(std::string_view customer = "C-1") const {
    return state().customers.find(customer)->exposure;
  }
};

/// "": all identities hold; else the broken ones.
inline std::string broken(const CompanyState& state) {
  std::string out;
  for (const std::string& line : broken_identities(state)) out += line + "\n";
  return out;
}

}  // namespace o2c::test
