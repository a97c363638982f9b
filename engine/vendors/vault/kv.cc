// SPDX-License-Identifier: MPL-2.0
// vault_kv: each certificate is a secret of a key/value engine, version 2, of Vault or OpenBao.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
//
// Which secrets are ours: those whose custom_metadata names this sync. A secret that has lost it is still ours while it is at the
// version that the state says was written; one that holds the very bytes that are to be written is taken over: a run was killed
// before its state was saved.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/sync/field_names.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/vault/connection.h"
#include "engine/vendors/vault/vendor.h"

namespace engine::vendors::vault {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::CheckFieldNames;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FieldNames;
using sync::kCertificateTag;
using sync::kFieldNames;
using sync::kSyncTag;
using sync::LeafFingerprint;
using sync::Ownership;
using sync::ReadFieldNames;
using sync::Render;
using sync::Settings;
using sync::Setup;
using sync::Tags;

constexpr std::string_view kUsualMount = "secret";
constexpr std::chrono::seconds kLookLimit{30};

constexpr std::array kFields{
    base::ConfigField{.name = "mount",
                      .default_value = kUsualMount,
                      .doc = "Where the key/value engine, version 2, is mounted.",
                      .identity = true},
    base::ConfigField{.name = "path",
                      .doc = "The folder that the secrets go to, such as `certificates/web`. The top of the mount if not set.",
                      .identity = true},
    kFieldNames[0],
    kFieldNames[1],
    kFieldNames[2],
    kFieldNames[3],
    kFieldNames[4],
};

std::string_view Get(const Settings& settings, std::string_view name, std::string_view fallback = {}) {
  const auto found = settings.find(name);
  return found == settings.end() ? fallback : std::string_view(found->second);
}

// What a path of Vault may not be, a sentence; empty when it is fine.
std::string PathProblem(std::string_view path) {
  for (const std::string& part : base::Split(path, '/')) {
    if (part.empty()) return "Leave out slashes at both ends, and two in a row.";
    if (part == "." || part == "..") return "No part of it may be \".\" or \"..\".";
    if (base::Printable(part, part.size()) != part) return "It holds a control character.";
  }
  return {};
}

// A secret as it is there. `data` is null when its last version was deleted.
struct Found {
  std::int64_t version = 0;
  Json data;
  Json marks = Json::object();  // custom_metadata

  // Those of ours.
  Tags OwnMarks() const {
    Tags own;
    for (const std::string_view name : {kSyncTag, kCertificateTag}) {
      if (auto value = base::FindString(marks, name)) own.emplace(name, *std::move(value));
    }
    return own;
  }
};

class VaultKv final : public Destination {
 public:
  VaultKv(std::unique_ptr<VaultApi> api, connections::Connection connection, const Settings& settings, std::string_view sync_id)
      : api_(std::move(api)),
        connection_(std::move(connection)),
        mount_(Get(settings, "mount", kUsualMount)),
        folder_(Get(settings, "path")),
        names_(ReadFieldNames(settings)),
        ownership_(sync_id, {}) {}

  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto found = Look(call, known.name);
    if (!found) return found.error();
    if (!*found || (*found)->data.is_null()) return std::optional<Deployed>();
    return std::optional(Describe(known, **found));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto there = Look(call, name);
    if (!there) return there.error();
    Found found = there->value_or(Found{});
    const Json wanted = Render(bundle, names_);
    const Deployed* in_place = previous && previous->name == name ? &*previous : nullptr;
    if (*there && !IsOurs(found, Locate(name), in_place) && found.data != wanted) return Conflict(name);
    const Deployed target{.name = std::string(name),
                          .external_id = Locate(name),
                          .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                          .certificate_id = bundle.certificate_id};
    if (found.data != wanted) {
      const auto version = Write(call, name, found.version, wanted);
      if (!version) return version.error();
      found.version = *version;
      found.data = wanted;
      call.log.Info("secret written", {{base::key::kPath, target.external_id}});
    }
    now = Describe(target, found);
    if (auto marked = PutMarks(call, name, bundle.certificate_id, found); !marked) return marked;
    now = Describe(target, found);
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const std::string folder = Locate("");
    if (!external_id.starts_with(folder) || !PathProblem(external_id.substr(folder.size())).empty()) {
      return Error{ErrorKind::kInvalid, Cat("it is no secret below ", folder)};
    }
    const std::string name(external_id.substr(folder.size()));
    const auto found = Look(call, name);
    if (!found) return found.error();
    if (!*found || (*found)->data.is_null()) return Error{ErrorKind::kNotFound, "there is no such secret"};
    const auto certificate_id = ownership_.Adopt(external_id, (*found)->OwnMarks(), adoption);
    if (!certificate_id) return certificate_id.error();
    return Describe({.name = name, .certificate_id = *certificate_id}, **found);
  }

