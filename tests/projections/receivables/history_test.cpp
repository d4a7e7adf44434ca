#include <map>
#include <numeric>

#include "tests/projections/receivables/random_history.hpp"
#include "tests/projections/receivables/report_table.hpp"

// Random histories against a naive recomputation from the list of what happened.
namespace o2c::test {
namespace {

using Key = std::pair<std::string, std::string>;  // group, currency

std::string group_text(const Group& group, const DimensionsSpec& d, Currency currency,
                       const std::vector<AttributeSpec>& attributes) {
  if (group.kind == GroupKind::total) return "ALL";
  if (group.kind == GroupKind::currency) return std::string(currency_code(currency));
  if (group.kind == GroupKind::attribute) {
    for (const auto& [name, value] : attributes)
      if (name == group.attribute) return value;
    return "";
  }
  const std::string* const values[] = {&d.customer, &d.country, &d.region, &d.seller, &d.team, &d.grade};
  return *values[static_cast<std::size_t>(group.dimension)];
}

/// All open amounts at a view, added up step by step.
struct Naive {
  const RandomHistory& history;
  std::vector<std::vector<std::int64_t>> open;  // by invoice and part
  std::vector<std::int64_t> collected;          // by invoice
  std::vector<std::int64_t> unapplied;          // by receipt, >= 0

