// SPDX-License-Identifier: MPL-2.0
// Whatever a CA, AWS, or a proxy before one of them answers: one error, of bounded size, in UTF-8, without control characters.
#include <algorithm>
#include <array>
#include <string>

#include "engine/acme/problem.h"
#include "engine/vendors/aws/error.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

constexpr std::array kStatuses = {200, 302, 400, 401, 403, 404, 408, 409, 429, 500, 503};

void CheckText(std::string_view text) {
  Require(text.size() <= 4096, "no part of an error is long");
  fuzz::RequireUtf8(text, "errors are UTF-8");
  Require(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }),
          "errors hold no control characters");
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    Require(static_cast<unsigned char>(text[at + 1]) >= 0xA0, "errors hold no control characters of two bytes");
  }
}

void CheckError(const base::Error& error, int status) {
  CheckText(error.message);
  CheckText(error.code);
  Require(!error.message.empty(), "an error says something");
  Require(error.details.size() <= 200, "an error has not more than some details");
  for (const auto& line : error.details) CheckText(line);
  const bool is_known = !error.code.empty();
  Require(status != 429 || is_known || error.kind == base::ErrorKind::kRateLimited, "429 without a reason is a limit");
  Require(error.kind != base::ErrorKind::kInternal, "a server's refusal is not our own fault");
}

}  // namespace

// The first byte chooses the status, the second one the header of AWS's JSON services.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  base::http::Response response{.status = kStatuses[data[0] % kStatuses.size()],
                                .body = std::string(fuzz::Text(data + 2, size - 2))};
  CheckError(engine::acme::ReplyError(response, base::TimePoint()), response.status);
  if (data[1] % 2 == 1) response.headers.push_back({"x-amzn-ErrorType", response.body.substr(0, data[1])});
  CheckError(engine::vendors::aws::ParseAwsError(response, "listing things", base::TimePoint()), response.status);
  return 0;
}
