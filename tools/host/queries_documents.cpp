// show and list of the documents and master records, from the aggregates as of a position.
#include <algorithm>

#include "engine/domain/company/company.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

/// A record as field and value, one row each.
class Sheet {
 public:
  explicit Sheet(std::string name) {
    report_.name = std::move(name), report_.columns = {{"field", "Field", "字段"}, {"value", "Value", "值"}};
  }
  /// What is empty or absent is left out.
  Sheet& put(std::string field, std::string_view text) {
    if (!text.empty()) report_.rows.push_back({std::move(field), std::string(text)});
    return *this;
  }
  Sheet& put(std::string field, const std::optional<Date>& date) {
    if (date) report_.rows.push_back({std::move(field), *date});
    return *this;
  }
  template <class T>
  requires(!std::convertible_to<T, std::string_view> &&
           !std::convertible_to<T, std::optional<Date>>) Sheet& put(std::string field, T value) {
    report_.rows.push_back({std::move(field), Cell{std::move(value)}});
    return *this;
  }
  Report take() { return std::move(report_); }

 private:
  Report report_;
};

Cell quantity_cell(std::int64_t millionths) { return format_trimmed(millionths, quantity_decimals); }
std::string one_line(const Address& a) {
  std::string out;
  for (const std::string* part : {&a.name, &a.street, &a.postal_code, &a.city, &a.region, &a.country}) {
    if (!part->empty()) out += (out.empty() ? "" : ", ") + *part;
  }
  return out;
}
std::string holds_of(const Order& order) {
  std::string out;
  for (const fb::HoldKind kind : fb::EnumValuesHoldKind()) {
    if (order.on_hold(kind)) out += (out.empty() ? "" : " ") + std::string(fb::EnumNameHoldKind(kind));
  }
  return out;
}
std::string_view word(QuoteStatus status) {
  constexpr std::string_view words[] = {"draft", "sent", "accepted", "lost"};
  return words[static_cast<std::size_t>(status)];
}
std::string_view word(Progress progress) {
  constexpr std::string_view words[] = {"none", "partial", "full"};
  return words[static_cast<std::size_t>(progress)];
}
/// Derived, never stored: a sent quote whose last day is over.
std::string_view shown_status(const Quote& quote, Date as_of) {
  return quote.status == QuoteStatus::sent && quote.valid_until && *quote.valid_until < as_of
             ? std::string_view{"expired"}
             : word(quote.status);
}

Report lines_report(const Document& d, const Order* order) {
  Report report{"lines",
                {{"line", "Line", "行"},
                 {"product", "Product", "产品"},
                 {"quantity", "Quantity", "数量"},
                 {"unit", "Unit", "单位"},
                 {"unit_price", "Price", "单价"},
                 {"list", "List", "标价金额"},
                 {"discount", "Discount", "折扣"},
                 {"net", "Net", "净额"},
                 {"tax", "Tax", "税额"}},
                {}};
  if (order) {
    for (const auto& [name, en, zh] : {std::array{"reserved", "Reserved", "已预留"},
                                       {"shipped", "Shipped", "已发货"},
                                       {"invoiced", "Invoiced", "已开票"},
                                       {"cancelled", "Cancelled", "已取消"},
                                       {"open", "Open", "未交"}}) {
      report.columns.push_back({name, en, zh});
    }
  }
  for (std::size_t i = 0; i < d.lines.size(); ++i) {
    const PricedLine& l = d.lines[i];
    std::vector<Cell> row{std::int64_t{l.line},
                          l.product,
                          quantity_cell(l.quantity),
                          l.unit,
                          format_trimmed(l.unit_price_micros, price_decimals, 2),
                          amount_cell(l.list_minor, d.currency),
                          amount_cell(l.list_minor - l.net_minor, d.currency),
                          amount_cell(l.net_minor, d.currency),
                          amount_cell(l.tax_minor, d.currency)};
    if (order) {
      const OrderLineState& s = order->lines[i];
      for (const std::int64_t q : {s.reserved_total(), s.shipped, s.invoiced, s.cancelled, order->open(i)})
        row.push_back(quantity_cell(q));
    }
    report.rows.push_back(std::move(row));
  }
  return report;
}

