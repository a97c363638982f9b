// SPDX-License-Identifier: MPL-2.0
// What a plan of a certificate decides; issuing itself is tested end to end.
#include "resources/certificate/certificate.h"

#include <gtest/gtest.h>

#include "base/time_format.h"
#include "resources/certificate/private_state.h"
#include "resources/sealed/payload.h"
#include "tests/resources/test_context.h"
#include "tests/support/core_rules.h"
#include "tests/support/settings.h"

namespace resources::certificate {
namespace {

using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::OpenCertificate;
using sealed::SealCa;
using sealed::SealCertificate;
using sealed::Sealer;

constexpr const char* kMemory =
    R"({"directory_url":"https://ca.test/dir","account_url":"https://ca.test/account/1","due":false})";

class CertificateTest : public testing::Test {
 protected:
  std::string Ca(const std::string& account, const std::string& connection_id = "a") const {
    CaPayload ca{
        .directory_url = "https://ca.test/dir",
        .account_url = account,
        .trusted_roots_pem = {},
        .account_key_pem = base::Secret("key"),
        .dns = {{.connection = {.kind = "rfc2136", .id = connection_id, .settings = tests::ConnectionSettings("rfc2136")},
                 .zone = ""}},
        .propagation = {}};
    return *SealCa(parts_.context.sealer, ca);
  }

  Value Config(std::vector<std::string> names, const std::string& ca, Value::Members more = {}) const {
    Value::Elements elements;
    for (std::string& name : names) elements.push_back(Value::String(std::move(name)));
    more.insert_or_assign("dns_names", Value::Set(Type::String(), std::move(elements)));
    more.insert_or_assign("external_ca", Value::String(ca));
    return Value::ObjectOf(type_, std::move(more));
  }

  // What an apply of `config` left in the state.
  Value Issued(const Value& config) const {
    Value::Members members = config.AsMembers();
    for (const char* name : {"id", "certificate_id", "certificate_pem", "chain_pem", "issuer", "serial_number", "not_before",
                             "not_after", "fingerprint_sha256"}) {
      members.insert_or_assign(name, Value::String(name));
    }
    for (const schema::Attribute& attribute : resource_->schema().attributes) {
      if (attribute.default_value && config.Get(attribute.name).is_null())
        members.insert_or_assign(attribute.name, *attribute.default_value);
    }
    if (config.Get("csr_pem").is_null()) members.insert_or_assign("dns_names_ascii", config.Get("dns_names"));
    members.insert_or_assign("renewal",
                             Value::ObjectOf(*type_.Find("renewal"), {{"due_at", Value::String("2026-06-01T00:00:00Z")}}));
    members.insert_or_assign(
        "handle", Value::String(*SealCertificate(
                      parts_.context.sealer,
                      {.certificate_id = "id", .full_chain_pem = "chain", .private_key_pem = base::Secret("private")})));
    return Value::ObjectOf(type_, std::move(members));
  }

  schema::PlanResult Plan(const Value& prior, const Value& config, const std::string& memory = kMemory) const {
    const schema::PlanRequest request{.schema = resource_->schema(), .prior = prior, .config = config, .prior_private = memory};
    auto result =
        schema::PlanChange(request, [&](const auto& inner, auto& planned) { resource_->Plan(parts_.context, inner, planned); });
    EXPECT_EQ(tests::PlanViolations(resource_->schema(), prior, config, result.planned), std::vector<std::string>{});
    return result;
  }

  static bool Issues(const schema::PlanResult& result) { return result.planned.Get("certificate_pem").is_unknown(); }

