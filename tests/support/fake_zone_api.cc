// SPDX-License-Identifier: MPL-2.0
#include "tests/support/fake_zone_api.h"

#include <algorithm>

#include "base/text.h"

namespace tests {
namespace {

std::string RelativeToZone(const std::string& fqdn) {
  const std::string zone = base::Cat(FakeZoneApi::kZone, ".");
  return fqdn == zone ? "" : fqdn.substr(0, fqdn.size() - zone.size() - 1);
}

}  // namespace

std::string BetweenQuotes(const std::string& text) {
  const bool is_quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : "";
}

std::vector<std::string> FakeZoneApi::Values(const std::string& fqdn) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> values = ValuesAt(RelativeToZone(fqdn));
  std::ranges::sort(values);
  return values;
}

std::int64_t FakeZoneApi::Ttl(const std::string& fqdn) const {
  const std::lock_guard lock(mutex_);
  return TtlOf(RelativeToZone(fqdn));
}

void FakeZoneApi::Add(const std::string& fqdn, const std::string& value) {
  const std::lock_guard lock(mutex_);
  Create(RelativeToZone(fqdn), value, kForeignTtl);
}

void FakeZoneApi::Overwrite(const std::string& fqdn, const std::string& value) {
  const std::lock_guard lock(mutex_);
  Replace(RelativeToZone(fqdn), {value}, kForeignTtl);
}

bool FakeZoneApi::MayWrite(const ApiRequest& request) const {
  return request.Header(token_header_) == base::Cat(token_prefix_, kToken, token_suffix_);
}

bool FakeZoneApi::MayRead(const ApiRequest& request) const {
  return MayWrite(request) || request.Header(token_header_) == base::Cat(token_prefix_, kReadOnlyToken, token_suffix_);
}

std::vector<std::string> FakeZoneApi::ValuesAt(const std::string& name) const {
  std::vector<std::string> values;
  for (const Txt& one : records_) {
    if (one.name == name) values.push_back(one.value);
  }
  return values;
}

std::set<std::string> FakeZoneApi::Names() const {
  std::set<std::string> names;
  for (const Txt& one : records_) names.insert(one.name);
  return names;
}

std::int64_t FakeZoneApi::TtlOf(const std::string& name) const {
  const auto found = std::ranges::find(records_, name, &Txt::name);
  return found == records_.end() ? 0 : found->ttl;
}

void FakeZoneApi::Replace(const std::string& name, const std::vector<std::string>& values, std::int64_t ttl) {
  std::erase_if(records_, [&](const Txt& one) { return one.name == name; });
  for (const std::string& value : values) Create(name, value, ttl);
}

FakeZoneApi::Txt& FakeZoneApi::Create(const std::string& name, const std::string& value, std::int64_t ttl) {
  return records_.emplace_back(Txt{.id = next_id_++, .name = name, .value = value, .ttl = ttl});
}

const FakeZoneApi::Txt* FakeZoneApi::Find(const std::string& id) const {
  const auto found = std::ranges::find_if(records_, [&](const Txt& one) { return base::Cat(one.id) == id; });
  return found == records_.end() ? nullptr : &*found;
}

bool FakeZoneApi::Erase(const std::string& id) {
  return std::erase_if(records_, [&](const Txt& one) { return base::Cat(one.id) == id; }) != 0;
}

std::vector<FakeZoneApi::Txt> FakeZoneApi::Page(const ApiRequest& request, const char* page, const char* size, int usual,
                                                int most) const {
  const auto count = static_cast<std::size_t>(std::min(most, request.QueryNumber(size, usual)));
  const std::size_t first = static_cast<std::size_t>(request.QueryNumber(page, 1) - 1) * count;
  if (first >= records_.size()) return {};
  const auto begin = records_.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(count, records_.size() - first))};
}

}  // namespace tests
