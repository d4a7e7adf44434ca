#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "projections/runtime/fact.hpp"

namespace o2c::test {

/// Where a fact lies and what day it is of.
struct At {
  std::uint64_t seq = 0;
  Date occurred_on;
  Date posted_on;
};

struct DimensionsSpec {
  std::string customer, country, region, seller, team, grade;
};
using AttributeSpec = std::pair<std::string, std::string>;
struct PartSpec {
  Date due_date;
  std::int64_t amount_minor = 0;
};
struct InvoiceSpec {
  std::string id;
  DimensionsSpec dimensions;
  Currency currency = Currency::USD;
  std::vector<PartSpec> parts;
  std::vector<AttributeSpec> attributes;
  Date issued_on, posted_on;  // said again by what refers to the invoice
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const PartSpec& part : parts) sum += part.amount_minor;
    return sum;
  }
};
struct ReceiptSpec {
  std::string id;
  DimensionsSpec dimensions;
  Currency currency = Currency::USD;
  std::int64_t amount_minor = 0;
  std::vector<AttributeSpec> attributes;
  Date received_on;
};

/// Facts as a journal would hand them to a read model, without a journal: each keeps the bytes of its event.
class Facts {
 public:
  const std::vector<Fact>& all() const { return facts_; }
  const Fact& back() const { return facts_.back(); }

  void customer(const At& at, const std::string& id, const std::string& name, const std::string& country,
                bool changed = false) {
    add(at, changed ? fb::EventBody::CustomerChanged : fb::EventBody::CustomerRegistered, [&](Builder& b) {
      const auto home = fb::CreateAddress(b, 0, 0, 0, 0, 0, b.CreateString(country));
      const auto data = fb::CreateCustomerData(b, b.CreateString(id), b.CreateString(name), Currency::USD, 0, 0,
                                               nullptr, 0, 0, 0, 0, 0, home);
      return changed ? fb::CreateCustomerChanged(b, data).Union() : fb::CreateCustomerRegistered(b, data).Union();
    });
  }
  void issued(const At& at, const InvoiceSpec& invoice) {
    add(at, fb::EventBody::InvoiceIssued, [&](Builder& b) {
      const auto id = b.CreateString(invoice.id), number = b.CreateString("N-" + invoice.id);
      const auto who = dimensions(b, invoice.dimensions);
      const auto lines = b.CreateVector(std::vector<flatbuffers::Offset<fb::InvoiceLine>>{});
      const auto breakdown = b.CreateVector(std::vector<flatbuffers::Offset<fb::TaxBreakdown>>{});
      const auto due = instalments(b, invoice);
      const auto with = attributes(b, invoice.attributes);
      fb::InvoiceIssuedBuilder body(b);
      body.add_invoice(id), body.add_number(number), body.add_dimensions(who), body.add_currency(invoice.currency);
      body.add_lines(lines), body.add_breakdown(breakdown), body.add_instalments(due), body.add_attributes(with);
      body.add_total_without_tax_minor(invoice.total()), body.add_total_with_tax_minor(invoice.total());
      return body.Finish().Union();
    });
  }
  void reversed(const At& at, const InvoiceSpec& invoice) {
    add(at, fb::EventBody::InvoiceReversed, [&](Builder& b) {
      const auto id = b.CreateString(invoice.id), number = b.CreateString("CN-" + invoice.id),
                 reason = b.CreateString("wrong");
      const auto who = dimensions(b, invoice.dimensions);
      const auto lines = b.CreateVector(std::vector<flatbuffers::Offset<fb::InvoiceLine>>{});
      const auto breakdown = b.CreateVector(std::vector<flatbuffers::Offset<fb::TaxBreakdown>>{});
      const auto due = instalments(b, invoice);
      const fb::Date issued_on = to_fb(invoice.issued_on), posted_on = to_fb(invoice.posted_on);
      fb::InvoiceReversedBuilder body(b);
      body.add_invoice(id), body.add_credit_note(number), body.add_reason(reason), body.add_dimensions(who),
          body.add_currency(invoice.currency);
      body.add_lines(lines), body.add_breakdown(breakdown), body.add_instalments(due);
      body.add_total_without_tax_minor(invoice.total()), body.add_total_with_tax_minor(invoice.total());
      body.add_issued_on(&issued_on), body.add_invoice_posted_on(&posted_on);
      return body.Finish().Union();
    });
  }
  void received(const At& at, const ReceiptSpec& receipt) {
    add(at, fb::EventBody::ReceiptRecorded, [&](Builder& b) {
      const auto id = b.CreateString(receipt.id), customer = b.CreateString(receipt.dimensions.customer);
      const fb::Money amount{receipt.amount_minor, receipt.currency};
      const auto with = attributes(b, receipt.attributes);
      const auto who = dimensions(b, receipt.dimensions);
      return fb::CreateReceiptRecorded(b, id, customer, &amount, 0, with, who).Union();
    });
  }
  /// shares: by instalment, 0 where none falls on it.
  void applied(const At& at, const ReceiptSpec& receipt, const InvoiceSpec& invoice,
               const std::vector<std::int64_t>& shares) {
    add(at, fb::EventBody::CashApplied,
        [&](Builder& b) { return cash<fb::CashAppliedBuilder>(b, receipt, invoice, shares); });
  }
  void unapplied(const At& at, const ReceiptSpec& receipt, const InvoiceSpec& invoice,
                 const std::vector<std::int64_t>& shares) {
    add(at, fb::EventBody::CashUnapplied,
        [&](Builder& b) { return cash<fb::CashUnappliedBuilder>(b, receipt, invoice, shares); });
  }
  void returned(const At& at, const ReceiptSpec& receipt, std::int64_t amount_minor) {
    add(at, fb::EventBody::ReceiptReturned,
        [&](Builder& b) { return gone<fb::ReceiptReturnedBuilder>(b, receipt, amount_minor); });
  }
  void refunded(const At& at, const ReceiptSpec& receipt, std::int64_t amount_minor) {
    add(at, fb::EventBody::ReceiptRefunded,
        [&](Builder& b) { return gone<fb::ReceiptRefundedBuilder>(b, receipt, amount_minor); });
  }

