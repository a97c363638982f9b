// SPDX-License-Identifier: MPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto/certificate.h"
#include "engine/sync/destination.h"
#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/files/local_files_fixture.h"
#include "tests/support/child_process.h"
#include "tests/support/files_harness.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"

namespace engine::sync {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::SettingEntries;

template <tests::FilesOf kFiles>
class LocalFilesHarness final : public tests::FilesHarness {
 public:
  LocalFilesHarness() : FilesHarness(kFiles) {}

 private:
  std::unique_ptr<Destination> New() override {
    return Make("local_files", {.settings = tests::DestinationSettings("local_files")});
  }
};

}  // namespace
}  // namespace engine::sync

namespace tests {
INSTANTIATE_TEST_SUITE_P(LocalFiles, DestinationContract,
                         testing::Values(MakeHarness<engine::sync::LocalFilesHarness<FilesOf::kSplit>>));
INSTANTIATE_TEST_SUITE_P(LocalFilesPkcs12, DestinationContract,
                         testing::Values(MakeHarness<engine::sync::LocalFilesHarness<FilesOf::kPkcs12>>));
INSTANTIATE_TEST_SUITE_P(LocalFilesNamed, DestinationContract,
                         testing::Values(MakeHarness<engine::sync::LocalFilesHarness<FilesOf::kNamed>>));
}  // namespace tests

namespace engine::sync {
namespace {

class LocalFiles : public LocalFilesTest {};

TEST_F(LocalFiles, WritesTheFullChainAndAKeyForTheOwnerAlone) {
  const Deployed now = Put(*With(), "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
  EXPECT_EQ(dir_.Read("web.crt"), leaf_pem() + chain_pem());
  EXPECT_EQ(dir_.Read("web.key"), key_pem());
  EXPECT_EQ(dir_.Mode("web.crt"), 0644U);
  EXPECT_EQ(dir_.Mode("web.key"), 0600U);
  EXPECT_EQ(now.external_id, dir_ / "web.crt");
}

TEST_F(LocalFiles, WritesASeparateChain) {
  const Deployed now = Put(*With({{"layout", "separate_chain"}}), "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.chain.crt", "web.crt", "web.key"));
  EXPECT_EQ(dir_.Read("web.crt"), leaf_pem());
  EXPECT_EQ(dir_.Read("web.chain.crt"), chain_pem());
  EXPECT_EQ(now.external_id, dir_ / "web.crt");
}

TEST_F(LocalFiles, WritesOneCombinedFileForTheOwnerAlone) {
  const auto destination = With({{"layout", "combined"}});
  const Deployed now = Put(*destination, "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.pem"));
  EXPECT_EQ(dir_.Read("web.pem"), leaf_pem() + chain_pem() + key_pem());
  EXPECT_EQ(dir_.Mode("web.pem"), 0600U);
  EXPECT_EQ(now.external_id, dir_ / "web.pem");
  EXPECT_EQ(now.fingerprint_sha256, bundle_.chain[0].fingerprint_sha256);
  EXPECT_TRUE(IsAsLeft(*destination, now));
}

// Judged by openssl's own program.
TEST_F(LocalFiles, WritesOnePkcs12FileForTheOwnerAlone) {
  const Deployed now = Put(*WithPassword("correct horse"), "web");

  tests::ChildProcess openssl({"openssl", "pkcs12", "-in", dir_ / "web.p12", "-passin", "pass:correct horse", "-noenc"});
  ASSERT_EQ(openssl.Join(), 0) << openssl.output();
  for (const std::string& part : {leaf_pem(), chain_pem(), key_pem()}) EXPECT_THAT(openssl.output(), HasSubstr(part));
  EXPECT_THAT(openssl.output(), HasSubstr("friendlyName: web"));
  EXPECT_EQ(dir_.Mode("web.p12"), 0600U);
  EXPECT_EQ(now.external_id, dir_ / "web.p12");
  EXPECT_EQ(now.fingerprint_sha256, bundle_.chain[0].fingerprint_sha256);
}

TEST_F(LocalFiles, LooksAtAPkcs12FileAndRemovesItWithoutItsPassword) {
  const auto later = With({{"layout", "pkcs12"}});
  const Deployed now = Put(*WithPassword("correct horse"), "web");

  EXPECT_TRUE(IsAsLeft(*later, now));
  ASSERT_TRUE(later->Remove(clock_.Call(), now));

  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFiles, WritesAPkcs12FileAnewForAnotherPasswordAlone) {
  const Deployed first = Put(*WithPassword("one"), "web");
  const std::string before = dir_.Read("web.p12");

  Put(*WithPassword("one"), "web", first);
  EXPECT_EQ(dir_.Read("web.p12"), before);
  Put(*WithPassword("two"), "web", first);

  EXPECT_TRUE(base::crypto::Pkcs12Holds(dir_.Read("web.p12"), base::Secret("two"),
                                        *base::crypto::ParsePrivateKey(bundle_.private_key_pem)));
}

// A run was killed after it wrote and before Terraform saved the state.
TEST_F(LocalFiles, TakesOverAPkcs12FileThatHoldsTheSameUnderTheSamePassword) {
  const Deployed first = Put(*WithPassword("one"), "web");

  const Deployed again = Put(*WithPassword("one"), "web");
  EXPECT_EQ(again.parts, first.parts);

  std::filesystem::remove(dir_ / ".web.certwright");
  EXPECT_TRUE(TryPut(*WithPassword("one"), "web"));
  std::filesystem::remove(dir_ / ".web.certwright");
  const auto other = TryPut(*WithPassword("two"), "web");

  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, base::ErrorKind::kConflict);
}

