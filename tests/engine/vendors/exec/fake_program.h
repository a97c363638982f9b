// SPDX-License-Identifier: MPL-2.0
// A strict program of the exec protocol: it keeps values of example.test as files, refuses other names, other arguments and a
// wrong password, and says so on stderr.
#pragma once

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/support/temp_dir.h"

namespace tests {

class ExecProgram {
 public:
  static constexpr const char* kPassword = "exec pass\nword-canary";

  ExecProgram() {
    std::filesystem::create_directory(folder_ / "values");
    mkfifo((folder_ / "asked").c_str(), 0600);
    program_folder_.Write("hook", kScript);
    std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
  }

  std::string path() const { return program_folder_ / "hook"; }
  // The script's environment, but for its password: where it keeps what it is told.
  std::string store() const { return folder_.path().string(); }
  // Every call that was good: "present _acme-challenge.example.test. value".
  std::vector<std::string> calls() const {
    auto lines = base::Split(folder_.Read("calls"), '\n');
    lines.pop_back();
    return lines;
  }

  // Sorted.
  std::vector<std::string> Values(const std::string& fqdn) const {
    std::vector<std::string> values;
    for (const std::string& entry : folder_.Entries()) {
      const std::string prefix = base::Cat("values/", fqdn, "=");
      if (entry.starts_with(prefix)) values.push_back(entry.substr(prefix.size()));
    }
    return values;
  }
  void Add(const std::string& fqdn, const std::string& value) const { folder_.Write(base::Cat("values/", fqdn, "=", value), ""); }
  // Blocks until the program has begun a call that it does not end (environment SILENT).
  void WaitUntilSilentWasAsked() const { (void)folder_.Read("asked"); }

 private:
  static constexpr const char* kScript = R"(#!/bin/sh
set -eu
refuse() { echo "$2" >&2; exit "$1"; }
[ "$#" -eq 3 ] || refuse 64 "three arguments, not $#"
[ "${PASSWORD-}" = "exec pass
word-canary" ] || refuse 77 "the password ${PASSWORD-} is wrong"
case $2 in _acme-challenge.*example.test.) ;; *) refuse 77 "no zone here holds $2";; esac
if [ "${SILENT-}" ]; then echo > "$STORE/asked"; exec sleep 100; fi
case $1 in
  present) : > "$STORE/values/$2=$3";;
  cleanup) rm -f "$STORE/values/$2=$3";;
  *) refuse 64 "present or cleanup, not $1";;
esac
echo "$1 $2 $3" >> "$STORE/calls"
)";

  TempDir folder_;
  TempDir program_folder_;
};

}  // namespace tests
