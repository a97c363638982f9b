// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/yaml.h"

#include <yaml.h>

#include <utility>

#include "base/text.h"

namespace engine::vendors::kubernetes {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;

constexpr std::size_t kLongestText = 1024 * 1024;
constexpr std::size_t kDeepest = 32;

Error Bad(std::string_view what, const yaml_mark_t& mark) {
  return Error{ErrorKind::kInvalid, Cat("it is no YAML that can be read: line ", mark.line + 1, ": ", what)};
}

// One event of libyaml's parser.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }

  Result<void> Read(yaml_parser_t& parser) {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser, &event_) == 1) return {};
    return Bad(parser.problem == nullptr ? "it breaks off" : parser.problem, parser.problem_mark);
  }
  yaml_event_type_t type() const { return event_.type; }
  const yaml_mark_t& mark() const { return event_.start_mark; }
  Json Scalar() const {
    const auto& scalar = event_.data.scalar;
    std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return is_plain && (text.empty() || text == "~" || text == "null") ? Json() : Json(std::move(text));
  }

 private:
  yaml_event_t event_{};
};

class Reader {
 public:
  explicit Reader(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { yaml_parser_delete(&parser_); }

  Result<Json> Document() {
    for (;;) {
      if (auto read = event_.Read(parser_); !read) return std::move(read).error();
      if (event_.type() == YAML_STREAM_END_EVENT) return Json();
      if (event_.type() == YAML_STREAM_START_EVENT || event_.type() == YAML_DOCUMENT_START_EVENT) continue;
      return Node(0);
    }
  }

 private:
  // The node that the present event begins; the event is its last one then.
  Result<Json> Node(std::size_t depth) {
    if (depth > kDeepest) return Bad("it is nested too deep", event_.mark());
    switch (event_.type()) {
      case YAML_SCALAR_EVENT:
        return event_.Scalar();
      case YAML_SEQUENCE_START_EVENT:
        return Sequence(depth);
      case YAML_MAPPING_START_EVENT:
        return Mapping(depth);
      default:
        return Bad("aliases are not supported", event_.mark());
    }
  }

  Result<Json> Sequence(std::size_t depth) {
    Json items = Json::array();
    for (;;) {
      if (auto read = event_.Read(parser_); !read) return std::move(read).error();
      if (event_.type() == YAML_SEQUENCE_END_EVENT) return items;
      auto item = Node(depth + 1);
      if (!item) return item;
      items.push_back(*std::move(item));
    }
  }

  Result<Json> Mapping(std::size_t depth) {
    Json members = Json::object();
    for (;;) {
      if (auto read = event_.Read(parser_); !read) return std::move(read).error();
      if (event_.type() == YAML_MAPPING_END_EVENT) return members;
      if (event_.type() != YAML_SCALAR_EVENT) return Bad("a key is a plain text", event_.mark());
      const Json key = event_.Scalar();
      if (auto read = event_.Read(parser_); !read) return std::move(read).error();
      auto value = Node(depth + 1);
      if (!value) return value;
      members[key.is_string() ? key.get<std::string>() : "null"] = *std::move(value);
    }
  }

  yaml_parser_t parser_{};
  Event event_;
};

}  // namespace

Result<Json> ParseYaml(std::string_view text) {
  if (text.size() > kLongestText) return Error{ErrorKind::kInvalid, "it is longer than 1 MiB"};
  return Reader(text).Document();
}

}  // namespace engine::vendors::kubernetes