void put_document(Sheet& sheet, const Document& d) {
  sheet.put("customer", d.dimensions->customer)
      .put("seller", d.dimensions->seller)
      .put("team", d.dimensions->team)
      .put("region", d.dimensions->region);
  sheet.put("country", d.dimensions->country)
      .put("grade", d.dimensions->grade)
      .put("currency", currency_code(d.currency))
      .put("payment_terms", d.payment_terms);
  sheet.put("net", amount_cell(d.net_minor, d.currency)).put("freight", amount_cell(d.freight_minor, d.currency));
  sheet.put("tax", amount_cell(d.tax_minor, d.currency)).put("total", amount_cell(d.total_minor(), d.currency));
  for (std::size_t i = 0; i < d.ship_to->size(); ++i)
    sheet.put(fmt::format("ship_to_{}", i), one_line((*d.ship_to)[i]));
  for (const Attribute& a : d.attributes) sheet.put("attribute:" + a.name, a.value);
  for (const std::string& p : d.policies) sheet.put("policy", p);
}

Reports not_found(std::string_view kind, std::string_view id) {
  return Error{ErrorCode::not_found, fmt::format("no {} '{}'", kind, id)};
}

template <class Table, class F>
Reports show_one(const QueryContext& q, std::string_view kind, Table table, F&& describe) {
  const std::string id(q.text("id"));
  if (id.empty()) return invalid(fmt::format("{} show needs the {}'s id", kind, kind));
  Reports answer = std::vector<Report>{};
  const auto read = q.with_state([&](const CompanyState& state) {
    const auto* row = table(state).find(id);
    answer = row ? Reports{describe(state, *row)} : not_found(kind, id);
  });
  if (!read) return read.error();
  return answer;
}

Reports show_order(const QueryContext& q) {
  return show_one(
      q, "order", [](const CompanyState& s) -> auto& { return s.orders; },
      [](const CompanyState& state, const Order& o) {
        Sheet sheet("order");
        sheet.put("order", o.id)
            .put("status", shown_status(o))
            .put("holds", holds_of(o))
            .put("fulfilment", word(fulfilment_status(o)));
        sheet.put("billing", word(billing_status(o)))
            .put("version", std::int64_t{o.version})
            .put("quote", o.quote)
            .put("created_on", Cell{o.created_on});
        sheet.put("confirmed_on", o.confirmed_on)
            .put("confirmed_by", o.confirmed_by)
            .put("reservation_expires_on", o.reservation_expires_on);
        put_document(sheet, *o.document);
        Report shipments{"shipments",
                         {{"shipment", "Shipment", "发货单"},
                          {"shipped_on", "Shipped", "发货日"},
                          {"delivered_on", "Delivered", "签收日"},
                          {"carrier", "Carrier", "承运商"},
                          {"tracking_number", "Tracking", "运单号"}},
                         {}};
        for (const Shipment& s : state.shipments.rows()) {
          if (s.order == o.id)
            shipments.rows.push_back(
                {s.id, s.shipped_on, s.delivered_on ? Cell{*s.delivered_on} : Cell{}, s.carrier, s.tracking_number});
        }
        Report invoices{"invoices",
                        {{"invoice", "Invoice", "发票"},
                         {"issued_on", "Issued", "开票日"},
                         {"total", "Total", "价税合计"},
                         {"open", "Open", "未收"},
                         {"credit_note", "Credit note", "红字发票"}},
                        {}};
        for (const Invoice& i : state.invoices.rows()) {
          if (i.order == o.id)
            invoices.rows.push_back({i.id, i.issued_on, amount_cell(i.total_minor, i.currency),
                                     amount_cell(i.open_minor, i.currency), i.credit_note});
        }
        return std::vector{sheet.take(), lines_report(*o.document, &o), std::move(shipments), std::move(invoices)};
      });
}

