// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_layout.h"

#include <algorithm>
#include <array>

#include "base/crypto/pkcs12.h"
#include "base/text.h"

namespace engine::sync {
namespace {

constexpr std::array kKey = {FilePart::kKey};
constexpr std::array kLeaf = {FilePart::kLeaf};
constexpr std::array kChain = {FilePart::kChain};
constexpr std::array kFullChain = {FilePart::kLeaf, FilePart::kChain};
constexpr std::array kEverything = {FilePart::kLeaf, FilePart::kChain, FilePart::kKey};

constexpr std::array<FilePlan, 2> kSplitFiles = {{{".key", kKey}, {".crt", kFullChain}}};
constexpr std::array<FilePlan, 3> kSeparateChainFiles = {{{".key", kKey}, {".chain.crt", kChain}, {".crt", kLeaf}}};
constexpr std::array<FilePlan, 1> kCombinedFiles = {{{".pem", kEverything}}};

constexpr std::array<FilePlan, 1> kPkcs12Files = {{{".p12", kEverything, FileFormat::kPkcs12}}};

constexpr std::array<FileLayout, 4> kLayouts = {{
    {"split", kSplitFiles},
    {"separate_chain", kSeparateChainFiles},
    {"combined", kCombinedFiles},
    {"pkcs12", kPkcs12Files},
}};

void AppendPart(FilePart part, const Bundle& bundle, std::string& text) {
  switch (part) {
    case FilePart::kLeaf:
      text.append(bundle.chain.front().pem);
      return;
    case FilePart::kChain:
      text.append(JoinPem(bundle.AboveLeaf()));
      return;
    case FilePart::kKey:
      text.append(bundle.private_key_pem.Reveal());
      return;
  }
}

base::Secret RenderPem(const FilePlan& plan, const Bundle& bundle) {
  std::size_t size = bundle.private_key_pem.Reveal().size();
  for (const auto& certificate : bundle.chain) size += certificate.pem.size();
  std::string text;
  text.reserve(size);  // no copy of the key is left behind by growing
  for (const FilePart part : plan.parts) AppendPart(part, bundle, text);
  return base::Secret(std::move(text));
}

// Certificates that can be read without the password: Observe has none.
base::Result<base::Secret> RenderPkcs12(const FileContent& content, const std::optional<base::Secret>& there) {
  if (!content.pkcs12_password) {
    return base::Error{.kind = base::ErrorKind::kInvalid,
                       .message = "the layout pkcs12 needs a password: set pkcs12_password",
                       .blame = DestinationField("pkcs12_password")};
  }
  const auto& chain = content.bundle.chain;
  const auto key = base::crypto::ParsePrivateKey(content.bundle.private_key_pem);
  if (!key) return key.error();
  if (there) {
    const auto found = base::crypto::ReadPkcs12Certificates(there->Reveal());
    const bool same_chain = std::equal(found.begin(), found.end(), chain.begin(), chain.end(),
                                       [](const auto& a, const auto& b) { return a.der == b.der; });
    if (same_chain && base::crypto::Pkcs12Holds(there->Reveal(), *content.pkcs12_password, *key)) return *there;
  }
  return base::crypto::MakeReadablePkcs12(chain, *key, *content.pkcs12_password, content.name);
}

std::string LeafOfPem(std::string_view text) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const auto end = text.find(kEnd);
  if (end == std::string_view::npos) return {};
  const auto chain = base::crypto::ParseChain(text.substr(0, end + kEnd.size()));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

std::string LeafOfPkcs12(std::string_view der) {
  const auto chain = base::crypto::ReadPkcs12Certificates(der);
  return chain.empty() ? std::string() : chain.front().fingerprint_sha256;
}

}  // namespace

std::optional<base::Secret> FindPkcs12Password(const Settings& settings) {
  const base::Secret* password = settings.FindSecret(kPkcs12PasswordField.name);
  return password == nullptr ? std::nullopt : std::optional(*password);
}

bool FilePlan::HoldsKey() const { return std::find(parts.begin(), parts.end(), FilePart::kKey) != parts.end(); }

bool FileLayout::Has(std::string_view suffix) const {
  return std::any_of(files.begin(), files.end(), [&](const FilePlan& plan) { return plan.suffix == suffix; });
}

std::vector<std::string_view> FileSuffixes() {
  std::vector<std::string_view> suffixes;
  for (const FileLayout& layout : kLayouts) {
    for (const FilePlan& plan : layout.files) {
      if (std::find(suffixes.begin(), suffixes.end(), plan.suffix) == suffixes.end()) suffixes.push_back(plan.suffix);
    }
  }
  return suffixes;
}

const FileLayout* FindFileLayout(std::string_view name) {
  const auto found =
      std::find_if(kLayouts.begin(), kLayouts.end(), [&](const FileLayout& layout) { return layout.name == name; });
  return found == kLayouts.end() ? nullptr : &*found;
}

std::string FileLayoutProblem(std::string_view name) {
  if (FindFileLayout(name)) return {};
  return base::Cat("Write one of ", base::Join(base::Split(kLayoutField.one_of, '|'), ", "), ".");
}

base::Result<base::Secret> Render(const FilePlan& plan, const FileContent& content, const std::optional<base::Secret>& there) {
  return plan.format == FileFormat::kPkcs12 ? RenderPkcs12(content, there) : RenderPem(plan, content.bundle);
}

std::string LeafFingerprint(const FilePlan& plan, std::string_view bytes) {
  return plan.format == FileFormat::kPkcs12 ? LeafOfPkcs12(bytes) : LeafOfPem(bytes);
}

}  // namespace engine::sync
