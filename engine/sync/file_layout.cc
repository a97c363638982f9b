// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_layout.h"

#include <algorithm>
#include <array>

#include "base/crypto/pkcs12.h"
#include "base/text.h"
#include "engine/sync/file_placement.h"

namespace engine::sync {
namespace {

constexpr std::array kKey = {FilePart::kKey};
constexpr std::array kLeaf = {FilePart::kLeaf};
constexpr std::array kChain = {FilePart::kChain};
constexpr std::array kFullChain = {FilePart::kLeaf, FilePart::kChain};
constexpr std::array kEverything = {FilePart::kLeaf, FilePart::kChain, FilePart::kKey};

struct DefaultFile {
  std::string_view field;
  std::string_view suffix;  // behind the certificate's name
  std::span<const FilePart> parts;
  std::span<const FilePart> parts_without_key;  // empty: the file is left out
  FileFormat format = FileFormat::kPem;
};
constexpr std::array<DefaultFile, 2> kSplitFiles = {
    {{"private_key", ".key", kKey, {}}, {"certificate", ".crt", kFullChain, kFullChain}}};
constexpr std::array<DefaultFile, 3> kSeparateChainFiles = {
    {{"private_key", ".key", kKey, {}}, {"chain", ".chain.crt", kChain, kChain}, {"certificate", ".crt", kLeaf, kLeaf}}};
constexpr std::array<DefaultFile, 1> kCombinedFiles = {{{"certificate", ".pem", kEverything, kFullChain}}};
// Without a key, such a file is of no use.
constexpr std::array<DefaultFile, 1> kPkcs12Files = {{{"certificate", ".p12", kEverything, kEverything, FileFormat::kPkcs12}}};

struct DefaultLayout {
  std::string_view name;
  std::span<const DefaultFile> files;
};
constexpr std::array<DefaultLayout, 4> kLayouts = {{
    {"split", kSplitFiles},
    {"separate_chain", kSeparateChainFiles},
    {"combined", kCombinedFiles},
    {"pkcs12", kPkcs12Files},
}};

constexpr std::string_view kMarkSuffix = ".certwright";

const DefaultLayout* FindDefaultLayout(std::string_view name) {
  const auto found = std::find_if(kLayouts.begin(), kLayouts.end(), [&](const auto& layout) { return layout.name == name; });
  return found == kLayouts.end() ? nullptr : &*found;
}

// As a sentence; empty if it is fine.
std::string PatternProblem(std::string_view pattern) {
  const auto placeholder = pattern.find(kNamePlaceholder);
  std::string sample(pattern);
  if (placeholder != std::string_view::npos) sample.replace(placeholder, kNamePlaceholder.size(), "name");
  if (base::Printable(sample, sample.size()) != sample) return "A file name must not contain control characters.";
  if (sample.find_first_of("{}") != std::string::npos) return "Write `{{name}}` at most once, and no other braces.";
  if (sample.ends_with(kMarkSuffix)) return base::Cat("Files that end in `", kMarkSuffix, "` are Certwright's own.");
  const std::string problem = CheckFileName(sample);
  return problem.empty() ? problem : base::Cat("It does not name a file below `directory`: ", problem, ".");
}

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

std::string FilePlan::PathOf(std::string_view name) const {
  std::string path = pattern;
  const auto placeholder = path.find(kNamePlaceholder);
  if (placeholder != std::string::npos) path.replace(placeholder, kNamePlaceholder.size(), name);
  return path;
}

std::string FilePlan::MarkEntryOf(std::string_view name) const {
  const std::string_view rest = std::string_view(pattern).substr(std::min(kNamePlaceholder.size(), pattern.size()));
  const bool is_suffix = pattern.starts_with(kNamePlaceholder) && rest.find('/') == std::string_view::npos;
  return is_suffix ? std::string(rest) : base::Cat('/', PathOf(name));
}

std::vector<std::string> FileLayout::PathsOf(std::string_view name) const {
  std::vector<std::string> paths;
  for (const FilePlan& plan : files) paths.push_back(plan.PathOf(name));
  return paths;
}

bool FileLayout::Has(std::string_view name, std::string_view path) const {
  const auto paths = PathsOf(name);
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

std::vector<std::string_view> FileSuffixes() {
  std::vector<std::string_view> suffixes;
  for (const DefaultLayout& layout : kLayouts) {
    for (const DefaultFile& file : layout.files) {
      if (std::find(suffixes.begin(), suffixes.end(), file.suffix) == suffixes.end()) suffixes.push_back(file.suffix);
    }
  }
  return suffixes;
}

std::optional<FileLayout> FindFileLayout(const FileChoice& choice) {
  const DefaultLayout* found = FindDefaultLayout(choice.layout);
  if (found == nullptr) return std::nullopt;
  FileLayout layout{.choice = choice, .files = {}};
  std::size_t named = 0;
  for (const DefaultFile& file : found->files) {
    const auto parts = choice.includes_key ? file.parts : file.parts_without_key;
    if (parts.empty()) continue;
    const auto name = choice.names.find(file.field);
    if (name != choice.names.end()) ++named;
    layout.files.push_back({.field = file.field,
                            .pattern = name == choice.names.end() ? base::Cat(kNamePlaceholder, file.suffix) : name->second,
                            .parts = parts,
                            .format = file.format});
  }
  return named == choice.names.size() ? std::optional(std::move(layout)) : std::nullopt;
}

FileChoice ReadFileChoice(const Settings& settings) {
  FileChoice choice{.layout = std::string(settings.Text(kLayoutField.name)),
                    .includes_key = settings.Flag(kIncludePrivateKeyField.name)};
  const Settings& names = settings.Block(kFileNamesField.name);
  for (const base::ConfigField& field : kFileNameFields) {
    if (names.Has(field.name)) choice.names.emplace(field.name, names.Text(field.name));
  }
  return choice;
}

std::vector<connections::FieldProblem> FindFileLayoutProblems(const Settings& settings) {
  const FileChoice choice = ReadFileChoice(settings);
  std::vector<connections::FieldProblem> problems;
  const DefaultLayout* layout = FindDefaultLayout(choice.layout);
  if (layout == nullptr) {
    return {{"layout", base::Cat("Write one of ", base::Join(base::Split(kLayoutField.one_of, '|'), ", "), ".")}};
  }
  if (!choice.includes_key && choice.layout == "pkcs12") {
    problems.push_back({"include_private_key", "The layout `pkcs12` always contains the private key. Choose another layout."});
  }
  std::map<std::string, std::string_view> fields;  // by pattern
  for (const auto& [field, pattern] : choice.names) {
    const std::string path = base::Cat(kFileNamesField.name, ".", field);
    const auto is_written = [&, wanted = std::string_view(field)](const DefaultFile& file) {
      return file.field == wanted && !(choice.includes_key ? file.parts : file.parts_without_key).empty();
    };
    if (std::none_of(layout->files.begin(), layout->files.end(), is_written)) {
      problems.push_back({path, "With these settings there is no such file. Remove the name."});
    } else if (std::string problem = PatternProblem(pattern); !problem.empty()) {
      problems.push_back({path, std::move(problem)});
    } else if (!fields.emplace(pattern, field).second) {
      problems.push_back({path, "Another file has the same name."});
    }
  }
  return problems;
}

base::Result<base::Secret> Render(const FilePlan& plan, const FileContent& content, const std::optional<base::Secret>& there) {
  return plan.format == FileFormat::kPkcs12 ? RenderPkcs12(content, there) : RenderPem(plan, content.bundle);
}

std::string LeafFingerprint(const FilePlan& plan, std::string_view bytes) {
  return plan.format == FileFormat::kPkcs12 ? LeafOfPkcs12(bytes) : LeafOfPem(bytes);
}

}  // namespace engine::sync
