// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/json_tree.h"

#include <nlohmann/json.hpp>

namespace schema::cty {
namespace {

// Receives the parser's events; false stops it.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(JsonTree& root, std::size_t depth) : root_(root), depth_(depth) {}
  bool too_deep() const { return too_deep_; }

  bool null() override { return Add(JsonTree{}); }
  bool boolean(bool value) override { return Add(JsonTree{.kind = value ? JsonTree::Kind::kTrue : JsonTree::Kind::kFalse}); }
  bool number_integer(number_integer_t value) override { return AddNumber(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return AddNumber(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return AddNumber(digits); }
  bool string(string_t& value) override { return Add(JsonTree{.kind = JsonTree::Kind::kString, .text = std::move(value)}); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(JsonTree::Kind::kObject); }
  bool start_array(std::size_t) override { return Open(JsonTree::Kind::kArray); }
  bool key(string_t& name) override {
    open_.back()->members.emplace_back(std::move(name), JsonTree{});
    return true;
  }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool AddNumber(std::string digits) { return Add(JsonTree{.kind = JsonTree::Kind::kNumber, .text = std::move(digits)}); }

  JsonTree& Next() {
    if (open_.empty()) return root_;
    JsonTree& parent = *open_.back();
    return parent.kind == JsonTree::Kind::kArray ? parent.elements.emplace_back() : parent.members.back().second;
  }

  bool Add(JsonTree tree) {
    Next() = std::move(tree);
    return true;
  }

  bool Open(JsonTree::Kind kind) {
    too_deep_ = open_.size() >= depth_;
    if (too_deep_) return false;
    JsonTree& opened = Next();
    opened.kind = kind;
    open_.push_back(&opened);
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  JsonTree& root_;  // borrowed; outlives this
  std::size_t depth_;
  std::vector<JsonTree*> open_;  // from the root down; a vector of siblings grows only while none of them is open
  bool too_deep_ = false;
};

}  // namespace

base::Result<JsonTree> ParseJsonTree(std::string_view json, std::size_t depth) {
  JsonTree root;
  TreeBuilder builder(root, depth);
  if (nlohmann::json::sax_parse(json, &builder)) return root;
  return base::Error{base::ErrorKind::kProtocol, builder.too_deep() ? "the JSON text is nested too deep" : "not valid JSON"};
}

bool AppendJsonString(std::string& out, std::string_view text) {
  try {
    out.append(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace schema::cty
