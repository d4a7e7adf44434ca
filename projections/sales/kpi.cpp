#include "projections/sales/kpi.hpp"

#include "events/base/assert.hpp"

namespace o2c {
namespace {

using enum MeasureKind;
constexpr KpiMeasure measures[] = {
    {"orders", "Orders", "订单数", distinct, true},
    {"order_value", "Order value", "订单金额", additive, true},
    {"sales", "Sales", "销售额", additive, true},
    {"cost", "Cost", "成本", additive, true},
    {"gross_profit", "Gross profit", "毛利", additive, true},
    {"margin_percent", "Margin %", "毛利率%", ratio, true},
    {"invoiced", "Invoiced with tax", "含税开票额", additive, false},
    {"receipts", "Receipts", "收款", additive, false},
    {"receivables_end", "Receivables", "期末应收", balance, false},
    {"overdue_percent", "Overdue %", "逾期占比%", ratio, false},
    {"dso", "DSO", "应收周转天数", ratio, false},
    {"best_possible_dso", "Best possible DSO", "最佳DSO", ratio, false},
    {"average_days_delinquent", "Days delinquent", "平均逾期天数", ratio, false},
    {"cei_percent", "CEI %", "催收有效性%", ratio, false},
    {"collection_period_percent", "Collected of period %", "期间回款率%", ratio, false},
    {"collection_cohort_percent", "Collected of invoices %", "账单回款率%", ratio, false},
    {"quotes_sent", "Quotes sent", "已发报价", distinct, true},
    {"quotes_accepted", "Quotes accepted", "成交报价", distinct, true},
    {"conversion_percent", "Conversion %", "报价转化率%", ratio, true},
    {"otif_percent", "On time in full %", "按时足量率%", ratio, true},
    {"median_days_to_ship", "Median days to ship", "发货天数中位数", distribution, true},
    {"p90_days_to_ship", "P90 days to ship", "发货天数P90", distribution, true},
};

}  // namespace

std::span<const KpiMeasure> kpi_measures() { return measures; }

std::int32_t CountingTable::nth(std::int64_t rank) const {
  for (const auto& [value, times] : counts_) {
    if (rank <= times) return value;
    rank -= times;
  }
  O2C_ASSERT(!"the rank is within the table");
  return 0;
}

Cell CountingTable::median() const {
  if (total_ == 0) return {};
  return ratio_cell(Int128{nth((total_ + 1) / 2)} + nth(total_ / 2 + 1), 2, 1);
}

Cell CountingTable::percentile(int percent) const {
  if (total_ == 0) return {};
  return std::int64_t{nth(static_cast<std::int64_t>((Int128{total_} * percent + 99) / 100))};
}

}  // namespace o2c
