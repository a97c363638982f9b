// SPDX-License-Identifier: MPL-2.0
// local_files with names of the user's own, and without private keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/files/local_files_fixture.h"

namespace engine::sync {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

const tests::SettingEntries kFolderEach = {{"file_names.certificate", "{{name}}/fullchain.pem"},
                                           {"file_names.private_key", "{{name}}/privkey.pem"}};
const tests::SettingEntries kFixed = {{"file_names.certificate", "fullchain.pem"}, {"file_names.private_key", "privkey.pem"}};

class LocalFilesNames : public LocalFilesTest {};

TEST_F(LocalFilesNames, MakesAFolderForEachCertificate) {
  const auto destination = With(kFolderEach);

  const Deployed now = Put(*destination, "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web", "web/fullchain.pem", "web/privkey.pem"));
  EXPECT_EQ(dir_.Read("web/fullchain.pem"), leaf_pem() + chain_pem());
  EXPECT_EQ(dir_.Mode("web/privkey.pem"), 0600U);
  EXPECT_EQ(now.external_id, dir_ / "web/fullchain.pem");
  EXPECT_TRUE(IsAsLeft(*destination, now));
  ASSERT_TRUE(destination->Remove(clock_.Call(), now));
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

TEST_F(LocalFilesNames, FilesOfOneCertificateMayBeInTwoFolders) {
  const auto destination =
      With({{"file_names.certificate", "certs/{{name}}.pem"}, {"file_names.private_key", "private/{{name}}.pem"}});

  const Deployed now = Put(*destination, "web");

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "certs", "certs/web.pem", "private", "private/web.pem"));
  EXPECT_TRUE(now.parts.contains("file private/web.pem"));
  dir_.Write("private/web.pem", "damaged");
  EXPECT_FALSE(IsAsLeft(*destination, now));
}

TEST_F(LocalFilesNames, AFixedNameHasRoomForOneCertificate) {
  const auto destination = With(kFixed);
  Put(*destination, "web");
  const std::string before = dir_.Read("privkey.pem");

  const auto put = TryPut(*destination, "mail");

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_THAT(put.error().message, HasSubstr("exists and was not written by this sync"));
  EXPECT_EQ(dir_.Read("privkey.pem"), before);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "fullchain.pem", "privkey.pem"));
}

TEST_F(LocalFilesNames, AFixedNameOfOthersIsNotTouched) {
  dir_.Write("privkey.pem", "theirs");

  EXPECT_FALSE(TryPut(*With(kFixed), "web"));

  EXPECT_EQ(dir_.Read("privkey.pem"), "theirs");
  EXPECT_THAT(dir_.Entries(), ElementsAre("privkey.pem"));
}

TEST_F(LocalFilesNames, OtherNamesTakeTheFormerFilesAway) {
  const Deployed plain = Put(*With(), "web");
  const Deployed named = Put(*With(kFolderEach), "web", plain);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web", "web/fullchain.pem", "web/privkey.pem"));

  const auto fixed = With(kFixed);
  const Deployed now = Put(*fixed, "web", named);

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "fullchain.pem", "privkey.pem"));
  EXPECT_TRUE(IsAsLeft(*fixed, now));
  // As a run does with what was replaced.
  Deployed former = named;
  former.superseded = true;
  ASSERT_TRUE(fixed->Remove(clock_.Call(), former));
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "fullchain.pem", "privkey.pem"));
  // With other settings than those that wrote them, the files are still known.
  ASSERT_TRUE(With()->Remove(clock_.Call(), now));
  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

// Others may be able to write the mark, but not what it names.
TEST_F(LocalFilesNames, AMarkChoosesNoFileElsewhere) {
  const auto destination = With();
  const Deployed now = Put(*destination, "web");
  dir_.Write("other/key.pem", "theirs");
  std::string mark = dir_.Read(".web.certwright");
  mark.replace(mark.find("\".key\""), 6, "\"/other/key.pem\",\"/../other/key.pem\",\".key\"");
  dir_.Write(".web.certwright", mark);

  ASSERT_TRUE(destination->Remove(clock_.Call(), now));

  EXPECT_THAT(dir_.Entries(), ElementsAre("other", "other/key.pem"));
}

