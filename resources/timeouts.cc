// SPDX-License-Identifier: MPL-2.0
#include "resources/timeouts.h"

#include "base/text.h"
#include "base/time_format.h"
#include "schema/validators.h"

namespace resources {
namespace {

schema::Attribute Limit(const char* operation) {
  return schema::String(operation)
      .Optional()
      .Check(schema::IsDuration())
      .Doc(base::Cat("Time limit for ", operation, ", such as `30m`."));
}

}  // namespace

const schema::Model<Timeouts>& Timeouts::Schema() {
  static const auto model = schema::Model<Timeouts>()
                                .Add(&Timeouts::create, Limit("create"))
                                .Add(&Timeouts::read, Limit("read"))
                                .Add(&Timeouts::update, Limit("update"))
                                .Add(&Timeouts::remove, Limit("delete"))
                                .Build();
  return model;
}

schema::Attribute TimeoutsAttribute(const char* doc) {
  return schema::Nested("timeouts", schema::Nesting::kSingle, Timeouts::Schema().attributes()).Optional().Doc(doc);
}

base::Call WithTimeout(const base::Call& call, const schema::Field<Timeouts>& timeouts,
                       schema::Field<std::string> Timeouts::*limit, std::chrono::milliseconds usual) {
  const Timeouts configured = timeouts.OrEmpty();
  base::Call limited = call;
  limited.deadline = base::Deadline::In(*call.clock, base::ParseDuration((configured.*limit).OrEmpty()).value_or(usual));
  return limited;
}

}  // namespace resources