  // All versions go: each of them holds a private key.
  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto found = Look(call, deployed.name);
    if (!found) return found.error();
    if (!*found) return {};
    const bool is_deleted = (*found)->data.is_null();
    const bool is_same = is_deleted || LeafFingerprint((*found)->data, names_) == deployed.fingerprint_sha256;
    if (!is_same || !IsOurs(**found, deployed.external_id, &deployed)) {
      call.log.Warn("left alone: not what this sync wrote", {{base::key::kPath, deployed.external_id}});
      return {};
    }
    const auto removed = api_->Change(call, "DELETE", PathOf("metadata", deployed.name));
    if (!removed) return Blame(removed.error());
    call.log.Info("secret removed", {{base::key::kPath, deployed.external_id}});
    return {};
  }

 private:
  Error Blame(Error error) const { return BlameVaultField(std::move(error), connection_); }

  std::string Locate(std::string_view name) const {
    return folder_.empty() ? Cat(mount_, "/", name) : Cat(mount_, "/", folder_, "/", name);
  }

  std::string PathOf(std::string_view endpoint, std::string_view name) const {
    const std::string below = folder_.empty() ? std::string(name) : Cat(folder_, "/", name);
    return Cat(EncodeVaultPath(mount_), "/", endpoint, "/", EncodeVaultPath(below));
  }

  Error Conflict(std::string_view name) const {
    return Error{
        ErrorKind::kConflict,
        Cat(Locate(name), " exists and was not written by this sync; move it away, or choose another path or name_schema")};
  }

  Result<std::optional<Found>> Look(const Call& call, std::string_view name) const {
    const auto answer = api_->Read(call, PathOf("data", name));
    if (!answer) return Blame(answer.error());
    if (!*answer) return std::optional<Found>();
    const Json* outer = base::FindMember(**answer, "data");
    const Json* metadata = outer == nullptr ? nullptr : base::FindMember(*outer, "metadata");
    const auto version = metadata == nullptr ? std::nullopt : base::FindInteger(*metadata, "version");
    if (!version) {
      return Error{ErrorKind::kProtocol,
                   Cat("Vault's answer has no data.metadata.version: is ", mount_, " a key/value engine of version 2?")};
    }
    Found found{.version = *version, .data = {}};
    if (const Json* data = base::FindMember(*outer, "data")) found.data = *data;
    if (const Json* marks = base::FindMember(*metadata, "custom_metadata")) found.marks = *marks;
    return std::optional(std::move(found));
  }

  // `previous`: what this sync has under the name, if it has.
  bool IsOurs(const Found& found, const std::string& external_id, const Deployed* previous) const {
    const Tags marks = found.OwnMarks();
    if (marks.contains(kSyncTag)) return !ownership_.IsOthers(external_id, marks);
    return previous != nullptr && std::to_string(found.version) == previous->version;
  }

  // The new version. After an answer that was lost, or an attempt that met the write of the one before, what is there decides.
  Result<std::int64_t> Write(const Call& call, std::string_view name, std::int64_t version, const Json& wanted) const {
    const auto answer = api_->Change(call, "POST", PathOf("data", name), {{"options", {{"cas", version}}}, {"data", wanted}});
    if (!answer) {
      const bool may_be_there = base::http::MayHaveActed(answer.error()) || answer.error().kind == ErrorKind::kConflict;
      const auto found = may_be_there ? Look(call.ForCleanup(kLookLimit), name) : Result<std::optional<Found>>(std::nullopt);
      if (found && *found && (*found)->data == wanted) return (*found)->version;
      return Blame(answer.error());
    }
    const Json* data = base::FindMember(*answer, "data");
    const auto written = data == nullptr ? std::nullopt : base::FindInteger(*data, "version");
    if (!written) return Error{ErrorKind::kProtocol, "Vault's answer has no data.version"};
    return *written;
  }

  // Marks of others are kept.
  Result<void> PutMarks(const Call& call, std::string_view name, const std::string& certificate_id, Found& found) const {
    const Tags wanted = ownership_.TagsFor(certificate_id);
    if (found.OwnMarks() == wanted) return {};
    Json marks = found.marks;
    for (const auto& [mark, value] : wanted) marks[mark] = value;
    auto marked = api_->Change(call, "POST", PathOf("metadata", name), {{"custom_metadata", marks}});
    if (!marked) return Blame(std::move(marked).error()).While("marking the secret as this sync's");
    found.marks = std::move(marks);
    return {};
  }

  // The fingerprint is over all that is there and the names that it shall have: when those change, it is written anew. A private
  // key has 128 bits of strength and more, so that none can be found by trying what gives the digest.
  Deployed Describe(const Deployed& known, const Found& found) const {
    std::string all =
        base::Join(std::array{names_.certificate, names_.private_key, names_.certificate_chain, names_.ca_certificate}, "\n");
    for (const auto& [mark, value] : found.OwnMarks()) all.append(Cat('\n', mark, '=', value));
    all.append(Cat('\n', base::DumpJson(found.data)));
    Deployed now = known;
    now.external_id = Locate(known.name);
    now.version = std::to_string(found.version);
    now.fingerprint_sha256 = LeafFingerprint(found.data, names_);
    now.key_fingerprint = base::Hex(base::crypto::Sha256(all));
    return now;
  }

  std::unique_ptr<VaultApi> api_;
  connections::Connection connection_;
  std::string mount_;
  std::string folder_;
  FieldNames names_;
  Ownership ownership_;
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  for (const std::string_view field : {"mount", "path"}) {
    if (!settings.contains(field)) continue;
    if (std::string problem = PathProblem(Get(settings, field)); !problem.empty())
      problems.push_back({std::string(field), problem});
  }
  CheckFieldNames(settings, problems);
  return problems;
}

std::string CheckName(std::string_view name) {
  const std::string problem = PathProblem(name);
  return problem.empty() ? problem : Cat("The name \"", base::Printable(name, 60), "\" is no path of Vault's. ", problem);
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto api = MakeVaultApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  return std::unique_ptr<Destination>(
      std::make_unique<VaultKv>(*std::move(api), *setup.connection, setup.settings, setup.sync_id));
}

}  // namespace

constexpr DestinationSpec kKv{
    .kind = "vault_kv",
    .title = "HashiCorp Vault and OpenBao (key/value engine)",
    .doc =
        "Writes each certificate as a secret into a key/value engine, version 2, of HashiCorp Vault or OpenBao. A renewal is a "
        "new "
        "version of the same secret, written only over the version that was seen (check-and-set); secrets of others are never "
        "touched.",
    .connection = "vault",
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::vault
