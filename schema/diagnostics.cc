// SPDX-License-Identifier: MPL-2.0
#include "schema/diagnostics.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace schema {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// Texts of CAs, vendors, servers and programs come through here on their way to a terminal.
constexpr std::size_t kLongestStep = 1000;
constexpr std::size_t kLongestMessage = 4000;
constexpr std::size_t kMostDetails = 250;  // more than the names of an order
constexpr std::size_t kLongestDetail = 256 * 1024;

std::string OneLine(std::string_view text, std::size_t limit) { return base::Printable(base::WithoutUserinfo(text), limit); }

std::string ManyLines(std::string_view text) {
  std::vector<std::string> lines = base::Split(base::WithoutUserinfo(text.substr(0, kLongestDetail)), '\n');
  for (std::string& line : lines) line = base::Printable(line, line.size());
  return base::Join(lines, "\n");
}

// Only a first word of plain letters: an attribute, a host or a URL keeps its spelling.
std::string Capitalised(std::string text) {
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  if (!word.empty() && std::all_of(word.begin(), word.end(), IsLower)) {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

}  // namespace

std::string Describe(const base::Error& error) {
  std::string text = Capitalised(OneLine(error.message, kLongestMessage));
  if (!error.code.empty() && error.message.find(error.code) == std::string::npos) {
    text.append(base::Cat(" [", OneLine(error.code, kLongestStep), "]"));
  }
  for (std::size_t i = 0; i < error.while_doing.size(); ++i) {
    text.append(i == 0 ? " (while " : ", while ").append(OneLine(error.while_doing[i], kLongestStep));
  }
  text.append(error.while_doing.empty() ? "." : ").");
  const auto& [subject, attribute] = error.blame;
  if (!subject.noun.empty() && !attribute.empty()) text.append(base::Cat(" Check `", attribute, "` of the ", subject.noun, "."));
  if (!error.details.empty()) text.push_back('\n');
  const std::size_t shown = std::min(error.details.size(), kMostDetails);
  for (std::size_t i = 0; i < shown; ++i) text.append("\n- ").append(OneLine(error.details[i], kLongestMessage));
  if (shown < error.details.size()) text.append(base::Cat("\n- and ", error.details.size() - shown, " more"));
  if (error.retry_after) text.append(base::Cat("\n\nTry again after ", base::FormatRfc3339(*error.retry_after), "."));
  return text;
}

void Diagnostics::Error(std::string summary, std::string detail, std::optional<cty::Path> path) {
  Add(Severity::kError, summary, detail, std::move(path));
}

void Diagnostics::Warning(std::string summary, std::string detail, std::optional<cty::Path> path) {
  Add(Severity::kWarning, summary, detail, std::move(path));
}

void Diagnostics::Add(Severity severity, std::string_view summary, std::string_view detail, std::optional<cty::Path> path) {
  items_.push_back({severity, OneLine(summary, kLongestStep), ManyLines(detail), std::move(path)});
}

void Diagnostics::Error(std::string summary, const base::Error& error, std::string advice, std::optional<cty::Path> path) {
  std::string detail = Describe(error);
  if (!advice.empty()) detail.append("\n\n").append(advice);
  Error(std::move(summary), std::move(detail), std::move(path));
}

void Diagnostics::Append(const Diagnostics& more) { items_.insert(items_.end(), more.items_.begin(), more.items_.end()); }

bool Diagnostics::HasErrors() const {
  return std::any_of(items_.begin(), items_.end(), [](const Diagnostic& one) { return one.severity == Severity::kError; });
}

bool Diagnostics::HasErrorAt(const cty::Path& path) const {
  return std::any_of(items_.begin(), items_.end(),
                     [&](const Diagnostic& one) { return one.severity == Severity::kError && one.path == path; });
}

}  // namespace schema
