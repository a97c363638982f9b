// SPDX-License-Identifier: MPL-2.0
#include "resources/profile_allows_function.h"

#include <set>

#include "base/idn/international_name.h"
#include "base/text.h"
#include "resources/profile_rules.h"

namespace resources {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using schema::cty::Kind;
using schema::cty::Type;
using schema::cty::Value;

// A value as it was written, as `wanted`: a list is as good as a set. Errors: kInvalid.
Result<Value> Converted(const std::string& name, const Value& written, const Type& wanted) {
  if (written.is_null()) return Value::Null(wanted);
  const Kind kind = written.type().kind();
  if (wanted.kind() != Kind::kSet) {
    if (kind == wanted.kind()) return written;
    return Error{ErrorKind::kInvalid, Cat("`", name, "` of the rules is of another type than in a certificate profile")};
  }
  Value::Elements elements;
  const bool has_elements = kind == Kind::kList || kind == Kind::kSet || kind == Kind::kTuple;
  for (const Value& one : has_elements ? written.AsElements() : Value::Elements()) {
    if (one.is_known() && one.type().kind() == Kind::kString) elements.push_back(one);
  }
  if (!has_elements || elements.size() != written.AsElements().size()) {
    return Error{ErrorKind::kInvalid, Cat("`", name, "` of the rules must be a list of texts")};
  }
  return Value::Set(Type::String(), std::move(elements));
}

// `written`: the rule, or an object that has it as `dns_names`.
Result<DnsNamesRule> RuleFrom(const Value& written) {
  const auto& model = DnsNamesRule::Schema();
  const Kind kind = written.type().kind();
  if (written.is_null()) return DnsNamesRule();
  if (kind == Kind::kDynamic) return RuleFrom(written.AsInner());
  if (kind != Kind::kObject && kind != Kind::kMap) {
    return Error{ErrorKind::kInvalid, "the rules must be an object such as `dns_names` of a certificate profile"};
  }
  const Value::Members& given = written.AsMembers();
  if (const auto inner = given.find("dns_names"); inner != given.end()) return RuleFrom(inner->second);
  Value::Members members;
  for (const auto& [name, value] : given) {
    const Type* type = model.type().Find(name);
    if (type == nullptr) {
      return Error{ErrorKind::kInvalid, Cat("there is no rule `", base::Printable(name, 64), "` for `dns_names`")};
    }
    auto converted = Converted(name, value, *type);
    if (!converted) return std::move(converted).error();
    members.emplace(name, *std::move(converted));
  }
  return model.Read(Value::ObjectOf(model.type(), std::move(members)));
}

Result<std::set<std::string>> NamesFrom(const Value& written) {
  std::set<std::string> names;
  for (const Value& one : written.AsElements()) {
    if (!one.is_known()) return Error{ErrorKind::kInvalid, "one of the names is null"};
    auto name = base::idn::ParseInternationalName(one.AsString(), base::Wildcard::kAllowed);
    if (!name) return std::move(name).error().While(Cat("reading the name ", base::Printable(one.AsString(), 100)));
    names.insert(*std::move(name));
  }
  return names;
}

Result<Value> Allows(std::span<const Value> arguments) {
  const auto rule = RuleFrom(arguments[0]);
  if (!rule) return rule.error();
  const auto names = NamesFrom(arguments[1]);
  if (!names) return names.error();
  return Value::Bool(FindNameViolations(*rule, *names).empty());
}

}  // namespace

Function ProfileAllows() {
  return {
      .name = "profile_allows",
      .summary = "Tells whether the rules of a certificate profile allow DNS names.",
      .doc =
          "Returns true if a certificate with exactly these names would keep the rule `dns_names` of a certificate profile. For "
          "preconditions, and for tests of the rules themselves. The other rules of the profile are not considered.",
      .parameters = {{.name = "rules",
                      .type = Type::Dynamic(),
                      .doc = "The `dns_names` of a certificate profile, an object with any of `allow`, `deny`, `wildcards` and "
                             "`max`; or an object that has it as `dns_names`. Null allows any name.",
                      .allow_null = true},
                     {.name = "dns_names", .type = Type::Set(Type::String()), .doc = "The names."}},
      .result = Type::Bool(),
      .call = Allows};
}

}  // namespace resources
