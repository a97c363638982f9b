// SPDX-License-Identifier: MPL-2.0
// Diagnostics: what the user reads. Terraform folds warnings of one summary, so the summary names the thing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schema/cty/path.h"

namespace schema {

enum class Severity { kError, kWarning };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string summary;  // a short line, no full stop
  std::string detail;   // what is wrong, where, and what to do
  std::optional<cty::Path> path{};
};

class Diagnostics {
 public:
  void Error(std::string summary, std::string detail, std::optional<cty::Path> path = std::nullopt);
  void Warning(std::string summary, std::string detail, std::optional<cty::Path> path = std::nullopt);
  // The one place that makes prose from an Error: message with its steps, each detail on a line, when to try again. `advice`:
  // what to do about it, a sentence or empty.
  void Error(std::string summary, const base::Error& error, std::string advice = {},
             std::optional<cty::Path> path = std::nullopt);
  void Append(const Diagnostics& more);

  bool HasErrors() const;
  bool HasErrorAt(const cty::Path& path) const;
  bool empty() const { return items_.empty(); }
  const std::vector<Diagnostic>& items() const { return items_; }

 private:
  // The one place where text of others is sanitized and bounded: control characters and credentials in URLs do not get out.
  void Add(Severity severity, std::string_view summary, std::string_view detail, std::optional<cty::Path> path);

  std::vector<Diagnostic> items_;
};

// "refused the record (while creating the TXT record, while placing the challenge): detail; detail. Try again after …"
std::string Describe(const base::Error& error);

}  // namespace schema
