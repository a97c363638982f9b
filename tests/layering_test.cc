// SPDX-License-Identifier: MPL-2.0
// Reads the #include lines against the layering table (docs/developers/architecture.md), and looks for words that belong to one
// file.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "tests/support/source_tree.h"

namespace {

using testing_support::SourceFile;

// A folder that ends in "/*" stands for each folder in it, and none of these may include another. A layer may also be one header
// with its source, without their endings.
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
      {"base/idn", {"base"}},
      {"engine/acme", {"base", "base/crypto", "base/http"}},
      {"engine/connections", {"base", "base/crypto", "base/http"}},
      {"engine/dns", {"base", "base/crypto", "base/http", "base/dns", "engine/connections", "engine/acme/solver.h"}},
      {"engine/sync", {"base", "base/crypto", "base/http", "engine/connections"}},
      {"engine/vendors/*",
       {"base", "base/crypto", "base/http", "base/dns", "base/ssh", "engine/connections", "engine/dns", "engine/sync",
        "engine/vendors/vendor.h"}},
      {"engine/vendors", {"engine/connections", "engine/dns", "engine/sync", "engine/vendors/*"}},
      {"schema", {"base"}},
      {"resources/sealed", {"base", "base/crypto", "engine/connections", "engine/dns", "engine/vendors", "schema"}},
      {"resources",
       {"base", "base/crypto", "base/http", "base/idn", "engine/acme", "engine/connections", "schema", "resources/sealed"}},
      {"resources/*",
       {"base", "base/crypto", "base/http", "base/dns", "base/idn", "engine/acme", "engine/connections", "engine/dns",
        "engine/sync", "engine/vendors", "schema", "resources", "resources/sealed"}},
      {"resources/catalog", {"engine/vendors", "resources", "resources/*"}},
      {"provider", {"base", "base/crypto", "base/http", "base/dns", "schema", "resources", "resources/catalog"}},
  };
  return layers;
}

// Headers of foreign libraries, and the only files that may name them. The first entry that knows a header counts.
struct Foreign {
  std::regex header;
  std::regex place;
};

const std::array kForeign = {
    Foreign{std::regex("curl/.*"), std::regex("base/http/curl_.*")},
    Foreign{std::regex("google/protobuf/.*|.*\\.pb\\.h"), std::regex("provider/(plugin|rpc)/.*")},
    // Abseil's mutex has a setting that gRPC does not pass on.
    Foreign{std::regex("absl/.*"), std::regex("provider/plugin/grpc_library\\.cc")},
    Foreign{std::regex("(grpc|grpcpp)/.*"), std::regex("provider/(plugin|rpc)/.*")},
    Foreign{std::regex("idn2\\.h"), std::regex("base/idn/.*\\.cc")},
    Foreign{std::regex("ldns/.*"), std::regex("base/dns/(.*\\.cc|ldns_handle\\.h)")},
    Foreign{std::regex("libssh/.*"), std::regex("base/ssh/(libssh_session\\.h|posix_rename\\.h|.*\\.cc)")},
    Foreign{std::regex("msgpack.*"), std::regex("schema/cty/msgpack.*\\.cc")},
    Foreign{std::regex("nlohmann/.*"), std::regex("(.*\\.cc|base/json\\.h)")},
    Foreign{std::regex("pugi.*"), std::regex("engine/vendors/aws/xml\\.cc")},
    Foreign{std::regex("yaml\\.h"), std::regex("engine/vendors/kubernetes/yaml\\.cc")},
    // libcurl takes roots that are not files as OpenSSL's own objects: trust_store.cc makes them.
    Foreign{std::regex("openssl/.*"), std::regex("(base/crypto/(.*\\.cc|openssl_handle\\.h)|base/http/trust_store\\.cc)")},
    // The operating system's: every other header with this ending, since those of the standard library have none. <csignal> is
    // half a header of POSIX.
    Foreign{std::regex("(?!(base|engine|schema|resources|provider|tests)/).*\\.h|csignal"),
            std::regex("base/os/(linux|posix)/.*")},
    Foreign{std::regex("base/os/posix/.*"), std::regex("base/os/.*")},
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
             std::regex("base/os/posix/(child_process|standard_outputs)\\.cc")},
    // What only Linux has. Portable calls take their place, or a function of base/os does.
    Reserved{std::regex("\\b(accept4|eventfd|getrandom|pipe2|renameat2|SOCK_CLOEXEC|SOCK_NONBLOCK)\\b|\\bF_OFD_"),
             std::regex("base/os/linux/.*")},

    Reserved{std::regex("\\bCURLOPT_VERBOSE\\b"), std::regex("nowhere")},
    Reserved{std::regex("\\b(system_clock|steady_clock)::now\\b"), std::regex("base/clock\\.cc")},
    Reserved{std::regex("\\bsleep_(for|until)\\b"), std::regex("base/clock\\.cc")},
    // base knows neither this product nor a vendor, and every program of the user runs without our secrets.
    Reserved{std::regex("[Cc]ertwright|CERTWRIGHT"), std::regex("(engine|schema|resources|provider)/.*")},
    Reserved{std::regex("base::RunProgram"), std::regex("engine/connections/user_program\\.cc")},
    Reserved{std::regex("^using namespace"), std::regex("nowhere")},
};

