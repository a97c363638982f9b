// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/ns1/fake_api.h"

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response Ns1Error(int status, const std::string& message) { return JsonAnswer(status, {{"message", message}}); }

std::string Ns1Domain(const std::string& name) { return Cat(name, name.empty() ? "" : ".", FakeZoneApi::kZone); }

}  // namespace

void FakeNs1::Annotate(const std::string& value, const std::string& note) {
  const std::lock_guard lock(mutex_);
  notes_[value] = note;
}

std::string FakeNs1::NoteOf(const std::string& value) const {
  const std::lock_guard lock(mutex_);
  const auto found = notes_.find(value);
  return found == notes_.end() ? "" : found->second;
}

Response FakeNs1::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return Ns1Error(401, "Unauthorized");
  if (!MayWrite(request) && request.method != "GET") return Ns1Error(403, "Forbidden");
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "zones") return Ns1Error(404, "not found");
  if (segments.size() == 2)
    return JsonAnswer(200, Json::array({Json{{"zone", kZone}, {"ttl", 3600}, {"id", "52051b2c9f782d58bb4df41b"}}}));
  if (segments[2] != kZone) return Ns1Error(404, "zone not found");
  if (segments.size() == 3) {
    Json records = Json::array();
    for (const std::string& name : Names()) {
      records.push_back(
          {{"domain", Ns1Domain(name)}, {"type", "TXT"}, {"ttl", TtlOf(name)}, {"short_answers", ValuesAt(name)}, {"tier", 1}});
    }
    return JsonAnswer(200, {{"id", "52051b2c9f782d58bb4df41b"}, {"zone", kZone}, {"ttl", 3600}, {"records", std::move(records)}});
  }
  if (segments.size() != 5 || segments[4] != "TXT") return Ns1Error(404, "record not found");
  return OneRecord(request, segments[3]);
}

Json FakeNs1::RecordOf(const std::string& name) const {
  Json answers = Json::array();
  for (const std::string& value : ValuesAt(name)) {
    Json answer{{"answer", Json::array({value})}, {"id", Cat("answer-", value)}};
    if (const auto note = notes_.find(value); note != notes_.end()) answer["meta"] = {{"note", note->second}};
    answers.push_back(std::move(answer));
  }
  return {{"zone", kZone},      {"domain", Ns1Domain(name)},     {"type", "TXT"},
          {"ttl", TtlOf(name)}, {"answers", std::move(answers)}, {"filters", Json::array()}};
}

Response FakeNs1::OneRecord(const ApiRequest& request, const std::string& domain) {
  if (domain != kZone && !domain.ends_with(Cat(".", kZone))) return Ns1Error(400, "domain is not in the zone");
  const std::string name = domain == kZone ? "" : domain.substr(0, domain.size() - std::string(kZone).size() - 1);
  const bool is_there = !ValuesAt(name).empty();
  if (request.method == "GET") return is_there ? JsonAnswer(200, RecordOf(name)) : Ns1Error(404, "record not found");
  if (request.method == "DELETE") {
    Replace(name, {}, 0);
    return is_there ? JsonAnswer(200, Json::object()) : Ns1Error(404, "record not found");
  }
  if (request.method == "PUT" && is_there) return Ns1Error(400, "record already exists");
  if (request.method == "POST" && !is_there) return Ns1Error(404, "record not found");
  auto written = Write(request.Body(), domain, is_there);
  return written.status == 200 ? JsonAnswer(200, RecordOf(name)) : written;
}

// A creation has all members, a change some of them.
Response FakeNs1::Write(const Json& body, const std::string& domain, bool is_there) {
  const bool is_complete =
      FindString(body, "zone") == kZone && FindString(body, "domain") == domain && FindString(body, "type") == "TXT";
  const Json* answers = base::FindMember(body, "answers");
  if ((!is_there && !is_complete) || answers == nullptr || answers->empty()) return Ns1Error(400, "Input validation failed");
  const std::string name = domain == kZone ? "" : domain.substr(0, domain.size() - std::string(kZone).size() - 1);
  std::vector<std::string> values;
  std::map<std::string, std::string> notes;
  for (const Json& one : *answers) {
    const auto parts = base::FindStrings(one, "answer");
    if (parts.size() != 1 || parts.front().starts_with('"'))
      return Ns1Error(400, "Input validation failed (Value for field 'answers')");
    values.push_back(parts.front());
    const Json* meta = base::FindMember(one, "meta");
    if (meta != nullptr) notes[parts.front()] = FindString(*meta, "note").value_or("");
  }
  for (const std::string& value : ValuesAt(name)) notes_.erase(value);
  notes_.merge(notes);
  Replace(name, values, base::FindInteger(body, "ttl").value_or(is_there ? TtlOf(name) : 3600));
  return {.status = 200};
}

}  // namespace tests