Reports show_quote(const QueryContext& q) {
  return show_one(
      q, "quote", [](const CompanyState& s) -> auto& { return s.quotes; },
      [&](const CompanyState&, const Quote& quote) {
        Sheet sheet("quote");
        sheet.put("quote", quote.id)
            .put("status", shown_status(quote, q.view.as_of))
            .put("revision", std::int64_t{quote.revision})
            .put("version", std::int64_t{quote.version});
        sheet.put("created_on", Cell{quote.created_on})
            .put("valid_until", quote.valid_until)
            .put("order", quote.order)
            .put("lost_reason", quote.lost_reason);
        put_document(sheet, *quote.document);
        return std::vector{sheet.take(), lines_report(*quote.document, nullptr)};
      });
}

Reports show_invoice(const QueryContext& q) {
  return show_one(
      q, "invoice", [](const CompanyState& s) -> auto& { return s.invoices; },
      [](const CompanyState&, const Invoice& i) {
        Sheet sheet("invoice");
        sheet.put("invoice", i.id)
            .put("number", i.number)
            .put("customer", i.customer)
            .put("order", i.order)
            .put("shipment", i.shipment)
            .put("reference", i.reference);
        sheet.put("issued_on", Cell{i.issued_on})
            .put("currency", currency_code(i.currency))
            .put("net", amount_cell(i.net_minor, i.currency));
        sheet.put("tax", amount_cell(i.tax_minor, i.currency))
            .put("total", amount_cell(i.total_minor, i.currency))
            .put("open", amount_cell(i.open_minor, i.currency));
        sheet.put("credit_note", i.credit_note).put("version", std::int64_t{i.version});
        Report instalments{
            "instalments", {{"due_date", "Due", "到期日"}, {"amount", "Amount", "金额"}, {"open", "Open", "未收"}}, {}};
        for (const Instalment& p : i.instalments)
          instalments.rows.push_back(
              {p.due_date, amount_cell(p.amount_minor, i.currency), amount_cell(p.open_minor, i.currency)});
        Report cash{
            "cash",
            {{"receipt", "Receipt", "收款单"}, {"amount", "Applied", "核销金额"}, {"last_on", "Last", "最近日期"}},
            {}};
        for (const CashOnInvoice& c : i.cash)
          cash.rows.push_back({c.receipt, amount_cell(c.amount_minor, i.currency), c.last_on});
        return std::vector{sheet.take(), std::move(instalments), std::move(cash)};
      });
}

Reports show_payment(const QueryContext& q) {
  return show_one(
      q, "payment", [](const CompanyState& s) -> auto& { return s.receipts; },
      [](const CompanyState&, const Receipt& r) {
        const Currency c = r.amount.currency;
        Sheet sheet("payment");
        sheet.put("receipt", r.id)
            .put("customer", r.customer)
            .put("bank_reference", r.bank_reference)
            .put("received_on", Cell{r.received_on});
        sheet.put("amount", amount_cell(r.amount.amount_minor, c))
            .put("currency", currency_code(c))
            .put("unapplied", amount_cell(r.unapplied_minor, c));
        sheet.put("refunded", amount_cell(r.refunded_minor, c))
            .put("returned", amount_cell(r.returned_minor, c))
            .put("version", std::int64_t{r.version});
        Report applied{
            "applied",
            {{"invoice", "Invoice", "发票"}, {"amount", "Applied", "核销金额"}, {"last_on", "Last", "最近日期"}},
            {}};
        for (const CashFromReceipt& a : r.applied)
          applied.rows.push_back({a.invoice, amount_cell(a.amount_minor, c), a.last_on});
        return std::vector{sheet.take(), std::move(applied)};
      });
}

