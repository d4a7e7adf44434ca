// o2c: one program, NOUN VERB. Data on stdout, talk on stderr, exit codes that scripts can rely on.
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ranges>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

/// --lang, else LC_ALL, LC_MESSAGES, LANG.
Language default_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value && *value) return std::string_view{value}.starts_with("zh") ? Language::zh : Language::en;
  }
  return Language::en;
}

bool default_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && !(no_colour && *no_colour);
}

void collect_names(const CLI::App& app, std::vector<std::string>& flags, std::vector<std::string>& verbs) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back(sub->get_name());
}

const CLI::App* find_subcommand(const CLI::App& app, const std::string& name) {
  const auto found = app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

/// Whether the word behind this one is its value: "--data DIR", "-o csv".
bool takes_next(const CLI::App& app, const std::string& argument) {
  if (!argument.starts_with('-') || argument.find('=') != std::string::npos) return false;
  const CLI::Option* option = app.get_option_no_throw(argument);
  return option && option->get_items_expected_max() > 0;
}

/// The nearest known word to what was not understood, for the verb that was reached.
std::string hint_for(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  std::vector<std::string> flags, verbs;
  collect_names(app, flags, verbs);
  bool is_value = false;
  for (const std::string& argument : arguments) {
    if (std::exchange(is_value, false)) continue;
    is_value = takes_next(app, argument) || takes_next(*at, argument);
    if (is_value) continue;
    if (argument.starts_with("--")) {
      const std::string word = argument.substr(0, argument.find('='));
      if (std::find(flags.begin(), flags.end(), word) == flags.end()) {
        const std::string hint = nearest(word, flags);
        return fmt::format("unknown flag {}{}", printable(word), hint.empty() ? "" : ", did you mean " + hint + "?");
      }
    } else if (std::find(verbs.begin(), verbs.end(), argument) != verbs.end()) {
      at = find_subcommand(*at, argument);
      verbs.clear();
      collect_names(*at, flags, verbs);
    } else if (!verbs.empty()) {
      const std::string hint = nearest(argument, verbs);
      return fmt::format("unknown word '{}' after '{}'{}", printable(argument),
                         at->get_name().empty() ? "o2c" : at->get_name(),
                         hint.empty() ? "" : ", did you mean " + hint + "?");
    }
  }
  return {};
}

/// The language asked for on a command line that could not be read: in that the complaint is made.
Language language_in(const std::vector<std::string>& arguments, Language otherwise) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool apart = arguments[i] == "--lang" && i + 1 < arguments.size();
    const std::string& value = apart ? arguments[i + 1] : arguments[i];
    if (apart ? value == "zh" : value == "--lang=zh") return Language::zh;
    if (apart ? value == "en" : value == "--lang=en") return Language::en;
  }
  return otherwise;
}

/// One of these words; the option gets what the word stands for.
template <class E> CLI::Validator one_of(const std::map<std::string, E>& words) {
  const auto take = [words](std::string& word) -> std::string {
    const auto at = words.find(word);
    if (at == words.end()) return fmt::format("{}: one of {}", word, fmt::join(words | std::views::keys, ", "));
    word = std::to_string(static_cast<int>(at->second));
    return {};
  };
  return CLI::Validator(take, "");
}

/// colour  set when it is given; outlives the parsing.
void add_global_options(CLI::App& app, Session& session, std::string& colour) {
  const std::map<std::string, OutputFormat> formats{{"table", OutputFormat::table},
                                                    {"json", OutputFormat::json},
                                                    {"jsonl", OutputFormat::jsonl},
                                                    {"csv", OutputFormat::csv}};
  const std::map<std::string, Language> languages{{"en", Language::en}, {"zh", Language::zh}};
  app.add_option("--data", session.data, "data directory of the instance")->envname("O2C_DATA");
  app.add_option("--config", session.config,
                 "configuration file (default: o2c.toml in the data directory, if it is there)")
      ->envname("O2C_CONFIG");
  app.add_option("--journal", session.journal, "embedded or kafka, instead of what the configuration says")
      ->check(CLI::IsMember({"embedded", "kafka"}));
  app.add_option("--output,-o", session.style.format, "table, json, jsonl or csv")->transform(one_of(formats));
  app.add_option("--lang", session.style.language, "en or zh")->transform(one_of(languages));
  app.add_option("--color", colour, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--company", session.company, "company, needed when the instance has several");
  app.add_option("--actor", session.actor, "who acts, for verbs that write");
}

void add_verbs(CLI::App& app, Session& session) {
  add_query_verbs(app, session);
  add_command_verbs(app, session);
  add_import_verbs(app, session);
  add_event_verbs(app, session);
  add_journal_verbs(app, session);
  add_service_verbs(app, session);
  add_topic_verbs(app, session);
  add_bench_verbs(app, session);
  add_completion_verb(app, session);
  add_help(app);
}

int run(int argc, char** argv) {
  Session session;
  CLI::App app{"o2c: event-sourced order to cash. Every figure is exact, explained and reproducible.", "o2c"};
  app.require_subcommand(1);
  app.fallthrough();
  session.style = {OutputFormat::table, default_language(), default_colour()};
  speak(session.style.language);
  std::string colour = "auto";
  add_global_options(app, session, colour);
  add_verbs(app, session);
  app.parse_complete_callback([&] {
    if (colour != "auto") session.style.colour = colour == "always";
    speak(session.style.language);
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForAllHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    speak(language_in(arguments, session.style.language));
    const std::string hint = hint_for(app, arguments);
    return complain(invalid(hint.empty() ? error.what() : hint));
  }
  return session.result;
}

}  // namespace
}  // namespace o2c

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  umask(0077);  // books are for their owner
  try {
    const int code = o2c::run(argc, argv);
    if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return code;
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR))
      return code;  // a reader that had enough (| head) is no failure
    return o2c::worst(code, o2c::complain({o2c::ErrorCode::unavailable, "standard output could not be written whole"}));
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::broken_pipe) _exit(0);  // a reader that had enough (| head) is no failure
    return o2c::complain({o2c::ErrorCode::unavailable, error.what()});
  }
}
