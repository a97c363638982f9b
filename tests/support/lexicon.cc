// SPDX-License-Identifier: MPL-2.0
#include "tests/support/lexicon.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "base/environment.h"
#include "base/text.h"
#include "tests/support/loopback_http.h"

namespace tests {
namespace {

constexpr const char* kClient = "/usr/lib/python3/dist-packages/lexicon/client.py";

// Without the list of public suffixes, which would come over the Internet, and with the API's URL replaced.
constexpr std::string_view kScript = R"(
import importlib, json, sys, types
import lexicon.client, lexicon.config
extract = lambda _: types.SimpleNamespace(domain='example', suffix='test')
lexicon.client.tldextract.TLDExtract = lambda **_: extract
provider, url, auth = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
module = importlib.import_module('lexicon.providers.' + provider)
initialise = module.Provider.__init__
def initialise_here(self, config):
    initialise(self, config)
    self.api_endpoint = self.endpoint_api = url
module.Provider.__init__ = initialise_here
def run(action, content=None):
    options = {'provider_name': provider, 'action': action, 'domain': 'example.test',
               'type': 'TXT', 'name': '_acme-challenge.example.test', 'ttl': 600, provider: auth}
    if content:
        options['content'] = content
    return lexicon.client.Client(lexicon.config.ConfigResolver().with_dict(options)).execute()
run('create', 'one')
run('create', 'two')
for record in run('list'):
    print('value', record['content'].strip('"'))
run('delete', 'one')
)";

std::string RunShell(const std::string& command) {
  std::string printed;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> block;
  for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;) printed.append(block.data(), got);
  pclose(pipe);
  return printed;
}

}  // namespace

std::vector<std::string> RunLexicon(FakeApi& api, const std::string& provider, const std::string& path,
                                    const std::map<std::string, std::string>& auth) {
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });
  std::string script = testing::TempDir() + "certwright-lexicon-XXXXXX";
  close(mkstemp(script.data()));
  std::ofstream(script) << kScript;
  const std::string printed =
      RunShell(base::Cat("/usr/bin/python3 ", script, " ", provider, " ", server.Url(path), " '", base::Json(auth).dump(), "'"));
  std::remove(script.c_str());
  std::vector<std::string> values;
  for (const std::string& line : base::Split(printed, '\n')) {
    if (line.starts_with("value ")) values.push_back(line.substr(6));
  }
  EXPECT_FALSE(values.empty()) << printed;
  std::sort(values.begin(), values.end());
  return values;
}

void RequireLexicon() {
  if (access(kClient, R_OK) == 0) return;
  if (base::Environment("CI")) FAIL() << "lexicon is missing: install Debian's lexicon";
  GTEST_SKIP() << "lexicon is missing (Debian's lexicon): nobody foreign judged the fake";
}

}  // namespace tests
