// SPDX-License-Identifier: MPL-2.0
// The Secrets of a Kubernetes API server, with the rules of server-side apply: who owns which field, conflicts, resource
// versions, what kubernetes.io/tls has to hold. kubectl judges it (secret_test.cc).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeKubernetes final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://kubernetes.test:6443";
  static constexpr const char* kToken = "token-canary-0123456789";
  static constexpr const char* kNamespace = "web";

  struct Item {
    std::string uid;
    int version = 0;
    std::map<std::string, std::string> fields{};            // "type", "data/tls.crt", "labels/team", "annotations/x"
    std::map<std::string, std::set<std::string>> owners{};  // the field managers of each
  };

  // What others do in the namespace kNamespace, and a look at what is there. An empty value takes the field away.
  void Set(const std::string& name, const std::map<std::string, std::string>& fields);
  void Erase(const std::string& name);
  Item Get(const std::string& name) const;  // version 0: there is none
  std::string Snapshot() const;
  // From now on lists are forbidden, as with a Role that names single Secrets.
  void ForbidLists() { lists_are_forbidden_ = true; }
  std::size_t CountLists() const { return lists_; }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return request.method != "GET"; }

 private:
  base::http::Response Discover(const ApiRequest& request) const;
  base::http::Response List(const ApiRequest& request);
  base::http::Response Apply(const ApiRequest& request, const std::string& name);
  base::http::Response Delete(const ApiRequest& request, const std::string& name);
  base::Json Show(const std::string& name, const Item& item) const;

  std::map<std::string, Item> items_;
  int clock_ = 100;  // of resource versions
  std::size_t lists_ = 0;
  bool lists_are_forbidden_ = false;
};

}  // namespace tests
