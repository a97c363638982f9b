// SPDX-License-Identifier: MPL-2.0
// An app connection: the credentials and address of one vendor's account, used by DNS providers and sync destinations alike.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/config_field.h"
#include "base/http/transport.h"
#include "base/random.h"
#include "base/result.h"
#include "base/settings.h"
#include "base/shared_objects.h"
#include "engine/connections/user_program.h"

namespace engine::connections {

struct Connection {
  std::string kind;         // "rfc2136"
  std::string id;           // the resource's id; stable while its identity fields stay
  base::Settings settings;  // of the spec's fields, secrets among them
};

// Every connection is one object to the user, whatever its kind.
inline constexpr base::Subject kConnectionSubject{"app connection"};

// For Error::blame: a field of the connection, "assume_role.role_arn".
inline base::Blame ConnectionField(std::string_view field) { return {kConnectionSubject, std::string(field)}; }

// What extensions reach the outside with; borrowed, outlives every use.
struct Deps {
  base::http::Transport* http = nullptr;
  base::Random* random = nullptr;
  bool allow_exec = false;  // the provider's allow_exec: whether programs may be run on this machine
  HoldsSealingKey holds_sealing_key{};
  std::string_view user_agent{};                                        // of transports that are not `http`; borrowed
  base::http::PlainHttp plain_http = base::http::PlainHttp::kLoopback;  // what the connection allows; `http` already keeps to it
  // What all uses under one configured provider share: limiters, tokens, the queues of zones. Of all copies of these Deps; new
  // ones start with nothing.
  std::shared_ptr<base::SharedObjects> shared = std::make_shared<base::SharedObjects>();
};

// A finding about one field, for a diagnostic at its attribute.
struct FieldProblem {
  std::string field;
  std::string message;        // what is wrong and what to write instead, a sentence
  std::string_view unless{};  // a field that could make it right, and may not be known yet; empty: none
};

struct ConnectionSpec {
  std::string_view kind;
  std::string_view title;  // "RFC 2136 dynamic DNS (BIND, Knot, PowerDNS)"
  std::string_view doc;    // Markdown, a paragraph
  std::span<const base::ConfigField> fields;
  // What account the credentials are of, as far as the values tell it without a request: part of the connection's id, besides the
  // identity fields. Never a secret itself. May be null.
  std::string (*account)(const Connection&) = nullptr;
  // Pure: what can be told from the values alone. Fields that are not known yet are absent. May be null.
  std::vector<FieldProblem> (*validate)(const Connection&);
  // One harmless call that shows whether the credentials are accepted. Errors: kDenied, kUnavailable, …, which may blame a
  // field. May be null: nothing to check.
  base::Result<void> (*check)(const base::Call&, const Connection&, const Deps&);
  // The field that names a program of the user's, which works only with the provider's allow_exec. Empty: none is run.
  std::string_view program_field{};
};

}  // namespace engine::connections
