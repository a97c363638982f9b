// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/plain_http.h"

#include <memory>

#include "base/http/api_error.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::connections {

using base::http::PlainHttp;
using base::http::PrivateHttpTransport;

PlainHttp PlainHttpOf(const Connection& connection) {
  const bool is_allowed = connection.settings.Declares(kAllowHttpField.name) && connection.settings.Flag(kAllowHttpField.name);
  return is_allowed ? PlainHttp::kPrivate : PlainHttp::kLoopback;
}

base::Result<std::string> ParseConnectionUrl(const Connection& connection, std::string_view text) {
  auto plain = base::http::ParseApiUrl(text);
  if (!plain) return plain;
  const PlainHttp allowed = PlainHttpOf(connection);
  auto fine = base::http::CheckPlainHttp(*base::ParseUrl(*plain), allowed);
  if (fine) return plain;
  fine.error().message.append(allowed == PlainHttp::kPrivate
                                  ? "; use https"
                                  : "; use https, or set `allow_http = true` for a server in a private network that has no TLS");
  return std::move(fine).error();
}

void CheckUrl(const Connection& connection, std::string_view field, std::vector<FieldProblem>& problems) {
  const std::string_view url = connection.settings.Text(field);
  if (url.empty()) return;
  if (auto parsed = ParseConnectionUrl(connection, url); !parsed) {
    problems.push_back({std::string(field), std::move(parsed.error().message), kAllowHttpField.name});
  }
}

Deps DepsOf(const Connection& connection, Deps deps) {
  deps.plain_http = PlainHttpOf(connection);
  if (deps.plain_http == PlainHttp::kLoopback || deps.http == nullptr) return deps;
  // Without an owner: Deps::http outlives every use.
  const auto inner = std::shared_ptr<base::http::Transport>(std::shared_ptr<void>(), deps.http);
  // Of the shared objects, which live as long as the clients that keep a pointer to it.
  deps.http = deps.shared->Get<PrivateHttpTransport>({}, [&] { return std::make_shared<PrivateHttpTransport>(inner); }).get();
  return deps;
}

}  // namespace engine::connections
