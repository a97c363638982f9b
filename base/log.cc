// SPDX-License-Identifier: MPL-2.0
#include "base/log.h"

namespace base {

Log Log::With(Fields fields) const {
  Log more = *this;
  more.fields_.insert(more.fields_.end(), fields.begin(), fields.end());
  return more;
}

void Log::Write(Level level, std::string_view message, Fields fields) const {
  if (!sink_) return;
  if (fields_.empty()) {
    sink_->Write(level, message, std::span(fields.begin(), fields.size()));
    return;
  }
  std::vector<LogField> all = fields_;
  all.insert(all.end(), fields.begin(), fields.end());
  sink_->Write(level, message, all);
}

}  // namespace base
