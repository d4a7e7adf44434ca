#pragma once
#include <algorithm>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/domain/catalog/product.hpp"
#include "engine/domain/customer/customer.hpp"
#include "engine/domain/intercompany/partner.hpp"
#include "engine/domain/invoice/invoice.hpp"
#include "engine/domain/order/order.hpp"
#include "engine/domain/payment/receipt.hpp"
#include "engine/domain/policy/policy.hpp"
#include "engine/domain/quote/quote.hpp"
#include "engine/domain/shipment/shipment.hpp"
#include "engine/domain/stock/stock.hpp"

namespace o2c {

/// A running number: legal ones (INV, CN) are gapless because a number is drawn only inside the decision that uses it.
struct Series {
  std::string id;  // "INV"
  std::uint64_t last = 0;
  template <class A> friend void archive(A& a, Series& x) { a(x.id, x.last); }
};
struct Mark {
  std::string id;
  Date created_on;
  template <class A> friend void archive(A& a, Mark& x) { a(x.id, x.created_on); }
};
/// A number that an invoice or credit note bears; unique per company.
struct DocumentNumber {
  std::string id, invoice;
  template <class A> friend void archive(A& a, DocumentNumber& x) { a(x.id, x.invoice); }
};

struct Company {
  std::string id;
  std::uint32_t version = 0;  // 0: not opened
  std::string name, time_zone, country;
  Currency base_currency = Currency::XXX;
  Date opened_on;
  std::optional<Date> closed_until;
  template <class A> friend void archive(A& a, Company& x) {
    a(x.id, x.version, x.name, x.time_zone, x.country, x.base_currency, x.opened_on, x.closed_until);
  }
};

/// Everything that a company's commands are decided on, in memory. One thread changes it; copies are made by folding the journal again.
/// What is derived (open items by customer) is kept by evolve and rebuilt after a load, never archived.
struct CompanyState {
  // Made and ended in one place: the code of all its tables is long.
  CompanyState();
  ~CompanyState();
  CompanyState(CompanyState&&) noexcept;
  CompanyState& operator=(CompanyState&&) noexcept;

  IdTable<Company> company;  // exactly one row once opened
  IdTable<Customer> customers;
  IdTable<CreditGroup> credit_groups;
  IdTable<User> users;
  IdTable<Product> products;
  Policies policies;
  IdTable<Series> series;
  IdTable<Mark> marks;
  IdTable<Quote> quotes;
  IdTable<Order> orders;
  IdTable<StockPlace> stock_places;
  IdTable<Shipment> shipments;
  IdTable<Invoice> invoices;
  IdTable<DocumentNumber> numbers;
  IdTable<Receipt> receipts;
  IdTable<Partner> partners;
  boost::unordered_flat_map<std::string_view, std::vector<std::string_view>, TableHash>
      open_invoices;  // customer -> ids, in order of issue

  bool opened() const { return company.size() == 1; }
  const Company& books() const { return company.rows().front(); }
  /// Ledger date of a fact: its own day, or the first open day when that one is closed.
  Date first_open_day() const {
    const Company& c = books();
    return c.closed_until && *c.closed_until >= c.opened_on ? *c.closed_until + std::chrono::days{1} : c.opened_on;
  }
  Date posting_day(Date occurred_on) const { return std::max(occurred_on, first_open_day()); }
};

/// Calls f(kind, table) for every archived table; the kinds are the key prefixes of checkpoints and the order of the state root.
template <class State, class F> void for_each_table(State& s, F&& f) {
  f("company", s.company);
  f("credit_group", s.credit_groups);
  f("credit_rules", s.policies.credit_rules);
  f("customer", s.customers);
  f("discount_rules", s.policies.discount_rules);
  f("approval_rules", s.policies.approval_rules);
  f("invoice", s.invoices);
  f("invoice_rules", s.policies.invoice_rules);
  f("mark", s.marks);
  f("number", s.numbers);
  f("order", s.orders);
  f("partner", s.partners);
  f("payment_terms", s.policies.payment_terms);
  f("price_list", s.policies.price_lists);
  f("product", s.products);
  f("quote", s.quotes);
  f("rating_rules", s.policies.rating_rules);
  f("receipt", s.receipts);
  f("series", s.series);
  f("shipment", s.shipments);
  f("stock_place", s.stock_places);
  f("stock_rules", s.policies.stock_rules);
  f("tax_rules", s.policies.tax_rules);
  f("user", s.users);
}

/// Builds what is derived after the tables were loaded from a checkpoint.
void rebuild_derived(CompanyState& state);

/// Adds `minor` to one part of a customer's exposure and of the credit group's. Used by evolve only.
void change_exposure(CompanyState& state, std::string_view customer, std::int64_t Exposure::*part, std::int64_t minor);

}  // namespace o2c