Reports customer_sheets(const QueryContext& q) {
  return show_one(
      q, "customer", [](const CompanyState& s) -> auto& { return s.customers; },
      [](const CompanyState& state, const Customer& c) {
        Sheet sheet("customer");
        sheet.put("customer", c.id)
            .put("name", c.name)
            .put("version", std::int64_t{c.version})
            .put("currency", currency_code(c.currency));
        sheet.put("grade", c.grade)
            .put("payment_terms", c.payment_terms)
            .put("seller", c.seller)
            .put("team", c.team)
            .put("region", c.region);
        sheet.put("tax_id", c.tax_id).put("payer", c.payer).put("sold_to", one_line(c.sold_to));
        if (c.bill_to) sheet.put("bill_to", one_line(*c.bill_to));
        for (const Address& a : c.ship_to) sheet.put("ship_to", one_line(a));
        sheet.put("credit_group", c.credit_group);
        // As the credit check counts it: all that is known at the position, whatever its date.
        const Exposure& e = c.exposure;
        const Int128 exposure = Int128{e.receivables_minor} + e.orders_minor - e.unapplied_minor;
        if (c.credit_limit) sheet.put("credit_limit", amount_cell(c.credit_limit->amount_minor, c.currency));
        sheet.put("credit_used", sum_cell(exposure, c.currency));
        if (c.credit_limit) sheet.put("credit_left", sum_cell(c.credit_limit->amount_minor - exposure, c.currency));
        for (const Attribute& a : c.attributes) sheet.put("attribute:" + a.name, a.value);
        Report orders{"orders",
                      {{"order", "Order", "订单"},
                       {"status", "Status", "状态"},
                       {"created_on", "Date", "日期"},
                       {"total", "Total", "金额"}},
                      {}};
        for (const Order& o : state.orders.rows()) {
          const bool finished =
              o.status == OrderStatus::cancelled || o.status == OrderStatus::short_closed || is_completed(o);
          if (o.document->dimensions->customer == c.id && !finished)
            orders.rows.push_back(
                {o.id, std::string(shown_status(o)), o.created_on, amount_cell(o.document->total_minor(), c.currency)});
        }
        return std::vector{sheet.take(), std::move(orders)};
      });
}

Reports show_stock(const QueryContext& q) {
  return show_one(
      q, "product", [](const CompanyState& s) -> auto& { return s.products; },
      [](const CompanyState&, const Product& p) {
        Sheet sheet("product");
        sheet.put("product", p.id)
            .put("name", p.name)
            .put("category", p.category)
            .put("unit", p.unit)
            .put("tax_class", p.tax_class)
            .put("version", std::int64_t{p.version});
        if (p.unit_cost_micros) sheet.put("unit_cost", format_trimmed(*p.unit_cost_micros, price_decimals, 2));
        for (const UnitConversion& u : p.conversions)
          sheet.put("unit:" + u.unit, fmt::format("{}/{} {}", u.numerator, u.denominator, p.unit));
        Report stock{"stock",
                     {{"place", "Place", "仓库"},
                      {"on_hand", "On hand", "现存"},
                      {"reserved", "Reserved", "已预留"},
                      {"free", "Free", "可用"}},
                     {}};
        for (const StockAt& s : p.stock)
          stock.rows.push_back({s.place, quantity_cell(s.on_hand), quantity_cell(s.reserved), quantity_cell(s.free())});
        return std::vector{sheet.take(), std::move(stock)};
      });
}

/// One report with a row for each that passes; sorted as created.
template <class Rows, class F> Reports list_all(const QueryContext& q, Report report, Rows rows, F&& row_of) {
  const auto limit = q.integer("limit", std::int64_t{1} << 40);
  if (!limit) return limit.error();
  if (*limit < 0) return invalid("--limit: not negative");
  const auto read = q.with_state([&](const CompanyState& state) {
    for (const auto& row : rows(state)) {
      if (static_cast<std::int64_t>(report.rows.size()) >= *limit) break;
      std::vector<Cell> cells = row_of(row);
      if (!cells.empty()) report.rows.push_back(std::move(cells));
    }
  });
  if (!read) return read.error();
  return std::vector{std::move(report)};
}

