// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/handle.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace resources::sealed {
namespace {

using base::Secret;

SealingKey Key(char fill) { return *SealingKey::Parse(Secret(base::Base64(std::string(32, fill)))); }

Sealer OneKey(char fill = 'a') { return Sealer::Ready(Key(fill), {}); }

TEST(SealingKey, RefusesWhatIsNot32BytesAndNeverShowsIt) {
  for (const std::string text : {"", "not-base64-at-all", "c2hvcnQ=", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}) {
    const auto key = SealingKey::Parse(Secret(text));

    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().kind, base::ErrorKind::kInvalid);
    if (!text.empty()) {
      EXPECT_EQ(key.error().message.find(text), std::string::npos);
    }
  }
}

TEST(SealingKey, ToleratesTheLineEndOfAFile) {
  EXPECT_EQ(SealingKey::Parse(Secret(base::Base64(std::string(32, 'a')) + "\n"))->id(), Key('a').id());
}

TEST(Seal, IsDeterministicAndBoundToKindKeyAndContent) {
  const Secret text("payload");

  const auto handle = OneKey().Seal("ca", text);

  ASSERT_TRUE(handle);
  EXPECT_EQ(*handle, *OneKey().Seal("ca", text));
  EXPECT_NE(*handle, *OneKey().Seal("certificate", text));
  EXPECT_NE(*handle, *OneKey('b').Seal("ca", text));
  EXPECT_NE(*handle, *OneKey().Seal("ca", Secret("payloae")));
  EXPECT_EQ(handle->rfind("cw2:ca::" + Key('a').id() + ":", 0), 0U);
}

// Pinned: handles live in users' states, so the format must not move. Made with Python's cryptography: HKDF(SHA256, salt
// "certwright sealed handle", info "key id" and "aes-256-siv") over 32 times 'a', then AESSIV.encrypt(b"payload",
// [b"cw2:ca::baa45800:"]).
TEST(Seal, KeepsItsBytes) {
  EXPECT_EQ(*OneKey().Seal("ca", Secret("payload")), "cw2:ca::baa45800:1BuOAE_0I5gLnMELedxEEYmgjC1onAQ");
  EXPECT_EQ(*OneKey().Seal("certificate", Secret("payload"), "00ff.EC_P256"),
            "cw2:certificate:00ff.EC_P256:baa45800:BYzwRS4As08zyj4QVeoXfKCKw5gaC_0");
}

TEST(Seal, FactsAreBoundAndReadWithoutAKey) {
  const std::string handle = *OneKey().Seal("certificate", Secret("payload"), "00ff.EC_P256");

  EXPECT_EQ(ReadHandlePrefix(handle)->facts, "00ff.EC_P256");
  EXPECT_TRUE(handle.starts_with(KnownPrefix("certificate", "00ff.EC_P256")));
  std::string altered = handle;
  altered.replace(altered.find("00ff"), 4, "00fe");
  EXPECT_FALSE(OneKey().Open("certificate", altered));
}

// The handles of the first states, made as above with [b"cw1:ca:baa45800:"].
TEST(Open, ReadsTheFirstFormatAndCallsItStale) {
  const std::string handle = "cw1:ca:baa45800:uVIi1m39hPU8pTNirsVtSznxqEkg87g";

  const auto opened = OneKey().Open("ca", handle);

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->payload.Reveal(), "payload");
  EXPECT_EQ(opened->prefix.format, 1);
  EXPECT_TRUE(OneKey().IsStale(handle));
}

TEST(Open, GivesThePayloadBack) {
  const auto handle = OneKey().Seal("connection", Secret("payload"));

  const auto opened = OneKey().Open("connection", *handle);

  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->payload.Reveal(), "payload");
  EXPECT_EQ(opened->prefix.format, 2);
  EXPECT_FALSE(OneKey().IsStale(*handle));
}

TEST(Open, UsesPreviousKeys) {
  const auto handle = OneKey('a').Seal("ca", Secret("payload"));
  const Sealer rotated = Sealer::Ready(Key('b'), {Key('a')});

  const auto opened = rotated.Open("ca", *handle);

  ASSERT_TRUE(opened);
  EXPECT_TRUE(rotated.IsStale(*handle));
  EXPECT_FALSE(rotated.IsStale(*rotated.Seal("ca", opened->payload)));
}

