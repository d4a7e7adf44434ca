#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/domain/policy/policy.hpp"
#include "projections/receivables/item_store.hpp"
#include "projections/runtime/fact.hpp"

namespace o2c {

/// Where a fact lies, by position and by day: all that a view asks.
struct When {
  std::uint64_t seq = 0;
  std::uint32_t index = 0;
  std::array<std::int32_t, 2> days{};  // by posting, by business
  static When of(const Fact& fact) {
    return {fact.seq, fact.index, {days_of(fact.posted_on()), days_of(fact.occurred_on())}};
  }
  Date on(Basis basis) const { return date_of(days[static_cast<std::size_t>(basis)]); }
  std::int32_t business_day() const { return days[static_cast<std::size_t>(Basis::business)]; }
  bool visible(const View& view) const { return seq <= view.known && on(view.basis) <= view.as_of; }
};

/// No day: not promised, not shipped.
inline constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

/// A line of a priced document, never changed. Category and ship-to country as they were when the document was made.
struct SaleLine {
  std::uint32_t product = 0, category = 0, ship_country = 0;  // names
  std::int32_t promised_on = no_day;
  bool cost_known = false;
  std::int64_t base_quantity = 0, list_minor = 0, net_minor = 0, cost_minor = 0;
};
struct SaleDocument {
  std::uint32_t dimensions = 0, first_line = 0;
  std::uint16_t lines = 0;
  Currency currency = Currency::XXX;
  std::int64_t net_minor = 0, freight_minor = 0;
};

enum class OrderStep : std::uint8_t {
  document,
  submitted,
  rejected,
  withdrawn,
  confirmed,
  held,
  released,
  cancelled,
  closed,
  reserved,
  freed,
  shipped,
  billed,
  credited
};

struct LineQuantity {
  std::uint16_t line = 0;  // 1, 2, 3…
  std::int64_t quantity = 0;
  std::int64_t from_reserved = 0;  // of a shipment: the part that was set aside
};

/// One fact of an order. Never changed, never removed: a view picks those that it knows.
struct OrderFact {
  When when;
  std::uint32_t next = no_number;     // of the same order
  std::uint32_t first = 0;            // line quantity; document when step is document
  std::uint32_t invoice = no_number;  // billed, credited: which of the billed documents
  std::uint16_t count = 0;            // line quantities
  OrderStep step = OrderStep::document;
  std::uint8_t detail = 0;  // held, released: HoldKind; submitted: 1 over the limit; billed, credited: 1 with freight
};

struct SaleOrder {
  std::uint32_t id = 0, first_fact = no_number, last_fact = no_number;
  std::uint32_t document = 0;   // the latest
  std::int32_t ordered_on = 0;  // business day
};

/// A quote from its first sending on; before, nobody counts it.
struct SaleQuote {
  std::uint32_t document = 0;  // as first sent; until then the latest
  bool sent = false, accepted = false;
  When sent_at, accepted_at;
  bool was_accepted(const View& view) const { return accepted && accepted_at.visible(view); }
};

/// An invoice (sign 1) or the credit note that gives all of it back (sign −1). Freight is no part of it.
struct SoldLine {
  std::uint32_t product = 0, category = 0, ship_country = 0;
  bool cost_known = false;
  std::int64_t quantity = 0, net_minor = 0, cost_minor = 0;
};
struct SoldDocument {
  When when;
  std::uint32_t invoice = 0;  // name
  std::uint32_t order = 0;    // name; the empty one: of no order
  std::uint32_t dimensions = 0, first_line = 0;
  std::uint16_t lines = 0;
  Currency currency = Currency::XXX;
  std::int8_t sign = 1;
  std::int64_t total_minor = 0;  // with tax
};

/// Amounts with tax of one fact: invoiced (less reversals), allocated to an invoice (less what was taken off), received (less what went back).
enum class CashKind : std::uint8_t { invoiced, allocated, received };
struct CashFlow {
  When when;
  std::array<std::int32_t, 2> invoice_days{};  // of the invoice that it is about: the cohort
  std::uint32_t dimensions = 0;
  Currency currency = Currency::XXX;
  CashKind kind = CashKind::invoiced;
  std::int64_t amount_minor = 0;
};

/// What a master record was called since a fact.
struct NameVersion {
  When when;
  std::uint32_t name = 0, category = 0;
};
struct RatingVersion {
  std::uint64_t seq = 0;
  Date effective_from;
  RatingRules rules;
};

// The events that sales reports are made of; the others are passed over.
// clang-format off
#define O2C_SALES_EVENTS(X) \
  X(CompanyOpened) X(CustomerRegistered) X(CustomerChanged) X(ProductRegistered) X(ProductChanged) \
  X(PolicyPublished) X(QuoteCreated) X(QuoteRevised) X(QuoteSent) X(QuoteAccepted) X(OrderCreated) X(OrderRevised) \
  X(OrderSubmitted) X(OrderRejected) X(OrderWithdrawn) X(OrderConfirmed) X(OrderHeld) X(OrderReleased) \
  X(OrderCancelled) X(OrderShortClosed) X(StockReserved) X(ReservationReleased) X(ShipmentPosted) X(InvoiceIssued) \
  X(InvoiceReversed) X(ReceiptRecorded) X(ReceiptReturned) X(ReceiptRefunded) X(CashApplied) X(CashUnapplied)
// clang-format on

/// Everything of the history that sales reports are made of. Grows by facts only.
class SaleStore {
 public:
  using DimensionSet = std::array<std::uint32_t, dimension_count>;  // names, by Dimension

