// SPDX-License-Identifier: MPL-2.0
#include "resources/timeouts.h"

#include "base/text.h"
#include "schema/validators.h"

namespace resources {

schema::Attribute TimeoutsAttribute(const std::vector<const char*>& operations, const char* doc) {
  std::vector<schema::Attribute> attributes;
  for (const char* operation : operations) {
    attributes.push_back(schema::String(operation)
                             .Optional()
                             .Check(schema::IsDuration())
                             .Doc(base::Cat("Limit of ", operation, ", such as `30m`.")));
  }
  return schema::Nested("timeouts", schema::Nesting::kSingle, std::move(attributes)).Optional().Doc(doc);
}

base::Call WithTimeout(const base::Call& call, const schema::Reader& resource, std::string_view operation,
                       std::chrono::milliseconds usual) {
  const auto timeouts = resource.Single("timeouts");
  base::Call limited = call;
  limited.deadline = call.Now() + (timeouts ? timeouts->Duration(operation).value_or(usual) : usual);
  return limited;
}

}  // namespace resources
