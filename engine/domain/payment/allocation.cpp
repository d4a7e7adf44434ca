#include "engine/domain/payment/allocation.hpp"

#include <algorithm>
#include <tuple>

#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

constexpr std::size_t applications_max = 2000;

/// An open instalment, seen from who pays the oldest first.
struct OpenInstalment {
  Date due_date;
  std::uint32_t sequence = 0, instalment = 0;
  const Invoice* invoice = nullptr;
  std::int64_t open_minor = 0;
  /// For a heap: the oldest on top.
  bool operator<(const OpenInstalment& other) const {
    return std::tuple{due_date, sequence, instalment} > std::tuple{other.due_date, other.sequence, other.instalment};
  }
};

bool same(const Dimensions& a, const Dimensions& b) { return &a == &b || a == b; }

/// How an amount falls on the invoice's open instalments, earliest due first.
std::vector<fb::InstalmentShare> shares_of(const Invoice& invoice, std::int64_t amount_minor) {
  std::vector<fb::InstalmentShare> shares;
  for (std::size_t i = 0; i < invoice.instalments.size() && amount_minor > 0; ++i) {
    const Instalment& instalment = invoice.instalments[i];
    const std::int64_t part = std::min(amount_minor, instalment.open_minor);
    if (part > 0) shares.emplace_back(static_cast<std::uint16_t>(i), to_fb(instalment.due_date), part);
    amount_minor -= part;
  }
  return shares;
}

/// What a receipt paid on each instalment, taken back from the latest on.
std::vector<fb::InstalmentShare> shares_back(const Invoice& invoice, const CashOnInvoice& cash,
                                             std::int64_t amount_minor) {
  std::vector<fb::InstalmentShare> shares;
  for (std::size_t i = cash.shares_minor.size(); i-- > 0 && amount_minor > 0;) {
    const std::int64_t part = std::min(amount_minor, cash.shares_minor[i]);
    if (part > 0) shares.emplace_back(static_cast<std::uint16_t>(i), to_fb(invoice.instalments[i].due_date), part);
    amount_minor -= part;
  }
  std::reverse(shares.begin(), shares.end());
  return shares;
}

}  // namespace

Allocation::Part* Allocation::part_of(const Invoice& invoice) {
  if (parts_.size() == 1) return parts_.front().invoice == &invoice ? &parts_.front() : nullptr;
  const auto at = index_.find(&invoice);
  return at == index_.end() ? nullptr : &parts_[at->second];
}

void Allocation::take(const Invoice& invoice, Part* part, std::int64_t amount_minor) {
  rest_minor_ -= amount_minor;
  if (part) {
    part->amount_minor += amount_minor;
    return;
  }
  parts_.push_back({&invoice, amount_minor});
  if (parts_.size() == 2) index_.emplace(parts_.front().invoice, 0);
  if (parts_.size() >= 2) index_.emplace(&invoice, parts_.size() - 1);
}

Verdict Allocation::name_one(const fb::Application& application, std::size_t i) {
  const auto place = [i](std::string_view field) { return fmt::format("/applications/{}/{}", i, field); };
  const std::optional<Money> wanted =
      application.amount() ? std::optional{Money::from(*application.amount())} : std::nullopt;
  if (wanted && !wanted->is_positive())
    return refuse(Refusal::invalid_value, place("amount"), format_money(*wanted) + " is not above zero");
  if (wanted && wanted->currency != currency_) {
    return refuse(Refusal::currency_mismatch, place("amount"),
                  fmt::format("the receipt is in {}", currency_code(currency_)));
  }
  const Invoice* invoice = state_.invoices.find(view(application.invoice()));
  if (!invoice || invoice->customer != customer_.id) {
    return refuse(Refusal::invoice_unknown, place("invoice"),
                  fmt::format("{} of customer {}", view(application.invoice()), customer_.id));
  }
  if (invoice->currency != currency_)
    return refuse(Refusal::currency_mismatch, place("invoice"),
                  fmt::format("it is in {}", currency_code(invoice->currency)));
  if (invoice->reversed())
    return refuse(Refusal::invoice_settled, place("invoice"),
                  fmt::format("{} was reversed by {}", invoice->id, invoice->credit_note));
  Part* part = part_of(*invoice);
  const std::int64_t open = invoice->open_minor - (part ? part->amount_minor : 0);
  if (open == 0)
    return refuse(Refusal::invoice_settled, place("invoice"), fmt::format("nothing of {} is open", invoice->id));
  if (wanted && wanted->amount_minor > open && !O2C_BUG(cash_beyond_open)) {
    return refuse(Refusal::exceeds_amount_due, place("amount"),
                  fmt::format("{}, open are {}", format_money(*wanted), format_money({open, currency_})));
  }
  if (wanted && wanted->amount_minor > rest_minor_) {
    return refuse(
        Refusal::exceeds_unapplied, place("amount"),
        fmt::format("{}, left of the receipt are {}", format_money(*wanted), format_money({rest_minor_, currency_})));
  }
  if (rest_minor_ == 0) return refuse(Refusal::nothing_to_apply, place("invoice"), "nothing is left of the receipt");
  take(*invoice, part, wanted ? wanted->amount_minor : std::min(open, rest_minor_));
  return accept();
}

