#pragma once
#include <set>

#include "projections/sales/sales.hpp"
#include "tests/support/sales_facts.hpp"

// The same answers by the slow way: everything is read again from the events, for one view and one question.
namespace o2c::test {

/// Half away from zero, on its own.
inline std::int64_t rounded(Int128 numerator, Int128 denominator) {
  const Int128 twice = numerator * 2 + (numerator < 0 ? -denominator : denominator);
  return static_cast<std::int64_t>(twice / (denominator * 2));
}

struct SlowLine {
  const fb::PricedLine* line = nullptr;
  std::string category, ship_country;
  std::int64_t cancelled = 0, shipped = 0;
  std::optional<Date> last_shipped;
};
struct SlowOrder {
  Date ordered_on;
  const fb::DocumentData* document = nullptr;
  std::vector<SlowLine> lines;
  bool counts = false;
};

class SlowSales {
 public:
  SlowSales(const Books& books, const View& view) : view_(view) {
    each_fact(books, [this](const Fact& fact) { read(fact); });
  }

  /// group,currency,orders,units,gross,discount,net,net per order
  std::string sales(SalesGroup group) const {
    struct Sums {
      std::set<std::string> orders;
      std::int64_t units = 0, gross = 0, net = 0;
    };
    std::map<std::pair<std::string, std::string>, Sums> rows;
    each_line(group,
              [&](const std::string& id, const SlowOrder& order, const SlowLine& line, const std::string& value) {
                Sums& sums = rows[{value, currency(order)}];
                const std::int64_t whole = line.line->base_quantity()->millionths(), kept = whole - line.cancelled;
                sums.orders.insert(id);
                sums.units += kept;
                sums.gross += rounded(Int128{line.line->list_minor()} * kept, whole);
                sums.net += rounded(Int128{line.line->net_minor()} * kept, whole);
              });
    std::string out;
    for (const auto& [key, s] : rows) {
      const auto count = static_cast<std::int64_t>(s.orders.size());
      out += fmt::format("{}{},{},{},{},{},{},{}\n", group == SalesGroup::currency ? "" : key.first + ",", key.second,
                         count, format_trimmed(s.units, 6), money(s.gross), money(s.gross - s.net), money(s.net),
                         money(rounded(s.net, count)));
    }
    return out;
  }

  /// group,currency,orders,shipped,mean days,late
  std::string fulfilment(SalesGroup group) const {
    struct One {
      bool open = false, shipped = false, late = false;
      Date last{};
      Date ordered{};
    };
    std::map<std::pair<std::string, std::string>, std::map<std::string, One>> rows;
    each_line(
        group, [&](const std::string& id, const SlowOrder& order, const SlowLine& line, const std::string& value) {
          One& one = rows[{value, currency(order)}][id];
          one.ordered = order.ordered_on;
          one.open = one.open || line.line->base_quantity()->millionths() - line.cancelled > line.shipped;
          if (!line.last_shipped) return;
          one.last = one.shipped ? std::max(one.last, *line.last_shipped) : *line.last_shipped;
          one.shipped = true;
          one.late = one.late || (line.line->promised_on() && *line.last_shipped > from_fb(*line.line->promised_on()));
        });
    std::string out;
    for (const auto& [key, orders] : rows) {
      std::int64_t shipped = 0, late = 0, days = 0;
      for (const auto& [id, one] : orders) {
        if (one.open || !one.shipped) continue;
        ++shipped, late += one.late, days += (one.last - one.ordered).count();
      }
      out += fmt::format("{}{},{},{},{},{}\n", group == SalesGroup::currency ? "" : key.first + ",", key.second,
                         orders.size(), shipped,
                         shipped == 0 ? "" : format_decimal(rounded(Int128{days} * 100, shipped), 2), late);
    }
    return out;
  }

  /// as_of,group,currency,open orders,open value,past promise
  std::string backlog(SalesGroup group) const {
    struct Sums {
      std::set<std::string> orders, past;
      std::int64_t open = 0;
    };
    std::map<std::pair<std::string, std::string>, Sums> rows;
    each_line(group,
              [&](const std::string& id, const SlowOrder& order, const SlowLine& line, const std::string& value) {
                const std::int64_t whole = line.line->base_quantity()->millionths(), kept = whole - line.cancelled;
                if (order.ordered_on > view_.as_of || kept <= line.shipped) return;
                Sums& sums = rows[{value, currency(order)}];
                sums.orders.insert(id);
                sums.open += rounded(Int128{line.line->net_minor()} * kept, whole) -
                             rounded(Int128{line.line->net_minor()} * line.shipped, whole);
                if (line.line->promised_on() && from_fb(*line.line->promised_on()) < view_.as_of) sums.past.insert(id);
              });
    std::string out;
    for (const auto& [key, s] : rows)
      out += fmt::format("{},{},{},{},{},{}\n", format_date(view_.as_of), key.first, key.second, s.orders.size(),
                         money(s.open), s.past.size());
    return out;
  }

