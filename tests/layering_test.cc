// SPDX-License-Identifier: MPL-2.0
// Reads the #include lines against the layering table (docs/developers/architecture.md), and looks for words that belong to one
// file.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "tests/support/source_tree.h"

namespace {

using testing_support::SourceFile;

struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;  // layers besides itself, or single files
};

const std::vector<Layer>& Layers() {
  static const std::vector<Layer> layers = {
      {"base", {}},
      {"base/crypto", {"base"}},
      {"base/http", {"base"}},
      {"base/dns", {"base", "base/crypto"}},
      {"base/ssh", {"base"}},
      {"engine/acme", {"base", "base/crypto", "base/http"}},
      {"engine/connections", {"base", "base/crypto", "base/http"}},
      {"engine/dns", {"base", "base/crypto", "base/http", "base/dns", "engine/connections", "engine/acme/solver.h"}},
      {"engine/sync", {"base", "base/crypto", "base/http", "engine/connections"}},
      {"engine/vendors",
       {"base", "base/crypto", "base/http", "base/dns", "base/ssh", "engine/connections", "engine/dns", "engine/sync"}},
      {"schema", {"base"}},
      {"resources",
       {"base", "base/crypto", "base/http", "base/dns", "engine/acme", "engine/connections", "engine/dns", "engine/sync",
        "schema"}},
      {"provider", {"base", "base/crypto", "base/http", "base/dns", "schema", "resources"}},
  };
  return layers;
}

// Headers of foreign libraries, and the only files that may name them.
struct Foreign {
  std::regex header;
  std::regex place;
};

const std::array kForeign = {
    Foreign{std::regex("(arpa|net|netinet|sys/socket|netdb|poll).*"),
            std::regex("(base/dns/(channel|exchange|socket)\\.(h|cc)|base/ssh/dial\\.cc|base/process\\.cc|"
                       "provider/grpc/(channel|server)\\.cc|provider/plugin/stdio\\.cc)")},
    Foreign{std::regex("curl/.*"), std::regex("base/http/curl_.*")},
    Foreign{std::regex("google/protobuf/.*|.*\\.pb\\.h"), std::regex("provider/(plugin|rpc)/.*")},
    // For tests alone.
    Foreign{std::regex("(absl|grpc|grpcpp)/.*"), std::regex("nowhere")},
    Foreign{std::regex("nghttp2/.*"), std::regex("provider/grpc/connection\\.cc")},
    Foreign{std::regex("ldns/.*"), std::regex("base/dns/(.*\\.cc|ldns_handle\\.h)")},
    Foreign{std::regex("libssh/.*"), std::regex("base/ssh/(libssh_session\\.h|posix_rename\\.h|.*\\.cc)")},
    Foreign{std::regex("msgpack.*"), std::regex("schema/cty/msgpack.*\\.cc")},
    Foreign{std::regex("nlohmann/.*"), std::regex("(.*\\.cc|base/json\\.h)")},
    Foreign{std::regex("pugi.*"), std::regex("engine/vendors/aws/xml\\.cc")},
    Foreign{std::regex("yaml\\.h"), std::regex("engine/vendors/kubernetes/yaml\\.cc")},
    // libcurl takes roots that are not files as OpenSSL's own objects: trust_store.cc makes them.
    Foreign{
        std::regex("openssl/.*"),
        std::regex(
            "(base/crypto/(.*\\.cc|openssl_handle\\.h)|base/http/trust_store\\.cc|provider/grpc/(channel|tls_identity)\\.cc)")},
};

// Words that belong to one file, and why: stdout is the handshake channel, settings come in through Call and Deps, libcurl's
// verbose mode prints secrets.
struct Reserved {
  std::regex word;
  std::regex place;
};

const std::array kReserved = {
    Reserved{std::regex("\\bgetenv\\b"), std::regex("base/environment\\.cc")},
    Reserved{std::regex("\\b(stdout|STDOUT_FILENO|std::cout|printf|puts|putchar)\\b"),
             std::regex("(provider/plugin/(handshake|outputs)|base/process)\\.cc")},
    Reserved{std::regex("\\bCURLOPT_VERBOSE\\b"), std::regex("nowhere")},
    Reserved{std::regex("\\b(system_clock|steady_clock)::now\\b"), std::regex("base/clock\\.cc")},
    Reserved{std::regex("\\bsleep_(for|until)\\b"), std::regex("base/clock\\.cc")},
    Reserved{std::regex("^using namespace"), std::regex("nowhere")},
    Reserved{std::regex("TODO\\(now\\)"), std::regex("nowhere")},
};

// The longest layer that holds the file; null for files outside of the layers.
const Layer* LayerOf(std::string_view path) {
  const Layer* found = nullptr;
  for (const Layer& layer : Layers()) {
    const bool holds = path.starts_with(base::Cat(layer.folder, "/"));
    if (holds && (found == nullptr || layer.folder.size() > found->folder.size())) found = &layer;
  }
  return found;
}