Verdict Allocation::name(const flatbuffers::Vector<flatbuffers::Offset<fb::Application>>& applications) {
  if (applications.size() > applications_max) {
    return refuse(Refusal::line_count, "/applications",
                  fmt::format("{}, at most {} are possible", applications.size(), applications_max));
  }
  parts_.reserve(applications.size());
  for (flatbuffers::uoffset_t i = 0; i < applications.size(); ++i) {
    if (Verdict v = name_one(*applications.Get(i), i); !v) return v;
  }
  return accept();
}

void Allocation::spread_oldest_first(Date by) {
  const auto at = state_.open_invoices.find(customer_.id);
  if (rest_minor_ == 0 || at == state_.open_invoices.end()) return;
  std::vector<OpenInstalment> heap;
  heap.reserve(at->second.size());
  for (const std::string_view id : at->second) {
    const Invoice& invoice = *state_.invoices.find(id);
    if (invoice.currency != currency_ || invoice.reopened_on > by) continue;
    const Part* named = part_of(invoice);
    std::int64_t taken = named ? named->amount_minor : 0;  // it lies on the earliest instalments
    for (std::uint32_t i = 0; i < invoice.instalments.size(); ++i) {
      const std::int64_t open = invoice.instalments[i].open_minor - std::min(taken, invoice.instalments[i].open_minor);
      taken -= invoice.instalments[i].open_minor - open;
      if (open > 0) heap.push_back({invoice.instalments[i].due_date, invoice.sequence, i, &invoice, open});
    }
  }
  std::make_heap(heap.begin(), heap.end());
  for (; rest_minor_ > 0 && !heap.empty(); heap.pop_back()) {
    std::pop_heap(heap.begin(), heap.end());
    const OpenInstalment& oldest = heap.back();
    take(*oldest.invoice, part_of(*oldest.invoice), std::min(oldest.open_minor, rest_minor_));
  }
}

std::optional<Date> Allocation::earliest() const {
  std::optional<Date> latest;
  for (const Part& part : parts_)
    latest = latest ? std::max(*latest, part.invoice->reopened_on) : part.invoice->reopened_on;
  return latest;
}

void add_applied(const CompanyState& state, const CashSource& source, Date on, const Allocation& allocation,
                 Decision& decision) {
  flatbuffers::FlatBufferBuilder& b = decision.b;
  for (const Allocation::Part& part : allocation.parts()) {
    const Invoice& invoice = *part.invoice;
    const Date occurred = std::max({on, source.usable_from, invoice.reopened_on});
    const auto receipt = b.CreateString(source.receipt.data(), source.receipt.size());
    const auto id = b.CreateString(invoice.id);
    const auto shares = b.CreateVectorOfStructs(shares_of(invoice, part.amount_minor));
    const auto dimensions = dimensions_to(b, *invoice.dimensions);
    const auto receipt_dimensions =
        same(*source.dimensions, *invoice.dimensions) ? 0 : dimensions_to(b, *source.dimensions);
    const fb::Money amount{part.amount_minor, invoice.currency};
    const fb::Date issued = to_fb(invoice.issued_on), posted = to_fb(invoice.posted_on),
                   received = to_fb(source.received_on);
    const auto body = fb::CreateCashApplied(b, receipt, id, &amount, shares, dimensions, receipt_dimensions, &issued,
                                            &posted, &received);
    decision.add(fb::StreamType::receipt, source.receipt, source.version, occurred, state.posting_day(occurred), body);
  }
}

void add_unapplied(const Receipt& receipt, const Invoice& invoice, std::int64_t amount_minor, std::string_view reason,
                   Day day, Decision& decision) {
  flatbuffers::FlatBufferBuilder& b = decision.b;
  const auto receipt_id = b.CreateString(receipt.id), id = b.CreateString(invoice.id);
  const auto shares = b.CreateVectorOfStructs(shares_back(invoice, *cash_of(invoice, receipt.id), amount_minor));
  const auto why = put(b, reason);
  const auto dimensions = dimensions_to(b, *invoice.dimensions);
  const auto receipt_dimensions =
      same(*receipt.dimensions, *invoice.dimensions) ? 0 : dimensions_to(b, *receipt.dimensions);
  const fb::Money amount{amount_minor, invoice.currency};
  const fb::Date issued = to_fb(invoice.issued_on), posted = to_fb(invoice.posted_on),
                 received = to_fb(receipt.received_on);
  const auto body = fb::CreateCashUnapplied(b, receipt_id, id, &amount, shares, why, dimensions, receipt_dimensions,
                                            &issued, &posted, &received);
  decision.add(fb::StreamType::receipt, receipt.id, receipt.version, day.occurred_on, day.posted_on, body);
}

}  // namespace o2c
