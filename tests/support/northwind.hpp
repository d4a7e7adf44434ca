#pragma once
#include <deque>
#include <fstream>
#include <map>
#include <sstream>

#include "projections/runtime/fact.hpp"
#include "tests/support/books.hpp"

// The Northwind orders as facts, straight from the shipped files: no command, no decider between the data and the read model.
namespace o2c::test {

/// Comma separated rows by column name; cells may be quoted.
using CsvRow = std::map<std::string, std::string>;
inline std::vector<std::string> csv_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') cells.back() += line[++i];
    else if (line[i] == '"') quoted = !quoted;
    else if (line[i] == ',' && !quoted) cells.emplace_back();
    else if (line[i] != '\r') cells.back() += line[i];
  }
  return cells;
}
inline std::vector<CsvRow> read_csv(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = csv_cells(line);
  std::vector<CsvRow> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = csv_cells(line);
    if (cells.size() != names.size()) throw std::runtime_error("a row of " + path + " has other cells than its head");
    CsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

/// Facts made without deciding anything. Each is an entry of its own.
class FactLog {
 public:
  template <class F> void add(Date on, F body) {
    Builder b;
    using Body = decltype(body_of(body(b)));
    const auto of = body(b).Union();
    const auto stream = b.CreateString("s");
    const fb::Date date = to_fb(on);
    b.Finish(fb::CreateEvent(b, fb::StreamType::order, stream, 1, 1, &date, &date,
                             fb::EventBodyTraits<Body>::enum_value, of));
    events_.push_back(b.Release());
  }
  template <class Model> void fold_into(Model& model) const {
    Fact fact;
    for (const auto& event : events_) {
      ++fact.seq;
      fact.event = flatbuffers::GetRoot<fb::Event>(event.data());
      model.fold(fact);
    }
  }
  std::uint64_t size() const { return events_.size(); }

 private:
  std::deque<flatbuffers::DetachedBuffer> events_;
};

/// gross · (1 − discount), half up to cents; discounts have two decimals.
inline std::int64_t northwind_net(std::int64_t gross_cents, std::int64_t discount_percent) {
  return (gross_cents * (100 - discount_percent) * 2 + 100) / 200;
}

inline flatbuffers::Offset<fb::DocumentData> northwind_document(Builder& b, const CsvRow& order,
                                                                const std::vector<const CsvRow*>& details,
                                                                const std::string& country, const std::string& seller) {
  std::vector<flatbuffers::Offset<fb::PricedLine>> lines;
  std::int64_t net_sum = 0;
  const fb::Date promised = to_fb(day(order.at("required_date")));
  for (const CsvRow* detail : details) {
    const fb::Quantity quantity{millionths(detail->at("quantity"))};
    const std::int64_t price_cents = parse_decimal(detail->at("unit_price"), 2).value(),
                       gross = price_cents * quantity.millionths() / one_quantity;
    const std::int64_t net = northwind_net(gross, parse_decimal(detail->at("discount"), 2).value());
    const fb::UnitPrice price{price_cents * 10'000};
    const fb::Percent rate{0};
    net_sum += net;
    lines.push_back(fb::CreatePricedLine(b, static_cast<std::uint16_t>(lines.size() + 1),
                                         b.CreateString(detail->at("product_id")), &quantity, &quantity,
                                         b.CreateString("pcs"), &price, gross, 0, net, b.CreateString("Z"), &rate, 0,
                                         flatbuffers::nullopt, 0, &promised, 0));
  }
  const auto dimensions = fb::CreateDimensions(b, b.CreateString(order.at("customer_id")), 1, 0, b.CreateString(seller),
                                               0, 0, b.CreateString(country));
  const std::vector<flatbuffers::Offset<fb::Address>> ship_to = {
      fb::CreateAddress(b, 0, 0, 0, 0, 0, b.CreateString(order.at("ship_country")))};
  return fb::CreateDocumentData(b, dimensions, fb::Currency::USD, 0, b.CreateVector(lines), 0, 0, net_sum, 0,
                                b.CreateVector(ship_to));
}

/// Customers, products, then day by day: ordered and confirmed on the order date, all of it shipped on the shipping date.
inline FactLog northwind(const std::string& folder) {
  FactLog log;
  std::map<std::string, std::string> category, country, seller;
  for (const CsvRow& row : read_csv(folder + "/categories.csv"))
    category[row.at("category_id")] = row.at("category_name");
  for (const CsvRow& row : read_csv(folder + "/employees.csv")) seller[row.at("employee_id")] = row.at("last_name");
  for (const CsvRow& row : read_csv(folder + "/customers.csv")) {
    country[row.at("customer_id")] = row.at("country");
    log.add(day("1996-01-01"), [&](Builder& b) {
      const auto home = fb::CreateAddress(b, 0, 0, 0, 0, 0, b.CreateString(row.at("country")));
      const auto id = b.CreateString(row.at("customer_id")), name = b.CreateString(row.at("company_name"));
      return fb::CreateCustomerRegistered(
          b, fb::CreateCustomerData(b, id, name, fb::Currency::USD, 0, 0, 0, 0, 0, 0, 0, 0, home));
    });
  }
  for (const CsvRow& row : read_csv(folder + "/products.csv")) {
    log.add(day("1996-01-01"), [&](Builder& b) {
      const auto id = b.CreateString(row.at("product_id")), name = b.CreateString(row.at("product_name"));
      return fb::CreateProductRegistered(
          b, fb::CreateProductData(b, id, name, b.CreateString(category.at(row.at("category_id"))),
                                   b.CreateString("pcs")));
    });
  }
  const std::vector<CsvRow> orders = read_csv(folder + "/orders.csv"),
                            all_details = read_csv(folder + "/order_details.csv");
  std::map<std::string, std::vector<const CsvRow*>> details;
  for (const CsvRow& row : all_details) details[row.at("order_id")].push_back(&row);
  std::multimap<Date, std::pair<bool, const CsvRow*>> days;  // true: shipped
  for (const CsvRow& row : orders) days.emplace(day(row.at("order_date")), std::pair{false, &row});
  for (const CsvRow& row : orders)
    if (!row.at("shipped_date").empty()) days.emplace(day(row.at("shipped_date")), std::pair{true, &row});
  for (const auto& [date, what] : days) {
    const CsvRow& order = *what.second;
    const std::string& id = order.at("order_id");
    if (what.first) {
      log.add(date, [&](Builder& b) {
        std::vector<flatbuffers::Offset<fb::ShipmentLine>> lines;
        for (const CsvRow* detail : details[id]) {
          const fb::Quantity quantity{millionths(detail->at("quantity"))}, reserved{0};
          lines.push_back(fb::CreateShipmentLine(b, static_cast<std::uint16_t>(lines.size() + 1),
                                                 b.CreateString(detail->at("product_id")), b.CreateString("main"),
                                                 &quantity, &reserved));
        }
        return fb::CreateShipmentPosted(b, b.CreateString("S" + id), b.CreateString(id), b.CreateVector(lines));
      });
      continue;
    }
    log.add(date, [&](Builder& b) {
      const auto document = northwind_document(b, order, details[id], country.at(order.at("customer_id")),
                                               seller.at(order.at("employee_id")));
      return fb::CreateOrderCreated(b, b.CreateString(id), document);
    });
    log.add(date,
            [&](Builder& b) { return fb::CreateOrderConfirmed(b, b.CreateString(id), 0, b.CreateString("clerk")); });
  }
  return log;
}

}  // namespace o2c::test
