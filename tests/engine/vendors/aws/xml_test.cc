// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/xml.h"

#include <gtest/gtest.h>

namespace tests::aws_xml {
namespace {

using base::ErrorKind;
using engine::vendors::aws::ParseXml;

TEST(ParseXml, ReadsNamesTextsAndRepeatedChildren) {
  const auto root = ParseXml(
      "<?xml version=\"1.0\"?>\n<aws:List xmlns:aws=\"https://x/\"><aws:Item> a&amp;b &#x41; </aws:Item>"
      "<Item><![CDATA[<c>]]></Item><!-- no --><Last><Deep>d</Deep></Last></aws:List>");

  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->name, "List");
  ASSERT_EQ(root->FindAll("Item").size(), 2U);
  EXPECT_EQ(root->FindAll("Item")[0]->text, "a&b A");
  EXPECT_EQ(root->FindAll("Item")[1]->text, "<c>");
  EXPECT_EQ(root->Text("Last/Deep"), "d");
  EXPECT_EQ(root->Text("Last/None/Deep"), "");
  EXPECT_EQ(root->Find("Deep"), nullptr);
}

TEST(ParseXml, RefusesWhatIsCutOffOrNoXml) {
  for (const char* text : {"", "<a><b></a>", "<a>", "<a", "text", "{\"a\":1}", "<a></a"}) {
    const auto root = ParseXml(text);

    ASSERT_FALSE(root) << text;
    EXPECT_EQ(root.error().kind, ErrorKind::kProtocol) << text;
  }
}

TEST(ParseXml, RefusesWhatIsNestedTooDeep) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "<a>";
    for (int i = 0; i < depth; ++i) text += "</a>";
    return text;
  };

  EXPECT_TRUE(ParseXml(nested(32)));
  EXPECT_FALSE(ParseXml(nested(33)));
  EXPECT_FALSE(ParseXml(nested(100'000)));
}

TEST(ParseXml, RefusesWhatIsTooLong) {
  const std::string long_text(8 * 1024 * 1024, 'x');

  EXPECT_FALSE(ParseXml("<a>" + long_text + "</a>"));
}

TEST(ParseXml, DoesNotExpandEntities) {
  const auto root = ParseXml("<!DOCTYPE a [<!ENTITY e \"expanded\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]><a>&e;&f;</a>");

  ASSERT_TRUE(root) << root.error().message;
  EXPECT_EQ(root->text, "&e;&f;");
}

TEST(XmlEscape, IsUndoneByParsing) {
  const std::string text = "a<b>&\"c'&amp;";

  EXPECT_EQ(ParseXml("<x>" + engine::vendors::aws::XmlEscape(text) + "</x>")->text, text);
}

}  // namespace
}  // namespace tests::aws_xml
