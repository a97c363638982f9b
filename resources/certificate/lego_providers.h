// SPDX-License-Identifier: MPL-2.0
// What takes the place of vancluever/acme's `dns_challenge`, whose providers are those of lego: an app connection whose vendor
// says so (vendors::LegoEquivalent), a bridge of the exec connection, or a program of the user's.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/vendors/catalog.h"

namespace resources::certificate {

struct LegoProvider {
  std::string_view name;       // of `dns_challenge.provider`: "route53"
  std::string_view service{};  // "Amazon Route 53"
  std::string_view lexicon{};  // what lexicon calls it; empty: it does not know it
  std::string_view acme_sh{};  // what acme.sh calls it, without "dns_"; empty likewise
};

// All that vancluever/acme 2.48 has, sorted by name.
std::span<const LegoProvider> LegoProviders();

// The vendor that says that lego calls it so; null if none does.
const engine::vendors::NamedVendor* FindVendorOfLego(std::string_view name);

// What to write in its place, in Markdown, without a final dot. `guides`: where the guides are, "" or a URL that ends in a slash;
// nothing is linked if it is null.
std::string DescribeReplacement(const LegoProvider& provider, const char* guides);

// The same for one name, whether or not it is known.
std::string DescribeReplacement(std::string_view name);

}  // namespace resources::certificate