 private:
  static std::string money(std::int64_t minor) { return format_decimal(minor, 2); }
  static std::string currency(const SlowOrder& order) { return std::string(currency_code(order.document->currency())); }
  static std::string text(const flatbuffers::String* s) { return s ? s->str() : std::string{}; }

  static std::string value_of(SalesGroup group, const SlowOrder& order, const SlowLine& line) {
    const fb::Dimensions& d = *order.document->dimensions();
    switch (group) {
      case SalesGroup::total: return "total";
      case SalesGroup::month: return format_date(order.ordered_on).substr(0, 7);
      case SalesGroup::product: return text(line.line->product());
      case SalesGroup::category: return line.category;
      case SalesGroup::ship_country: return line.ship_country;
      case SalesGroup::customer_country: return text(d.country());
      case SalesGroup::customer: return text(d.customer());
      case SalesGroup::region: return text(d.region());
      case SalesGroup::seller: return text(d.seller());
      case SalesGroup::team: return text(d.team());
      case SalesGroup::grade: return text(d.grade());
      case SalesGroup::currency: return {};
    }
    return {};
  }
  template <class F> void each_line(SalesGroup group, F&& f) const {
    for (const auto& [id, order] : orders_) {
      if (!order.counts) continue;
      for (const SlowLine& line : order.lines) {
        if (line.line->base_quantity()->millionths() > line.cancelled) f(id, order, line, value_of(group, order, line));
      }
    }
  }

  void take_document(const Fact& fact, const std::string& id, const fb::DocumentData& document) {
    SlowOrder& order = orders_[id];
    order.document = &document;
    order.counts = false;
    order.lines.clear();
    static_cast<void>(fact);
    for (const fb::PricedLine* line : *document.lines()) {
      SlowLine& slow = order.lines.emplace_back();
      slow.line = line;
      slow.category = categories_[line->product()->str()];
      const bool elsewhere = document.ship_to() && line->ship_to() < document.ship_to()->size();
      slow.ship_country = elsewhere ? text(document.ship_to()->Get(line->ship_to())->country())
                                    : text(document.dimensions()->country());
    }
  }
  void read(const Fact& fact) {
    const fb::Event& e = *fact.event;
    if (const auto* p = e.body_as_ProductRegistered())
      categories_[p->product()->product()->str()] = text(p->product()->category());
    if (const auto* p = e.body_as_ProductChanged())
      categories_[p->product()->product()->str()] = text(p->product()->category());
    if (fact.seq > view_.known || view_.of(fact) > view_.as_of) return;
    if (const auto* o = e.body_as_OrderCreated())
      orders_[o->order()->str()].ordered_on = fact.occurred_on(),
      take_document(fact, o->order()->str(), *o->document());
    if (const auto* o = e.body_as_OrderRevised()) take_document(fact, o->order()->str(), *o->document());
    if (const auto* o = e.body_as_OrderConfirmed()) orders_.at(o->order()->str()).counts = true;
    if (const auto* o = e.body_as_OrderCancelled()) orders_.at(o->order()->str()).counts = false;
    if (const auto* o = e.body_as_OrderShortClosed()) {
      for (const auto* line : *o->lines())
        orders_.at(o->order()->str()).lines.at(line->line() - 1u).cancelled += line->quantity()->millionths();
    }
    if (const auto* s = e.body_as_ShipmentPosted()) {
      for (const auto* line : *s->lines()) {
        SlowLine& slow = orders_.at(s->order()->str()).lines.at(line->line() - 1u);
        slow.shipped += line->quantity()->millionths();
        slow.last_shipped = std::max(slow.last_shipped.value_or(fact.occurred_on()), fact.occurred_on());
      }
    }
  }

  const View view_;
  std::map<std::string, std::string> categories_;
  std::map<std::string, SlowOrder> orders_;
};

}  // namespace o2c::test