TEST_F(LocalFilesNames, AnImportNamesTheFile) {
  const auto destination = With(kFolderEach);
  Put(*destination, "web");

  const auto adopted = destination->Adopt(clock_.Call(), dir_ / "web/fullchain.pem", Adoption::kMarked);
  const auto fixed = With(kFixed)->Adopt(clock_.Call(), dir_ / "fullchain.pem", Adoption::kAny);

  ASSERT_TRUE(adopted) << adopted.error().message;
  EXPECT_EQ(adopted->name, "web");
  ASSERT_FALSE(fixed);
  EXPECT_THAT(fixed.error().message, HasSubstr("does not contain the certificate's"));
}

TEST_F(LocalFilesNames, WithoutPrivateKeysNoneIsWritten) {
  for (const char* layout : {"split", "separate_chain", "combined"}) {
    const auto destination = With({{"layout", layout}, {"include_private_key", false}});
    const Deployed now = Put(*destination, "web");

    for (const std::string& entry : dir_.Entries()) EXPECT_THAT(dir_.Read(entry), Not(HasSubstr("PRIVATE KEY"))) << layout;
    EXPECT_TRUE(IsAsLeft(*destination, now)) << layout;
    ASSERT_TRUE(destination->Remove(clock_.Call(), now));
    EXPECT_THAT(dir_.Entries(), IsEmpty()) << layout;
  }
}

TEST_F(LocalFilesNames, LeavingTheKeyOutTakesItAway) {
  const Deployed with_key = Put(*With(), "web");

  Put(*With({{"include_private_key", false}}), "web", with_key);

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt"));
}

TEST(LocalFilesValidate, SaysWhatIsWrongWithFileNames) {
  struct Case {
    tests::SettingEntries settings;
    std::string field, part_of_message;
  };
  const Case cases[] = {
      {{{"file_names.chain", "chain.pem"}}, "file_names.chain", "no such file"},
      {{{"layout", "combined"}, {"file_names.private_key", "key.pem"}}, "file_names.private_key", "no such file"},
      {{{"include_private_key", false}, {"file_names.private_key", "key.pem"}}, "file_names.private_key", "no such file"},
      {{{"layout", "pkcs12"}, {"include_private_key", false}}, "include_private_key", "always contains the private key"},
      {{{"file_names.certificate", ""}}, "file_names.certificate", "does not name a file"},
      {{{"file_names.certificate", "/etc/x.pem"}}, "file_names.certificate", "does not name a file"},
      {{{"file_names.certificate", "../{{name}}.pem"}}, "file_names.certificate", "does not name a file"},
      {{{"file_names.certificate", "{{name}}/"}}, "file_names.certificate", "does not name a file"},
      {{{"file_names.certificate", "{{name}}/{{name}}.pem"}}, "file_names.certificate", "at most once"},
      {{{"file_names.certificate", "{{id}}.pem"}}, "file_names.certificate", "at most once"},
      {{{"file_names.certificate", ".{{name}}.certwright"}}, "file_names.certificate", "Certwright's own"},
      {{{"file_names.certificate", "a.pem"}, {"file_names.private_key", "a.pem"}}, "file_names.private_key", "the same name"},
  };
  const DestinationSpec& spec = *vendors::FindDestination("local_files");
  for (const Case& one : cases) {
    const auto problems = spec.validate(tests::DestinationSettings("local_files", one.settings));

    ASSERT_EQ(problems.size(), 1U) << one.field << ": " << one.part_of_message;
    EXPECT_EQ(problems[0].field, one.field);
    EXPECT_THAT(problems[0].message, HasSubstr(one.part_of_message));
    EXPECT_THAT(problems[0].message, EndsWith("."));
  }
  EXPECT_THAT(spec.validate(tests::DestinationSettings("local_files", kFolderEach)), IsEmpty());
}

}  // namespace
}  // namespace engine::sync
