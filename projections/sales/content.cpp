// The canonical content of the store, for comparing one with another.
#include <algorithm>
#include <concepts>

#include "projections/sales/sale_store.hpp"

namespace o2c {
namespace {

/// Numbers as eight bytes, texts with their lengths, gathered into large pieces for the hash.
class Writer {
 public:
  template <std::integral T> Writer& operator<<(T number) {
    for (int shift = 0; shift < 64; shift += 8)
      bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> shift));
    if (bytes_.size() > 1 << 14) flush();
    return *this;
  }
  Writer& operator<<(std::string_view text) {
    *this << text.size();
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  Writer& operator<<(const When& when) { return *this << when.seq << when.index << when.days[0] << when.days[1]; }
  Hash32 finish() {
    flush();
    return hash_.finish();
  }

 private:
  void flush() { hash_.update(Bytes{bytes_}), bytes_.clear(); }
  std::vector<std::uint8_t> bytes_;
  Sha256 hash_;
};

void write(Writer& out, const RatingRow& row) {
  out << row.rating << row.margin_from_ppm.has_value() << row.margin_from_ppm.value_or(0) << row.value_from.has_value();
  if (row.value_from) out << row.value_from->amount_minor << static_cast<std::int64_t>(row.value_from->currency);
  out << row.days_until.has_value() << row.days_until.value_or(0) << row.days_over.has_value()
      << row.days_over.value_or(0);
}

}  // namespace

Hash32 SaleStore::content_hash() const {
  Writer out;
  out << opened_seq_ << static_cast<std::int64_t>(base_currency_);
  for (const Versions* versions : {&products_, &customers_}) {
    std::vector<std::uint32_t> records;
    for (const auto& [record, list] : *versions) records.push_back(record);
    std::sort(records.begin(), records.end());  // numbers follow the journal
    for (const std::uint32_t record : records) {
      for (const NameVersion& v : versions->at(record))
        out << text(record) << v.when << text(v.name) << text(v.category);
    }
  }
  for (const DimensionSet& set : dimensions_)
    for (const std::uint32_t name : set) out << text(name);
  for (const SaleDocument& d : documents_)
    out << d.dimensions << d.first_line << d.lines << static_cast<std::int64_t>(d.currency) << d.net_minor
        << d.freight_minor;
  for (const SaleLine& l : lines_) {
    out << text(l.product) << text(l.category) << text(l.ship_country) << l.promised_on << l.cost_known
        << l.base_quantity << l.list_minor << l.net_minor << l.cost_minor;
  }
  for (const SaleOrder& o : orders_) out << text(o.id) << o.first_fact << o.last_fact << o.document << o.ordered_on;
  for (const OrderFact& f : facts_)
    out << f.when << f.next << f.first << f.invoice << f.count << static_cast<int>(f.step) << f.detail;
  for (const LineQuantity& q : quantities_) out << q.line << q.quantity << q.from_reserved;
  for (const SaleQuote& q : quotes_) out << q.document << q.sent << q.accepted << q.sent_at << q.accepted_at;
  for (const SoldDocument& b : billed_)
    out << b.when << text(b.invoice) << b.total_minor << b.dimensions << b.first_line << b.lines
        << static_cast<std::int64_t>(b.currency) << b.sign;
  for (const SoldLine& l : billed_lines_)
    out << text(l.product) << text(l.category) << text(l.ship_country) << l.cost_known << l.quantity << l.net_minor
        << l.cost_minor;
  for (const CashFlow& c : cash_) {
    out << c.when << c.invoice_days[0] << c.invoice_days[1] << c.dimensions << static_cast<std::int64_t>(c.currency)
        << static_cast<int>(c.kind) << c.amount_minor;
  }
  for (const RatingVersion& r : ratings_) {
    out << r.seq << days_of(r.effective_from);
    for (const RatingRow& row : r.rules.rows) write(out, row);
  }
  return out.finish();
}

}  // namespace o2c
