// SPDX-License-Identifier: MPL-2.0
// Runs a fuzz target without libFuzzer, over its corpus and over mutations of it, the same ones on each run. What it is worth is
// in the sanitizers of the build, and in the properties that the targets state.
// Usage: fuzz_replay TARGET FOLDER [MUTATIONS]
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"

#define FUZZ_TARGET(name) extern "C" int name(const std::uint8_t* data, std::size_t size);
#include "targets.inc"
#undef FUZZ_TARGET

namespace {

using Target = int (*)(const std::uint8_t*, std::size_t);

struct NamedTarget {
  std::string_view name;
  Target run;
};

#define FUZZ_TARGET(name) {#name, name},
constexpr NamedTarget kTargets[] = {
#include "targets.inc"
};
#undef FUZZ_TARGET

constexpr int kMutations = 2000;

std::vector<std::string> ReadCorpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& one : std::filesystem::directory_iterator(folder)) paths.push_back(one.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string Next() {
    std::string input = Any();
    for (std::size_t left = 1 + Below(4); left > 0; --left) Change(input);
    return input;
  }

 private:
  std::size_t Below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  const std::string& Any() { return corpus_[Below(corpus_.size())]; }

  void Change(std::string& input) {
    const std::size_t at = Below(input.size() + 1);
    const std::size_t length = 1 + Below(8);
    switch (Below(5)) {
      case 0:
        input.erase(at, length);
        break;
      case 1:
        input.insert(at, 1, static_cast<char>(Below(256)));
        break;
      case 2:
        input.insert(at, input.substr(Below(input.size() + 1), length));
        break;
      case 3: {
        const std::string& other = Any();
        input.replace(at, length, other.substr(Below(other.size() + 1), length * 4));
        break;
      }
      default:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ static_cast<char>(1U << Below(8)));
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937 random_;  // its standard seed
};

std::string present;  // the input that is being looked at

extern "C" void TellInput(int) { std::cerr << "with the input, in hexadecimal: " << base::Hex(present) << std::endl; }

void Run(Target run, std::string input) {
  present = std::move(input);
  run(reinterpret_cast<const std::uint8_t*>(present.data()), present.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto* target =
      argc < 3 ? std::end(kTargets)
               : std::find_if(std::begin(kTargets), std::end(kTargets), [&](const auto& one) { return one.name == argv[1]; });
  if (target == std::end(kTargets)) {
    std::cerr << "usage: fuzz_replay TARGET FOLDER [MUTATIONS]\n";
    return 2;
  }
  const std::vector<std::string> corpus = ReadCorpus(argv[2]);
  if (corpus.empty()) {
    std::cerr << argv[2] << " holds no input\n";
    return 1;
  }
  std::signal(SIGABRT, TellInput);
  for (const std::string& input : corpus) Run(target->run, input);
  Mutator mutator(corpus);
  const int mutations = argc > 3 ? std::stoi(argv[3]) : kMutations;
  for (int i = 0; i < mutations; ++i) Run(target->run, mutator.Next());
  std::cout << target->name << ": " << corpus.size() << " inputs and " << mutations << " mutations\n";
  return 0;
}