  Naive(const RandomHistory& h, const View& view)
      : history(h), collected(h.invoice_count()), unapplied(h.receipt_count()) {
    for (std::size_t i = 0; i < h.invoice_count(); ++i) open.emplace_back(h.invoice(i).parts.size(), 0);
    for (const Step& step : h.steps()) {
      if (!step.visible(view)) continue;
      using Kind = Step::Kind;
      const std::int64_t sign = step.kind == Kind::issued || step.kind == Kind::unapplied ? 1 : -1;
      for (std::size_t part = 0; part < step.shares.size(); ++part)
        open[step.invoice][part] += sign * step.shares[part];
      if (step.kind == Kind::received || step.kind == Kind::unapplied) unapplied[step.receipt] += step.amount;
      if (step.kind == Kind::applied || step.kind == Kind::returned || step.kind == Kind::refunded)
        unapplied[step.receipt] -= step.amount;
      if (step.kind == Kind::applied) collected[step.invoice] += step.amount;
      if (step.kind == Kind::unapplied) collected[step.invoice] -= step.amount;
    }
  }
  std::int64_t open_of(std::size_t invoice) const {
    return std::accumulate(open[invoice].begin(), open[invoice].end(), std::int64_t{0});
  }
};

/// The aging as text, row by row.
std::vector<std::string> naive_aging(const RandomHistory& history, const View& view, const Group& group,
                                     const Buckets& limits) {
  const Naive naive(history, view);
  struct Sums {
    std::vector<std::int64_t> buckets;
    std::int64_t unapplied = 0, invoices = 0, overdue = 0;
    Currency unit = Currency::XXX;
  };
  std::map<Key, Sums> rows;
  const auto row = [&](const DimensionsSpec& d, Currency currency,
                       const std::vector<AttributeSpec>& attributes) -> Sums& {
    Sums& sums = rows[{group_text(group, d, currency, attributes), std::string(currency_code(currency))}];
    sums.unit = currency, sums.buckets.resize(limits.size() + 2);
    return sums;
  };
  for (std::size_t i = 0; i < history.invoice_count(); ++i) {
    const InvoiceSpec& invoice = history.invoice(i);
    bool any = false, late = false;
    for (std::size_t part = 0; part < invoice.parts.size(); ++part) {
      const std::int64_t open = naive.open[i][part];
      if (open == 0) continue;
      const auto days = (view.as_of - invoice.parts[part].due_date).count();
      std::size_t bucket = 0;
      if (days > 0)
        for (bucket = 1; bucket <= limits.size() && days > limits[bucket - 1]; ++bucket) {
        }
      row(invoice.dimensions, invoice.currency, invoice.attributes).buckets[bucket] += open;
      any = true, late = late || days > 0;
    }
    if (any) {
      Sums& sums = row(invoice.dimensions, invoice.currency, invoice.attributes);
      ++sums.invoices, sums.overdue += late;
    }
  }
  for (std::size_t i = 0; i < history.receipt_count(); ++i) {
    const ReceiptSpec& receipt = history.receipt(i);
    if (naive.unapplied[i] != 0)
      row(receipt.dimensions, receipt.currency, receipt.attributes).unapplied -= naive.unapplied[i];
  }
  std::vector<std::string> out;
  for (const auto& [key, sums] : rows) {
    std::string line =
        group.kind == GroupKind::currency ? key.second : key.first + (key.first.empty() ? "" : " ") + key.second;
    const std::int64_t total = std::accumulate(sums.buckets.begin(), sums.buckets.end(), std::int64_t{0});
    for (const std::int64_t bucket : sums.buckets) line += " " + format_amount(bucket, sums.unit);
    for (const std::int64_t amount : {sums.unapplied, total, total - sums.buckets[0], total + sums.unapplied})
      line += " " + format_amount(amount, sums.unit);
    out.push_back(line + fmt::format(" {} {}", sums.invoices, sums.overdue));
  }
  return out;
}

Receivables folded(const RandomHistory& history) {
  Receivables receivables;
  for (const Fact& fact : history.facts()) receivables.fold(fact);
  return receivables;
}
View random_view(RandomHistory& history) {
  const auto span = static_cast<std::size_t>((history.today() - RandomHistory::begin).count()) + 120;
  View view{RandomHistory::begin + std::chrono::days{history.roll(span)}, ~std::uint64_t{0},
            history.roll(2) ? Basis::posting : Basis::business};
  if (history.roll(3)) view.known = history.roll(history.head() + 1);
  return view;
}
const std::vector<Group> all_groups{{},
                                    Group::by(Dimension::customer),
                                    Group::by(Dimension::country),
                                    Group::by(Dimension::region),
                                    Group::by(Dimension::seller),
                                    Group::by(Dimension::team),
                                    Group::by(Dimension::grade),
                                    {GroupKind::currency, {}, {}},
                                    Group::by_attribute("channel"),
                                    Group::by_attribute("unheard of")};

class GivenRandomHistory : public testing::TestWithParam<unsigned> {
 protected:
  RandomHistory history{GetParam()};
  void SetUp() override { history.grow(1'500); }
};
INSTANTIATE_TEST_SUITE_P(Seeds, GivenRandomHistory, testing::Values(1u, 2u, 3u, 4u, 5u, 6u));

TEST_P(GivenRandomHistory, WhenAgedAtAnyViewThenEqualsNaiveSum) {
  const Receivables receivables = folded(history);
  std::size_t rows = 0;
  for (int round = 0; round < 60; ++round) {
    const View view = random_view(history);
    const Group& group = all_groups[history.roll(all_groups.size())];
    const Buckets limits = history.roll(2) ? Buckets{30, 60, 90, 120} : Buckets{7, 45};
    const Report report = receivables.aging(view, group, limits);
    ASSERT_EQ(lines(report), naive_aging(history, view, group, limits))
        << format_date(view.as_of) << " known " << view.known << " by " << group_column(group);
    rows += report.rows.size();
  }
  EXPECT_GT(rows, 100u);
}

/// Explains every cell of the columns by f(cell, row) and compares the sums.  returns  how many were explained.
template <class F>
std::size_t explained_cells(const Report& report, const Group& group, const std::vector<std::string>& columns, F&& f) {
  std::size_t explained = 0;
  for (std::size_t row = 0; row < report.rows.size(); ++row) {
    for (const std::string& column : columns) {
      const bool of_values = group.kind == GroupKind::dimension || group.kind == GroupKind::attribute;
      const ReceivablesCell at{group, of_values ? cell(report, row, group_column(group)) : std::string{},
                               *parse_currency(cell(report, row, "currency")), column};
      const Result<std::vector<Contribution>> parts = f(at, row);
      EXPECT_TRUE(parts.has_value()) << parts.error().message;
      if (!parts) continue;
      std::int64_t sum = 0;
      for (const Contribution& part : *parts) sum += part.amount;
      const Cell& shown = report.rows[row][column_at(report, column)];
      const auto* amount = std::get_if<Decimal>(&shown);
      EXPECT_EQ(sum, amount ? amount->value : std::get<std::int64_t>(shown))
          << report.name << " " << at.value << " " << column;
      ++explained;
    }
  }
  return explained;
}

TEST_P(GivenRandomHistory, WhenAnyCellExplainedThenContributionsSumToIt) {
  const Receivables receivables = folded(history);
  std::size_t cells = 0;
  for (int round = 0; round < 8; ++round) {
    const View view = random_view(history);
    const Group& group = all_groups[history.roll(all_groups.size())];
    const Report report = receivables.aging(view, group);
    std::vector<std::string> columns;
    for (const Column& column : report.columns) columns.push_back(column.name);
    columns.erase(columns.begin(), columns.begin() + (group.kind == GroupKind::currency ? 1 : 2));
    cells += explained_cells(report, group, columns, [&](const ReceivablesCell& at, std::size_t) {
      auto parts = receivables.explain_aging(view, at);
      EXPECT_TRUE(!parts || std::ranges::all_of(*parts, [&](const Contribution& c) { return c.seq <= view.known; }));
      return parts;
    });
  }
  EXPECT_GT(cells, 50u);
}

TEST_P(GivenRandomHistory, WhenMonthsExplainedThenContributionsSumToTheCell) {
  const Receivables receivables = folded(history);
  std::size_t cells = 0;
  for (int round = 0; round < 6; ++round) {
    const View view = random_view(history);
    const Group& group = all_groups[history.roll(all_groups.size())];
    const Report report = receivables.receivables_by_month(view, {}, group);
    cells +=
        explained_cells(report, group,
                        {"opening_ar", "invoiced", "invoices_issued", "collected", "invoices_settled", "closing_ar",
                         "open_invoices", "closing_current", "closing_overdue", "late_settled_count"},
                        [&](const ReceivablesCell& at, std::size_t row) {
                          const Date month = *parse_date(cell(report, row, "month") + "-01");
                          return receivables.explain_month(within(view, month_from(month)), month, at);
                        });
  }
  EXPECT_GT(cells, 50u);
  EXPECT_EQ(
      receivables.explain_month(random_view(history), day("2026-01-01"), {{}, {}, Currency::USD, "cei"}).error().code,
      ErrorCode::invalid_input);
}

TEST_P(GivenRandomHistory, WhenBehaviourOrPeakExplainedThenContributionsSumToTheCell) {
  const Receivables receivables = folded(history);
  std::size_t behaviour = 0, peaks = 0;
  for (int round = 0; round < 10; ++round) {
    const View view = random_view(history);
    const Group& group = all_groups[history.roll(all_groups.size())];
    const Period period = round % 2 == 0 ? Period{} : Period{day("2026-01-10"), day("2026-02-20")};
    behaviour += explained_cells(
        receivables.payment_behaviour(view, group, period), group,
        {"invoices", "invoiced", "late_invoices", "late_amount", "disputed", "electronic"},
        [&](const ReceivablesCell& at, std::size_t) { return receivables.explain_behaviour(view, period, at); });
    peaks +=
        explained_cells(receivables.exposure_peak(view, group), group, {"peak_open_balance"},
                        [&](const ReceivablesCell& at, std::size_t) { return receivables.explain_peak(view, at); });
  }
  EXPECT_GT(behaviour, 20u);
  EXPECT_GT(peaks, 5u);
}

TEST_P(GivenRandomHistory, WhenItemsListedThenTheyAreWhatIsOpenAndSumToTheBalance) {
  const Receivables receivables = folded(history);
  for (int round = 0; round < 20; ++round) {
    const View view = random_view(history);
    const Naive naive(history, view);
    const Report items = receivables.open_items(view);
    std::map<std::string, std::int64_t> found;
    std::size_t expected = 0;
    for (std::size_t i = 0; i < history.invoice_count(); ++i) {
      for (std::size_t part = 0; part < naive.open[i].size(); ++part) {
        if (naive.open[i][part] != 0)
          found[fmt::format("{}/{}", history.invoice(i).id, part + 1)] = naive.open[i][part], ++expected;
      }
    }
    for (std::size_t i = 0; i < history.receipt_count(); ++i) {
      if (naive.unapplied[i] != 0) found[history.receipt(i).id + "/1"] = -naive.unapplied[i], ++expected;
    }
    ASSERT_EQ(items.rows.size(), expected);
    for (std::size_t row = 0; row < items.rows.size(); ++row) {
      const std::int64_t open = std::get<Decimal>(items.rows[row][column_at(items, "open")]).value;
      ASSERT_EQ(found[cell(items, row, "document") + "/" + cell(items, row, "instalment")], open);
    }
    const Report one = receivables.open_items(view, Filter::customer("C1"));
    std::vector<std::string> of_one;
    for (const std::string& line : lines(items))
      if (line.starts_with("C1 ")) of_one.push_back(line);
    ASSERT_EQ(lines(one), of_one);
  }
}

TEST_P(GivenRandomHistory, WhenStatementsFollowEachOtherThenClosingIsOpeningAndTheAgingBalance) {
  const Receivables receivables = folded(history);
  const auto one_day = std::chrono::days{1};
  for (int round = 0; round < 20; ++round) {
    const View view = random_view(history);
    const std::string customer = "C" + std::to_string(history.roll(7));
    const Date middle =
        RandomHistory::begin +
        std::chrono::days{history.roll(static_cast<std::size_t>((view.as_of - RandomHistory::begin).count()) + 1)};
    const Report first = receivables.statement(view, {RandomHistory::begin, middle}, customer);
    const Report second = receivables.statement(view, {middle, view.as_of + one_day}, customer);
    std::map<std::string, std::string> closing, balance;
    for (std::size_t row = 0; row < first.rows.size(); ++row)
      if (cell(first, row, "kind") == "closing") closing[cell(first, row, "currency")] = cell(first, row, "balance");
    std::map<std::string, std::int64_t> running;
    for (std::size_t row = 0; row < second.rows.size(); ++row) {
      const std::string currency = cell(second, row, "currency"), kind = cell(second, row, "kind");
      const std::int64_t shown = std::get<Decimal>(second.rows[row][column_at(second, "balance")]).value;
      if (kind == "opening") {
        const auto before = closing.find(currency);
        ASSERT_EQ(parse_decimal(before == closing.end() ? "0" : before->second, minor_digits(*parse_currency(currency)))
                      .value(),
                  shown);
        running[currency] = shown;
      }
      for (const auto* side : {"debit", "credit"}) {
        const auto* amount = std::get_if<Decimal>(&second.rows[row][column_at(second, side)]);
        if (amount) running[currency] += std::string_view(side) == "debit" ? amount->value : -amount->value;
      }
      ASSERT_EQ(running[currency], shown);
      if (kind == "closing") balance[currency] = cell(second, row, "balance");
    }
    const Report aging = receivables.aging(view, {}, default_buckets(), Filter::customer(customer));
    for (std::size_t row = 0; row < aging.rows.size(); ++row) {
      ASSERT_EQ(balance[cell(aging, row, "currency")], cell(aging, row, "balance"))
          << customer << " " << format_date(view.as_of);
      balance.erase(cell(aging, row, "currency"));
    }
    for (const auto& [currency, rest] : balance) ASSERT_EQ(parse_decimal(rest, 2).value(), 0) << currency;
  }
}

TEST_P(GivenRandomHistory, WhenTakenByMonthThenFlowsLinkOpeningToClosingAndEqualNaiveSums) {
  const Receivables receivables = folded(history);
  for (int round = 0; round < 6; ++round) {
    const View view = random_view(history);
    const Report months = receivables.receivables_by_month(view);
    std::map<std::string, std::int64_t> closing_before;
    for (std::size_t row = 0; row < months.rows.size(); ++row) {
      const auto figure = [&](std::string_view name) {
        const Cell& c = months.rows[row][column_at(months, name)];
        const auto* amount = std::get_if<Decimal>(&c);
        return amount ? amount->value : std::get<std::int64_t>(c);
      };
      const std::string currency = cell(months, row, "currency");
      const Date first = day(cell(months, row, "month") + "-01");
      View at_end = view;
      at_end.as_of = std::min(view.as_of, end_of_month(first));
      const Naive naive(history, at_end);
      std::int64_t closing = 0, overdue = 0, open_invoices = 0, settled = 0, invoiced = 0, collected = 0;
      std::vector<bool> moved(history.invoice_count(), false);
      for (const Step& step : history.steps()) {
        const bool of_invoice = step.kind == Step::Kind::issued || step.kind == Step::Kind::reversed ||
                                step.kind == Step::Kind::applied || step.kind == Step::Kind::unapplied;
        if (!of_invoice || !step.visible(at_end) || step.on(view.basis) < first ||
            currency_code(history.invoice(step.invoice).currency) != currency)
          continue;
        moved[step.invoice] = true;
        const std::int64_t total = std::accumulate(step.shares.begin(), step.shares.end(), std::int64_t{0});
        if (step.kind == Step::Kind::issued) invoiced += total;
        if (step.kind == Step::Kind::reversed) invoiced -= total;
        if (step.kind == Step::Kind::applied) collected += total;
        if (step.kind == Step::Kind::unapplied) collected -= total;
      }
      for (std::size_t i = 0; i < history.invoice_count(); ++i) {
        const InvoiceSpec& invoice = history.invoice(i);
        if (currency_code(invoice.currency) != currency) continue;
        closing += naive.open_of(i);
        open_invoices += naive.open_of(i) != 0;
        settled += moved[i] && naive.collected[i] > 0 && naive.open_of(i) == 0;
        for (std::size_t part = 0; part < invoice.parts.size(); ++part)
          if (invoice.parts[part].due_date < at_end.as_of) overdue += naive.open[i][part];
      }
      ASSERT_EQ(figure("opening_ar"), closing_before[currency]);
      ASSERT_EQ(figure("opening_ar") + figure("invoiced") - figure("collected"), figure("closing_ar"));
      ASSERT_EQ((std::vector{figure("invoiced"), figure("collected"), figure("closing_ar"), figure("closing_overdue"),
                             figure("open_invoices"), figure("invoices_settled")}),
                (std::vector{invoiced, collected, closing, overdue, open_invoices, settled}))
          << cell(months, row, "month") << " " << currency;
      closing_before[currency] = figure("closing_ar");
    }
  }
}

TEST_P(GivenRandomHistory, WhenPeakTakenThenNoDayIsHigherAndNoEarlierDayAsHigh) {
  const Receivables receivables = folded(history);
  const View view = random_view(history);
  std::map<Key, std::map<Date, std::int64_t>> changes;
  for (const Step& step : history.steps()) {
    if (step.shares.empty() || !step.visible(view)) continue;
    const InvoiceSpec& invoice = history.invoice(step.invoice);
    const std::int64_t sign = step.kind == Step::Kind::issued || step.kind == Step::Kind::unapplied ? 1 : -1;
    const std::int64_t total = std::accumulate(step.shares.begin(), step.shares.end(), std::int64_t{0});
    changes[{invoice.dimensions.customer, std::string(currency_code(invoice.currency))}][step.on(view.basis)] +=
        sign * total;
  }
  std::vector<std::string> expected;
  for (const auto& [key, days] : changes) {
    std::int64_t balance = 0, peak = 0;
    Date reached{};
    for (const auto& [on, change] : days) {
      balance += change;
      if (balance > peak) peak = balance, reached = on;
    }
    if (peak > 0)
      expected.push_back(fmt::format("{} {} {} {}", key.first, key.second,
                                     format_amount(peak, *parse_currency(key.second)), format_date(reached)));
  }
  EXPECT_EQ(lines(receivables.exposure_peak(view, Group::by(Dimension::customer))), expected);
}

TEST_P(GivenRandomHistory, WhenPeriodsSummedThenEqualNaiveFlowsAndOpenAmounts) {
  const Receivables receivables = folded(history);
  for (int round = 0; round < 20; ++round) {
    const View view = random_view(history);
    const Date from = RandomHistory::begin + std::chrono::days{history.roll(300)};
    const Group group = all_groups[history.roll(8)];
    View before = view;
    before.as_of = std::min(view.as_of, from - std::chrono::days{1});
    const Naive at_from(history, before), at_end(history, view);
    std::map<Key, std::vector<std::int64_t>>
        expected;  // opening, invoiced, collected, closing, current, collected days
    const auto row = [&](std::size_t i) -> std::vector<std::int64_t>& {
      const InvoiceSpec& invoice = history.invoice(i);
      auto& sums = expected[{group_text(group, invoice.dimensions, invoice.currency, invoice.attributes),
                             std::string(currency_code(invoice.currency))}];
      sums.resize(6);
      return sums;
    };
    for (std::size_t i = 0; i < history.invoice_count(); ++i) {
      row(i)[0] += at_from.open_of(i), row(i)[3] += at_end.open_of(i);
      for (std::size_t part = 0; part < at_end.open[i].size(); ++part)
        if (history.invoice(i).parts[part].due_date >= view.as_of) row(i)[4] += at_end.open[i][part];
    }
    for (const Step& step : history.steps()) {
      if (step.shares.empty() || !step.visible(view) || step.on(view.basis) < from) continue;
      const std::int64_t total = std::accumulate(step.shares.begin(), step.shares.end(), std::int64_t{0});
      const bool billed = step.kind == Step::Kind::issued || step.kind == Step::Kind::reversed;
      const std::int64_t signed_total =
          step.kind == Step::Kind::issued || step.kind == Step::Kind::applied ? total : -total;
      row(step.invoice)[billed ? 1 : 2] += signed_total;
      if (!billed)
        row(step.invoice)[5] +=
            signed_total *
            (history.receipt(step.receipt).received_on - history.invoice(step.invoice).issued_on).count();
    }
    std::erase_if(expected, [](const auto& e) {
      return std::all_of(e.second.begin(), e.second.end(), [](std::int64_t x) { return x == 0; });
    });
    std::map<Key, std::vector<std::int64_t>> found;
    for (const PeriodFigures& f : receivables.period(view, from, group)) {
      std::vector<std::int64_t>& figures = found[{f.group, std::string(currency_code(f.currency))}];
      for (const Int128 figure : {f.opening, f.invoiced, f.collected, f.closing, f.closing_current, f.collected_days})
        figures.push_back(narrow(figure).value());
    }
    if (from > view.as_of) continue;
    ASSERT_EQ(found, expected);
  }
}

/// Every report at a view, as one hash.
Hash32 all_reports(const Receivables& receivables, const View& view) {
  Sha256 hash;
  const auto put = [&hash](const Report& report) { hash.update(Bytes{report_hash(report).bytes}); };
  for (const Group& group : all_groups) {
    put(receivables.aging(view, group));
    put(receivables.receivables_by_month(view, {}, group));
    put(receivables.payment_behaviour(view, group));
    put(receivables.exposure_peak(view, group));
  }
  put(receivables.open_items(view));
  for (int c = 0; c < 7; ++c) put(receivables.statement(view, {}, "C" + std::to_string(c)));
  for (const PeriodFigures& f : receivables.period(view, RandomHistory::begin, Group::by(Dimension::seller))) {
    hash.update(fmt::format("{} {} {} {} {}", f.group, f.invoiced, f.collected, f.closing, f.collected_days));
  }
  return hash.finish();
}

TEST(GivenReportsAtAPosition, WhenTenThousandLaterEntriesFoldedThenSameBytes) {
  RandomHistory history(77);
  history.grow(1'000);
  const std::uint64_t known = history.head();
  Receivables receivables = folded(history);
  std::vector<std::pair<View, Hash32>> before;
  for (int i = 0; i < 12; ++i) {
    const View view{RandomHistory::begin + std::chrono::days{i * 30}, known - history.roll(200),
                    i % 2 ? Basis::posting : Basis::business};
    before.emplace_back(view, all_reports(receivables, view));
  }
  const View unbounded{history.today()};
  const Hash32 at_head = all_reports(receivables, unbounded);
  const std::size_t folded_before = history.facts().size();
  history.grow(
      10'000);  // back-dated, reversing, taking cash off, with customers, currencies and names as before and new ones
  for (std::size_t i = folded_before; i < history.facts().size(); ++i) receivables.fold(history.facts()[i]);
  for (const auto& [view, hash] : before) EXPECT_EQ(all_reports(receivables, view), hash) << format_date(view.as_of);
  EXPECT_NE(all_reports(receivables, unbounded), at_head) << "late entries reach back";
}

TEST(GivenSlices, WhenSummedThenEveryGroupGivesTheTotal) {
  RandomHistory history(5);
  history.grow(2'000);
  const Receivables receivables = folded(history);
  for (int round = 0; round < 10; ++round) {
    const View view = random_view(history);
    std::optional<std::map<std::string, std::int64_t>> total;
    for (const Group& group : all_groups) {
      const Report report = receivables.aging(view, group);
      std::map<std::string, std::int64_t> sums;  // by currency and column
      for (const auto& row : report.rows) {
        const std::string currency = cell_text(row[column_at(report, "currency")]);
        for (std::size_t i = 0; i < row.size(); ++i) {
          if (const auto* amount = std::get_if<Decimal>(&row[i]))
            sums[currency + report.columns[i].name] += amount->value;
          if (const auto* count = std::get_if<std::int64_t>(&row[i])) sums[currency + report.columns[i].name] += *count;
        }
      }
      if (!total) total = sums;
      EXPECT_EQ(sums, *total) << group_column(group);
    }
  }
}

TEST(GivenTwoFolds, WhenSameFactsThenSameHashAndOneMoreFactMakesAnother) {
  RandomHistory history(9);
  history.grow(300);
  Receivables once = folded(history), again = folded(history);
  EXPECT_EQ(once.content_hash(), again.content_hash());
  const std::size_t before = history.facts().size();
  while (history.facts().size() == before) history.grow(1);
  once.fold(history.facts()[before]);
  EXPECT_NE(once.content_hash(), again.content_hash());
}

}  // namespace
}  // namespace o2c::test
