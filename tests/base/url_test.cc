// SPDX-License-Identifier: MPL-2.0
#include "base/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base {
namespace {

using testing::HasSubstr;
using testing::Not;

Url Parsed(std::string_view text) {
  auto url = ParseUrl(text);
  EXPECT_TRUE(url.ok()) << text;
  return url ? *url : Url{};
}

std::string Refusal(std::string_view text) {
  const auto url = ParseUrl(text);
  if (url) return "accepted";
  EXPECT_EQ(url.error().kind, ErrorKind::kInvalid);
  return url.error().message;
}

std::string Resolved(std::string_view base_url, std::string_view reference) {
  const auto url = ResolveUrl(base_url, reference);
  return url ? *url : "error: " + url.error().message;
}

TEST(ParseUrl, TakesTheUrlApart) {
  const Url url = Parsed("HTTPS://CA.Example.test:14000/Dir%2Fx/?A=b?c&d");

  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "ca.example.test");
  EXPECT_EQ(url.port, 14000);
  EXPECT_EQ(url.path, "/Dir%2Fx/");
  EXPECT_EQ(url.query, "A=b?c&d");
  EXPECT_EQ(url.Origin(), "https://ca.example.test:14000");
}

TEST(ParseUrl, FillsPortAndPath) {
  EXPECT_EQ(Parsed("https://a.test").port, 443);
  EXPECT_EQ(Parsed("http://a.test").port, 80);
  EXPECT_EQ(Parsed("https://a.test").path, "/");
  EXPECT_EQ(Parsed("https://a.test?x").path, "/");
  EXPECT_EQ(Parsed("https://a.test?x").query, "x");
  EXPECT_EQ(Parsed("https://a.test:443/").Origin(), "https://a.test");
  EXPECT_EQ(Parsed("http://a.test:443/").Origin(), "http://a.test:443");
}

TEST(ParseUrl, TakesIpv6WithoutBrackets) {
  EXPECT_EQ(Parsed("https://[::1]:14000/dir").host, "::1");
  EXPECT_EQ(Parsed("https://[::1]:14000/dir").Origin(), "https://[::1]:14000");
}

TEST(ParseUrl, SaysWhatIsWrong) {
  EXPECT_EQ(Refusal(""), "the URL is empty");
  EXPECT_THAT(Refusal("ca.example.test/dir"), HasSubstr("has no scheme"));
  EXPECT_THAT(Refusal("ftp://a.test/"), HasSubstr("a scheme other than https and http"));
  EXPECT_THAT(Refusal("https:///dir"), HasSubstr("has no host"));
  EXPECT_THAT(Refusal("https://:443/dir"), HasSubstr("has no host"));
  EXPECT_THAT(Refusal("https://a.test/#x"), HasSubstr("has a fragment"));
  EXPECT_THAT(Refusal("https://[::1/"), HasSubstr("bracket that is not closed"));
  EXPECT_THAT(Refusal("https://a{b}.test/"), HasSubstr("neither a name nor an address"));
  EXPECT_THAT(Refusal("https://[a.test]/"), HasSubstr("neither a name nor an address"));
  for (const char* text :
       {"https://a.test:/", "https://a.test:0/", "https://a.test:65536/", "https://a.test:4x/", "https://[::1]443/"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("a port that is not a number from 1 to 65535")) << text;
  }
  for (const char* text : {"https://a.test/a b", "https://a.test/\r\n", "https://b\xc3\xbc.test/", " https://a.test/"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("percent-encode it")) << text;
  }
}

TEST(ParseUrl, RefusesCredentialsAndDoesNotShowQueries) {
  EXPECT_EQ(Refusal("https://user:word@a.test/"), "the URL carries credentials; they do not belong into a URL");
  EXPECT_THAT(Refusal("https://a.test/?token=hidden#x"), Not(HasSubstr("hidden")));
}

// RFC 3986 section 5.4, as far as http URLs have it.
TEST(ResolveUrl, FollowsRfc3986) {
  const char* base_url = "http://a/b/c/d;p?q";

  EXPECT_EQ(Resolved(base_url, "https://g.test/x"), "https://g.test/x");
  EXPECT_EQ(Resolved(base_url, "g"), "http://a/b/c/g");
  EXPECT_EQ(Resolved(base_url, "./g/"), "http://a/b/c/g/");
  EXPECT_EQ(Resolved(base_url, "/g?y"), "http://a/g?y");
  EXPECT_EQ(Resolved(base_url, "//g"), "http://g");
  EXPECT_EQ(Resolved(base_url, "?y"), "http://a/b/c/d;p?y");
  EXPECT_EQ(Resolved(base_url, ""), "http://a/b/c/d;p?q");
  EXPECT_EQ(Resolved(base_url, "."), "http://a/b/c/");
  EXPECT_EQ(Resolved(base_url, ".."), "http://a/b/");
  EXPECT_EQ(Resolved(base_url, "../../g"), "http://a/g");
  EXPECT_EQ(Resolved(base_url, "../../../g"), "http://a/g");
  EXPECT_EQ(Resolved(base_url, "g?y/../x"), "http://a/b/c/g?y/../x");
}

TEST(ResolveUrl, KeepsPortAndRefusesOtherSchemes) {
  EXPECT_EQ(Resolved("https://[::1]:14000/dir", "/nonce"), "https://[::1]:14000/nonce");
  EXPECT_THAT(Resolved("https://a.test/", "file:///etc/passwd"), HasSubstr("scheme other than"));
}

TEST(WithoutQuery, CutsAtTheQuestionMark) {
  EXPECT_EQ(WithoutQuery("https://a.test/x?token=1"), "https://a.test/x");
  EXPECT_EQ(WithoutQuery("https://a.test/x"), "https://a.test/x");
}

TEST(PercentEncode, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(PercentEncode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(PercentEncode("a b/\xff+="), "a%20b%2F%FF%2B%3D");
}

TEST(WithoutUserinfo, RemovesItFromEveryUrl) {
  EXPECT_EQ(WithoutUserinfo("http://user:pw@proxy:3128/ and https://me@a.test/x@y"), "http://proxy:3128/ and https://a.test/x@y");
  EXPECT_EQ(WithoutUserinfo("socks5://u:p%40x@proxy"), "socks5://proxy");
  for (const char* text : {"", "ops@example.com", "https://a.test:8443/x?mail=ops@example.com", "https://[::1]:80/@x", "://",
                           "see https://a.test/", "https://a.test:8443"}) {
    EXPECT_EQ(WithoutUserinfo(text), text);
  }
}

TEST(WithoutUserinfo, RemovesItFromUrlsThatAreMalformed) {
  for (const char* text : {"http://u:canary/x@proxy:1", "http://u:canary#x@proxy:1", "http://u:canary?x@proxy:1",
                           "http://u:canary x@proxy:1", "http://u:x@canary@proxy:1"}) {
    EXPECT_EQ(WithoutUserinfo(text), "http://proxy:1") << text;
  }
}

}  // namespace
}  // namespace base
