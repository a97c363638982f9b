// SPDX-License-Identifier: MPL-2.0
// The layouts of the destinations that write files: which files there are and what each holds. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "base/secret.h"
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

// Of a destination with kPkcs12PasswordField among its fields.
std::optional<base::Secret> FindPkcs12Password(const Settings& settings);

enum class FilePart { kLeaf, kChain, kKey };
enum class FileFormat { kPem, kPkcs12 };

struct FilePlan {
  std::string_view suffix;  // behind the certificate's name
  std::span<const FilePart> parts;
  FileFormat format = FileFormat::kPem;

  bool HoldsKey() const;
};

struct FileLayout {
  std::string_view name;
  // In the order of writing: the file with the leaf comes last, so that whoever watches it finds the others in place.
  std::span<const FilePlan> files;

  const FilePlan& leaf_file() const { return files.back(); }
  bool Has(std::string_view suffix) const;
};

// Of all files of all layouts, each once.
std::vector<std::string_view> FileSuffixes();
// One of those of kLayoutField; null when there is no such layout.
const FileLayout* FindFileLayout(std::string_view name);
// What is wrong with the setting "layout", a sentence; empty when nothing is.
std::string FileLayoutProblem(std::string_view name);

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
