#include "projections/receivables/columns.hpp"

#include <array>

namespace o2c {
namespace {

struct Title {
  std::string_view name, en, zh;
};
constexpr Title titles[] = {
    {"scope", "Scope", "范围"},
    {"customer", "Customer", "客户"},
    {"country", "Country", "国家"},
    {"region", "Region", "区域"},
    {"seller", "Seller", "业务员"},
    {"team", "Team", "团队"},
    {"grade", "Grade", "等级"},
    {"currency", "Currency", "币种"},
    {"current", "Not due", "未到期"},
    {"unapplied", "Unapplied", "未核销"},
    {"total_open", "Open", "未收合计"},
    {"total_overdue", "Overdue", "逾期合计"},
    {"balance", "Balance", "余额"},
    {"open_invoices", "Open invoices", "未清发票"},
    {"overdue_invoices", "Overdue invoices", "逾期发票"},
    {"kind", "Kind", "类型"},
    {"document", "Document", "单据"},
    {"number", "Number", "编号"},
    {"instalment", "Instalment", "期次"},
    {"date", "Date", "日期"},
    {"due_date", "Due", "到期日"},
    {"days_overdue", "Days overdue", "逾期天数"},
    {"amount", "Amount", "金额"},
    {"open", "Open", "未清"},
    {"debit", "Debit", "借方"},
    {"credit", "Credit", "贷方"},
    {"month", "Month", "月份"},
    {"days_in_month", "Days", "天数"},
    {"opening_ar", "Opening receivables", "期初应收"},
    {"invoiced", "Invoiced", "开票金额"},
    {"invoices_issued", "Invoices", "开票数"},
    {"collected", "Collected", "回款"},
    {"invoices_settled", "Settled", "结清数"},
    {"closing_ar", "Closing receivables", "期末应收"},
    {"closing_current", "Not due", "期末未到期"},
    {"closing_overdue", "Overdue", "期末逾期"},
    {"overdue_share", "Overdue share", "逾期占比"},
    {"dso_month", "DSO month", "当月DSO"},
    {"dso_trailing3", "DSO 3 months", "三月DSO"},
    {"dso_countback", "DSO count-back", "倒推DSO"},
    {"best_possible_dso", "Best possible DSO", "最佳DSO"},
    {"avg_days_delinquent", "Average days delinquent", "平均逾期天数"},
    {"collection_rate", "Collection rate", "回款率"},
    {"cei", "Collection effectiveness", "催收有效性"},
    {"mean_days_to_pay_settled", "Days to settle", "平均结清天数"},
    {"amount_weighted_days_to_pay_settled", "Days to pay, by amount", "加权付款天数"},
    {"late_settled_count", "Settled late", "逾期结清数"},
    {"invoices", "Invoices", "发票数"},
    {"mean_invoice", "Mean invoice", "平均发票额"},
    {"mean_days_to_pay", "Days to settle", "平均结清天数"},
    {"amount_weighted_days_to_pay", "Days to pay, by amount", "加权付款天数"},
    {"late_invoices", "Late", "逾期发票"},
    {"late_share_count", "Late share", "逾期占比(数)"},
    {"late_amount", "Late amount", "逾期金额"},
    {"late_share_amount", "Late share by amount", "逾期占比(额)"},
    {"mean_days_late_all", "Days late, all", "平均逾期天数(全部)"},
    {"mean_days_late_late_only", "Days late, late ones", "平均逾期天数(逾期)"},
    {"max_days_late", "Most days late", "最长逾期天数"},
    {"disputed", "Disputed", "争议"},
    {"electronic", "Electronic", "电子账单"},
    {"first_invoice", "First invoice", "首张发票"},
    {"last_invoice", "Last invoice", "末张发票"},
    {"receipt", "Receipt", "收款单"},
    {"received_on", "Received", "收款日"},
    {"refunded", "Refunded", "已退款"},
    {"returned", "Returned", "已退票"},
    {"bank_reference", "Reference", "银行流水"},
    {"peak_open_balance", "Peak open balance", "最高未清余额"},
    {"first_date_of_peak", "First reached", "首次达到"},
};

/// d31_60: "31–60 days"; d121_plus: "over 120 days".
Column bucket_column(std::string_view name) {
  const std::size_t bar = name.find('_');
  const std::string low(name.substr(1, bar - 1)), high(name.substr(bar + 1));
  if (high == "plus") {
    return {std::string(name), fmt::format("{}+ days", low), fmt::format("{}天以上", low)};
  }
  return {std::string(name), fmt::format("{}–{} days", low, high), fmt::format("{}–{}天", low, high)};
}

}  // namespace

Column column(std::string_view name) {
  for (const Title& title : titles) {
    if (title.name == name) return {std::string(name), std::string(title.en), std::string(title.zh)};
  }
  if (name.size() > 3 && name[0] == 'd' && name[1] >= '0' && name[1] <= '9') return bucket_column(name);
  return {std::string(name), std::string(name), std::string(name)};
}

RowKey row_key(const Report& report, const ReceivablesCell& cell) {
  RowKey row;
  if (cell.group.kind == GroupKind::dimension || cell.group.kind == GroupKind::attribute) {
    const std::string name = group_column(cell.group), prefixed = "attribute:" + name;
    const bool is_prefixed = cell.group.kind == GroupKind::attribute &&
                             std::ranges::find(report.columns, prefixed, &Column::name) != report.columns.end();
    row.emplace_back(is_prefixed ? prefixed : name, cell.value);
  }
  row.emplace_back("currency", std::string(currency_code(cell.currency)));
  return row;
}

std::vector<Column> grouped_columns(const Group& group, const std::vector<std::string>& names) {
  std::vector<Column> columns;
  std::string first = group_column(group);
  // Two columns of one name would be one in JSON: an attribute that is called like another column keeps its prefix.
  const bool taken =
      first == "currency" || first == "month" || std::find(names.begin(), names.end(), first) != names.end();
  if (group.kind == GroupKind::attribute && taken) first = "attribute:" + first;
  columns.push_back(column(first));
  if (group.kind != GroupKind::currency) columns.push_back(column("currency"));
  for (const std::string& name : names) columns.push_back(column(name));
  return columns;
}

}  // namespace o2c