// Variables that outlive a call without being const, besides those of a library: what calls share is owned by a Context. A
// variable is told from a function by its name, in snake_case.
const std::regex kMutableStatic(
    "^\\s*(inline )?(static|thread_local)\\s(?!.*\\b(const|constexpr)\\b)[^;={(]*[\\s*&>][a-z][a-z0-9_]*\\s*[;={(\\[].*");

// Stateless, and handed out by reference.
constexpr std::array kStatelessSingletons = {std::string_view("base/clock.cc"), std::string_view("base/random.cc")};

bool IsMutableStatic(const std::string& path, const std::string& line) {
  if (std::ranges::find(kStatelessSingletons, path) != kStatelessSingletons.end()) return false;
  const bool may_be = line.find("static ") != std::string::npos || line.find("thread_local ") != std::string::npos;
  return may_be && std::regex_match(line, kMutableStatic);
}

// Which folder of the layer holds the file; empty for none.
std::string_view FolderOf(const Layer& layer, std::string_view path) {
  if (!layer.folder.ends_with("/*")) {
    const std::string_view rest = path.starts_with(layer.folder) ? path.substr(layer.folder.size()) : std::string_view();
    const bool holds = rest.starts_with('/') || rest == ".h" || rest == ".cc";
    return holds ? layer.folder : std::string_view();
  }
  const std::size_t parent = layer.folder.size() - 1;
  const std::size_t end = path.find('/', parent);
  const bool holds = path.starts_with(layer.folder.substr(0, parent)) && end != std::string_view::npos;
  return holds ? path.substr(0, end) : std::string_view();
}

struct Place {
  const Layer* layer = nullptr;  // null: outside of the layers
  std::string_view folder{};
};

// The layer with the longest folder that holds the file.
Place PlaceOf(std::string_view path) {
  Place found;
  for (const Layer& layer : Layers()) {
    const std::string_view folder = FolderOf(layer, path);
    if (folder.size() > found.folder.size()) found = {.layer = &layer, .folder = folder};
  }
  return found;
}

bool MayInclude(const Place& place, const std::string& header) {
  const Place target = PlaceOf(header);
  if (target.folder == place.folder) return true;
  return std::ranges::any_of(place.layer->may_include, [&](std::string_view allowed) {
    return allowed == header || (target.layer != nullptr && allowed == target.layer->folder);
  });
}

bool IsOwn(const std::string& header) {
  static const std::regex own("(base|engine|schema|resources|provider|tests)/.*");
  return std::regex_match(header, own) && !header.ends_with(".pb.h");
}

std::string CheckInclude(const std::string& path, const std::string& header) {
  const Place place = PlaceOf(path);
  if (IsOwn(header) && !MayInclude(place, header)) return base::Cat(path, " may not include ", header);
  const auto foreign = std::ranges::find_if(kForeign, [&](const Foreign& one) { return std::regex_match(header, one.header); });
  if (foreign == kForeign.end() || std::regex_match(path, foreign->place)) return "";
  return base::Cat(path, " may not name ", header);
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
    if (IsMutableStatic(file.path, WithoutComment(line))) found.push_back(base::Cat(file.path, " may not share: ", line));
    for (const Reserved& reserved : kReserved) {
      if (std::regex_match(file.path, reserved.place)) continue;
      if (std::regex_search(WithoutComment(line), reserved.word)) found.push_back(base::Cat(file.path, " may not say: ", line));
    }
  }
  return found;
}

// The type that the line defines at namespace scope, where nothing is indented; empty for none. Specializations and members of
// another type define no name.
std::string DefinedType(const std::string& line) {
  static const std::regex definition(
      "(?:template <.*> )?(?:struct|class|enum class|enum|union) (?:\\[\\[\\w+\\]\\] )?(\\w+)(?: final)?(?: : [^;]*)?(?: ?\\{.*)?"
      "|using (\\w+) = .*");
  std::smatch found;
  if (!std::regex_match(line, found, definition)) return "";
  return found[1].matched ? found[1] : found[2];
}

