// SPDX-License-Identifier: MPL-2.0
#include "resources/configure.h"

#include "base/environment.h"
#include "base/text.h"
#include "engine/connections/user_program.h"
#include "resources/acme_clients.h"
#include "resources/sealed/journal.h"
#include "resources/shared_notes.h"
#include "schema/model.h"

namespace resources {
namespace {

using schema::cty::Path;
using sealed::Journal;
using sealed::Sealer;
using sealed::SealingKey;

constexpr const char* kKeyVariable = engine::connections::kSealingKeyVariable;

struct ProviderModel {
  static const schema::Model<ProviderModel>& Schema();
  schema::Field<base::Secret> sealing_key;
  schema::Field<std::vector<base::Secret>> previous_sealing_keys;
  schema::Field<bool> allow_exec;
  schema::Field<bool> abandon_unreadable_handles;
};

const schema::Model<ProviderModel>& ProviderModel::Schema() {
  static const auto model =
      schema::Model<ProviderModel>()
          .Add(&ProviderModel::sealing_key,
               schema::String("sealing_key")
                   .Optional()
                   .Sensitive()
                   .Doc("The key that seals every `handle` in the state: 32 random bytes in base64 (`openssl rand -base64 32`). "
                        "Required, here or as the environment variable `CERTWRIGHT_SEALING_KEY`; may come from an ephemeral "
                        "variable. Keep it as long as the state: without it, sealed private keys and credentials cannot be "
                        "read."))
          .Add(&ProviderModel::previous_sealing_keys,
               schema::List("previous_sealing_keys", schema::cty::Type::String())
                   .Optional()
                   .Sensitive()
                   .Doc("Keys that were used before. They open handles that are still sealed with them; a plan then seals those "
                        "handles again with `sealing_key`. Remove a key once plans no longer mention a handle."))
          .Add(&ProviderModel::allow_exec,
               schema::Bool("allow_exec")
                   .Optional()
                   .Doc("Whether connections and syncs may run programs on this machine, such as the `exec` connection's and a "
                        "sync's `after_change`. Otherwise they are refused, so that a configuration from elsewhere cannot run "
                        "anything."))
          .Add(&ProviderModel::abandon_unreadable_handles,
               schema::Bool("abandon_unreadable_handles")
                   .Optional()
                   .Doc("Whether what no configured key opens counts as absent, after a sealing key was lost: connections are "
                        "sealed again, CAs register a new account or adopt that of `account_key_pem`, certificates are re-issued "
                        "under their `certificate_id`, and syncs recognize what they deployed by its marks. The plan shows it. "
                        "Remove it after the apply."))
          .Build();
  return model;
}

template <typename T>
Path At(schema::Field<T> ProviderModel::*field) {
  return ProviderModel::Schema().PathOf(field);
}

// The present key from configuration or environment; empty if there is none, or, with a diagnostic, if it is malformed.
std::optional<SealingKey> PresentKey(const schema::Field<base::Secret>& configured, schema::Diagnostics& diagnostics) {
  std::optional<base::Secret> text = configured.Get();
  if (!text) {
    if (auto variable = base::Environment(kKeyVariable)) text = base::Secret(*std::move(variable));
  }
  if (!text) return std::nullopt;
  auto key = SealingKey::Parse(*text);
  if (!key) {
    diagnostics.Error("The sealing key cannot be used", key.error(),
                      configured.is_known() ? "" : "It was read from CERTWRIGHT_SEALING_KEY.", At(&ProviderModel::sealing_key));
    return std::nullopt;
  }
  return *std::move(key);
}

std::vector<SealingKey> PreviousKeys(const schema::Field<std::vector<base::Secret>>& configured,
                                     schema::Diagnostics& diagnostics) {
  std::vector<SealingKey> keys;
  if (!configured.is_known()) return keys;
  std::int64_t index = 0;
  for (const schema::cty::Value& element : configured.value().AsElements()) {
    const Path path = At(&ProviderModel::previous_sealing_keys).Index(index++);
    if (!element.is_known()) continue;
    auto key = SealingKey::Parse(base::Secret(element.AsString()));
    if (!key) {
      diagnostics.Error("A previous sealing key cannot be used", key.error(), "", path);
      continue;
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace

Sealer SealerFromEnvironment() {
  auto text = base::Environment(kKeyVariable);
  auto key = SealingKey::Parse(base::Secret(std::move(text).value_or("")));
  return key ? Sealer::Ready(*std::move(key), {}) : Sealer::Missing();
}

const schema::Schema& ProviderSchema() {
  static const schema::Schema schema = {
      .doc =
          "Obtains certificates from any ACME certificate authority through DNS-01 and keeps them deployed where they are used. "
          "No secret enters plan or state in plaintext.",
      .attributes = ProviderModel::Schema().attributes()};
  return schema;
}

std::shared_ptr<const Context> Configure(const Machine& machine, const schema::cty::Value& config,
                                         schema::Diagnostics& diagnostics) {
  const ProviderModel provider = ProviderModel::Schema().Read(config);
  // Resources ask for a key: they know whether, and with which one, their state was sealed.
  Sealer sealer = provider.sealing_key.is_unknown() ? Sealer::Unknown() : Sealer::Missing();
  std::vector<SealingKey> previous = PreviousKeys(provider.previous_sealing_keys, diagnostics);
  if (!provider.sealing_key.is_unknown()) {
    if (std::optional<SealingKey> present = PresentKey(provider.sealing_key, diagnostics)) {
      sealer = Sealer::Ready(*std::move(present), std::move(previous));
    }
  }
  const auto make_transport = [user_agent = machine.user_agent](base::http::TransportOptions options) {
    options.user_agent = user_agent;
    return base::http::MakeCurlTransport(options);
  };
  auto http = make_transport({});
  if (!http) diagnostics.Error("HTTP cannot be set up", http.error());
  if (diagnostics.HasErrors()) return nullptr;
  // As Terraform names it, and from where Terraform was started: both are the same for its plugins.
  const std::string data_folder = base::Environment("TF_DATA_DIR").value_or(".terraform");
  auto journal = std::make_shared<Journal>(data_folder, *machine.random, sealer);
  return std::make_shared<const Context>(Context{.clock = machine.clock,
                                                 .random = machine.random,
                                                 .sealer = std::move(sealer),
                                                 .acme = std::make_shared<AcmeClients>(*machine.random, make_transport),
                                                 .http = *std::move(http),
                                                 .journal = journal,
                                                 .notes = std::make_shared<SharedNotes>(data_folder, FindWorkspace(data_folder)),
                                                 .host_is_gone = [journal] { journal->MarkEnding(); },
                                                 .allow_exec = provider.allow_exec.OrEmpty(),
                                                 .abandon_unreadable_handles = provider.abandon_unreadable_handles.OrEmpty(),
                                                 .user_agent = machine.user_agent});
}

}  // namespace resources
