// SPDX-License-Identifier: MPL-2.0
// The program of local_files that has to succeed after a change, or the former files come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/text.h"
#include "tests/engine/vendors/files/local_files_fixture.h"

namespace engine::sync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LocalFilesHealthCheck : public LocalFilesTest {
 protected:
  // A check that fails with certificates other than `healthy` in web.crt, with a program before it that notes what it was told
  // of.
  std::unique_ptr<Destination> Checked(const std::string& healthy, tests::SettingEntries more = {}) {
    control_.Write("healthy", healthy);
    more.emplace("after_change", base::SettingList{"/bin/sh", "-c", base::Cat("echo told >> ", control_ / "told")});
    more.emplace("health_check", base::SettingList{"/bin/sh", "-c",
                                                   base::Cat("cmp -s ", dir_ / "web.crt", " ", control_ / "healthy",
                                                             " || { echo 'it does not serve' >&2; exit 1; }")});
    return With(std::move(more));
  }
  std::string FullChain() const { return leaf_pem() + chain_pem(); }

  tests::TempDir control_;
};

TEST_F(LocalFilesHealthCheck, WhatIsHealthyStays) {
  const auto destination = Checked(FullChain());
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  EXPECT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(dir_.Read("web.crt"), FullChain());
  EXPECT_EQ(control_.Read("told"), "told\n");
}

TEST_F(LocalFilesHealthCheck, TheFormerFilesComeBackAndTheServerIsToldAgain) {
  const Deployed former = Put(*With(), "web");
  const std::string certificate = FullChain();
  const std::string key = key_pem();
  const std::string mark = dir_.Read(".web.certwright");
  bundle_ = tests::MakeTestBundle(kCertificateId);
  const auto destination = Checked("another");
  Put(*destination, "web", former);

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message, "the program /bin/sh ended with exit code 1; the former files are back");
  EXPECT_THAT(finished.error().details, ElementsAre("it does not serve"));
  EXPECT_EQ(dir_.Read("web.crt"), certificate);
  EXPECT_EQ(dir_.Read("web.key"), key);
  EXPECT_EQ(dir_.Mode("web.key"), 0600U);
  EXPECT_EQ(dir_.Mode("web.crt"), 0644U);
  EXPECT_EQ(dir_.Read(".web.certwright"), mark);
  EXPECT_EQ(control_.Read("told"), "told\ntold\n");
  EXPECT_TRUE(IsAsLeft(*With(), former));
}

TEST_F(LocalFilesHealthCheck, WhatWasNewIsGoneAndWhatWasRemovedComesBack) {
  const Deployed leaving = Put(*With({{"file_names.certificate", "{{name}}/cert.pem"}}), "team/old");
  const auto destination = Checked("another");
  Put(*destination, "web");
  ASSERT_TRUE(destination->Remove(clock_.Call(), leaving));

  ASSERT_FALSE(destination->Finish(clock_.Call()));

  EXPECT_THAT(dir_.Entries(), ElementsAre("team", "team/.old.certwright", "team/old", "team/old.key", "team/old/cert.pem"));
  EXPECT_TRUE(IsAsLeft(*destination, leaving));
}

TEST_F(LocalFilesHealthCheck, TheNextRunTriesAgain) {
  const Deployed former = Put(*With(), "web");
  bundle_ = tests::MakeTestBundle(kCertificateId);
  const auto failing = Checked("another");
  Put(*failing, "web", former);
  ASSERT_FALSE(failing->Finish(clock_.Call()));

  const auto healthy = Checked(FullChain());
  Put(*healthy, "web", former);

  EXPECT_TRUE(healthy->Finish(clock_.Call()));
  EXPECT_EQ(dir_.Read("web.crt"), FullChain());
}

TEST_F(LocalFilesHealthCheck, APkcs12FileComesBackForTheOwnerAlone) {
  const Deployed former = Put(*WithPassword("one"), "web");
  const std::string before = dir_.Read("web.p12");
  bundle_ = tests::MakeTestBundle(kCertificateId);
  const auto destination = Checked("another", {{"layout", "pkcs12"}, {"pkcs12_password", "one"}});
  Put(*destination, "web", former);
  ASSERT_NE(dir_.Read("web.p12"), before);

  ASSERT_FALSE(destination->Finish(clock_.Call()));

  EXPECT_EQ(dir_.Read("web.p12"), before);
  EXPECT_EQ(dir_.Mode("web.p12"), 0600U);
}

TEST_F(LocalFilesHealthCheck, NothingIsCheckedWhenNothingChanged) {
  const Deployed former = Put(*With(), "web");
  const auto destination = Checked("another");

  Put(*destination, "web", former);

  EXPECT_TRUE(destination->Finish(clock_.Call()));
}

}  // namespace
}  // namespace engine::sync
