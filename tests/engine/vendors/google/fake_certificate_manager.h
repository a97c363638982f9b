// SPDX-License-Identifier: MPL-2.0
// Google Cloud's Certificate Manager: operations that are not done at once, certificates that are checked against their keys, map
// entries that keep their certificates from being deleted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeGoogleCertificates final : public FakeApi {
 public:
  static constexpr const char* kPlace = "projects/project-1/locations/global";

  // Somebody else's, or what somebody else makes of ours. `chain_pem`: leaf first.
  void Put(const std::string& name, const std::string& chain_pem, const base::Json& labels);
  void OverwriteChain(const std::string& name, const std::string& chain_pem);
  void SetLabels(const std::string& name, const base::Json& labels);
  void PutEntry(const std::string& name, const base::Json& entry);
  void Erase(const std::string& name);
  // A certificate or an entry, as a client gets it; null when there is none.
  base::Json Get(const std::string& name) const;
  std::string Snapshot() const;
  // Whether changes of certificates and of entries are denied from now on; certificates can still be created.
  void DenyChanges(bool denies);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override;

 private:
  base::http::Response Create(const ApiRequest& request, const std::string& collection);
  base::http::Response Patch(const ApiRequest& request, const std::string& name);
  base::http::Response Delete(const std::string& name);
  base::http::Response List(const std::string& collection) const;
  // Operations: each is said to be under way at first.
  base::http::Response Operation(const std::string& outcome, base::Json value);
  base::http::Response Done(const std::string& name);
  base::http::Response Failed(const std::string& message);
  // The certificate as it is given back; `problem` when it is refused.
  static base::Json Certificate(const base::Json& body, std::string& problem);

  std::map<std::string, base::Json> resources_;   // by name
  std::map<std::string, base::Json> operations_;  // by name: what becomes of them
  bool denies_changes_ = false;
  int next_ = 1;
};

}  // namespace tests
