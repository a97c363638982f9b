// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/digest.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace base::crypto {
namespace {

std::string Raw(std::string_view hex) { return FromHex(hex).value(); }

// FIPS 180-4, message "abc".
TEST(Digest, AgreesWithFips180) {
  EXPECT_EQ(Hex(Digest(Hash::kSha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Hex(Digest(Hash::kSha256, "abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Digest(Hash::kSha384, "abc")),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(Hex(Digest(Hash::kSha512, "abc")),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9a"
            "c94fa54ca49f");
}

TEST(Digest, TakesAnEmptyText) { EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"); }

// RFC 4231 sections 4.2, 4.3 and 4.7 (a key longer than the block); RFC 2202 section 3 for SHA-1.
TEST(Hmac, AgreesWithRfc4231) {
  const Secret twenty(std::string(20, '\x0b'));
  const Secret jefe("Jefe");
  const Secret over_a_block(std::string(131, '\xaa'));

  EXPECT_EQ(Hex(Hmac(Hash::kSha256, twenty, "Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(Hmac(Hash::kSha384, jefe, "what do ya want for nothing?")),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  EXPECT_EQ(Hex(Hmac(Hash::kSha512, jefe, "what do ya want for nothing?")),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e"
            "070a38bce737");
  EXPECT_EQ(Hex(Hmac(Hash::kSha256, over_a_block, "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(Hex(Hmac(Hash::kSha1, jefe, "what do ya want for nothing?")), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

// HMAC-SHA256 with nothing at all: python3 -c 'import hmac; print(hmac.new(b"", b"", "sha256").hexdigest())'
TEST(Hmac, TakesAnEmptyKeyAndText) {
  EXPECT_EQ(Hex(Hmac(Hash::kSha256, Secret(), "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

struct HkdfVector {
  std::string_view key, salt, info, derived;
};

// RFC 5869 appendix A.1 to A.3.
constexpr HkdfVector kRfc5869[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3"
     "d3e3f4041"
     "42434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9"
     "d9e9fa0a1"
     "a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebece"
     "deeeff0f1"
     "f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca"
     "3db71cc30"
     "c58179ec3e87c14c01d5c1f3434f1d87"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
};

TEST(HkdfSha256, AgreesWithRfc5869) {
  for (const HkdfVector& vector : kRfc5869) {
    const Secret derived = HkdfSha256(Secret(Raw(vector.key)), Raw(vector.salt), Raw(vector.info), vector.derived.size() / 2);

    EXPECT_EQ(Hex(derived.Reveal()), vector.derived);
  }
}

TEST(HkdfSha256, GivesUpTo8160Bytes) { EXPECT_EQ(HkdfSha256(Secret("key"), "", "", 8160).Reveal().size(), 8160U); }

}  // namespace
}  // namespace base::crypto