TEST_F(LocalFiles, WritesNoPkcs12FileWithoutAPassword) {
  const auto put = TryPut(*With({{"layout", "pkcs12"}}), "web");

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().blame, engine::sync::DestinationField("pkcs12_password"));
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFiles, MakesMissingDirectories) {
  const Deployed now = Put(*MakeLocalFiles({{"directory", dir_ / "not/yet/there/"}, {"directory_mode", "0750"}}), "team/web");

  EXPECT_EQ(now.external_id, dir_ / "not/yet/there/team/web.crt");
  EXPECT_EQ(dir_.Mode("not/yet"), 0750U);
  EXPECT_EQ(dir_.Mode("not/yet/there/team"), 0750U);
}

TEST_F(LocalFiles, RemovesFoldersOfANameThatAreEmptyAndNoOthers) {
  dir_.Write("team/other.txt", "other");
  const auto destination = With();
  const Deployed deep = Put(*destination, "team/a/web");

  ASSERT_TRUE(destination->Remove(clock_.Call(), deep).ok());

  EXPECT_THAT(dir_.Entries(), ElementsAre("team", "team/other.txt"));
}

TEST_F(LocalFiles, DoesNotWriteFilesThatAreAsTheyShallBe) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  dir_.Write("web.key", "damaged");
  struct stat before {};
  struct stat after {};
  stat((dir_ / "web.crt").c_str(), &before);

  Put(*destination, "web", now);

  stat((dir_ / "web.crt").c_str(), &after);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(dir_.Read("web.key"), key_pem());
}

TEST_F(LocalFiles, SeesAndRepairsChangedPermissions) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  std::filesystem::permissions(dir_ / "web.key", std::filesystem::perms(0644));

  EXPECT_FALSE(IsAsLeft(*destination, now));
  Put(*destination, "web", now);

  EXPECT_EQ(dir_.Mode("web.key"), 0600U);
  EXPECT_TRUE(IsAsLeft(*destination, now));
}

TEST_F(LocalFiles, SeesAChangedChain) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  dir_.Write("web.crt", leaf_pem());

  EXPECT_FALSE(IsAsLeft(*destination, now));
}

TEST_F(LocalFiles, SeesThatTheKeyIsGone) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  std::filesystem::remove(dir_ / "web.key");

  EXPECT_FALSE(IsAsLeft(*destination, now));
  EXPECT_TRUE(IsAsLeft(*destination, Put(*destination, "web", now)));
}

TEST_F(LocalFiles, RepairsOwnFilesWhenOnlyTheKeyIsLeft) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  std::filesystem::remove(dir_ / "web.crt");
  const auto observed = destination->Observe(clock_.Call(), now);

  ASSERT_TRUE(observed.ok() && observed->has_value());
  EXPECT_EQ((*observed)->fingerprint_sha256, "");
  EXPECT_TRUE(IsAsLeft(*destination, Put(*destination, "web", now)));
}

TEST_F(LocalFiles, WritesAnewWhenASettingChanged) {
  const Deployed before = Put(*With(), "web");
  const auto changed = With({{"private_key_mode", "0640"}});

  const Deployed after = Put(*changed, "web", before);

  EXPECT_EQ(dir_.Mode("web.key"), 0640U);
  EXPECT_TRUE(IsAsLeft(*changed, after));
}

TEST_F(LocalFiles, TakesTheFilesOfTheFormerLayoutAway) {
  const Deployed separate = Put(*With({{"layout", "separate_chain"}}), "web");
  const auto full = With();
  const Deployed full_chain = Put(*full, "web", separate);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));

  const Deployed combined = Put(*With({{"layout", "combined"}}), "web", full_chain);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.pem"));

  // With other settings than those that wrote them the files are still known.
  ASSERT_TRUE(full->Remove(clock_.Call(), combined).ok());
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFiles, ANewNameIsWrittenBeforeTheFormerOneIsRemoved) {
  const auto destination = With();
  const Deployed former = Put(*destination, "a/web");

  const Deployed now = Put(*destination, "b/web", former);
  EXPECT_TRUE(dir_.Entries().contains("a/web.key"));
  ASSERT_TRUE(destination->Remove(clock_.Call(), former));

  EXPECT_THAT(dir_.Entries(), ElementsAre("b", "b/.web.certwright", "b/web.crt", "b/web.key"));
  EXPECT_EQ(now.external_id, dir_ / "b/web.crt");
}

