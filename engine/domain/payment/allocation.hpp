#pragma once
#include "engine/domain/decision.hpp"

namespace o2c {

/// Decides which open invoices the money of one receipt pays, without touching the state: row 61 and 62 of the catalogue.
/// One customer, one currency; Σ applied <= what is unapplied; on each invoice Σ applied <= open.
class Allocation {
 public:
  /// unapplied: what may be used up.
  Allocation(const CompanyState& state, const Customer& customer, Currency currency, std::int64_t unapplied_minor)
      : state_(state), customer_(customer), currency_(currency), rest_minor_(unapplied_minor) {}

  /// What the payer named, in that order. Amount absent: what is open, at most what is left.
  /// errors  invoice_unknown (also of another customer), invoice_settled, exceeds_amount_due, exceeds_unapplied, nothing_to_apply,
  ///         currency_mismatch, invalid_value, line_count; the place is below "/applications".
  Verdict name(const flatbuffers::Vector<flatbuffers::Offset<fb::Application>>& applications);
  /// The rest over open instalments: oldest due date first, then oldest invoice, then instalment order. Only over
  /// invoices that were issued by that day: money does not pay what is not owed yet.
  /// cost  O(open invoices of the customer + paid instalments * log).
  void spread_oldest_first(Date by);

  struct Part {
    const Invoice* invoice = nullptr;
    std::int64_t amount_minor = 0;
  };
  const std::vector<Part>& parts() const { return parts_; }
  std::int64_t rest_minor() const { return rest_minor_; }
  /// The latest day on which one of the invoices was issued or reopened.
  std::optional<Date> earliest() const;

 private:
  Verdict name_one(const fb::Application& application, std::size_t i);
  Part* part_of(const Invoice& invoice);
  void take(const Invoice& invoice, Part* part, std::int64_t amount_minor);

  const CompanyState& state_;
  const Customer& customer_;
  Currency currency_;
  std::int64_t rest_minor_;
  std::vector<Part> parts_;
  boost::unordered_flat_map<const Invoice*, std::size_t> index_;  // of parts_, kept once there is more than one
};

/// A receipt as its allocations name it.
struct CashSource {
  std::string_view receipt;
  std::uint32_t version = 0;
  const Dimensions* dimensions = nullptr;
  Date received_on, usable_from;  // usable_from: received, or last reopened
};
/// One CashApplied for each part, dated `on` or on the day its invoice was issued or reopened, whichever is later.
void add_applied(const CompanyState& state, const CashSource& source, Date on, const Allocation& allocation,
                 Decision& decision);
/// Takes `amount_minor` of the receipt back from the invoice: instalments reopen latest first. Reason may be empty.
void add_unapplied(const Receipt& receipt, const Invoice& invoice, std::int64_t amount_minor, std::string_view reason,
                   Day day, Decision& decision);

}  // namespace o2c
