// SPDX-License-Identifier: MPL-2.0
// Logging in: the host's key is verified before anything secret is sent.
#include "base/ssh/session.h"

#include <algorithm>
#include <mutex>

#include "base/ssh/libssh_session.h"
#include "base/text.h"

namespace base::ssh {
namespace {

struct FreeKey {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using Key = std::unique_ptr<ssh_key_struct, FreeKey>;

Error Denied(std::string message, std::string attribute) {
  return Error{.kind = ErrorKind::kDenied, .message = std::move(message), .blame = {.attribute = std::move(attribute)}};
}

std::string Where(const Target& target) { return Cat(Printable(target.host, 200), ":", target.port); }

// "ssh-ed25519 AAAA… comment": the second part.
std::string_view KeyText(std::string_view line) {
  const std::size_t first = std::min(line.find(' '), line.size());
  line.remove_prefix(std::min(first + 1, line.size()));
  return line.substr(0, line.find(' '));
}

// The kinds of key that are known of this host, so that it does not show one of another kind.
std::string AlgorithmsOf(const std::vector<std::string>& host_keys) {
  std::vector<std::string> algorithms;
  for (const std::string& line : host_keys) {
    const std::string type = line.substr(0, line.find(' '));
    algorithms.push_back(type == "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type);
  }
  return Join(algorithms, ",");
}

Result<void> SetOptions(ssh_session session, const Target& target) {
  const int no = 0;
  const auto port = static_cast<unsigned int>(target.port);
  const std::string known_hosts = target.known_hosts_path.empty() ? "/dev/null" : target.known_hosts_path;
  const std::string algorithms = AlgorithmsOf(target.host_keys);
  int failed = ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  failed |= ssh_options_set(session, SSH_OPTIONS_HOST, target.host.c_str());
  failed |= ssh_options_set(session, SSH_OPTIONS_PORT, &port);
  failed |= ssh_options_set(session, SSH_OPTIONS_USER, target.user.c_str());
  failed |= ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, known_hosts.c_str());
  failed |= ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  if (!algorithms.empty()) failed |= ssh_options_set(session, SSH_OPTIONS_HOSTKEYS, algorithms.c_str());
  if (failed == 0) return {};
  return Error{ErrorKind::kInvalid, Cat("these settings of SSH cannot be used: ", Printable(ssh_get_error(session), 300))};
}

// What the server shows, as a line for `host_key`.
std::string ShownKey(ssh_key key, const char* text) { return Cat(ssh_key_type_to_char(ssh_key_type(key)), " ", text); }

Result<void> VerifyHost(ssh_session session, const Target& target) {
  ssh_key raw = nullptr;
  char* text = nullptr;
  const bool shown = ssh_get_server_publickey(session, &raw) == SSH_OK && ssh_pki_export_pubkey_base64(raw, &text) == SSH_OK;
  const Key key(raw);
  const std::string line = shown ? ShownKey(raw, text) : "";
  const bool is_known =
      shown && (target.known_hosts_path.empty()
                    ? std::any_of(target.host_keys.begin(), target.host_keys.end(),
                                  [&](const std::string& one) { return KeyText(one) == std::string_view(text); })
                    : ssh_session_is_known_server(session) == SSH_KNOWN_HOSTS_OK);
  ssh_string_free_char(text);
  if (is_known) return {};
  const bool by_file = !target.known_hosts_path.empty();
  return Denied(Cat("the server at ", Where(target), " is not the one that is known: it shows the key \"", line, "\""),
                by_file ? "known_hosts_path" : "host_key");
}

Result<void> UseKey(ssh_session session, const Target& target) {
  ssh_key raw = nullptr;
  std::string pem(target.private_key.Reveal());
  std::string passphrase(target.key_passphrase.Reveal());
  // Without a passphrase it is not asked for one.
  const int read =
      ssh_pki_import_privkey_base64(pem.c_str(), passphrase.empty() ? nullptr : passphrase.c_str(), nullptr, nullptr, &raw);
  Wipe(pem);
  Wipe(passphrase);
  const Key key(raw);
  if (read != SSH_OK) {
    const bool has_passphrase = !target.key_passphrase.empty();
    return Error{.kind = ErrorKind::kInvalid,
                 .message = has_passphrase ? "the private key cannot be read: it has another passphrase, or is no key"
                                           : "the private key cannot be read: give one as PEM or in OpenSSH's format, and the "
                                             "passphrase of an encrypted one",
                 .blame = {.attribute = has_passphrase ? "private_key_passphrase" : "private_key_pem"}};
  }
  if (ssh_userauth_publickey(session, nullptr, raw) == SSH_AUTH_SUCCESS) return {};
  return Denied(Cat(Where(target), " refuses the private key for the user ", Printable(target.user, 100)), "private_key_pem");
}

Result<void> UseAgent(ssh_session session, const Target& target) {
  if (ssh_userauth_agent(session, nullptr) == SSH_AUTH_SUCCESS) return {};
  return Denied(Cat(Where(target), " refuses the keys of the SSH agent for the user ", Printable(target.user, 100),
                    ", or there is no agent at SSH_AUTH_SOCK, or it has no keys"),
                "use_agent");
}

// RFC 4256. The first secret that the server asks for is the password; whatever else it asks for, nobody is there to answer.
bool AnswerDialog(ssh_session session, const char* password) {
  constexpr int kMaxRounds = 4;
  bool has_answered = false;
  int state = ssh_userauth_kbdint(session, nullptr, nullptr);
  for (int round = 0; state == SSH_AUTH_INFO && round < kMaxRounds; ++round) {
    const int prompts = ssh_userauth_kbdint_getnprompts(session);
    if (prompts > 1 || (prompts == 1 && has_answered)) return false;
    if (prompts == 1) {
      char echoes = 0;
      ssh_userauth_kbdint_getprompt(session, 0, &echoes);
      if (echoes != 0 || ssh_userauth_kbdint_setanswer(session, 0, password) < 0) return false;
      has_answered = true;
    }
    state = ssh_userauth_kbdint(session, nullptr, nullptr);
  }
  return state == SSH_AUTH_SUCCESS;
}

Result<void> UsePassword(ssh_session session, const Target& target) {
  std::string password(target.password.Reveal());
  bool accepted = ssh_userauth_password(session, nullptr, password.c_str()) == SSH_AUTH_SUCCESS;
  const auto methods = static_cast<unsigned int>(accepted ? 0 : ssh_userauth_list(session, nullptr));
  const bool has_dialog_alone = (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0 && (methods & SSH_AUTH_METHOD_PASSWORD) == 0;
  if (has_dialog_alone) accepted = AnswerDialog(session, password.c_str());
  Wipe(password);
  if (accepted) return {};
  return Denied(Cat(Where(target), " refuses the password for the user ", Printable(target.user, 100)), "password");
}

// By the first way that works; the error is that of the last one.
Result<void> LogIn(ssh_session session, const Target& target) {
  Result<void> used = Denied("there is no way to log in", "private_key_pem");
  if (!target.private_key.empty()) {
    used = UseKey(session, target);
    if (used || used.error().kind == ErrorKind::kInvalid) return used;
  }
  if (target.use_agent) used = UseAgent(session, target);
  if (used || target.password.empty()) return used;
  return UsePassword(session, target);
}

Result<void> Start(ssh_session session, const Target& target, const os::Socket& socket) {
  auto copy = socket.Duplicate();
  if (!copy) return Error{ErrorKind::kUnavailable, Cat("no SSH session with ", Where(target), ": ", copy.error().message)};
  const int its_own = copy->Release();  // libssh closes it
  ssh_options_set(session, SSH_OPTIONS_FD, &its_own);
  if (ssh_connect(session) != SSH_OK) {
    return Error{ErrorKind::kUnavailable,
                 Cat("no SSH session with ", Where(target), ": ", Printable(ssh_get_error(session), 300))};
  }
  if (auto verified = VerifyHost(session, target); !verified) return verified;
  return LogIn(session, target);
}

}  // namespace

Result<std::unique_ptr<Session>> Session::Open(const Call& call, const Target& target) {
  static const int started = ssh_init();  // a static libssh does not start by itself
  SessionHandle session(started == SSH_OK ? ssh_new() : nullptr);
  if (!session) return Error{ErrorKind::kInternal, "libssh does not start"};
  auto socket = Dial(call, target.host, target.port);
  if (!socket) return std::move(socket).error();
  ssh_session raw = session.get();
  // From here on the socket is closed with it.
  auto opened = std::make_unique<LibsshSession>(std::move(session), *std::move(socket));
  if (auto set = SetOptions(raw, target); !set) return std::move(set).error();
  const Watch watch(call, opened->socket());
  auto logged_in = Start(raw, target, opened->socket());
  if (logged_in) return std::unique_ptr<Session>(std::move(opened));
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  return std::move(logged_in).error();
}

}  // namespace base::ssh
