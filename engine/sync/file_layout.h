// SPDX-License-Identifier: MPL-2.0
// The layouts of the destinations that write files: which files there are, how they are called, and what each holds. Pure.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/sync/bundle.h"
#include "engine/sync/settings.h"

namespace engine::sync {

inline constexpr base::ConfigField kLayoutField = {
    .name = "layout",
    .default_value = "split",
    .one_of = "split|separate_chain|combined|pkcs12",
    .doc =
        "`split`: `<name>.crt` (certificate and chain) and `<name>.key`. `separate_chain`: `<name>.crt` (the certificate alone), "
        "`<name>.chain.crt` and `<name>.key`. `combined`: `<name>.pem` with certificate, chain and key. `pkcs12`: `<name>.p12` "
        "with all three, the key encrypted with `pkcs12_password`."};
inline constexpr base::ConfigField kPkcs12PasswordField = {
    .name = "pkcs12_password",
    .secret = true,
    .doc = "The password of the layout `pkcs12`, which needs it. Changing it writes the files again.",
    .goes_with = "layout=pkcs12"};

// Where a pattern of kFileNamesField has the certificate's name.
inline constexpr std::string_view kNamePlaceholder = "{{name}}";
inline constexpr std::array<base::ConfigField, 3> kFileNameFields = {{
    {.name = "certificate", .doc = "The file with the certificate, and with its chain unless the layout is `separate_chain`."},
    {.name = "chain", .doc = "The file with the chain, in the layout `separate_chain`."},
    {.name = "private_key", .doc = "The file with the private key, in the layouts `split` and `separate_chain`."},
}};
inline constexpr base::ConfigField kFileNamesField = {
    .name = "file_names",
    .kind = base::FieldKind::kBlock,
    .doc =
        "File names below `directory` that replace those of the layout. `{{name}}` is replaced by the certificate's name: "
        "`{{name}}/fullchain.pem` creates one folder per certificate. Without it, the directory can hold only one certificate.",
    .members = kFileNameFields};
inline constexpr base::ConfigField kIncludePrivateKeyField = {
    .name = "include_private_key",
    .kind = base::FieldKind::kBool,
    .default_value = "true",
    .doc = "Whether the private key is written. If `false`, only the certificate and its chain are."};

// Of a destination with kPkcs12PasswordField among its fields.
std::optional<base::Secret> FindPkcs12Password(const Settings& settings);

enum class FilePart { kLeaf, kChain, kKey };
enum class FileFormat { kPem, kPkcs12 };

struct FilePlan {
  std::string_view field;  // of kFileNamesField
  std::string pattern;     // "{{name}}.crt"
  std::span<const FilePart> parts;
  FileFormat format = FileFormat::kPem;

  bool HoldsKey() const;
  // Below the destination's directory, of the certificate of that name.
  std::string PathOf(std::string_view name) const;
  // How marks list it: what follows the name (".crt"), or the path with a slash before it.
  std::string MarkEntryOf(std::string_view name) const;
};

// What the settings say about the files of a certificate.
struct FileChoice {
  std::string layout = std::string(kLayoutField.default_value);
  std::map<std::string, std::string, std::less<>> names{};  // patterns by field of kFileNamesField
  bool includes_key = true;

  friend bool operator==(const FileChoice&, const FileChoice&) = default;
};

struct FileLayout {
  FileChoice choice;
  // In the order of writing: the file with the leaf comes last, so that whoever watches it finds the others in place.
  std::vector<FilePlan> files;

  const FilePlan& leaf_file() const { return files.back(); }
  std::vector<std::string> PathsOf(std::string_view name) const;
  // Whether one of its files has this path.
  bool Has(std::string_view name, std::string_view path) const;
};

// The suffixes of all files of all layouts without names of their own, each once.
std::vector<std::string_view> FileSuffixes();
// Empty when there is no such layout, or no file that a name is for.
std::optional<FileLayout> FindFileLayout(const FileChoice& choice);

// Of a destination with the four fields above among its own.
FileChoice ReadFileChoice(const Settings& settings);
// What is wrong with them.
std::vector<connections::FieldProblem> FindFileLayoutProblems(const Settings& settings);

// What a file is made of.
struct FileContent {
  const Bundle& bundle;
  std::string name;  // what a PKCS #12 file calls its entry
  std::optional<base::Secret> pkcs12_password{};
};

// `there`, what the file holds already, when that is the same: each writing of a PKCS #12 file has other bytes. Errors: kInvalid:
// a PKCS #12 file without a password, or with one that holds a zero byte.
base::Result<base::Secret> Render(const FilePlan& plan, const FileContent& content, const std::optional<base::Secret>& there);
// SHA-256 of the leaf in such a file; empty when there is none. What follows the first certificate of a PEM file, a key for
// instance, is not read.
std::string LeafFingerprint(const FilePlan& plan, std::string_view bytes);

}  // namespace engine::sync