struct BadHandle {
  const char* name;
  std::string handle;
  const char* expected;
};

TEST(Open, SaysWhatIsWrongAndWhatToDo) {
  const std::string good = *OneKey().Seal("ca", Secret("payload"));
  std::string altered = good;
  altered[good.size() - 3] = altered[good.size() - 3] == 'A' ? 'B' : 'A';
  std::string other_kind = good;
  other_kind.replace(0, 6, "cw2:certificate");
  const BadHandle cases[] = {{"an id", "1f2e3d", ".handle"},
                             {"empty", "", ".handle"},
                             {"a newer format", "cw9" + good.substr(3), "upgrade the provider"},
                             {"format 0", "cw0" + good.substr(3), ".handle"},
                             {"another kind", *OneKey().Seal("certificate", Secret("p")), "handle of a certificate"},
                             {"kind rewritten", other_kind, "handle of a certificate"},
                             {"unknown key", *OneKey('z').Seal("ca", Secret("p")), "previous_sealing_keys"},
                             {"cut off", good.substr(0, good.size() - 6), "cut off or was altered"},
                             {"altered", altered, "cut off or was altered"},
                             {"no body", good.substr(0, good.rfind(':') + 1), "cut off or was altered"}};
  for (const BadHandle& bad : cases) {
    const auto opened = OneKey().Open("ca", bad.handle);

    ASSERT_FALSE(opened) << bad.name;
    EXPECT_EQ(opened.error().kind, base::ErrorKind::kInvalid) << bad.name;
    EXPECT_NE(opened.error().message.find(bad.expected), std::string::npos) << bad.name << ": " << opened.error().message;
  }
}

TEST(Open, WithoutAKeySaysHowToMakeOne) {
  const std::string handle = *OneKey().Seal("ca", Secret("payload"));

  const auto opened = Sealer::Missing().Open("ca", handle);

  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("openssl rand -base64 32"), std::string::npos);
}

TEST(CheckHandleForm, NeedsNoKey) {
  EXPECT_TRUE(CheckHandleForm("ca", "cw1:ca:00000000:AAAA"));
  EXPECT_TRUE(CheckHandleForm("ca", "cw2:ca::00000000:AAAA"));
  EXPECT_FALSE(CheckHandleForm("ca", "https://ca.test/account/1"));
}

// An account key that was derived from the sealing key alone could be made by whoever gets hold of that key, without any state.
TEST(Derive, TakesTheKeyAndTheSecretAndTheLabel) {
  const auto derived = [](char key, const char* secret, const char* label) {
    return std::string(OneKey(key).Derive(Secret(secret), label)->Reveal());
  };

  EXPECT_EQ(derived('a', "old", "1"), derived('a', "old", "1"));
  EXPECT_EQ(derived('a', "old", "1").size(), 32U);
  EXPECT_NE(derived('a', "old", "1"), derived('b', "old", "1"));
  EXPECT_NE(derived('a', "old", "1"), derived('a', "another", "1"));
  EXPECT_NE(derived('a', "old", "1"), derived('a', "old", "2"));
  EXPECT_FALSE(Sealer::Missing().Derive(Secret("old"), "1"));
}

TEST(FindsKeyIn, FindsEveryKeyWhereverItStands) {
  const Sealer sealer = Sealer::Ready(Key('a'), {Key('b')});
  const std::string present = base::Base64(std::string(32, 'a'));
  const std::string previous = base::Base64(std::string(32, 'b'));

  for (const std::string& text : {present, previous, present + "\n", "[\"x\",\"" + previous + "\"]", "key=" + present,
                                  present.substr(0, 43), " \t" + present + ";", previous + present}) {
    EXPECT_TRUE(sealer.FindsKeyIn(text)) << text;
  }
  for (const std::string& text :
       {std::string(), std::string("production"), base::Base64(std::string(32, 'c')), present.substr(0, 42), "x" + present}) {
    EXPECT_FALSE(sealer.FindsKeyIn(text)) << text;
  }
  EXPECT_FALSE(Sealer::Missing().FindsKeyIn(present));
}

}  // namespace
}  // namespace resources::sealed
