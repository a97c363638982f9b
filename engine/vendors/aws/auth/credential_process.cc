// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/credential_process.h"

#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engine/connections/user_program.h"
#include "engine/vendors/aws/auth/credentials_json.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr AwsJsonNames kNames{"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};

}  // namespace

Result<std::vector<std::string>> SplitCommandLine(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char one = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    // In double quotes a backslash stands for itself, but before one of these.
    const bool escapes = one == '\\' && next != '\0' && (quote == 0 || (quote == '"' && (next == '"' || next == '\\')));
    if (escapes) {
      word = word.value_or("") + next;
      ++at;
    } else if (quote == 0 && (one == ' ' || one == '\t')) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
    } else if (quote == 0 && (one == '"' || one == '\'')) {
      quote = one;
      word = word.value_or("");
    } else if (one == quote) {
      quote = 0;
    } else {
      word = word.value_or("") + one;
    }
  }
  if (quote != 0) return Error{ErrorKind::kInvalid, "a quote in credential_process is not closed"};
  if (word) words.push_back(*std::move(word));
  if (words.empty()) return Error{ErrorKind::kInvalid, "credential_process names no program"};
  return words;
}

Result<AwsCredentials> RunCredentialProcess(const base::Call& call, const AwsProgramRunner& run, std::string_view command) {
  auto words = SplitCommandLine(command);
  if (!words) return std::move(words).error();
  const std::string program = base::Printable(words->front(), 200);
  if (!run) {
    return Error{ErrorKind::kDenied,
                 Cat("credential_process would run ", program, ": set `allow_exec = true` in the provider's block to let it")};
  }
  auto finished = run(call, *std::move(words));
  if (!finished) return std::move(finished).error();
  const base::Secret output(std::move(finished->output));
  if (finished->exit_code != 0) {
    return Error{.kind = ErrorKind::kDenied,
                 .message = Cat(program, " ended with exit code ", finished->exit_code),
                 .details = connections::LastWords(std::move(finished->errors), {})};
  }
  const auto printed = base::ParseJsonObject(output.Reveal());
  if (!printed) return Error{ErrorKind::kProtocol, Cat(program, " printed no JSON object")};
  if (base::FindInteger(*printed, "Version") != 1) {
    return Error{ErrorKind::kProtocol, Cat(program, " printed another \"Version\" than 1")};
  }
  auto credentials = ReadAwsCredentials(*printed, kNames);
  if (!credentials) return std::move(credentials).error().While(Cat("reading what ", program, " printed"));
  if (credentials->expires && *credentials->expires <= call.Now()) {
    return Error{ErrorKind::kDenied, Cat("the credentials that ", program, " printed have expired")};
  }
  return credentials;
}

}  // namespace engine::vendors::aws::auth