bool other_than(std::string_view wanted, std::string_view value) { return !wanted.empty() && wanted != value; }

Reports list_orders(const QueryContext& q) {
  Report r{"orders",
           {{"order", "Order", "订单"},
            {"customer", "Customer", "客户"},
            {"status", "Status", "状态"},
            {"fulfilment", "Shipped", "发货"},
            {"billing", "Billed", "开票"},
            {"created_on", "Date", "日期"},
            {"currency", "Currency", "币种"},
            {"net", "Net", "净额"},
            {"total", "Total", "总额"}},
           {}};
  return list_all(
      q, std::move(r), [](const CompanyState& s) -> auto& { return s.orders.rows(); },
      [&](const Order& o) -> std::vector<Cell> {
        const Document& d = *o.document;
        if (other_than(q.text("customer"), d.dimensions->customer) || other_than(q.text("status"), shown_status(o)))
          return {};
        return {o.id,
                d.dimensions->customer,
                std::string(shown_status(o)),
                std::string(word(fulfilment_status(o))),
                std::string(word(billing_status(o))),
                o.created_on,
                std::string(currency_code(d.currency)),
                amount_cell(d.net_minor, d.currency),
                amount_cell(d.total_minor(), d.currency)};
      });
}

Reports list_quotes(const QueryContext& q) {
  Report r{"quotes",
           {{"quote", "Quote", "报价单"},
            {"customer", "Customer", "客户"},
            {"status", "Status", "状态"},
            {"created_on", "Date", "日期"},
            {"valid_until", "Valid until", "有效期"},
            {"currency", "Currency", "币种"},
            {"total", "Total", "总额"},
            {"order", "Order", "订单"}},
           {}};
  return list_all(
      q, std::move(r), [](const CompanyState& s) -> auto& { return s.quotes.rows(); },
      [&](const Quote& quote) -> std::vector<Cell> {
        const Document& d = *quote.document;
        if (other_than(q.text("customer"), d.dimensions->customer) ||
            other_than(q.text("status"), shown_status(quote, q.view.as_of)))
          return {};
        return {quote.id,
                d.dimensions->customer,
                std::string(shown_status(quote, q.view.as_of)),
                quote.created_on,
                quote.valid_until ? Cell{*quote.valid_until} : Cell{},
                std::string(currency_code(d.currency)),
                amount_cell(d.total_minor(), d.currency),
                quote.order};
      });
}

Reports list_invoices(const QueryContext& q) {
  Report r{"invoices",
           {{"invoice", "Invoice", "发票"},
            {"number", "Number", "发票号"},
            {"customer", "Customer", "客户"},
            {"order", "Order", "订单"},
            {"issued_on", "Issued", "开票日"},
            {"currency", "Currency", "币种"},
            {"net", "Net", "净额"},
            {"tax", "Tax", "税额"},
            {"total", "Total", "价税合计"},
            {"open", "Open", "未收"},
            {"credit_note", "Credit note", "红字发票"}},
           {}};
  return list_all(
      q, std::move(r), [](const CompanyState& s) -> auto& { return s.invoices.rows(); },
      [&](const Invoice& i) -> std::vector<Cell> {
        if (other_than(q.text("customer"), i.customer) || other_than(q.text("order"), i.order)) return {};
        return {i.id,
                i.number,
                i.customer,
                i.order,
                i.issued_on,
                std::string(currency_code(i.currency)),
                amount_cell(i.net_minor, i.currency),
                amount_cell(i.tax_minor, i.currency),
                amount_cell(i.total_minor, i.currency),
                amount_cell(i.open_minor, i.currency),
                i.credit_note};
      });
}

