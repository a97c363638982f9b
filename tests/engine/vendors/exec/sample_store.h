// SPDX-License-Identifier: MPL-2.0
// The program of examples/certificate-store, behind a script that fails, dies, and notes what it is asked, as a test says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "engine/sync/bundle.h"
#include "tests/support/source_tree.h"
#include "tests/support/temp_dir.h"

namespace tests {

class SampleStore {
 public:
  SampleStore() {
    std::filesystem::create_directory(control_ / "asked");
    control_.Write("program",
                   base::Cat("#!/bin/sh\ncontrol='", control_.path().string(), "'\nstore='",
                             (testing_support::SourceRoot() / "examples/certificate-store/store.py").string(), "'\n", kScript));
    std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
  }

  std::string program() const { return control_ / "program"; }
  std::string folder() const { return folder_.path().string(); }

  // What the program keeps under a name.
  bool Has(const std::string& name) const { return std::filesystem::exists(folder_ / FileOf(name)); }
  base::Json Get(const std::string& name) const { return *base::ParseJson(folder_.Read(FileOf(name))); }
  void Place(const std::string& name, const base::Json& content) const { folder_.Write(FileOf(name), base::DumpJson(content)); }
  void Erase(const std::string& name) const { std::filesystem::remove(folder_ / FileOf(name)); }
  std::string Snapshot() const {
    std::string all;
    for (const std::string& entry : folder_.Entries()) all.append(base::Cat(entry, '\n', folder_.Read(entry), '\n'));
    return all;
  }
  // Somebody else's change.
  void Change(const std::string& name, const std::string& member, const std::string& value) const {
    base::Json content = Get(name);
    content[member] = value;
    content["version"] = content["version"].get<int>() + 1;
    Place(name, content);
  }

  // Writes fail, with all that the program was handed on stderr.
  void Break() const { control_.Write("broken", ""); }
  void Mend() const { std::filesystem::remove(control_ / "broken"); }
  // The nth write is carried out and not answered, and then the program no longer runs.
  void DieAtWrite(int nth) const { control_.Write("writes-left", std::to_string(nth)); }
  void Revive() const {
    std::filesystem::remove(control_ / "writes-left");
    std::filesystem::remove(control_ / "dead");
  }
  // Its next runs end with this exit code, and say so.
  void ExitNext(int code, int runs) const {
    control_.Write("code", std::to_string(code));
    control_.Write("codes-left", std::to_string(runs));
  }
  // The requests, each as it arrived.
  std::vector<std::string> requests() const {
    if (!std::filesystem::exists(control_ / "requests")) return {};
    auto lines = base::Split(control_.Read("requests"), '\n');
    lines.pop_back();
    return lines;
  }
  // Its arguments and environment in all runs.
  std::string surroundings() const { return control_.Read("surroundings"); }

 private:
  static std::string FileOf(const std::string& name) { return name + ".json"; }

  static constexpr const char* kScript = R"script(
{ echo "arguments: $#"; env; } >> "$control/surroundings"
PATH=/usr/bin:$PATH  # the python3 of a version manager takes half a second to start
[ -e "$control/dead" ] && exit 137
request=$(cat)
printf '%s\n' "$request" >> "$control/requests"
left=$(cat "$control/codes-left" 2>/dev/null || echo 0)
if [ "$left" -gt 0 ]; then
  echo $((left - 1)) > "$control/codes-left"
  echo "a reason of its own" >&2
  exit "$(cat "$control/code")"
fi
case $request in
  *'"operation":"observe"'*) ;;
  *) if [ -e "$control/broken" ]; then
       printf '%s\n%s\n' "$request" "disk full" >&2
       exit 1
     fi
     left=$(cat "$control/writes-left" 2>/dev/null || echo 0)
     if [ "$left" -eq 1 ]; then
       printf '%s' "$request" | python3 -B "$store" > /dev/null
       : > "$control/dead"
       exit 137
     fi
     [ "$left" -gt 1 ] && echo $((left - 1)) > "$control/writes-left";;
esac
printf '%s' "$request" | python3 -B "$store"
)script";

  TempDir folder_;
  TempDir control_;
};

}  // namespace tests
