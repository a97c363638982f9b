// SPDX-License-Identifier: MPL-2.0
#include "tests/support/summaries.h"

#include <optional>
#include <regex>
#include <string_view>

#include "base/text.h"

namespace testing_support {
namespace {

constexpr std::string_view kValue = "…";

std::string WithoutCommentLines(const SourceFile& file) {
  std::string text;
  for (const std::string& line : file.lines) {
    if (!base::Trim(line).starts_with("//")) text.append(line).push_back('\n');
  }
  return text;
}

// The place of the quote that ends the literal which starts at `at`.
std::size_t EndOfLiteral(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

// Everything up to the comma, semicolon or bracket that ends the expression at the front.
std::string_view Expression(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      i = EndOfLiteral(text, i);
    } else if (c == '(' || c == '{' || c == '[') {
      ++depth;
    } else if (c == ')' || c == '}' || c == ']') {
      if (depth-- == 0) return text.substr(0, i);
    } else if (depth == 0 && (c == ',' || c == ';')) {
      return text.substr(0, i);
    }
  }
  return text;
}

// Literals one after the other, as the compiler joins them; empty for another expression.
std::optional<std::string> Literal(std::string_view expression) {
  std::string text;
  while (!(expression = base::Trim(expression)).empty()) {
    if (expression.front() != '"') return std::nullopt;
    const std::size_t end = EndOfLiteral(expression, 0);
    text.append(expression.substr(1, end - 1));
    expression.remove_prefix(end + 1);
  }
  return text;
}

std::optional<std::string> Concatenation(std::string_view expression) {
  static constexpr std::string_view kCat = "Cat(";
  if (expression.starts_with("base::")) expression.remove_prefix(6);
  if (!expression.starts_with(kCat)) return std::nullopt;
  expression.remove_prefix(kCat.size());
  std::string text;
  while (!expression.empty() && expression.front() != ')') {
    const std::string_view part = Expression(expression);
    text.append(Literal(part).value_or(std::string(kValue)));
    expression.remove_prefix(
        std::min(expression.size(), part.size() + (expression.substr(part.size()).starts_with(',') ? 1 : 0)));
  }
  return text;
}

std::optional<std::string> Text(std::string_view expression) {
  auto text = Literal(expression);
  return text ? text : Concatenation(expression);
}

std::string Summary(const std::string& source, std::string_view expression) {
  expression = base::Trim(expression);
  if (auto text = Text(expression)) return *text;
  std::smatch set;
  const std::regex variable(base::Cat("\\b", std::string(expression), "\\s*=\\s*"));
  if (std::regex_match(std::string(expression), std::regex("\\w+")) && std::regex_search(source, set, variable)) {
    const std::size_t at = static_cast<std::size_t>(set.position() + set.length());
    if (auto text = Text(base::Trim(Expression(std::string_view(source).substr(at))))) return *text;
  }
  return base::Cat("? ", expression);
}

}  // namespace

std::vector<std::string> SummariesIn(const SourceFile& file) {
  // Not the log's Error. The journal keeps its notices until somebody has diagnostics to put them into.
  static const std::regex call(R"((\w+)(?:\.|->)(?:Error|Warning)\(|\bTell\([\w.]+|\bTell\("\w+")");
  static const std::regex passed_on(R"(\bfor \(const auto& \[summary, \w+\] : notices\))");
  const std::string source = std::regex_replace(WithoutCommentLines(file), passed_on, "const auto summary = \"\";");
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(source.begin(), source.end(), call); at != std::sregex_iterator(); ++at) {
    if ((*at)[1] == "log") continue;
    std::string_view rest = std::string_view(source).substr(static_cast<std::size_t>(at->position() + at->length()));
    if (!(*at)[1].matched) {
      if (!rest.starts_with(", {")) continue;
      rest.remove_prefix(3);
    }
    if (std::string summary = Summary(source, Expression(rest)); !summary.empty()) found.push_back(std::move(summary));
  }
  return found;
}

}  // namespace testing_support