bool MayInclude(const Layer& layer, const std::string& header) {
  const Layer* target = LayerOf(header);
  if (target == &layer) return true;
  return std::ranges::any_of(layer.may_include, [&](std::string_view allowed) {
    return allowed == header || (target != nullptr && allowed == target->folder);
  });
}

bool IsOwn(const std::string& header) {
  static const std::regex own("(base|engine|schema|resources|provider|tests)/.*");
  return std::regex_match(header, own) && !header.ends_with(".pb.h");
}

std::string CheckInclude(const std::string& path, const std::string& header) {
  const Layer* layer = LayerOf(path);
  // main.cc puts the program together, so it also names the engine's catalogs.
  const bool is_composition = path == "provider/main.cc" && header.starts_with("engine/") && header.ends_with("/catalog.h");
  if (IsOwn(header) && !is_composition && !MayInclude(*layer, header)) return base::Cat(path, " may not include ", header);
  for (const Foreign& foreign : kForeign) {
    if (std::regex_match(header, foreign.header) && !std::regex_match(path, foreign.place))
      return base::Cat(path, " may not name ", header);
  }
  return "";
}

std::string WithoutComment(const std::string& line) { return line.substr(0, line.find("//")); }

std::vector<std::string> Violations(const SourceFile& file) {
  static const std::regex include("^#include [<\"]([^>\"]+)[>\"].*");
  std::vector<std::string> found;
  for (const std::string& line : file.lines) {
    std::smatch header;
    if (std::regex_match(line, header, include)) {
      if (std::string wrong = CheckInclude(file.path, header[1]); !wrong.empty()) found.push_back(wrong);
      continue;
    }
    for (const Reserved& reserved : kReserved) {
      if (std::regex_match(file.path, reserved.place)) continue;
      if (std::regex_search(WithoutComment(line), reserved.word)) found.push_back(base::Cat(file.path, " may not say: ", line));
    }
  }
  return found;
}

TEST(Layering, EveryIncludeFollowsTheTable) {
  for (const char* folder : {"base", "engine", "schema", "resources", "provider"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder)) {
      ASSERT_NE(LayerOf(file.path), nullptr) << file.path << " is in no layer";

      EXPECT_EQ(Violations(file), std::vector<std::string>{});
    }
  }
}

TEST(Layering, EverySourceNamesItsLicence) {
  for (const char* folder : {"base", "engine", "schema", "resources", "provider", "tests"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder)) {
      ASSERT_FALSE(file.lines.empty()) << file.path;
      EXPECT_EQ(file.lines.front(), "// SPDX-License-Identifier: MPL-2.0") << file.path;
    }
  }
}

TEST(Layering, FilesStaySmall) {
  for (const char* folder : {"base", "engine", "schema", "resources", "provider"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder)) EXPECT_LE(file.lines.size(), 400U) << file.path;
  }
  for (const SourceFile& file : testing_support::SourceFiles("tests")) EXPECT_LE(file.lines.size(), 600U) << file.path;
}

TEST(Violations, FindsAnIncludeAgainstTheTable) {
  EXPECT_EQ(Violations({"engine/acme/order.cc", {"#include \"schema/plan.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"schema/plan.cc", {"#include \"engine/acme/issue.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"base/http/client.cc", {"#include \"base/dns/message.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"engine/dns/zone.cc", {"#include \"engine/acme/order.h\""}}).size(), 1U);
}

TEST(Violations, AcceptsASingleFileOfAnotherLayer) {
  EXPECT_TRUE(Violations({"engine/dns/dns01_solver.h", {"#include \"engine/acme/solver.h\""}}).empty());
}

TEST(Violations, FindsAForeignHeaderOutsideItsFile) {
  EXPECT_EQ(Violations({"base/http/client.cc", {"#include <curl/curl.h>"}}).size(), 1U);
  EXPECT_EQ(Violations({"base/crypto/key.h", {"#include <openssl/evp.h>"}}).size(), 1U);
  EXPECT_EQ(Violations({"resources/certificate/certificate.cc", {"#include \"tfplugin6.pb.h\""}}).size(), 1U);
}

TEST(Violations, FindsAReservedWordButNotInAComment) {
  EXPECT_EQ(Violations({"engine/sync/x.cc", {"  std::getenv(\"HOME\");"}}).size(), 1U);
  EXPECT_EQ(Violations({"schema/plan.cc", {"  std::cout << value;"}}).size(), 1U);
  EXPECT_TRUE(Violations({"schema/plan.cc", {"// nothing goes to stdout"}}).empty());
  EXPECT_TRUE(Violations({"base/environment.cc", {"  return std::getenv(name);"}}).empty());
}

}  // namespace
