// SPDX-License-Identifier: MPL-2.0
// Structured log: a constant message and fields. The sink that writes hclog's JSON lines is provider's; this part knows no
// format. Values of attributes, bodies and secrets never go in; a Secret does not compile as a field.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace base {

enum class Level { kTrace, kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string key;
  std::string value;

  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(text) {}
  LogField(std::string_view name, std::int64_t number) : key(name), value(std::to_string(number)) {}
  LogField(std::string_view name, std::uint64_t number) : key(name), value(std::to_string(number)) {}
  LogField(std::string_view name, int number) : key(name), value(std::to_string(number)) {}
  LogField(std::string_view name, std::chrono::milliseconds took) : key(name), value(std::to_string(took.count()) + "ms") {}
  LogField(std::string_view name, const Secret&) = delete;
};

// Where lines go. Write is safe from many threads and never throws.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(Level level, std::string_view message, std::span<const LogField> fields) = 0;
};

// A sink with fields that every line carries (request id, resource type). Cheap to copy. A default Log is silent.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;

  Log() = default;
  explicit Log(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {}

  Log With(Fields fields) const;
  void Write(Level level, std::string_view message, Fields fields) const;

  void Trace(std::string_view message, Fields fields = {}) const { Write(Level::kTrace, message, fields); }
  void Debug(std::string_view message, Fields fields = {}) const { Write(Level::kDebug, message, fields); }
  void Info(std::string_view message, Fields fields = {}) const { Write(Level::kInfo, message, fields); }
  void Warn(std::string_view message, Fields fields = {}) const { Write(Level::kWarn, message, fields); }
  void Error(std::string_view message, Fields fields = {}) const { Write(Level::kError, message, fields); }

 private:
  std::shared_ptr<LogSink> sink_;
  std::vector<LogField> fields_;
};

// The keys in use, in one list.
namespace key {
inline constexpr std::string_view kAddress = "address";
inline constexpr std::string_view kAttempt = "attempt";
inline constexpr std::string_view kAuthorization = "authorization";
inline constexpr std::string_view kCa = "ca";
inline constexpr std::string_view kCertificateId = "certificate_id";
inline constexpr std::string_view kCode = "code";
inline constexpr std::string_view kCount = "count";
inline constexpr std::string_view kDestination = "destination";
inline constexpr std::string_view kError = "error";
inline constexpr std::string_view kFqdn = "fqdn";
inline constexpr std::string_view kHost = "host";
inline constexpr std::string_view kKind = "kind";
inline constexpr std::string_view kMethod = "method";
inline constexpr std::string_view kName = "name";
inline constexpr std::string_view kNames = "names";
inline constexpr std::string_view kOrder = "order";
inline constexpr std::string_view kPath = "path";
inline constexpr std::string_view kPid = "pid";
inline constexpr std::string_view kRequestId = "request_id";
inline constexpr std::string_view kResource = "resource";
inline constexpr std::string_view kRpc = "rpc";
inline constexpr std::string_view kServer = "server";
inline constexpr std::string_view kStatus = "status";
inline constexpr std::string_view kStep = "step";
inline constexpr std::string_view kSync = "sync";
inline constexpr std::string_view kTook = "took";
inline constexpr std::string_view kUrl = "url";
inline constexpr std::string_view kVersion = "version";
inline constexpr std::string_view kWait = "wait";
inline constexpr std::string_view kZone = "zone";
}  // namespace key

}  // namespace base
