// SPDX-License-Identifier: MPL-2.0
// State that released versions wrote (tests/vectors/state, made by tests/vectors/state.py) is read by this one: the type is
// there, no value is lost, and the handles open.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/text.h"
#include "resources/catalog.h"
#include "resources/sealed/payload.h"
#include "resources/sealed/renamed_fields.h"
#include "schema/upgrade.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

using schema::cty::Value;

std::vector<std::filesystem::path> Vectors() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(testing_support::SourceRoot() / "tests/vectors/state")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

class StateOfReleasedVersions : public testing::TestWithParam<std::filesystem::path> {
 protected:
  // The attribute that has the value now; empty if none has.
  std::optional<std::string> SuccessorOf(const std::string& name) const {
    if (name == "full_chain_pem" || name == "options") return std::nullopt;
    for (const auto& field : resources::sealed::RenamedFields()) {
      if (resource_->type_name() != base::Cat("certwright_app_connection_", field.connection) || field.former != name) continue;
      return field.became_secret ? std::nullopt : std::optional(std::string(field.present));
    }
    return name;
  }

  nlohmann::json vector_ = nlohmann::json::parse(std::ifstream(GetParam()), nullptr, false);
  const resources::Resource* resource_ = resources::FindResource(GetParam().stem().string());
};

INSTANTIATE_TEST_SUITE_P(All, StateOfReleasedVersions, testing::ValuesIn(Vectors()), [](const auto& file) {
  std::string name = file.param.parent_path().filename().string() + "_" + file.param.stem().string();
  std::ranges::replace(name, '.', '_');
  return name;
});

TEST_P(StateOfReleasedVersions, IsReadWithoutLoss) {
  ASSERT_NE(resource_, nullptr);

  const schema::cty::Type type = resource_->schema().ImpliedType();

  const auto state = schema::UpgradeState({.version = resource_->schema().version, .type = type}, resource_->upgrade_steps(),
                                          vector_.at("schema_version"), vector_.at("attributes").dump());

  ASSERT_TRUE(state) << state.error().message;
  for (const auto& [name, value] : vector_.at("attributes").items()) {
    const auto successor = SuccessorOf(name);
    if (!successor) continue;
    ASSERT_NE(state->type().Find(*successor), nullptr) << name;
    EXPECT_EQ(state->Get(*successor).is_null(), value.is_null()) << name;
  }
}

TEST_P(StateOfReleasedVersions, HasHandlesThatOpen) {
  const auto key = resources::sealed::SealingKey::Parse(base::Secret(base::Base64(std::string(32, 'a'))));
  const resources::sealed::Sealer sealer = resources::sealed::Sealer::Ready(*key, {});
  for (const auto& [name, value] : vector_.at("attributes").items()) {
    if (!value.is_string() || !value.get_ref<const std::string&>().starts_with("cw1:")) continue;
    const std::string handle = value;
    const auto prefix = resources::sealed::ReadHandlePrefix(handle);

    ASSERT_TRUE(prefix) << name;
    if (prefix->kind == resources::sealed::handle_kind::kConnection) {
      EXPECT_TRUE(resources::sealed::OpenConnection(sealer, handle)) << name;
    } else if (prefix->kind == resources::sealed::handle_kind::kCa) {
      EXPECT_TRUE(resources::sealed::OpenCa(sealer, handle)) << name;
    } else {
      EXPECT_TRUE(resources::sealed::OpenCertificate(sealer, handle)) << name;
    }
  }
}

}  // namespace
}  // namespace tests
