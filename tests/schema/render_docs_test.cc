// SPDX-License-Identifier: MPL-2.0
#include "tests/support/render_docs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tests {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::Schema;
using schema::cty::Type;
using schema::cty::Value;

Schema DocumentedSample() {
  std::vector<Attribute> deep;
  deep.push_back(schema::Bool("on").Default(Value::Bool(true)).Doc("Whether it is on."));
  std::vector<Attribute> inner;
  inner.push_back(schema::String("secret").Optional().WriteOnly().Doc("The key."));
  inner.push_back(schema::Nested("deep", Nesting::kMap, deep).Required().Doc("Switches."));
  Schema schema{.doc = "A box. It holds things."};
  schema.attributes.push_back(schema::String("size").Default(Value::String("small")).Doc("Its size; default `small`."));
  schema.attributes.push_back(schema::Set("names", Type::String()).Required().Doc("Its names."));
  schema.attributes.push_back(schema::Nested("logins", Nesting::kList, inner).Optional().Doc("Who may open it."));
  schema.attributes.push_back(schema::String("handle").Computed().Sensitive().Doc("The sealed box."));
  return schema;
}

TEST(RenderTypePage, HasTheLayoutOfTheRegistry) {
  const std::string page = RenderTypePage(
      "certwright_box", "Resource", DocumentedSample(),
      {.subcategory = "Boxes", .example = "resource \"certwright_box\" \"b\" {}\n", .import = "terraform import x y\n"});

  EXPECT_EQ(page, R"(---
# Written by tests/docs_test.cc from the schema: change that, then run the test with UPDATE_GOLDEN=1.
page_title: "certwright_box Resource - certwright"
subcategory: "Boxes"
description: |-
  A box.
---

# certwright_box (Resource)

A box. It holds things.

## Example Usage

```terraform
resource "certwright_box" "b" {}
```

## Schema

### Required

- `names` (Set of String) Its names.

### Optional

- `logins` (Attributes List) Who may open it. (see [below for nested schema](#nestedatt--logins))
- `size` (String) Its size; default `small`.

### Read-Only

- `handle` (String, Sensitive) The sealed box.

<a id="nestedatt--logins"></a>
### Nested Schema for `logins`

Required:

- `deep` (Attributes Map) Switches. (see [below for nested schema](#nestedatt--logins--deep))

Optional:

- `secret` (String, Sensitive, [Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)) The key.

<a id="nestedatt--logins--deep"></a>
### Nested Schema for `logins.deep`

Optional:

- `on` (Boolean) Whether it is on. Default: `true`.

## Import

```shell
terraform import x y
```
)");
}

TEST(RenderProviderPage, LeavesOutWhatThereIsNot) {
  const std::string page = RenderProviderPage(Schema{.doc = "It does things."}, {});

  EXPECT_EQ(page, R"(---
# Written by tests/docs_test.cc from the schema: change that, then run the test with UPDATE_GOLDEN=1.
page_title: "Provider: Certwright"
description: |-
  It does things.
---

# Certwright Provider

It does things.

## Schema
)");
}

TEST(RenderFunctionPage, HasTheLayoutOfTheRegistry) {
  const resources::Function function{.name = "half",
                                     .summary = "Halves a number.",
                                     .doc = "Halves it.",
                                     .parameters = {{.name = "whole", .type = Type::Number(), .doc = "What to halve."}},
                                     .result = Type::Number(),
                                     .call = nullptr};

  EXPECT_EQ(RenderFunctionPage(function, {.example = "x"}), R"(---
# Written by tests/docs_test.cc from the schema: change that, then run the test with UPDATE_GOLDEN=1.
page_title: "half function - certwright"
description: |-
  Halves a number.
---

# half (Function)

Halves it.

## Example Usage

```terraform
x
```

## Signature

```text
half(whole number) number
```

## Arguments

- `whole` (Number) What to halve.
)");
}

TEST(DocProblems, NamesWhatIsMissing) {
  Schema schema = DocumentedSample();
  schema.doc = "No stop";
  schema.attributes[0].doc = "";
  schema.attributes[2].nested[0].doc = "No stop";

  EXPECT_THAT(DocProblems(DocumentedSample()), ::testing::IsEmpty());
  EXPECT_THAT(DocProblems(schema),
              ::testing::ElementsAre("the schema's doc text is missing or ends without a full stop", "size: has no doc text",
                                     "logins.secret: the doc text ends without a full stop"));
}

}  // namespace
}  // namespace tests
