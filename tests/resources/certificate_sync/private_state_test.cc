// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/private_state.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/resources/test_context.h"

namespace resources::certificate_sync {
namespace {

using schema::cty::Value;

class ReceiptTest : public testing::Test {
 protected:
  SyncModel Sync(const std::string& id, const std::string& directory) const {
    const auto type = *SyncModel::Schema().type().Find("destination");
    const Value block = Value::ObjectOf(*type.Find("local_files"), {{"directory", Value::String(directory)}});
    SyncModel sync;
    sync.id = id;
    sync.destination = Value::ObjectOf(type, {{"local_files", block}});
    sync.receipt = *SealReceipt(parts_.context, sync, memory_);
    return sync;
  }

  tests::TestContext parts_;
  const SyncMemory memory_{.deployed = {{"web", {.name = "n", .external_id = "/etc/n.crt", .fingerprint_sha256 = "ff"}}}};
};

TEST_F(ReceiptTest, SaysWhatWasDeployed) {
  const auto memory = ReadMemory(parts_.context, Sync("1", "/etc"), "");

  ASSERT_TRUE(memory) << memory.error().message;
  EXPECT_EQ(memory->deployed.at("web").external_id, "/etc/n.crt");
  EXPECT_EQ(memory->deployed.at("web").fingerprint_sha256, "ff");
}

TEST_F(ReceiptTest, OfAnotherSyncOrDestinationIsRefused) {
  SyncModel other_id = Sync("1", "/etc");
  other_id.id = std::string("2");
  SyncModel other_place = Sync("1", "/etc");
  other_place.destination = Sync("1", "/home").destination.value();

  EXPECT_FALSE(ReadMemory(parts_.context, other_id, ""));
  EXPECT_FALSE(ReadMemory(parts_.context, other_place, ""));
}

TEST_F(ReceiptTest, ThatWasAlteredIsRefusedAndPrivateDataIsNotUsedInstead) {
  SyncModel sync = Sync("1", "/etc");
  std::string altered(sync.receipt.OrEmpty().Reveal());
  altered[altered.size() - 3] = altered[altered.size() - 3] == 'A' ? 'B' : 'A';
  sync.receipt = base::Secret(altered);

  const auto memory = ReadMemory(parts_.context, sync, ToText(memory_));

  ASSERT_FALSE(memory);
  EXPECT_NE(memory.error().message.find("terraform state rm"), std::string::npos);
}

TEST_F(ReceiptTest, StateWithoutOneUsesItsPrivateData) {
  SyncModel sync = Sync("1", "/etc");
  sync.receipt.SetNull();

  EXPECT_EQ(ReadMemory(parts_.context, sync, ToText(memory_))->deployed.at("web").name, "n");
}

TEST(ParseMemory, KeepsPartsAndNotes) {
  const SyncMemory memory{.deployed = {{"web", {.name = "n", .parts = {{"tags", "complete"}}, .notes = {{"layout", "split"}}}}}};

  const auto deployed = ParseMemory(ToText(memory)).deployed.at("web");

  EXPECT_EQ(deployed.parts, memory.deployed.at("web").parts);
  EXPECT_EQ(deployed.notes, memory.deployed.at("web").notes);
}

TEST(ParseMemory, KnowsWhatDestinationsRememberFromFormerRecords) {
  const std::pair<const char*, engine::sync::Notes> cases[] = {
      {"split:00112233445566778899aabbccddeeff", {{"layout", "split"}}},
      {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff as:0123456789abcdef",
       {{"content", "00112233445566778899aabbccddeeff"}}},
      {"x5t:abc_-1 as:pkcs12,named", {{"thumbprint", "abc_-1"}}},
      {"chain:00 labels lost entry:projects/p/e", {{"entry of the certificate map", "projects/p/e"}}},
      {"tags lost", {}},
      {"", {}},
  };
  for (const auto& [fingerprint, notes] : cases) {
    const auto memory =
        ParseMemory(base::Cat(R"({"deployed": {"web": {"name": "n", "key_fingerprint": ")", fingerprint, R"("}}})"));

    EXPECT_EQ(memory.deployed.at("web").notes, notes) << fingerprint;
    EXPECT_TRUE(memory.deployed.at("web").parts.empty()) << fingerprint;
  }
}

}  // namespace
}  // namespace resources::certificate_sync