  tests::TestContext parts_;
  std::unique_ptr<Resource> resource_ = MakeCertificate();
  Type type_ = resource_->schema().ImpliedType();
  std::string ca_ = Ca("https://ca.test/account/1");
  Value config_ = Config({"a.test", "*.a.test"}, ca_);
};

TEST_F(CertificateTest, CreateKnowsNothingButThatTheKeyStaysInside) {
  const auto result = Plan(Value::Null(type_), config_);

  EXPECT_TRUE(Issues(result));
  EXPECT_TRUE(result.planned.Get("certificate_id").is_unknown());
  EXPECT_TRUE(result.planned.Get("private_key_pem").is_null());
}

TEST_F(CertificateTest, UnchangedPlansNothing) {
  const Value prior = Issued(config_);

  EXPECT_EQ(Plan(prior, config_).planned, prior);
}

TEST_F(CertificateTest, UnchangedPlanOpensNoHandle) {
  const Value prior = Issued(config_);
  parts_.context.sealer = Sealer::Missing();

  EXPECT_EQ(Plan(prior, config_).planned, prior);
}

TEST_F(CertificateTest, NamesInOtherSpellingIssueNothing) {
  const auto result = Plan(Issued(config_), Config({"A.test.", "*.a.TEST"}, ca_));

  EXPECT_FALSE(Issues(result));
}

TEST_F(CertificateTest, AnotherSpellingOfTheNamesIsNoDifference) {
  const Value prior = Issued(Config({"bücher.test", "*.a.test"}, ca_, {{"common_name", Value::String("bücher.test")}}));

  for (const char* name : {"xn--bcher-kva.test", "BÜCHER.test", "bücher.test."}) {
    const auto result = Plan(prior, Config({name, "*.A.test"}, ca_, {{"common_name", Value::String(name)}}));

    EXPECT_EQ(result.planned, prior) << name;
  }
}

TEST_F(CertificateTest, TheNamesInAsciiAreKnownInThePlan) {
  const auto created = Plan(Value::Null(type_), Config({"bücher.test", "*.A.test"}, ca_));
  const auto changed = Plan(Issued(config_), Config({"straße.test"}, ca_));

  EXPECT_EQ(created.planned.Get("dns_names_ascii"),
            Value::Set(Type::String(), {Value::String("*.a.test"), Value::String("xn--bcher-kva.test")}));
  EXPECT_EQ(changed.planned.Get("dns_names_ascii"), Value::Set(Type::String(), {Value::String("xn--strae-oqa.test")}));
}

TEST_F(CertificateTest, TheNamesInAsciiAreUnknownWhileTheNamesAre) {
  const auto result = Plan(Value::Null(type_), config_.With("dns_names", Value::Unknown(Type::Set(Type::String()))));

  EXPECT_TRUE(result.planned.Get("dns_names_ascii").is_unknown());
}

TEST_F(CertificateTest, AStateWithoutTheNamesInAsciiGetsThemInARefresh) {
  const Value state = Issued(config_).With("dns_names_ascii", Value::Null(Type::Set(Type::String())));

  const auto read = resource_->Read(parts_.clock.Call(), parts_.context, {.state = state, .private_data = kMemory});

  EXPECT_EQ(read.stored.state.Get("dns_names_ascii"), config_.Get("dns_names"));
}

TEST_F(CertificateTest, AnotherNameIssuesAndKeepsTheId) {
  const auto result = Plan(Issued(config_), Config({"a.test"}, ca_));

  EXPECT_TRUE(Issues(result));
  EXPECT_TRUE(result.planned.Get("certificate_id").is_known());
  EXPECT_TRUE(result.requires_replace.empty());
}

TEST_F(CertificateTest, AnotherKeyAlgorithmIssues) {
  EXPECT_TRUE(Issues(Plan(Issued(config_), Config({"a.test", "*.a.test"}, ca_, {{"key_algorithm", Value::String("EC_P384")}}))));
}

TEST_F(CertificateTest, RotatedDnsCredentialsIssueNothing) {
  const auto result = Plan(Issued(config_), Config({"a.test", "*.a.test"}, Ca("https://ca.test/account/1", "b")));

  EXPECT_FALSE(Issues(result));
  EXPECT_FALSE(result.diagnostics.HasErrors());
}

TEST_F(CertificateTest, AnotherAccountIssues) {
  EXPECT_TRUE(Issues(Plan(Issued(config_), Config({"a.test", "*.a.test"}, Ca("https://ca.test/account/2")))));
}

TEST_F(CertificateTest, UnknownCaMayBeAnother) {
  const Value config = config_.With("external_ca", Value::Unknown(Type::String()));

  EXPECT_TRUE(Issues(Plan(Issued(config_), config)));
}

TEST_F(CertificateTest, HandleOfAnotherKeyIsToldAtPlan) {
  const std::string foreign = *SealCa(Sealer::Ready(tests::TestKey('z'), {}), {});

  const auto result = Plan(Value::Null(type_), Config({"a.test"}, foreign));

  ASSERT_TRUE(result.diagnostics.HasErrors());
  EXPECT_EQ(result.diagnostics.items().front().path, Path::Of("external_ca"));
}

TEST_F(CertificateTest, ReadDecidesThatItIsDueAndLeavesTheStateAlone) {
  const Value prior = Issued(config_);
  const auto read = [&](const char* now) {
    parts_.clock.Advance(std::chrono::duration_cast<std::chrono::milliseconds>(*base::ParseRfc3339(now) - parts_.clock.Now()));
    return resource_->Read(parts_.clock.Call(), parts_.context, {.state = prior, .private_data = kMemory});
  };

  const auto early = read("2026-05-31T23:59:59Z");
  const auto late = read("2026-06-01T00:00:00Z");

  EXPECT_EQ(late.stored.state, prior);
  EXPECT_FALSE(Issues(Plan(prior, config_, early.stored.private_data)));
  EXPECT_TRUE(Issues(Plan(prior, config_, late.stored.private_data)));
}

TEST_F(CertificateTest, RotatedSealingKeyReSealsAndIssuesNothing) {
  const Value prior = Issued(config_);
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  const auto result = Plan(prior, config_);

  EXPECT_FALSE(Issues(result));
  const auto opened = OpenCertificate(parts_.context.sealer, result.planned.Get("handle").AsString());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->private_key_pem.Reveal(), "private");
  EXPECT_FALSE(parts_.context.sealer.IsStale(result.planned.Get("handle").AsString()));
}

TEST_F(CertificateTest, ExportedKeyComesFromTheHandle) {
  const Value prior = Issued(config_);
  const Value config = Config({"a.test", "*.a.test"}, ca_, {{"export_private_key", Value::Bool(true)}});
  const auto plan = Plan(prior, config);

  const auto applied = resource_->Update(parts_.clock.Call(), parts_.context,
                                         {.prior = prior, .config = config, .planned = plan.planned, .planned_private = kMemory});

  EXPECT_FALSE(Issues(plan));
  EXPECT_EQ(applied.stored.state.Get("private_key_pem").AsString(), "private");
  EXPECT_EQ(tests::ConformanceViolations(plan.planned, applied.stored.state), std::vector<std::string>{});
}

struct Change {
  const char* label;
  Value::Members members;
  bool issues;
};

TEST_F(CertificateTest, WhatTheCertificateSaysIssuesAnewAndTheRestDoesNot) {
  const Change cases[] = {{"profile", {{"profile", Value::String("shortlived")}}, true},
                          {"preferred_chain", {{"preferred_chain", Value::String("Root")}}, true},
                          {"validity", {{"validity", Value::String("30d")}}, true},
                          {"common_name", {{"common_name", Value::String("a.test")}}, true},
                          {"unknown profile", {{"profile", Value::Unknown(Type::String())}}, true},
                          {"preferred_chain_strict", {{"preferred_chain_strict", Value::Bool(true)}}, false},
                          {"renew_before", {{"renew_before", Value::String("30d")}}, false},
                          {"unknown renew_before", {{"renew_before", Value::Unknown(Type::String())}}, false},
                          {"rotate_private_key", {{"rotate_private_key", Value::Bool(false)}}, false},
                          {"revoke_on_destroy", {{"revoke_on_destroy", Value::Bool(true)}}, false},
                          {"revocation_reason", {{"revocation_reason", Value::String("superseded")}}, false}};
  for (const Change& one : cases) {
    const auto result = Plan(Issued(config_), Config({"a.test", "*.a.test"}, ca_, one.members));

    EXPECT_EQ(Issues(result), one.issues) << one.label;
    EXPECT_TRUE(result.requires_replace.empty()) << one.label;
  }
}

TEST_F(CertificateTest, AnotherRenewBeforePlansTheNewDateAndDropsTheWindow) {
  const Value prior = Issued(config_)
                          .With("not_before", Value::String("2026-01-01T00:00:00Z"))
                          .With("not_after", Value::String("2026-04-01T00:00:00Z"));

  const auto result = Plan(prior, Config({"a.test", "*.a.test"}, ca_, {{"renew_before", Value::String("10d")}}));

  EXPECT_EQ(result.planned.Get("renewal").Get("due_at"), Value::String("2026-03-22T00:00:00Z"));
  EXPECT_TRUE(result.planned.Get("renewal").Get("window_start").is_null());
}

// Found due by the rule that is no more: the next refresh judges by the new one.
TEST_F(CertificateTest, AnotherRenewBeforeRenewsNothingByTheOldRule) {
  constexpr const char* kDue = R"({"directory_url":"https://ca.test/dir","account_url":"https://ca.test/account/1","due":true})";

  EXPECT_TRUE(Issues(Plan(Issued(config_), config_, kDue)));
  EXPECT_FALSE(
      Issues(Plan(Issued(config_), Config({"a.test", "*.a.test"}, ca_, {{"renew_before", Value::String("10d")}}), kDue)));
}

TEST_F(CertificateTest, ASigningRequestHasNoKeyAlgorithmOfOurs) {
  const auto result = Plan(Value::Null(type_), Config({}, ca_, {{"csr_pem", Value::String("…")}}));

  EXPECT_TRUE(result.planned.Get("key_algorithm").is_null());
  EXPECT_TRUE(result.planned.Get("private_key_pem").is_null());
}

// A delete that belongs to a replacement gets the private data of the new object's plan.
TEST_F(CertificateTest, APlanOfANewObjectHasNoPrivateDataOfTheFormerOne) {
  const PrivateState planned = ParsePrivateState(Plan(Value::Null(type_), config_, kMemory).planned_private);

  EXPECT_TRUE(planned.is_new);
  EXPECT_EQ(planned.directory_url, "");
  EXPECT_EQ(planned.account_url, "");
  EXPECT_EQ(Plan(Issued(config_), config_, kMemory).planned_private, kMemory);
}

struct BadConfig {
  const char* attribute;
  Value::Members members;
};

TEST_F(CertificateTest, WhatDoesNotGoTogetherIsToldAtTheAttribute) {
  const Value csr = Value::String("a signing request");
  const Value none = Value::Null(Type::Set(Type::String()));
  const BadConfig cases[] = {
      {"dns_names", {{"dns_names", none}}},
      {"dns_names", {{"csr_pem", csr}}},
      {"common_name", {{"csr_pem", csr}, {"dns_names", none}, {"common_name", Value::String("a.test")}}},
      {"key_algorithm", {{"csr_pem", csr}, {"dns_names", none}, {"key_algorithm", Value::String("EC_P256")}}},
      {"export_private_key", {{"csr_pem", csr}, {"dns_names", none}, {"export_private_key", Value::Bool(true)}}}};
  for (const BadConfig& bad : cases) {
    Value config = Config({"a.test"}, ca_);
    for (const auto& [name, value] : bad.members) config = config.With(name, value);
    schema::Diagnostics diagnostics;

    resource_->Validate(config, diagnostics);

    ASSERT_EQ(diagnostics.items().size(), 1U) << bad.attribute;
    EXPECT_EQ(diagnostics.items().front().path, Path::Of(bad.attribute));
  }
}

// `terraform validate` knows no variable: a module may pass either on.
TEST_F(CertificateTest, WhatIsUnknownMayStillGoTogether) {
  for (const bool csr_is_unknown : {true, false}) {
    const Value csr = csr_is_unknown ? Value::Unknown(Type::String()) : Value::String("a signing request");
    const Value names = csr_is_unknown ? Value::Null(Type::Set(Type::String())) : Value::Unknown(Type::Set(Type::String()));
    schema::Diagnostics diagnostics;

    resource_->Validate(Config({}, ca_, {{"csr_pem", csr}}).With("dns_names", names), diagnostics);

    EXPECT_TRUE(diagnostics.items().empty()) << csr_is_unknown;
  }
}

TEST_F(CertificateTest, BadValuesAreToldAtTheAttribute) {
  const BadConfig cases[] = {{"renew_before", {{"renew_before", Value::String("100%")}}},
                             {"renew_before", {{"renew_before", Value::String("soon")}}},
                             {"validity", {{"validity", Value::String("10s")}}},
                             {"csr_pem", {{"csr_pem", Value::String("-----BEGIN")}}},
                             {"revocation_reason", {{"revocation_reason", Value::String("superseeded")}}}};
  for (const BadConfig& bad : cases) {
    const auto diagnostics = schema::ValidateConfig(resource_->schema(), Config({"a.test"}, ca_, bad.members));

    ASSERT_EQ(diagnostics.items().size(), 1U) << bad.attribute;
    EXPECT_EQ(diagnostics.items().front().path, Path::Of(bad.attribute));
  }
}

TEST_F(CertificateTest, CommonNameMustBeOneOfTheNames) {
  schema::Diagnostics diagnostics;

  resource_->Validate(Config({"a.test"}, ca_, {{"common_name", Value::String("b.test")}}), diagnostics);

  ASSERT_TRUE(diagnostics.HasErrors());
  EXPECT_EQ(diagnostics.items().front().path, Path::Of("common_name"));
}

// 232 characters, with the final dot: the challenge record's name is 21 more.
const std::string kLongName =
    std::string(57, 'a') + "." + std::string(57, 'b') + "." + std::string(57, 'c') + "." + std::string(57, 'd') + ".";

struct BadNames {
  const char* label;
  std::vector<std::string> names;
  const char* expected;
};

TEST_F(CertificateTest, BadNamesAreToldAtTheAttribute) {
  const BadNames cases[] = {{"empty list", {}, "dns_names"},
                            {"IP address", {"192.0.2.1"}, "IP address"},
                            {"underscore", {"a_b.test"}, "_"},
                            {"A-label that does not decode", {"xn--zzzzzzzzz.test"}, "does not decode"},
                            {"disallowed character", {"💩.test"}, "no international name"},
                            {"challenge name of 254 characters", {kLongName + "a.test"}, "would be 254 characters long"},
                            {"equal in other spelling", {"a.test", "A.test."}, "same name"},
                            {"equal as A-labels", {"bücher.test", "xn--bcher-kva.test"}, "same name"}};
  for (const BadNames& bad : cases) {
    const auto diagnostics = schema::ValidateConfig(resource_->schema(), Config(bad.names, ca_));

    ASSERT_TRUE(diagnostics.HasErrors()) << bad.label;
    const schema::Diagnostic& first = diagnostics.items().front();
    EXPECT_EQ(first.path, Path::Of("dns_names")) << bad.label;
    EXPECT_NE((first.summary + first.detail).find(bad.expected), std::string::npos) << bad.label << ": " << first.detail;
  }
}

TEST_F(CertificateTest, ANameWhoseChallengeNameJustFitsIsFine) {
  EXPECT_TRUE(schema::ValidateConfig(resource_->schema(), Config({"*." + kLongName + "test"}, ca_)).items().empty());
}

TEST_F(CertificateTest, AReservedLabelIsAWarning) {
  const auto diagnostics = schema::ValidateConfig(resource_->schema(), Config({"ab--cd.test", "xn--bcher-kva.test"}, ca_));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_FALSE(diagnostics.HasErrors());
  EXPECT_EQ(diagnostics.items().front().summary, "Reserved label: ab--cd");
}

TEST_F(CertificateTest, ANullAmongTheNamesIsAnError) {
  const Value names = Value::Set(Type::String(), {Value::String("a.test"), Value::Null(Type::String())});

  const auto diagnostics = schema::ValidateConfig(resource_->schema(), Config({}, ca_).With("dns_names", names));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items().front().summary, "A null in dns_names");
}

}  // namespace
}  // namespace resources::certificate
