// SPDX-License-Identifier: MPL-2.0
// The records of dns-persist-01 as they are read from the servers of their zones.
#include "engine/dns/persistent_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/engine/dns/example_zone.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/log_capture.h"
#include "tests/support/settings.h"

namespace engine::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::DnsAnswer;
using tests::DnsAsked;

constexpr const char* kAccountOfCa = "https://ca.test/acct/1";
constexpr const char* kGoodValue = "ca.test; accounturi=https://ca.test/acct/1";
const base::TimePoint kAtPresent{std::chrono::seconds(1'767'225'600)};

acme::ChallengeRecord WantedRecord(const std::string& name, std::vector<std::string> issuers = {"ca.test"}) {
  const bool is_wildcard = name.starts_with("*.");
  const std::string identifier = is_wildcard ? name.substr(2) : name;
  return {
      .identifier = identifier,
      .fqdn = base::Cat("_validation-persist.", identifier, '.'),
      .value = base::Cat(kGoodValue, is_wildcard ? "; policy=wildcard" : ""),
      .persistent = acme::PersistentProof{
          .issuers = std::move(issuers), .account_uris = {kAccountOfCa, "https://ca.test/h/1"}, .is_for_wildcard = is_wildcard}};
}

std::string LackOf(std::vector<std::string> texts, const std::string& name = "a.test") {
  return FindPersistentLack(texts, *WantedRecord(name).persistent, kAtPresent);
}

TEST(FindPersistentLack, IsEmptyForAGoodRecordAmongOthers) {
  EXPECT_EQ(LackOf({"v=spf1 -all", "other.test; accounturi=x", kGoodValue}), "");
  EXPECT_EQ(LackOf({"ca.test;accounturi=https://ca.test/h/1 ;\tPOLICY=x; new=1; persistuntil=1767225600"}), "");
  EXPECT_EQ(LackOf({base::Cat(kGoodValue, "; policy=Wildcard")}, "*.a.test"), "");
  EXPECT_EQ(LackOf({base::Cat(kGoodValue, "; policy=wildcard")}), "");
}

TEST(FindPersistentLack, SaysWhatIsWrong) {
  EXPECT_EQ(LackOf({}), "no TXT record");
  EXPECT_EQ(LackOf({"one", "other.test; accounturi=x"}), "2 TXT values, none of ca.test");
  EXPECT_EQ(LackOf({"ca.test; accounturi=https://ca.test/acct/2"}),
            "the record of ca.test is for another account, https://ca.test/acct/2");
  EXPECT_EQ(LackOf({kGoodValue}, "*.a.test"), "the record of ca.test has no policy=wildcard");
  EXPECT_EQ(LackOf({base::Cat(kGoodValue, "; persistUntil=1767225599")}),
            "the record of ca.test ended at 2025-12-31T23:59:59Z (persistUntil)");
}

// As Pebble and Boulder refuse them.
TEST(FindPersistentLack, RefusesWhatCasRefuseAsMalformed) {
  for (const std::string& text :
       {base::Cat(kGoodValue, ";"), base::Cat(kGoodValue, "; policy"), base::Cat(kGoodValue, "; accounturi=b"),
        base::Cat(kGoodValue, "; persistUntil=soon"), base::Cat(kGoodValue, "; persistUntil=")}) {
    EXPECT_THAT(LackOf({text}), HasSubstr("is malformed")) << text;
  }
  EXPECT_EQ(LackOf({"ca.test; policy=wildcard"}), "the record of ca.test has no accounturi");
}

// One server is the resolver and the server of the zone example.test.
class PersistentRecordSolverTest : public testing::Test {
 protected:
  DnsAnswer Answer(const DnsAsked& asked) const {
    if (auto of_zone = tests::FindExampleZone(asked, server_)) return *std::move(of_zone);
    if (is_silent_) return {.is_dropped = true};
    DnsAnswer answer{.authority = {tests::kExampleSoa}};
    for (const std::string& line : records_) {
      const bool fits = line.starts_with(asked.name + " ") && (line.find(" CNAME ") != std::string::npos ||
                                                               line.find(base::Cat(' ', asked.type, ' ')) != std::string::npos);
      if (fits) answer.answers.push_back(line);
    }
    if (answer.answers.empty()) answer.rcode = base::dns::Rcode::kNxDomain;
    return answer;
  }

  base::Call RealCall() const {
    base::Call call = tests::RealCall();
    call.log = base::Log(log_);
    return call;
  }

  std::unique_ptr<acme::Solver> MakeSolver() const {
    const SolverOptions options{.connections = {},
                                .propagation = {.resolvers = {server_.text()},
                                                .timeout = timeout_,
                                                .disable = is_disabled_,
                                                .nameserver_port = server_.address().port},
                                .deps = {.providers = {.random = &base::SystemRandom()}, .find_provider = nullptr}};
    return *MakePersistentRecordSolver(options);
  }

  base::Result<void> Prepare(const std::vector<acme::ChallengeRecord>& records) const {
    return MakeSolver()->Prepare(RealCall(), records);
  }

  int TxtQuestions() const {
    const auto asked = server_.asked();
    return static_cast<int>(std::count_if(asked.begin(), asked.end(), [](const DnsAsked& one) { return one.type == "TXT"; }));
  }

  static std::string TxtAt(const std::string& name, const std::string& value) {
    return base::Cat(name, " 60 IN TXT \"", value, '"');
  }

  std::shared_ptr<tests::LogCapture> log_ = std::make_shared<tests::LogCapture>();
  std::vector<std::string> records_;
  std::chrono::milliseconds timeout_{150};
  bool is_silent_ = false;
  bool is_disabled_ = false;
  tests::FakeDnsServer server_{[this](const DnsAsked& asked) { return Answer(asked); }};
};

TEST_F(PersistentRecordSolverTest, FindsTheRecordsAndLooksForThemOnce) {
  records_ = {TxtAt("_validation-persist.example.test.", base::Cat(kGoodValue, "; policy=wildcard"))};
  const auto solver = MakeSolver();
  const std::vector records = {WantedRecord("example.test"), WantedRecord("*.example.test")};

  EXPECT_TRUE(solver->Prepare(RealCall(), records));
  EXPECT_TRUE(solver->Prepare(RealCall(), records));

  EXPECT_EQ(TxtQuestions(), 1);
}

TEST_F(PersistentRecordSolverTest, NamesThatTheCaTellsLaterAreLookedForThen) {
  records_ = {TxtAt("_validation-persist.example.test.", kGoodValue)};
  const auto solver = MakeSolver();

  EXPECT_TRUE(solver->Prepare(RealCall(), std::vector{WantedRecord("example.test", {})}));
  EXPECT_EQ(TxtQuestions(), 0);
  EXPECT_TRUE(solver->Prepare(RealCall(), std::vector{WantedRecord("example.test", {"ca.test"})}));
  EXPECT_EQ(TxtQuestions(), 1);
}

TEST_F(PersistentRecordSolverTest, SaysWhatToCreateAndWhichServerLacksIt) {
  records_ = {TxtAt("_validation-persist.example.test.", kGoodValue)};

  const auto prepared = Prepare({WantedRecord("*.example.test"), WantedRecord("example.test"), WantedRecord("www.example.test")});

  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(prepared.error().code, kPersistentCode);
  EXPECT_EQ(prepared.error().message,
            "TXT records of dns-persist-01 are missing; they did not appear within 150ms (`propagation.timeout`)");
  EXPECT_THAT(
      prepared.error().details,
      ElementsAre(base::Cat("a TXT record _validation-persist.example.test with the value \"", kGoodValue, "; policy=wildcard\""),
                  base::Cat("a TXT record _validation-persist.www.example.test with the value \"", kGoodValue, '"'),
                  base::Cat("ns.example.test. (", server_.text(),
                            "): _validation-persist.example.test. the record of ca.test has no policy=wildcard; "
                            "_validation-persist.www.example.test. NXDOMAIN")));
}

TEST_F(PersistentRecordSolverTest, FollowsACname) {
  records_ = {"_validation-persist.example.test. 60 IN CNAME proofs.example.test.", TxtAt("proofs.example.test.", kGoodValue)};

  const auto prepared = Prepare({WantedRecord("example.test")});

  EXPECT_TRUE(prepared) << prepared.error().message;
}

TEST_F(PersistentRecordSolverTest, LeavesWhatNoServerTellsToTheCa) {
  is_silent_ = true;

  const auto prepared = Prepare({WantedRecord("example.test")});

  EXPECT_TRUE(prepared) << prepared.error().message;
  EXPECT_THAT(log_->text(), HasSubstr("the CA decides"));
}

TEST_F(PersistentRecordSolverTest, AsksNobodyWhereThatIsDisabled) {
  is_disabled_ = true;

  EXPECT_TRUE(Prepare({WantedRecord("example.test")}));

  EXPECT_THAT(server_.asked(), IsEmpty());
}

}  // namespace
}  // namespace engine::dns
