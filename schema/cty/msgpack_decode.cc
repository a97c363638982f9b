// SPDX-License-Identifier: MPL-2.0
#include <msgpack.hpp>
#include <optional>

#include "base/text.h"
#include "schema/cty/msgpack.h"
#include "schema/cty/msgpack_refinement.h"
#include "schema/cty/path.h"

namespace schema::cty {
namespace {

std::string_view Wanted(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return "a bool is required";
    case Kind::kNumber:
      return "a number is required";
    case Kind::kString:
      return "a string is required";
    case Kind::kDynamic:
      return "a type and a value are required";
    case Kind::kList:
      return "a list is required";
    case Kind::kSet:
      return "a set is required";
    case Kind::kMap:
      return "a map is required";
    case Kind::kTuple:
      return "a tuple is required";
    case Kind::kObject:
      return "an object is required";
  }
  return "another kind is required";
}

// Takes msgpack's events (its visitor concept; false stops the parse) and builds the value from the inside out. The open
// containers are on a stack of its own and grow as elements arrive, so that a length in the input never allocates anything.
class Builder : public msgpack::null_visitor {
 public:
  explicit Builder(const Type& type) : type_(type) {}

  bool visit_nil() { return WantsValue() && Put(Value::Null(Next())); }
  bool visit_boolean(bool value) { return Wants(Kind::kBool) && Put(Value::Bool(value)); }
  bool visit_positive_integer(std::uint64_t value) { return PutNumber(NumberText::Parse(std::to_string(value))); }
  bool visit_negative_integer(std::int64_t value) { return PutNumber(NumberText(value)); }
  bool visit_float32(float value) { return PutNumber(NumberText::Exactly(static_cast<double>(value))); }
  bool visit_float64(double value) { return PutNumber(NumberText::Exactly(value)); }
  bool visit_str(const char* data, std::uint32_t size);
  bool visit_bin(const char* data, std::uint32_t size);
  bool visit_ext(const char* data, std::uint32_t size);
  bool start_array(std::uint32_t size);
  bool start_map(std::uint32_t);
  bool start_map_key() { return stack_.back().at_key = true; }
  bool end_array() { return Close(); }
  bool end_map() { return Close(); }

  // The value, or what was wrong with the input, of which `consumed` bytes were read.
  base::Result<Value> Finish(bool complete, std::size_t consumed, std::size_t size);

 private:
  struct Frame {
    Type type;
    Value::Elements elements{};
    Value::Members members{};
    std::string key{};
    const Type* member = nullptr;  // of an object: the type at `key`
    bool at_key = false;
    std::optional<Type> inner{};  // of a dynamic value, once it was read
  };

  // The type of the value that comes next.
  const Type& Next() const;
  bool IsAtKey() const { return !stack_.empty() && stack_.back().at_key; }
  bool IsTypeWanted() const { return !stack_.empty() && stack_.back().type.kind() == Kind::kDynamic && !stack_.back().inner; }
  // Whether a value of any type comes next; then of this kind.
  bool WantsValue();
  bool Wants(Kind kind);
  bool PutNumber(const std::optional<NumberText>& number);
  bool PutKey(std::string_view key);
  bool Put(Value value);
  bool Open();
  bool Close();
  Path Place() const;
  bool Fail(std::string_view fact);