Reports list_payments(const QueryContext& q) {
  Report r{"payments",
           {{"receipt", "Receipt", "收款单"},
            {"customer", "Customer", "客户"},
            {"received_on", "Received", "收款日"},
            {"currency", "Currency", "币种"},
            {"amount", "Amount", "金额"},
            {"unapplied", "Unapplied", "未核销"},
            {"refunded", "Refunded", "已退款"},
            {"returned", "Returned", "已退票"},
            {"bank_reference", "Reference", "银行流水"}},
           {}};
  return list_all(
      q, std::move(r), [](const CompanyState& s) -> auto& { return s.receipts.rows(); },
      [&](const Receipt& p) -> std::vector<Cell> {
        if (other_than(q.text("customer"), p.customer)) return {};
        const Currency c = p.amount.currency;
        return {p.id,
                p.customer,
                p.received_on,
                std::string(currency_code(c)),
                amount_cell(p.amount.amount_minor, c),
                amount_cell(p.unapplied_minor, c),
                amount_cell(p.refunded_minor, c),
                amount_cell(p.returned_minor, c),
                p.bank_reference};
      });
}

/// What the read models know of a customer at the date and position: open items, aging, value over the whole history, the latest receipts.
std::vector<Report> figures_of(const QueryContext& q, std::string_view customer) {
  constexpr std::size_t receipts_shown = 5;
  SalesViews views{q.view, q.view};
  views.process.basis = Basis::business;
  return {q.company.receivables.aging(q.view, *parse_group("currency"), default_buckets(),
                                      Filter::customer(std::string(customer))),
          q.company.sales.customer_value(views, q.company.receivables, {}, customer),
          q.company.receivables.latest_receipts(q.view, customer, receipts_shown)};
}

Reports show_customer(const QueryContext& q) {
  auto sheets = customer_sheets(q);
  if (!sheets) return sheets;
  for (Report& report : figures_of(q, q.text("id"))) {
    if (!report.rows.empty()) sheets->push_back(std::move(report));
  }
  return sheets;
}

Reports list_customers(const QueryContext& q) {
  Report r{"customers",
           {{"customer", "Customer", "客户"},
            {"name", "Name", "名称"},
            {"country", "Country", "国家"},
            {"grade", "Grade", "等级"},
            {"seller", "Seller", "业务员"},
            {"currency", "Currency", "币种"},
            {"credit_limit", "Limit", "信用额度"},
            {"receivables", "Receivables", "应收"},
            {"orders_not_invoiced", "Orders", "未开票订单"},
            {"unapplied", "Unapplied", "未核销"}},
           {}};
  return list_all(
      q, std::move(r), [](const CompanyState& s) -> auto& { return s.customers.rows(); },
      [&](const Customer& c) -> std::vector<Cell> {
        return {c.id,
                c.name,
                c.sold_to.country,
                c.grade,
                c.seller,
                std::string(currency_code(c.currency)),
                c.credit_limit ? amount_cell(c.credit_limit->amount_minor, c.currency) : Cell{},
                amount_cell(c.exposure.receivables_minor, c.currency),
                amount_cell(c.exposure.orders_minor, c.currency),
                amount_cell(c.exposure.unapplied_minor, c.currency)};
      });
}

Reports list_stock(const QueryContext& q) {
  Report r{"stock",
           {{"product", "Product", "产品"},
            {"name", "Name", "名称"},
            {"place", "Place", "仓库"},
            {"unit", "Unit", "单位"},
            {"on_hand", "On hand", "现存"},
            {"reserved", "Reserved", "已预留"},
            {"free", "Free", "可用"}},
           {}};
  const auto read = q.with_state([&](const CompanyState& state) {
    for (const Product& p : state.products.rows()) {
      for (const StockAt& s : p.stock) {
        if (other_than(q.text("place"), s.place)) continue;
        r.rows.push_back({p.id, p.name, s.place, p.unit, quantity_cell(s.on_hand), quantity_cell(s.reserved),
                          quantity_cell(s.free())});
      }
    }
  });
  if (!read) return read.error();
  return std::vector{std::move(r)};
}

