// What the program says most often, in Chinese. Sentences are found by their English form, so one that a server sent is found as well.
#include <optional>
#include <vector>

#include "tools/cli/words.hpp"

namespace o2c {
namespace {

/// {} stands for any text; the parts come in the same order in both languages.
struct Sentence {
  std::string_view english, chinese;
};

// A sentence that begins like another one and goes on stands before it.
constexpr Sentence sentences[] = {
    {"no {} '{}'", "没有{}“{}”"},
    {"no company has been opened yet", "尚未建立任何公司"},
    {"no company '{}' in this instance", "本实例中没有公司“{}”"},
    {"--company is needed: this instance has {}", "需要 --company：本实例有 {}"},
    {"--{} {}: the books know no such {}", "--{} {}：账簿中没有这个{}"},
    {"--{} {}: no document bears this attribute", "--{} {}：没有单据带有该属性"},
    {"--{} {}: one of {}; did you mean {}?", "--{} {}：可选 {}；是否想用 {}？"},
    {"--{} {}: one of {}", "--{} {}：可选 {}"},
    {"--{} {}: a day of the calendar from 1900-01-01 to 2999-12-31 is needed, written as 2026-03-31",
     "--{} {}：需要 1900-01-01 至 2999-12-31 之间的日期，写作 2026-03-31"},
    {"--{} {}: a whole number is needed", "--{} {}：需要整数"},
    {"--until: must be after --from, it is the first day that does not count",
     "--until 必须晚于 --from：它是不计入的第一天"},
    {"--known {}: the journal ends at {}", "--known {}：日志止于 {}"},
    {"--known {}: this instant is still to come", "--known {}：该时刻尚未到来"},
    {"--known {}: neither an entry number, nor an instant such as 2026-04-05T18:00:00Z, nor a mark",
     "--known {}：既非条目号，也非时刻（如 2026-04-05T18:00:00Z），也非标记"},
    {"--currency is needed: {}", "需要 --currency：单元格所在行的 ISO 4217 代码"},
    {"--column is needed: {}", "需要 --column：单元格的列名"},
    {"--customer is needed: whose statement?", "需要 --customer：哪位客户的对账单？"},
    {"{} show needs the {}'s id", "{} show 需要{}的编号"},
    {"{} has no parameter --{}, did you mean --{}?", "{} 没有参数 --{}，是否想用 --{}？"},
    {"{} has no parameter --{}", "{} 没有参数 --{}"},
    {"unknown flag {}, did you mean {}?", "未知选项 {}，是否想用 {}？"},
    {"unknown flag {}", "未知选项 {}"},
    {"unknown word '{}' after '{}', did you mean {}?", "“{}”在“{}”之后不认识，是否想用 {}？"},
    {"unknown word '{}' after '{}'", "“{}”在“{}”之后不认识"},
    {"{}: {} of '{}' does not fit into 64 bits; ask for a shorter period or smaller groups",
     "{}：{}（{}）超出 64 位；请缩短期间或细分组别"},
    {"{} of '{}' in {} is unknown: no cost for a line of invoice {} (entry {})",
     "{}（“{}”，{}）未知：发票 {} 有一行没有成本（条目 {}）"},
    {"{} commands copied in {} s, {} a second; now both state roots are folded",
     "已复制 {} 条命令，用时 {} 秒，每秒 {} 条；现在计算两份状态根"},
    {"{}: a copy needs a directory, and this is a file", "{}：复制的目标须是目录，而这是文件"},
    {"{} holds {}: a copy needs an empty target", "{} 中已有 {}：复制的目标须为空"},
    {"{}: no such directory", "{}：没有这个目录"},
    {"{}: cannot be read", "{}：无法读取"},
    {"data directory {} is in use by {}", "数据目录 {} 正被 {} 使用"},
    {"{}: the reject file cannot be written ({})", "{}：无法写入拒收文件（{}）"},
    {"nothing was submitted; see {}", "未提交任何内容；详见 {}"},
    {"{} commands did not succeed; see {}", "{} 条命令未成功；详见 {}"},
    {"… {} in all", "…… 共 {} 条"},
    {"this is what is known here up to entry {} of lane {}: the lane is elsewhere or its journal away, there may be more",
     "以上为本进程所知，截至第 {} 条（通道 {}）：该通道由其他进程持有或日志暂不可达，可能有更新的记录"},
    {"the first {} are shown; --limit shows more, --from-position begins later",
     "只显示前 {} 行；--limit 显示更多，--from-position 从后面开始"},
    {"serving {} on {} ({} entries replayed)", "正在服务 {}，套接字 {}（重放 {} 条）"},
    {"the journal is whole: {} entries, every checksum, every link of the chain",
     "日志完整：{} 条，每个校验和、链上每一环"},
    {"stopped, everything is stored", "已停止，全部已保存"},
};

constexpr std::string_view hole = "{}";

/// The texts in the holes, or nothing when the line is another sentence.
std::optional<std::vector<std::string_view>> match(std::string_view form, std::string_view line) {
  std::vector<std::string_view> parts;
  std::size_t at = form.find(hole);
  if (at == std::string_view::npos) return form == line ? std::optional(parts) : std::nullopt;
  if (line.substr(0, at) != form.substr(0, at)) return std::nullopt;
  line.remove_prefix(at), form.remove_prefix(at + hole.size());
  while (true) {
    const std::string_view between = form.substr(0, form.find(hole));
    const bool last = between.size() == form.size();
    const std::size_t end = !last                     ? line.find(between)
                            : line.ends_with(between) ? line.size() - between.size()
                                                      : std::string_view::npos;
    if (end == std::string_view::npos) return std::nullopt;
    parts.push_back(line.substr(0, end));
    if (last) return parts;
    line.remove_prefix(end + between.size()), form.remove_prefix(between.size() + hole.size());
  }
}

}  // namespace

std::string sentence_in_chinese(std::string_view line) {
  for (const Sentence& sentence : sentences) {
    const auto parts = match(sentence.english, line);
    if (!parts) continue;
    std::string out;
    std::string_view rest = sentence.chinese;
    for (std::size_t i = 0; i < parts->size() && rest.find(hole) != std::string_view::npos; ++i) {
      const std::size_t at = rest.find(hole);
      // A word of the program between Chinese ones is translated; a flag's name and what somebody typed is not.
      const bool own = rest.substr(0, at).ends_with("没有") || rest.substr(0, at).ends_with("这个");
      out += rest.substr(0, at);
      out += own ? words_in_chinese((*parts)[i]) : std::string((*parts)[i]);
      rest.remove_prefix(at + hole.size());
    }
    return out += rest;
  }
  return std::string(line);
}

std::string_view kind_in_chinese(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input: return "输入有误";
    case ErrorCode::not_found: return "未找到";
    case ErrorCode::conflict: return "冲突";
    case ErrorCode::not_allowed: return "不允许";
    case ErrorCode::unavailable: return "暂不可用";
    case ErrorCode::outcome_unknown: return "结果未知";
    case ErrorCode::integrity: return "数据损坏";
  }
  return {};
}

}  // namespace o2c
