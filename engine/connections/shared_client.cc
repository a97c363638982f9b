// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/shared_client.h"

#include <variant>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/settings.h"
#include "base/text.h"

namespace engine::connections {
namespace {

using base::Cat;
using base::Settings;

// With its length, so that no two texts that differ look the same.
void Append(std::string_view part, std::string& all) { all.append(Cat(part.size(), ':', part)); }

void AppendAll(const Settings& settings, std::string& all);

struct Appender {
  std::string& all;

  void operator()(const std::string& text) const { Append(text, all); }
  void operator()(const base::Number& number) const { Append(number.text(), all); }
  void operator()(bool flag) const { Append(flag ? "1" : "0", all); }
  void operator()(const base::Secret& secret) const { Append(secret.Reveal(), all); }
  void operator()(const base::SettingList& list) const {
    for (const std::string& one : list) Append(one, all);
  }
  void operator()(const base::SettingMap& map) const {
    for (const auto& [name, value] : map) Append(name, all), Append(value, all);
  }
  void operator()(const base::SecretMap& map) const {
    for (const auto& [name, value] : map) Append(name, all), Append(value.Reveal(), all);
  }
  void operator()(const Settings& block) const { AppendAll(block, all); }
  void operator()(const std::vector<Settings>& blocks) const {
    for (const Settings& one : blocks) AppendAll(one, all);
  }
};

void AppendAll(const Settings& settings, std::string& all) {
  for (const base::ConfigField& field : settings.fields()) {
    const base::Setting* value = settings.Find(field.name);
    if (value == nullptr) continue;
    std::string one;
    std::visit(Appender{one}, *value);
    Append(field.name, all);
    Append(one, all);
    base::Wipe(one);
  }
}

}  // namespace

std::string DigestOf(const Connection& connection) {
  std::string all;
  Append(connection.kind, all);
  Append(connection.id, all);
  AppendAll(connection.settings, all);
  std::string digest = base::Hex(base::crypto::Sha256(all));
  base::Wipe(all);
  return digest;
}

}  // namespace engine::connections