TEST(Layering, EveryIncludeFollowsTheTable) {
  for (const char* folder : {"base", "engine", "schema", "resources", "provider"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder)) {
      ASSERT_NE(PlaceOf(file.path).layer, nullptr) << file.path << " is in no layer";

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

// One name stands for one thing, whatever the namespace: a reader searches by it.
TEST(Layering, EveryPublicTypeHasANameOfItsOwn) {
  std::map<std::string, std::vector<std::string>> headers_by_type;
  for (const char* folder : {"base", "engine", "schema", "resources", "provider"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder, {".h"})) {
      for (const std::string& line : file.lines) {
        const std::string type = DefinedType(line);
        // The same type, within reach of another namespace.
        const bool is_alias_of_same_name = line.starts_with("using ") && line.ends_with(base::Cat("::", type, ";"));
        if (!type.empty() && !is_alias_of_same_name) headers_by_type[type].push_back(file.path);
      }
    }
  }

  std::vector<std::string> shared;
  for (const auto& [type, headers] : headers_by_type) {
    if (headers.size() > 1) shared.push_back(base::Cat(type, ": ", base::Join(headers, ", ")));
  }
  EXPECT_EQ(base::Join(shared, "\n"), "");
}

TEST(Layering, FilesStaySmall) {
  for (const char* folder : {"base", "engine", "schema", "resources", "provider"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder)) EXPECT_LE(file.lines.size(), 400U) << file.path;
  }
  for (const SourceFile& file : testing_support::SourceFiles("tests")) EXPECT_LE(file.lines.size(), 600U) << file.path;
}

// scripts/new-vendor marks with it what a developer has to replace.
TEST(Layering, NothingIsMarkedToBeDoneNow) {
  const std::string mark = base::Cat("TODO", "(now)");
  std::vector<std::string> marked;
  for (const char* folder : {"base", "engine", "schema", "resources", "provider", "tests", "docs/guides"}) {
    for (const SourceFile& file : testing_support::SourceFiles(folder, {".h", ".cc", ".md"})) {
      for (const std::string& line : file.lines) {
        if (line.find(mark) != std::string::npos) marked.push_back(base::Cat(file.path, ": ", base::Trim(line)));
      }
    }
  }

  EXPECT_EQ(base::Join(marked, "\n"), "");
}

