// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/destinations/local_files_layout.h"

#include <algorithm>
#include <array>

namespace engine::sync::destinations::local_files {
namespace {

constexpr std::array kKey = {Part::kKey};
constexpr std::array kLeaf = {Part::kLeaf};
constexpr std::array kChain = {Part::kChain};
constexpr std::array kFullChain = {Part::kLeaf, Part::kChain};
constexpr std::array kEverything = {Part::kLeaf, Part::kChain, Part::kKey};

constexpr std::array<FilePlan, 2> kSplitFiles = {{{".key", kKey}, {".crt", kFullChain}}};
constexpr std::array<FilePlan, 3> kSeparateChainFiles = {{{".key", kKey}, {".chain.crt", kChain}, {".crt", kLeaf}}};
constexpr std::array<FilePlan, 1> kCombinedFiles = {{{".pem", kEverything}}};

constexpr std::array<Layout, 3> kLayouts = {{
    {"split", kSplitFiles},
    {"separate_chain", kSeparateChainFiles},
    {"combined", kCombinedFiles},
}};

void AppendPart(Part part, const Bundle& bundle, std::string& text) {
  switch (part) {
    case Part::kLeaf:
      text.append(bundle.chain.front().pem);
      return;
    case Part::kChain:
      for (std::size_t i = 1; i < bundle.chain.size(); ++i) text.append(bundle.chain[i].pem);
      return;
    case Part::kKey:
      text.append(bundle.private_key_pem.Reveal());
      return;
  }
}

}  // namespace

bool FilePlan::HoldsKey() const { return std::find(parts.begin(), parts.end(), Part::kKey) != parts.end(); }

bool Layout::Has(std::string_view suffix) const {
  return std::any_of(files.begin(), files.end(), [&](const FilePlan& plan) { return plan.suffix == suffix; });
}

const Layout* FindLayout(std::string_view name) {
  const auto found = std::find_if(kLayouts.begin(), kLayouts.end(), [&](const Layout& layout) { return layout.name == name; });
  return found == kLayouts.end() ? nullptr : &*found;
}

base::Secret Render(const FilePlan& plan, const Bundle& bundle) {
  std::size_t size = bundle.private_key_pem.Reveal().size();
  for (const auto& certificate : bundle.chain) size += certificate.pem.size();
  std::string text;
  text.reserve(size);  // no copy of the key is left behind by growing
  for (const Part part : plan.parts) AppendPart(part, bundle, text);
  return base::Secret(std::move(text));
}

std::string LeafFingerprint(std::string_view text) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const auto end = text.find(kEnd);
  if (end == std::string_view::npos) return {};
  const auto chain = base::crypto::ParseChain(text.substr(0, end + kEnd.size()));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

}  // namespace engine::sync::destinations::local_files
