// SPDX-License-Identifier: MPL-2.0
// An assertion that is active in every build type. It is for mistakes of our own that would disclose a secret; other mistakes are
// asserted with <cassert>, which a release leaves out.
#pragma once

namespace base {

// A place in our source. std::source_location does not compile with clang 14, which the fuzzers and the linter use.
struct SourcePlace {
  const char* file;
  int line;
  // As a default argument: the place of the caller.
  static constexpr SourcePlace Here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

// Ends the process unless `condition` is true; stderr then shows `reason` and `where`.
// `reason`: a literal, never data.
void Require(bool condition, const char* reason, SourcePlace where = SourcePlace::Here());

}  // namespace base