  SaleStore() { names_.intern(""); }
  /// Returns the order that the fact is about, if any; valid until the next fact.
  const SaleOrder* fold(const Fact& fact);

  std::span<const SaleOrder> orders() const { return orders_; }
  std::span<const SaleQuote> quotes() const { return quotes_; }
  std::span<const SoldDocument> billed() const { return billed_; }
  std::span<const CashFlow> cash() const { return cash_; }
  /// Null: no such order was ever folded.
  const SaleOrder* find_order(std::string_view id) const;
  /// The order that an invoice bills; empty: none, or no such invoice.
  std::string_view order_of_invoice(std::string_view invoice) const;
  std::span<const RatingVersion> ratings() const { return ratings_; }
  const OrderFact& fact(std::uint32_t number) const { return facts_[number]; }
  const SaleDocument& document(std::uint32_t number) const { return documents_[number]; }
  std::span<const SaleLine> lines(const SaleDocument& d) const { return {lines_.data() + d.first_line, d.lines}; }
  std::span<const SoldLine> lines(const SoldDocument& d) const {
    return {billed_lines_.data() + d.first_line, d.lines};
  }
  std::span<const LineQuantity> quantities(const OrderFact& f) const {
    return {quantities_.data() + f.first, f.step == OrderStep::document ? 0u : f.count};
  }
  const DimensionSet& dimensions(std::uint32_t number) const { return dimensions_[number]; }
  const std::string& text(std::uint32_t name) const { return names_.text(name); }
  std::uint32_t find(std::string_view text) const { return names_.find(text); }  // no_number: never seen
  /// Some document has the value.
  bool knows(Dimension dimension, std::string_view value) const;
  /// The company's, once the view knows that it was opened.
  std::optional<Currency> base_currency(const View& view) const {
    if (opened_seq_ == 0 || opened_seq_ > view.known) return std::nullopt;
    return base_currency_;
  }

  /// What a product or customer was called at the view; before its own record was visible, what it was called first.
  const std::string& product_name(std::uint32_t product, const View& view) const {
    return name_at(products_, product, view);
  }
  const std::string& customer_name(std::uint32_t customer, const View& view) const {
    return name_at(customers_, customer, view);
  }
  /// The rules that the view knows and that are in force on its date; null: none were published.
  const RatingRules* rating_rules(const View& view) const;

  /// SHA-256 over everything folded.
  Hash32 content_hash() const;

 private:
  using Versions = std::unordered_map<std::uint32_t, std::vector<NameVersion>>;

#define O2C_READ(Name) void read(const Fact& fact, const fb::Name& body);
  O2C_SALES_EVENTS(O2C_READ)
#undef O2C_READ
  void keep_product(const Fact& fact, const fb::ProductData& data);
  void keep_customer(const Fact& fact, const fb::CustomerData& data);
  std::uint32_t keep_document(const fb::DocumentData& data);
  void quote_document(std::string_view id, const fb::DocumentData& data);
  void send_quote(const Fact& fact, std::string_view id);
  void order_document(const Fact& fact, std::string_view id, const fb::DocumentData& data);
  OrderFact& add(const Fact& fact, std::string_view order, OrderStep step);
  void count_line(OrderFact& step, std::uint16_t line, std::int64_t quantity, std::int64_t from_reserved = 0);
  template <class Body> void bill(const Fact& fact, const Body& body, OrderStep step, std::uint32_t invoice);
  std::uint32_t keep_billed(const Fact& fact, const fb::InvoiceIssued& body);
  void add_cash(const Fact& fact, CashKind kind, const fb::Dimensions& dimensions, Currency currency,
                std::int64_t amount, Date invoice_posted_on, Date issued_on);
  template <class Body> void allocate(const Fact& fact, const Body& body, std::int64_t sign);
  template <class Body> void receive(const Fact& fact, const Body& body, std::int64_t sign);
  std::uint32_t intern(const fb::Dimensions& dimensions);
  SaleQuote& quote_of(std::string_view id);
  SaleOrder& order_of(std::string_view id);
  std::uint32_t category_of(std::uint32_t product) const;
  const std::string& name_at(const Versions& versions, std::uint32_t record, const View& view) const;

  Names names_;
  Currency base_currency_ = Currency::XXX;
  std::uint64_t opened_seq_ = 0;
  std::vector<SaleOrder> orders_;
  std::vector<OrderFact> facts_;
  std::vector<SaleDocument> documents_;
  std::vector<SaleLine> lines_;
  std::vector<LineQuantity> quantities_;
  std::vector<SaleQuote> quotes_;
  std::vector<SoldDocument> billed_;
  std::vector<SoldLine> billed_lines_;
  std::vector<CashFlow> cash_;
  std::vector<RatingVersion> ratings_;
  std::vector<DimensionSet> dimensions_;
  std::map<DimensionSet, std::uint32_t> dimension_numbers_;
  std::unordered_map<std::uint32_t, std::uint32_t> order_numbers_, quote_numbers_, billed_numbers_;  // by name
  Versions products_, customers_;
  std::uint32_t touched_ = no_number;  // order of the fact that is being folded
};

}  // namespace o2c