/// How goods and messages with each other company of the instance stand, seen from this one.
Reports list_partners(const QueryContext& q) {
  Report r{"partners",
           {{"partner", "Company", "往来公司"},
            {"customer", "Is customer", "对应客户"},
            {"place", "Goods from it to", "收货仓库"},
            {"messages_sent", "Messages to it", "已发消息"},
            {"messages_taken", "From it", "已收消息"},
            {"shipments_on_the_way", "Shipments on the way", "在途发货"}},
           {}};
  const auto read = q.with_state([&](const CompanyState& state) {
    for (const Partner& p : state.partners.rows())
      r.rows.push_back({p.id, p.customer, p.place, static_cast<std::int64_t>(p.sent),
                        static_cast<std::int64_t>(p.taken), static_cast<std::int64_t>(p.in_transit.size())});
  });
  if (!read) return read.error();
  return std::vector{std::move(r)};
}

Reports list_marks(const QueryContext& q) {
  Report r{"marks", {{"mark", "Mark", "标记"}, {"position", "Position", "位置"}}, {}};
  for (const auto& [name, seq] : q.company.marks) {
    if (seq <= q.view.known) r.rows.push_back({name, static_cast<std::int64_t>(seq)});
  }
  return std::vector{std::move(r)};
}

const ParameterHelp id{"id", "business id"}, limit{"limit", "at most so many rows"},
    figures_as_of{"as-of",
                  "day of the figures (default: today); record, credit and orders are as known at the position"};

ParameterHelp status(std::vector<std::string> words) {
  return one_of("status", "only in this status", std::move(words));
}

}  // namespace

void add_document_queries(std::vector<QueryEntry>& queries) {
  // Documents and records are as known at a position: what they were on a day is what reports answer. So there is no --as-of here.
  queries.push_back({{"order show", "one order with lines, shipments and invoices", {id, help_known}}, show_order});
  queries.push_back({{"order list",
                      "orders as created",
                      {help_customer,
                       status({"draft", "pending_approval", "rejected", "confirmed", "on_hold", "completed",
                               "short_closed", "cancelled"}),
                       limit, help_known}},
                     list_orders});
  queries.push_back({{"quote show", "one quote with its lines", {id, help_known}}, show_quote});
  queries.push_back({{"quote list",
                      "quotes as created; what has expired today is shown as such",
                      {help_customer, status({"draft", "sent", "expired", "accepted", "lost"}), limit, help_known}},
                     list_quotes});
  queries.push_back(
      {{"invoice show", "one invoice with instalments and the cash on it", {id, help_known}}, show_invoice});
  queries.push_back(
      {{"invoice list", "invoices as issued", {help_customer, {"order", "only of this order"}, limit, help_known}},
       list_invoices});
  queries.push_back({{"payment show", "one receipt and what it paid", {id, help_known}}, show_payment});
  queries.push_back({{"payment list", "receipts as recorded", {help_customer, limit, help_known}}, list_payments});
  queries.push_back({{"customer show",
                      "one customer: 360 view with credit, open orders, open items, aging, value, latest payments",
                      {id, help_known, figures_as_of}},
                     show_customer});
  queries.push_back({{"customer list", "customers with limit and exposure", {limit, help_known}}, list_customers});
  queries.push_back({{"stock show", "one product and its stock by place", {id, help_known}}, show_stock});
  queries.push_back(
      {{"stock list", "stock of every product by place", {{"place", "only at this place"}, help_known}}, list_stock});
  queries.push_back({{"partner list",
                      "other companies of the instance that this one trades with, and what is on the way to them",
                      {help_known}},
                     list_partners});
  queries.push_back({{"mark list", "named positions", {help_known}}, list_marks});
}

}  // namespace o2c
