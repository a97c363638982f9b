// SPDX-License-Identifier: MPL-2.0
// The harness of destinations that write files, for tests/contract/destination_contract.h.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/crypto/pkcs12.h"
#include "base/random.h"
#include "base/text.h"
#include "tests/contract/destination_contract.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_destination.h"

namespace tests {

// Random bytes, with something else happening when they are asked for: a destination does so once for each file that it is about
// to write, which makes it the moment for others to interfere.
class InterruptingRandom final : public base::Random {
 public:
  std::string Bytes(std::size_t count) override {
    if (--left_ == 0) interrupt_();
    return base::SystemRandom().Bytes(count);
  }
  // `interrupt` runs when bytes are asked for the `nth` time from now.
  void OnCall(int nth, std::function<void()> interrupt) {
    left_ = nth;
    interrupt_ = std::move(interrupt);
  }

 private:
  int left_ = 0;
  std::function<void()> interrupt_;
};

// kNamed: a folder for each certificate.
enum class FilesOf { kSplit, kPkcs12, kNamed };

class FilesHarness : public DestinationHarness {
 public:
  using Deployed = engine::sync::Deployed;
  static constexpr const char* kPassword = "correct horse battery";

  engine::sync::Destination& destination() override {
    destination_ = New();
    return *destination_;
  }

  std::string Snapshot() override {
    std::string all;
    for (const std::string& name : dir_.Entries()) {
      struct stat status {};
      lstat((dir_ / name).c_str(), &status);
      all +=
          base::Cat(name, ' ', status.st_ino, ' ', status.st_mode, ' ', status.st_mtim.tv_sec, '.', status.st_mtim.tv_nsec, '\n');
    }
    return all;
  }
  void ReplaceCertificate(const Deployed& deployed) override { dir_.Write(deployed.name + leaf_, Another()); }
  void TakeAway(const Deployed& deployed) override {
    for (const std::string& suffix : {leaf_, key_}) std::filesystem::remove(dir_ / (deployed.name + suffix));
  }
  void DamageBesideLeaf(const Deployed& deployed) override {
    if (files_ == FilesOf::kPkcs12) {
      std::filesystem::permissions(dir_ / (deployed.name + key_), std::filesystem::perms(0640));
    } else {
      dir_.Write(deployed.name + key_, "damaged");
    }
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name + key_;
    dir_.Write(foreign_, "foreign");
  }
  bool ForeignIsIntact() override { return dir_.Read(foreign_) == "foreign"; }
  // A folder takes the place of the file with the leaf, which is written last.
  void BreakNextPut(const std::string& name) override {
    obstacle_ = dir_ / (name + leaf_);
    random_.OnCall(files_ == FilesOf::kPkcs12 ? 1 : 2, [this] {
      std::filesystem::remove(obstacle_);
      std::filesystem::create_directory(obstacle_);
    });
  }
  void Mend() override { std::filesystem::remove(obstacle_); }
  void DieAtWrite(int nth) override {
    random_.OnCall(nth, [] { throw Killed(); });
  }
  void Revive() override {
    random_.OnCall(0, [] {});
  }

 protected:
  explicit FilesHarness(FilesOf files)
      : files_(files),
        leaf_(files == FilesOf::kPkcs12  ? ".p12"
              : files == FilesOf::kNamed ? "/fullchain.pem"
                                         : ".crt"),
        key_(files == FilesOf::kPkcs12  ? ".p12"
             : files == FilesOf::kNamed ? "/privkey.pem"
                                        : ".key") {}

  virtual std::unique_ptr<engine::sync::Destination> New() = 0;
  // Fills in what the settings of the files say, and makes it.
  std::unique_ptr<engine::sync::Destination> Make(const std::string& kind, engine::sync::Setup setup) {
    Put(setup.settings, "directory", dir_.path().string());
    if (files_ == FilesOf::kPkcs12) {
      Put(setup.settings, "layout", "pkcs12");
      Put(setup.settings, "pkcs12_password", base::Secret(kPassword));
    }
    if (files_ == FilesOf::kNamed) {
      Put(setup.settings, "file_names.certificate", "{{name}}/fullchain.pem");
      Put(setup.settings, "file_names.private_key", "{{name}}/privkey.pem");
    }
    setup.deps.random = &random_;
    return MakeTestDestination(kind, std::move(setup));
  }

 private:
  // What a file holds in which another certificate is.
  std::string Another() const {
    const engine::sync::Bundle other = MakeTestBundle("other");
    if (files_ != FilesOf::kPkcs12) return other.chain.front().pem;
    const auto key = base::crypto::ParsePrivateKey(other.private_key_pem);
    return std::string(base::crypto::MakeReadablePkcs12(other.chain, *key, base::Secret(kPassword), "other")->Reveal());
  }

  const FilesOf files_;
  const std::string leaf_;
  const std::string key_;
  TempDir dir_;
  InterruptingRandom random_;
  std::unique_ptr<engine::sync::Destination> destination_;
  std::string foreign_;
  std::string obstacle_;
};

}  // namespace tests