TEST(Violations, FindsAnIncludeAgainstTheTable) {
  EXPECT_EQ(Violations({"engine/acme/order.cc", {"#include \"schema/plan.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"schema/plan.cc", {"#include \"engine/acme/issue.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"base/http/client.cc", {"#include \"base/dns/message.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"engine/dns/zone.cc", {"#include \"engine/acme/order.h\""}}).size(), 1U);
}

TEST(Violations, KeepsVendorsApart) {
  EXPECT_TRUE(Violations({"engine/vendors/aws/dns.cc", {"#include \"engine/vendors/aws/auth/sigv4.h\""}}).empty());
  EXPECT_EQ(Violations({"engine/vendors/aws/dns.cc", {"#include \"engine/vendors/vault/api.h\""}}).size(), 1U);
  EXPECT_TRUE(Violations({"engine/vendors/aws/vendor.h", {"#include \"engine/vendors/vendor.h\""}}).empty());
  EXPECT_TRUE(Violations({"engine/vendors/catalog.cc", {"#include \"engine/vendors/aws/vendor.h\""}}).empty());
}

TEST(Violations, KeepsResourcesApart) {
  EXPECT_EQ(Violations({"resources/external_ca/acme.cc", {"#include \"resources/certificate/issue.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"resources/sealed/journal.cc", {"#include \"resources/context.h\""}}).size(), 1U);
  EXPECT_EQ(Violations({"resources/context.h", {"#include \"resources/catalog.h\""}}).size(), 1U);
  EXPECT_TRUE(Violations({"resources/certificate/issue.cc", {"#include \"resources/sealed/journal.h\""}}).empty());
}

TEST(Violations, LetsNothingBelowTheCatalogIncludeIt) {
  for (const char* file : {"engine/connections/limiter.h", "engine/dns/dns01_solver.cc", "engine/sync/destination.cc",
                           "engine/vendors/aws/vendor.cc"}) {
    EXPECT_EQ(Violations({file, {"#include \"engine/vendors/catalog.h\""}}).size(), 1U) << file;
  }
}

TEST(Violations, AcceptsASingleFileOfAnotherLayer) {
  EXPECT_TRUE(Violations({"engine/dns/dns01_solver.h", {"#include \"engine/acme/solver.h\""}}).empty());
}

TEST(Violations, FindsAForeignHeaderOutsideItsFile) {
  EXPECT_EQ(Violations({"base/http/client.cc", {"#include <curl/curl.h>"}}).size(), 1U);
  EXPECT_EQ(Violations({"base/crypto/key.h", {"#include <openssl/evp.h>"}}).size(), 1U);
  EXPECT_EQ(Violations({"resources/certificate/certificate.cc", {"#include \"tfplugin6.pb.h\""}}).size(), 1U);
}

TEST(Violations, KeepsTheOperatingSystemInItsFolder) {
  for (const char* header : {"<unistd.h>", "<sys/socket.h>", "<netinet/tcp.h>", "<csignal>", "<windows.h>"}) {
    const std::string line = base::Cat("#include ", header);
    for (const char* file : {"base/dns/channel.cc", "base/os/poll.h", "provider/plugin/server.cc", "engine/sync/x.cc"}) {
      EXPECT_EQ(Violations({file, {line}}).size(), 1U) << file << ": " << line;
    }
    EXPECT_TRUE(Violations({"base/os/posix/poll.cc", {line}}).empty()) << line;
  }
  EXPECT_EQ(Violations({"base/process.cc", {"#include \"base/os/posix/pipe.h\""}}).size(), 1U);
  EXPECT_TRUE(Violations({"base/process.cc", {"#include \"base/os/poll.h\""}}).empty());
  EXPECT_EQ(Violations({"base/os/posix/pipe.cc", {"  pipe2(ends, O_CLOEXEC);"}}).size(), 1U);
  EXPECT_TRUE(Violations({"base/os/linux/pipe.cc", {"  pipe2(ends, O_CLOEXEC);"}}).empty());
}

TEST(DefinedType, IsTheNameThatALineDefines) {
  for (const char* line :
       {"struct Order {", "class Order {", "class Order final : public Thing {", "enum class Order { kA, kB };",
        "enum class Order : std::uint8_t {", "class [[nodiscard]] Order {", "struct Order {};", "class Order",
        "using Order = std::vector<int>;", "template <typename T> class Order {"}) {
    EXPECT_EQ(DefinedType(line), "Order") << line;
  }
}

TEST(DefinedType, IsEmptyForOtherLines) {
  for (const char* line : {"struct Order;", "  struct Order {", "struct Order<bool> {", "struct Order::Part {",
                           "using base::Order;", "Order MakeOrder();", "// class Order {", "template <typename T>"}) {
    EXPECT_EQ(DefinedType(line), "") << line;
  }
}

TEST(Violations, FindsAMutableStaticButNoConstantAndNoFunction) {
  for (const char* line : {"  static std::map<std::string, int> all;", "  static std::mutex mutex;", "  static KeyLocks locks{};",
                           "  static auto cache = Make();", "static int count = 0;", "  thread_local std::string buffer;",
                           "  static Cache* cache(nullptr);", "inline static int numbers[3];"}) {
    EXPECT_EQ(Violations({"engine/dns/zone.cc", {line}}).size(), 1U) << line;
  }
  for (const char* line : {"  static const auto specs = ListConnections();", "  static constexpr int kMax = 3;",
                           "  static Type List(Type element);", "  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }",
                           "  static_assert(kMax > 2);", "  static std::vector<Item> TakeAll(Queue& queue, const Item& mine);",
                           "  return static_cast<int>(value);", "  int count = 0;"}) {
    EXPECT_TRUE(Violations({"engine/dns/zone.cc", {line}}).empty()) << line;
  }
  EXPECT_TRUE(Violations({"base/clock.cc", {"  static SystemClock clock;"}}).empty());
}

TEST(Violations, FindsAReservedWordButNotInAComment) {
  EXPECT_EQ(Violations({"engine/sync/x.cc", {"  std::getenv(\"HOME\");"}}).size(), 1U);
  EXPECT_EQ(Violations({"schema/plan.cc", {"  std::cout << value;"}}).size(), 1U);
  EXPECT_TRUE(Violations({"schema/plan.cc", {"// nothing goes to stdout"}}).empty());
  EXPECT_TRUE(Violations({"base/environment.cc", {"  return std::getenv(name);"}}).empty());
}

}  // namespace
