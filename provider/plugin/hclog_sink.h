// SPDX-License-Identifier: MPL-2.0
// HclogSink: the log as Terraform reads it from a plugin's standard error: one JSON object a line, in hclog's form. Terraform
// panics when
// @level, @message or @timestamp is no string, and shows the raw line when the time has not exactly six fraction digits: these
// are made here and no field can get at them.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"

namespace provider::plugin {

// The least level that is written; empty: nothing is.
using LogThreshold = std::optional<base::Level>;

// As Terraform reads TF_LOG: any case; "off"; what it does not know, "json" among it, means trace.
LogThreshold ParseLogThreshold(std::string_view text);
// The first that is set of TF_LOG_PROVIDER_CERTWRIGHT, TF_LOG_PROVIDER and TF_LOG, else `unset`: Terraform shows nothing then.
LogThreshold LogThresholdFromEnvironment(LogThreshold unset);

// One line, with its end: valid UTF-8, under 64 KiB (go-plugin cuts longer ones up). Fields that do not fit are left out.
std::string HclogLine(base::TimePoint when, base::Level level, std::string_view message, std::span<const base::LogField> fields);

class HclogSink final : public base::LogSink {
 public:
  // `descriptor` stays open, and `clock` (borrowed) outlives this.
  HclogSink(int descriptor, LogThreshold threshold, const base::Clock& clock)
      : descriptor_(descriptor), threshold_(threshold), clock_(clock) {}

  // One write() a line. What cannot be written is lost.
  void Write(base::Level level, std::string_view message, std::span<const base::LogField> fields) override;

 private:
  const int descriptor_;
  const LogThreshold threshold_;
  const base::Clock& clock_;
  std::mutex mutex_;
};

}  // namespace provider::plugin
