// SPDX-License-Identifier: MPL-2.0
// Error and Result<T>: how every fallible call of this program answers. Own type, see
// docs/developers/adr/0001-own-result.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace base {

using TimePoint = std::chrono::system_clock::time_point;

// What a caller can do about it.
enum class ErrorKind {
  kNotFound,     // the thing is not there
  kDenied,       // credentials or permission: change them
  kUntrusted,    // the server's TLS certificate is not trusted: correct the roots or the address
  kRateLimited,  // later, see retry_after
  kUnavailable,  // network or server trouble: trying again may help
  kTimeout,      // the deadline passed
  kCancelled,    // the user asked to stop
  kInvalid,      // the input is wrong: change it
  kConflict,     // the state at the other side does not allow it now
  kProtocol,     // the other side broke its own rules
  kInternal,     // our own bug or an exhausted machine
};

// Whether the request behind an error can have been carried out.
enum class Delivery {
  kUnknown,
  kNotSent,   // it never left this machine: sending it again is safe
  kAnswered,  // it was answered, and the answer is the error
};

// An object of the user's configuration, by its noun in messages. The layer that knows the object declares it as a constant.
struct Subject {
  std::string_view noun{};

  friend bool operator==(const Subject&, const Subject&) = default;
};

// The attribute to correct, together with the object that has it: an AWS connection and a certificate both have a `profile`.
struct Blame {
  Subject subject{};        // empty: the layer above knows whose attribute it is, and fills it in
  std::string attribute{};  // with its path, "assume_role.role_arn"; empty: none is to blame

  friend bool operator==(const Blame&, const Blame&) = default;
};

// message: a fact, lower case, no full stop, no secret. Each layer adds one While("placing the record").
struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::vector<std::string> while_doing{};  // innermost first
  std::optional<TimePoint> retry_after{};  // the earliest sensible next try
  std::string code{};                      // the other side's machine-readable type, such as urn:ietf:params:acme:error:dns
  std::vector<std::string> details{};      // one line each: subproblems, server by server answers
  Delivery delivery = Delivery::kUnknown;
  Blame blame{};

  Error&& While(std::string step) && {
    while_doing.push_back(std::move(step));
    return std::move(*this);
  }
};

// Either a T or an Error. Test it with `if (!result)`; `*result` is valid only when it is true.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}          // NOLINT(google-explicit-constructor): `return value;`
  Result(Error failure) : state_(std::move(failure)) {}  // NOLINT(google-explicit-constructor): `return Error{...};`

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error failure) : failure_(std::move(failure)) {}  // NOLINT(google-explicit-constructor): `return Error{...};`

  bool ok() const { return !failure_.has_value(); }
  explicit operator bool() const { return ok(); }
  Error& error() & { return *failure_; }
  const Error& error() const& { return *failure_; }
  Error&& error() && { return std::move(*failure_); }

 private:
  std::optional<Error> failure_;
};

// Empty in place of kNotFound, for what may be absent.
template <typename T>
Result<std::optional<T>> OrAbsent(Result<T> result) {
  if (result) return std::optional<T>(*std::move(result));
  if (result.error().kind == ErrorKind::kNotFound) return std::optional<T>();
  return std::move(result).error();
}

}  // namespace base