  const Type& type_;  // borrowed; outlives this
  std::vector<Frame> stack_;
  std::optional<Value> root_;
  std::optional<base::Error> error_;
};

const Type& Builder::Next() const {
  if (stack_.empty()) return type_;
  const Frame& frame = stack_.back();
  switch (frame.type.kind()) {
    case Kind::kTuple:
      return frame.type.elements()[frame.elements.size()];
    case Kind::kObject:
      return *frame.member;
    case Kind::kDynamic:
      return *frame.inner;
    default:
      return frame.type.element();
  }
}

bool Builder::WantsValue() {
  if (IsAtKey()) return Fail("a key must be a string");
  return !IsTypeWanted() || Fail("a type is required");
}

bool Builder::Wants(Kind kind) {
  if (!WantsValue()) return false;
  return Next().kind() == kind || Fail(Wanted(Next().kind()));
}

bool Builder::PutNumber(const std::optional<NumberText>& number) {
  if (!Wants(Kind::kNumber)) return false;
  return number ? Put(Value::Number(*number)) : Fail("the number is not finite, or has too many digits");
}

bool Builder::visit_str(const char* data, std::uint32_t size) {
  const std::string_view text(data, size);
  if (IsAtKey()) return PutKey(text);
  if (!IsTypeWanted() && Next().kind() == Kind::kNumber) return PutNumber(NumberText::Parse(text));
  return Wants(Kind::kString) && Put(Value::String(std::string(text)));
}

bool Builder::visit_bin(const char* data, std::uint32_t size) {
  if (IsAtKey()) return Fail("a key must be a string");
  if (!IsTypeWanted()) return Fail(Wanted(Next().kind()));
  auto type = TypeFromJson(std::string_view(data, size));
  if (!type || type->kind() == Kind::kDynamic) return Fail("the type of a dynamic value is malformed");
  stack_.back().inner = *type;
  return true;
}

bool Builder::visit_ext(const char* data, std::uint32_t size) {
  if (!WantsValue()) return false;
  auto refinement = ReadExtension(data[0], std::string_view(data + 1, size - 1));
  return refinement ? Put(Value::Unknown(Next(), *std::move(refinement)))
                    : Fail("the refinement of an unknown value is malformed");
}

bool Builder::start_array(std::uint32_t size) {
  if (!WantsValue()) return false;
  switch (Next().kind()) {
    case Kind::kList:
    case Kind::kSet:
      return Open();
    case Kind::kTuple:
      return size == Next().elements().size() ? Open() : Fail("the tuple has another number of elements");
    case Kind::kDynamic:
      return size == 2 ? Open() : Fail(Wanted(Kind::kDynamic));
    default:
      return Fail(Wanted(Next().kind()));
  }
}

bool Builder::start_map(std::uint32_t) {
  if (!WantsValue()) return false;
  const Kind kind = Next().kind();
  return kind == Kind::kMap || kind == Kind::kObject ? Open() : Fail(Wanted(kind));
}

bool Builder::PutKey(std::string_view key) {
  Frame& frame = stack_.back();
  if (frame.members.contains(key)) return Fail(base::Cat("\"", base::Printable(key, 64), "\" is given twice"));
  if (frame.type.kind() == Kind::kObject) {
    frame.member = frame.type.Find(key);
    if (frame.member == nullptr) return Fail(base::Cat("there is no attribute \"", base::Printable(key, 64), "\""));
  }
  frame.key.assign(key);
  frame.at_key = false;
  return true;
}

bool Builder::Put(Value value) {
  if (stack_.empty()) {
    root_ = std::move(value);
    return true;
  }
  Frame& frame = stack_.back();
  if (frame.type.kind() == Kind::kMap || frame.type.kind() == Kind::kObject) {
    frame.members.emplace_hint(frame.members.end(), std::move(frame.key), std::move(value));
  } else {
    frame.elements.push_back(std::move(value));
  }
  return true;
}

bool Builder::Open() {
  if (stack_.size() == kMostDepth) return Fail("nested deeper than 64 levels");
  stack_.push_back(Frame{Next()});
  return true;
}

bool Builder::Close() {
  Frame frame = std::move(stack_.back());
  stack_.pop_back();
  switch (frame.type.kind()) {
    case Kind::kList:
      return Put(Value::List(frame.type.element(), std::move(frame.elements)));
    case Kind::kSet:
      return Put(Value::Set(frame.type.element(), std::move(frame.elements)));
    case Kind::kMap:
      return Put(Value::Map(frame.type.element(), std::move(frame.members)));
    case Kind::kTuple:
      return Put(Value::Tuple(std::move(frame.elements)));
    case Kind::kDynamic:
      return Put(Value::Dynamic(std::move(frame.elements.front())));
    default:
      break;
  }
  // As many as there are attributes are all of them: PutKey takes no other name, and none twice.
  if (frame.members.size() < frame.type.attributes().size()) {
    for (const auto& [name, attribute] : frame.type.attributes()) {
      if (!frame.members.contains(name)) return Fail(base::Cat("attribute \"", name, "\" is missing"));
    }
  }
  return Put(Value::ObjectOf(frame.type, std::move(frame.members)));
}

Path Builder::Place() const {
  Path path;
  for (const Frame& frame : stack_) {
    const Kind kind = frame.type.kind();
    if (kind == Kind::kList || kind == Kind::kTuple) path.Push(IndexStep{static_cast<std::int64_t>(frame.elements.size())});
    if (frame.at_key) continue;
    if (kind == Kind::kMap) path.Push(KeyStep{frame.key});
    if (kind == Kind::kObject) path.Push(AttributeStep{frame.key});
  }
  return path;
}

bool Builder::Fail(std::string_view fact) {
  error_ = base::Error{base::ErrorKind::kProtocol, At(Place(), fact)};
  return false;
}

base::Result<Value> Builder::Finish(bool complete, std::size_t consumed, std::size_t size) {
  if (error_) return *std::move(error_);
  if (!complete || !root_) return base::Error{base::ErrorKind::kProtocol, At(Place(), "not valid MessagePack, or cut off")};
  if (consumed != size) return base::Error{base::ErrorKind::kProtocol, "bytes follow the value"};
  return *std::move(root_);
}

}  // namespace

base::Result<Value> FromMsgpack(std::string_view bytes, const Type& type) {
  Builder builder(type);
  std::size_t consumed = 0;
  const bool complete = msgpack::parse(bytes.data(), bytes.size(), consumed, builder);
  return builder.Finish(complete, consumed, bytes.size());
}

}  // namespace schema::cty
