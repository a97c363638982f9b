// SPDX-License-Identifier: MPL-2.0
#include "schema/diagnostics.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time_format.h"

namespace schema {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

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
  std::string text = Capitalised(error.message);
  if (!error.code.empty() && error.message.find(error.code) == std::string::npos) text.append(base::Cat(" [", error.code, "]"));
  for (std::size_t i = 0; i < error.while_doing.size(); ++i) {
    text.append(i == 0 ? " (while " : ", while ").append(error.while_doing[i]);
  }
  text.append(error.while_doing.empty() ? "." : ").");
  const auto& [subject, attribute] = error.blame;
  if (!subject.noun.empty() && !attribute.empty()) text.append(base::Cat(" Check `", attribute, "` of the ", subject.noun, "."));
  if (!error.details.empty()) text.push_back('\n');
  for (const std::string& detail : error.details) text.append("\n- ").append(detail);
  if (error.retry_after) text.append(base::Cat("\n\nTry again after ", base::FormatRfc3339(*error.retry_after), "."));
  return text;
}

void Diagnostics::Error(std::string summary, std::string detail, std::optional<cty::Path> path) {
  items_.push_back({Severity::kError, std::move(summary), std::move(detail), std::move(path)});
}

void Diagnostics::Warning(std::string summary, std::string detail, std::optional<cty::Path> path) {
  items_.push_back({Severity::kWarning, std::move(summary), std::move(detail), std::move(path)});
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

}  // namespace schema
