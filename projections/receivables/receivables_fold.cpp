#include "projections/receivables/receivables.hpp"

namespace o2c {

void Receivables::fold(const Fact& fact) {
  const fb::Event& event = *fact.event;
  switch (event.body_type()) {
    case fb::EventBody::CustomerRegistered: return keep(fact, *event.body_as_CustomerRegistered()->customer());
    case fb::EventBody::CustomerChanged: return keep(fact, *event.body_as_CustomerChanged()->customer());
    case fb::EventBody::InvoiceIssued: return store_.issue(fact, *event.body_as_InvoiceIssued());
    case fb::EventBody::InvoiceReversed: return store_.reverse(fact, *event.body_as_InvoiceReversed());
    case fb::EventBody::ReceiptRecorded: return store_.receive(fact, *event.body_as_ReceiptRecorded());
    case fb::EventBody::CashApplied: return store_.apply(fact, *event.body_as_CashApplied());
    case fb::EventBody::CashUnapplied: return store_.unapply(fact, *event.body_as_CashUnapplied());
    case fb::EventBody::ReceiptReturned: {
      const fb::ReceiptReturned& body = *event.body_as_ReceiptReturned();
      return store_.pay_out(fact, body.receipt()->string_view(), body.amount()->amount_minor(), MoveKind::returned);
    }
    case fb::EventBody::ReceiptRefunded: {
      const fb::ReceiptRefunded& body = *event.body_as_ReceiptRefunded();
      return store_.pay_out(fact, body.receipt()->string_view(), body.amount()->amount_minor(), MoveKind::refunded);
    }
    default: return;
  }
}

void Receivables::keep(const Fact& fact, const fb::CustomerData& data) {
  const fb::Address& home = *data.sold_to();
  customers_[data.customer()->str()].push_back({fact.seq,
                                                {days_of(fact.posted_on()), days_of(fact.occurred_on())},
                                                {data.name()->str(), home.country()->str()}});
}

std::optional<CustomerRecord> Receivables::customer(const View& view, std::string_view id) const {
  const auto versions = customers_.find(id);
  if (versions == customers_.end()) return std::nullopt;
  for (auto at = versions->second.rbegin(); at != versions->second.rend(); ++at) {
    if (at->seq <= view.known && date_of(at->days[static_cast<std::size_t>(view.basis)]) <= view.as_of)
      return at->record;
  }
  return std::nullopt;
}

namespace {

class Writer {
 public:
  Writer& operator<<(std::string_view text) {
    *this << static_cast<std::int64_t>(text.size());  // lengths keep neighbours apart
    hash_.update(text);
    return *this;
  }
  Writer& operator<<(std::int64_t number) {
    std::array<std::uint8_t, 8> bytes;
    for (std::size_t i = 0; i < 8; ++i)
      bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (8 * i));
    hash_.update(Bytes{bytes});
    return *this;
  }
  Hash32 finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};

void write(Writer& out, const ItemStore& store, const Item& item) {
  out << store.text(item.id) << store.text(item.number) << store.text(item.credit_note) << (item.is_receipt ? 1 : 0)
      << static_cast<std::int64_t>(item.currency);
  for (std::size_t d = 0; d < dimension_count; ++d) out << store.dimension(item, static_cast<Dimension>(d));
  out << item.attributes;
  for (const auto& [name, value] : store.attributes(item)) out << store.text(name) << store.text(value);
  out << item.parts;
  for (const DuePart& part : store.parts(item)) out << days_of(part.due_date) << part.amount << part.open;
  for (std::uint32_t at = item.first_move; at != no_number; at = store.move(at).next) {
    const Movement& move = store.move(at);
    out << static_cast<std::int64_t>(move.seq) << move.index << move.days[0] << move.days[1] << move.instalment
        << static_cast<std::int64_t>(move.kind) << move.amount << move.collection_days;
  }
}

}  // namespace

Hash32 Receivables::content_hash() const {
  Writer out;
  for (const Item& item : store_.items()) write(out, store_, item);
  for (const auto& [id, versions] : customers_) {
    for (const CustomerVersion& v : versions) {
      out << id << static_cast<std::int64_t>(v.seq) << v.days[0] << v.days[1] << v.record.name << v.record.country;
    }
  }
  return out.finish();
}

}  // namespace o2c
