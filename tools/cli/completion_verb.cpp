// completion: the shell's completion, made from the program's own tree of verbs.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

/// One case for each place in the tree: the verbs and flags that may follow there.
void describe(const CLI::App& at, const std::string& path, std::string& cases, std::string& paths) {
  std::string words;
  for (const CLI::App* verb : at.get_subcommands([](const CLI::App*) { return true; })) {
    words += verb->get_name() + " ";
    describe(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), cases, paths);
  }
  for (const CLI::Option* option : at.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  paths += path + "|";
  cases += fmt::format("    '{}') words='{}' ;;\n", path, words);
}

std::string bash_completion(const CLI::App& app) {
  std::string cases, paths = "|";
  describe(app, "", cases, paths);
  std::string flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags += "--" + name + " ";
  }
  return fmt::format(R"(# Completion of o2c for bash: source <(o2c completion bash)
_o2c() {{
  local word path='' words='' paths='{}'
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    [[ $paths != *"|${{path:+$path }}$word|"* ]] || path=${{path:+$path }}$word
  done
  case $path in
{}  esac
  COMPREPLY=($(compgen -W "$words {}" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _o2c o2c
)",
                     paths, cases, flags);
}

}  // namespace

void add_completion_verb(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("completion", "completion for a shell: source <(o2c completion bash)");
  auto shell = std::make_shared<std::string>("bash");
  verb->add_option("shell", *shell, "bash")->check(CLI::IsMember({"bash"}));
  verb->callback([&app, &session, shell] {
    fmt::print("{}", bash_completion(app));
    session.result = 0;
  });
}

}  // namespace o2c