TEST_F(LocalFiles, LeavesTheFormerNameAloneWhenAnotherCertificateIsThere) {
  const auto destination = With();
  const Deployed former = Put(*destination, "old");
  dir_.Write("old.crt", tests::MakeTestBundle("other").chain[0].pem);

  ASSERT_TRUE(destination->Remove(clock_.Call(), former));

  EXPECT_THAT(dir_.Entries(), ElementsAre(".old.certwright", "old.crt", "old.key"));
}

// As earlier versions left them.
TEST_F(LocalFiles, MarksUnmarkedFilesThatAlreadyHoldTheSameBytes) {
  const auto destination = With();
  Put(*destination, "web");
  std::filesystem::remove(dir_ / ".web.certwright");

  const Deployed again = Put(*destination, "web");

  EXPECT_TRUE(IsAsLeft(*destination, again));
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

// A run was killed between the key and the certificate of a renewal, and its state was not saved.
TEST_F(LocalFiles, FinishesAndRemovesWhatAKilledRunLeftUnderItsMark) {
  const auto destination = With();
  const Deployed first = Put(*destination, "web");
  const std::string old_certificate = dir_.Read("web.crt");
  bundle_ = tests::MakeTestBundle(kCertificateId);
  Put(*destination, "web", first);
  dir_.Write("web.crt", old_certificate);

  ASSERT_TRUE(TryPut(*destination, "web"));
  EXPECT_EQ(dir_.Read("web.crt"), leaf_pem() + chain_pem());
  EXPECT_EQ(dir_.Read("web.key"), key_pem());

  ASSERT_TRUE(destination->Remove(clock_.Call(), first)) << "the state names the former certificate";
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFiles, LeavesTheFilesOfAnotherSyncAlone) {
  const Deployed theirs = Put(*With(), "web");
  const auto other = tests::MakeTestDestination(
      "local_files",
      {.settings = tests::DestinationSettings("local_files", {{"directory", dir_.path().string()}}), .sync_id = "07e5"});

  const auto put = TryPut(*other, "web");
  ASSERT_TRUE(other->Remove(clock_.Call(), theirs));

  ASSERT_FALSE(put) << "identical content does not override another owner's mark";
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_THAT(put.error().message, HasSubstr("another sync (id 5c0e"));
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(LocalFiles, RemovesWhatAKilledRunLeftUnderATemporaryName) {
  dir_.Write(".mail.key." + std::string(32, '0') + ".tmp", "a private key");

  Put(*With(), "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(LocalFiles, SaysWhichFileIsInTheWayAndWhatToDo) {
  dir_.Write("web.crt", "somebody's");

  const auto put = TryPut(*With(), "web");

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_EQ(put.error().message,
            (dir_ / "web.crt") + " exists and was not written by this sync; move it away, or choose another directory or name");
  EXPECT_EQ(dir_.Read("web.crt"), "somebody's");
  EXPECT_THAT(dir_.Entries(), ElementsAre("web.crt"));
}

TEST_F(LocalFiles, DoesNotFollowASymbolicLinkInPlaceOfAFile) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  dir_.Write("target", "precious");
  std::filesystem::remove(dir_ / "web.key");
  std::filesystem::create_symlink(dir_ / "target", dir_ / "web.key");

  EXPECT_FALSE(IsAsLeft(*destination, now));
  const auto put = TryPut(*destination, "web", now);

  ASSERT_FALSE(put.ok());
  EXPECT_THAT(put.error().message, HasSubstr("web.key exists and is not a regular file"));
  EXPECT_EQ(dir_.Read("target"), "precious");
  ASSERT_TRUE(destination->Remove(clock_.Call(), now).ok());
  EXPECT_THAT(dir_.Entries(), ElementsAre("target", "web.key"));
}

TEST_F(LocalFiles, DoesNotFollowASymbolicLinkInPlaceOfAFolder) {
  const tests::TempDir elsewhere;
  std::filesystem::create_directory_symlink(elsewhere.path(), dir_ / "team");

  const auto put = TryPut(*With(), "team/web");

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_THAT(elsewhere.Entries(), IsEmpty());
}

TEST_F(LocalFiles, FollowsALinkThatTheUserNamedAsDirectory) {
  const tests::TempDir elsewhere;
  std::filesystem::create_directory_symlink(elsewhere.path(), dir_ / "link");

  Put(*MakeLocalFiles({{"directory", dir_ / "link"}}), "web");

  EXPECT_THAT(elsewhere.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(LocalFiles, NamesThatLeadOutsideAreRefusedByEveryCall) {
  const auto destination = With();
  for (const char* name : {"../web", "a/../../web", "/etc/web", "", "a//b", "a/", ".", ".."}) {
    const Deployed state{.name = name, .external_id = "/etc/web.crt", .fingerprint_sha256 = "", .certificate_id = kCertificateId};

    EXPECT_FALSE(TryPut(*destination, name).ok()) << name;
    EXPECT_FALSE(destination->Observe(clock_.Call(), state).ok()) << name;
    EXPECT_FALSE(destination->Remove(clock_.Call(), state).ok()) << name;
    EXPECT_NE(vendors::FindDestination("local_files")->check_name(name), "") << name;
  }
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFiles, LeavesNoTemporaryFileWhenItFails) {
  tests::InterruptingRandom random;
  const auto destination = MakeLocalFiles({{"directory", dir_.path().string()}}, &random);
  random.OnCall(2, [&] { std::filesystem::create_directory(dir_ / "web.crt"); });

  EXPECT_FALSE(TryPut(*destination, "web").ok());

  EXPECT_FALSE(now_.has_value());
  EXPECT_THAT(dir_.Entries(), ElementsAre("web.crt"));
}

TEST_F(LocalFiles, GivesFilesToOwnerAndGroup) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const auto destination = With({{"owner", "12345"}, {"group", "23456"}});
  const Deployed now = Put(*destination, "web");
  struct stat status {};
  stat((dir_ / "web.key").c_str(), &status);

  EXPECT_EQ(status.st_uid, 12345U);
  EXPECT_EQ(status.st_gid, 23456U);
  EXPECT_TRUE(IsAsLeft(*destination, now));
  EXPECT_EQ(chown((dir_ / "web.key").c_str(), 0, 23456), 0);
  EXPECT_FALSE(IsAsLeft(*destination, now));
}

TEST_F(LocalFiles, NamesAnUnknownUser) {
  const auto put = TryPut(*With({{"owner", "nobody-of-that-name"}}), "web");

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(put.error().message, "there is no user \"nobody-of-that-name\" on this machine");
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

struct BadSetting {
  std::string field, value, part_of_message;
};

TEST(LocalFilesValidate, SaysWhatIsWrongWithEachSetting) {
  const BadSetting bad[] = {{"directory", "", "Name the directory"},
                            {"directory", "~somebody/certs", "home directory"},
                            {"layout", "pem", "split"},
                            {"certificate_mode", "644x", "is no file mode"},
                            {"certificate_mode", "0888", "is no file mode"},
                            {"certificate_mode", "4755", "is no file mode"},
                            {"directory_mode", "7", "is no file mode"},
                            {"private_key_mode", "0644", "every user of the machine"},
                            {"after_change", "\nreload", "first element is the program"}};
  const DestinationSpec& spec = *vendors::FindDestination("local_files");

  for (const BadSetting& one : bad) {
    const auto problems = spec.validate(tests::DestinationSettings("local_files", {{one.field, one.value}}));

    ASSERT_EQ(problems.size(), 1U) << one.field << '=' << one.value;
    EXPECT_EQ(problems[0].field, one.field);
    EXPECT_THAT(problems[0].message, HasSubstr(one.part_of_message));
    EXPECT_THAT(problems[0].message, EndsWith("."));
  }
  EXPECT_THAT(spec.validate(tests::DestinationSettings("local_files")), IsEmpty());
  EXPECT_THAT(spec.validate(tests::DestinationSettings(
                  "local_files", {{"directory", "out"}, {"private_key_mode", "640"}, {"layout", "combined"}})),
              IsEmpty());
}

TEST(LocalFilesValidate, RefusesToMakeWithABadSetting) {
  const DestinationSpec& spec = *vendors::FindDestination("local_files");
  const auto made = MakeDestination(
      spec, {.settings = tests::DestinationSettings("local_files", {{"directory", "/x"}, {"private_key_mode", "0777"}})});
  const auto nowhere = MakeDestination(spec, {.settings = tests::DestinationSettings("local_files")});

  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(made.error().blame.attribute, "private_key_mode");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().blame.attribute, "directory");
}

TEST(LocalFilesCheckName, WantsShortParts) {
  const auto check_name = vendors::FindDestination("local_files")->check_name;

  EXPECT_EQ(check_name("team/web-1"), "");
  EXPECT_EQ(check_name(std::string(200, 'a')), "");
  EXPECT_THAT(check_name(std::string(201, 'a')), HasSubstr("over 200 characters"));
}

}  // namespace
}  // namespace engine::sync
