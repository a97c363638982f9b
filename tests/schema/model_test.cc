// SPDX-License-Identifier: MPL-2.0
#include "schema/model.h"

#include <gtest/gtest.h>

#include "schema/roles.h"

namespace schema {
namespace {

using cty::Type;
using cty::Value;

struct Window {
  static const Model<Window>& Schema();
  Field<std::string> start;
  Field<std::string> end;
};

const Model<Window>& Window::Schema() {
  static const auto model =
      Model<Window>().Add(&Window::start, String("start").Computed()).Add(&Window::end, String("end").Computed()).Build();
  return model;
}

// A resource that has an attribute of each role and of each type.
struct Trial {
  struct Source {
    std::string made_from;
  };
  static const Model<Trial>& Schema();
  Field<std::string> label;
  Field<std::set<std::string>> names;
  Field<std::string> recipe;
  Field<std::string> hint;
  Field<bool> strict;
  Field<std::int64_t> count;
  Field<std::vector<std::string>> servers;
  Field<std::map<std::string, Field<std::string>>> parts;
  Field<base::Secret> key;
  Field<std::string> product;
  Field<Window> window;
};

Value LowerCase(const Value& names) {
  Value::Elements normal;
  for (const Value& one : names.AsElements()) {
    std::string text = one.AsString();
    for (char& c : text) c = static_cast<char>(std::tolower(c));
    normal.push_back(Value::String(text));
  }
  return Value::Set(Type::String(), normal);
}

const Model<Trial>& Trial::Schema() {
  static const auto model =
      Model<Trial>()
          .Add(&Trial::label, String("label").Optional())
          .Add(&Trial::names, Set("names", Type::String()).Optional().Content().NormalForm(LowerCase).ExcludedBy("recipe"))
          .Add(&Trial::recipe, String("recipe").Optional().Content())
          .Add(&Trial::hint, String("hint").Optional().Content().TakenAfterImport())
          .Add(&Trial::strict, Bool("strict").Optional().Request())
          .Add(&Trial::count, Number("count").Optional())
          .Add(&Trial::servers, List("servers", Type::String()).Optional())
          .Add(&Trial::parts, Map("parts", Type::String()).Optional())
          .Add(&Trial::key, String("key").Optional().Sensitive())
          .AddOutput(&Trial::product, String("product"), [](const Trial::Source& of) { return of.made_from; })
          .AddOutput(&Trial::window, Nested("window", Nesting::kSingle, Window::Schema().attributes()),
                     [](const Trial::Source&) {
                       Window window;
                       window.start = "now";
                       return window;
                     })
          .Build();
  return model;
}

const std::vector<Attribute>& Attributes() { return Trial::Schema().attributes(); }

Value Write(const Trial& trial) { return Trial::Schema().Write(trial); }

bool HasOtherContent(const Trial& prior, const Trial& planned) {
  return !OtherContent(Attributes(), Write(prior), Write(planned)).empty();
}

TEST(Model, ReadsBackWhatItWrites) {
  Trial trial;
  trial.label = "a";
  trial.names = std::set<std::string>{"b", "c"};
  trial.strict = true;
  trial.count = 7;
  trial.servers = std::vector<std::string>{"x", "y"};
  trial.parts = std::map<std::string, Field<std::string>>{{"k", Field<std::string>(Value::String("v"))},
                                                          {"u", Field<std::string>(Value::Unknown(Type::String()))}};
  trial.key = base::Secret("secret");

  const Trial read = Trial::Schema().Read(Write(trial));

  EXPECT_EQ(read.label.Get(), "a");
  EXPECT_EQ(read.names.OrEmpty(), (std::set<std::string>{"b", "c"}));
  EXPECT_EQ(read.strict.Get(), true);
  EXPECT_EQ(read.count.Get(), 7);
  EXPECT_EQ(read.servers.OrEmpty(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(read.parts.OrEmpty().at("k").Get(), "v");
  EXPECT_TRUE(read.parts.OrEmpty().at("u").is_unknown());
  EXPECT_EQ(read.key.OrEmpty().Reveal(), "secret");
  EXPECT_TRUE(read.hint.is_null());
  EXPECT_TRUE(read.window.is_null());
}

TEST(Model, ReadsNullAndUnknownObjectsAsFieldsWithoutValue) {
  EXPECT_TRUE(Trial::Schema().Read(Value::Null(Trial::Schema().type())).label.is_null());
  EXPECT_TRUE(Trial::Schema().Read(Value::Unknown(Trial::Schema().type())).label.is_unknown());
}

TEST(Model, KeepsWhatIsKnownAboutAnUnknown) {
  Trial trial;
  trial.product.SetUnknown({.string_prefix = "cw2:"});

  EXPECT_EQ(Trial::Schema().Read(Write(trial)).product.value().refinement().string_prefix, "cw2:");
}

TEST(Model, ListWithAnUnknownElementHasNoCppValue) {
  const Field<std::vector<std::string>> servers(
      Value::List(Type::String(), {Value::String("x"), Value::Unknown(Type::String())}));

  EXPECT_TRUE(servers.is_known());
  EXPECT_FALSE(servers.Get());
}

TEST(Model, PathIsTheAttributeOfTheField) { EXPECT_EQ(Trial::Schema().PathOf(&Trial::servers), cty::Path::Of("servers")); }

TEST(Model, UnboundAttributesStayAsTheyAre) {
  struct Part {
    Field<std::string> id;
  };
  const auto model = Model<Part>().AddUnbound({String("url").Optional()}).Add(&Part::id, String("id").Computed()).Build();
  const Value rest = Value::ObjectOf(model.type(), {{"url", Value::String("u")}});
  Part part;
  part.id = "7";

  const Value written = model.Write(part, rest);

  EXPECT_EQ(written.Get("url"), Value::String("u"));
  EXPECT_EQ(written.Get("id"), Value::String("7"));
}

struct Pair {
  Field<std::string> first;
  Field<std::string> second;
};

TEST(ModelDeathTest, EndsWhereStructAndSchemaDisagree) {
  EXPECT_DEATH(Model<Pair>().Add(&Pair::first, String("first").Optional()).Build(), "a field has no attribute");
  EXPECT_DEATH(Model<Pair>().Add(&Pair::first, String("first").Optional()).Add(&Pair::first, String("second").Optional()),
               "bound twice");
  EXPECT_DEATH(Model<Pair>().Add(&Pair::first, Bool("first").Optional()), "another type");
  EXPECT_DEATH(Model<Pair>().Add(&Pair::first, String("first").Optional().Sensitive()), "sensitive");
  struct Holder {
    Field<base::Secret> secret;
  };
  EXPECT_DEATH(Model<Holder>().Add(&Holder::secret, String("secret").Optional()), "sensitive");
}

TEST(Roles, ChangeOfContentMakesOtherContent) {
  Trial prior;
  prior.names = std::set<std::string>{"a"};
  Trial planned = prior;

  planned.label = "other";
  planned.strict = true;
  EXPECT_FALSE(HasOtherContent(prior, planned));
  planned.names = std::set<std::string>{"A"};
  EXPECT_FALSE(HasOtherContent(prior, planned)) << "another spelling";
  planned.names = std::set<std::string>{"a", "b"};
  EXPECT_TRUE(HasOtherContent(prior, planned));
  planned = prior;
  planned.recipe.SetUnknown();
  EXPECT_TRUE(HasOtherContent(prior, planned));
}

TEST(Roles, OutputsBecomeUnknownAndAreFilled) {
  Trial planned;
  planned.label = "a";
  planned.product = "old";

  Trial unknown = Trial::Schema().Read(WithUnknownOutputs(Attributes(), Write(planned)));
  EXPECT_TRUE(unknown.product.is_unknown());
  EXPECT_TRUE(unknown.window.is_unknown());
  EXPECT_EQ(unknown.label.Get(), "a");

  Trial::Schema().Fill({.made_from = "new"}, unknown);
  EXPECT_EQ(unknown.product.Get(), "new");
  EXPECT_EQ(unknown.window.OrEmpty().start.Get(), "now");
}

TEST(Roles, ImportTakesWhatOnlyTheConfigurationKnows) {
  Trial planned;
  planned.label = "a";
  planned.hint = "h";

  const Trial taken = Trial::Schema().Read(TakeAfterImport(Attributes(), Write(Trial()), Write(planned)));
  EXPECT_EQ(taken.hint.Get(), "h");
  EXPECT_TRUE(taken.label.is_null());

  Trial imported;
  imported.hint = "own";
  EXPECT_EQ(Trial::Schema().Read(TakeAfterImport(Attributes(), Write(imported), Write(planned))).hint.Get(), "own");
}

TEST(Roles, RequestIsDescribedByContentAndRequestAttributes) {
  Trial trial;
  trial.label = "not part of it";
  trial.names = std::set<std::string>{"B", "a"};
  trial.strict = true;
  trial.product = "nor this";

  EXPECT_EQ(DescribeRequest(Attributes(), Write(trial)), R"({"names":["a","b"],"strict":true})");
}

TEST(Roles, ExcludedAttributeIsReported) {
  Trial config;
  config.names = std::set<std::string>{"a"};
  Diagnostics none;
  CheckExclusions(Attributes(), Write(config), none);
  EXPECT_TRUE(none.empty());

  config.recipe = "r";
  Diagnostics found;
  CheckExclusions(Attributes(), Write(config), found);
  ASSERT_EQ(found.items().size(), 1U);
  EXPECT_EQ(found.items().front().path, cty::Path::Of("names"));
}

}  // namespace
}  // namespace schema