 private:
  using Builder = flatbuffers::FlatBufferBuilder;

  void add(const At& at, fb::EventBody type, const std::function<flatbuffers::Offset<void>(Builder&)>& build) {
    Builder b;
    const auto body = build(b);
    const auto stream = b.CreateString("stream");
    const fb::Date occurred_on = to_fb(at.occurred_on), posted_on = to_fb(at.posted_on);
    b.Finish(fb::CreateEvent(b, fb::StreamType::none, stream, 1, 1, &occurred_on, &posted_on, type, body));
    buffers_.push_back(b.Release());
    const bool same_entry = !facts_.empty() && facts_.back().seq == at.seq;
    Fact fact;
    fact.seq = at.seq;
    fact.index = same_entry ? facts_.back().index + 1 : 0;
    fact.business_date = at.posted_on;
    fact.event = flatbuffers::GetRoot<fb::Event>(buffers_.back().data());
    facts_.push_back(fact);
  }
  static flatbuffers::Offset<fb::Dimensions> dimensions(Builder& b, const DimensionsSpec& d) {
    return fb::CreateDimensions(b, b.CreateString(d.customer), 1, b.CreateString(d.grade), b.CreateString(d.seller),
                                b.CreateString(d.team), b.CreateString(d.region), b.CreateString(d.country));
  }
  static flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>> attributes(
      Builder& b, const std::vector<AttributeSpec>& specs) {
    std::vector<flatbuffers::Offset<fb::Attribute>> out;
    for (const auto& [name, value] : specs)
      out.push_back(fb::CreateAttribute(b, b.CreateString(name), b.CreateString(value)));
    return b.CreateVector(out);
  }
  static flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Instalment>>> instalments(
      Builder& b, const InvoiceSpec& invoice) {
    std::vector<flatbuffers::Offset<fb::Instalment>> out;
    for (const PartSpec& part : invoice.parts) {
      const fb::Date due = to_fb(part.due_date);
      out.push_back(fb::CreateInstalment(b, &due, part.amount_minor));
    }
    return b.CreateVector(out);
  }
  template <class Body>
  static flatbuffers::Offset<void> cash(Builder& b, const ReceiptSpec& receipt, const InvoiceSpec& invoice,
                                        const std::vector<std::int64_t>& shares) {
    const auto receipt_id = b.CreateString(receipt.id), invoice_id = b.CreateString(invoice.id);
    std::vector<fb::InstalmentShare> list;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] != 0) list.emplace_back(static_cast<std::uint16_t>(i), to_fb(invoice.parts[i].due_date), shares[i]);
      sum += shares[i];
    }
    const auto parts = b.CreateVectorOfStructs(list);
    const auto of_invoice = dimensions(b, invoice.dimensions), of_receipt = dimensions(b, receipt.dimensions);
    const fb::Money amount{sum, invoice.currency};
    const fb::Date issued_on = to_fb(invoice.issued_on), posted_on = to_fb(invoice.posted_on),
                   received_on = to_fb(receipt.received_on);
    Body body(b);
    body.add_receipt(receipt_id), body.add_invoice(invoice_id), body.add_amount(&amount), body.add_shares(parts);
    body.add_dimensions(of_invoice), body.add_receipt_dimensions(of_receipt);
    body.add_issued_on(&issued_on), body.add_invoice_posted_on(&posted_on), body.add_received_on(&received_on);
    return body.Finish().Union();
  }
  template <class Body>
  static flatbuffers::Offset<void> gone(Builder& b, const ReceiptSpec& receipt, std::int64_t amount_minor) {
    const auto id = b.CreateString(receipt.id), reason = b.CreateString("bounced");
    const auto who = dimensions(b, receipt.dimensions);
    const fb::Money amount{amount_minor, receipt.currency};
    const fb::Date received_on = to_fb(receipt.received_on);
    Body body(b);
    body.add_receipt(id), body.add_amount(&amount), body.add_reason(reason), body.add_dimensions(who),
        body.add_received_on(&received_on);
    return body.Finish().Union();
  }

  std::vector<Fact> facts_;
  std::deque<flatbuffers::DetachedBuffer> buffers_;
};

}  // namespace o2c::test
