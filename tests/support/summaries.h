// SPDX-License-Identifier: MPL-2.0
// The summaries of diagnostics that the program can give, read from its sources.
#pragma once

#include <string>
#include <vector>

#include "tests/support/source_tree.h"

namespace testing_support {

// The summary of each call of Error and Warning on diagnostics, and of each notice of the journal: its text, with "…" where a
// value stands ("Invalid value for …"). A summary is read where it is a text, a Cat of texts and values, or a variable of the
// file that is set to one of these; anything else becomes "?" and the expression, so that a test can say so.
std::vector<std::string> SummariesIn(const SourceFile& file);

}  // namespace testing_support
