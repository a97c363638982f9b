// SPDX-License-Identifier: MPL-2.0
// The settings of the local_files destination: read, checked, resolved to numbers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "engine/sync/destination.h"
#include "engine/sync/destinations/local_files_layout.h"

namespace engine::sync::destinations::local_files {

struct Options {
  std::string directory;  // absolute, without a final slash
  const Layout* layout;   // never null
  std::uint32_t certificate_mode;
  std::uint32_t key_mode;
  std::uint32_t directory_mode;
  std::string owner;  // a user's name or number; empty: as the process makes it
  std::string group;
};

// Owner and group as this machine numbers them.
struct Ids {
  std::optional<std::uint32_t> owner;
  std::optional<std::uint32_t> group;
};

inline constexpr std::array<base::ConfigField, 7> kFields = {{
    {.name = "directory",
     .required = true,
     .doc = "Where the files go. Missing directories are made. A relative path starts at the directory that Terraform runs in.",
     .identity = true},
    {.name = "layout",
     .default_value = "full_chain",
     .one_of = "full_chain|separate_chain|combined",
     .doc = "`full_chain`: `<name>.crt` (certificate and chain) and `<name>.key`. `separate_chain`: `<name>.crt` (the "
            "certificate alone), "
            "`<name>.chain.crt` and `<name>.key`. `combined`: `<name>.pem` with certificate, chain and key."},
    {.name = "certificate_mode", .default_value = "0644", .doc = "Permissions of files without a private key, in octal."},
    {.name = "key_mode",
     .default_value = "0600",
     .doc = "Permissions of files with a private key, in octal. Nothing may be granted to all users of the machine."},
    {.name = "directory_mode", .default_value = "0755", .doc = "Permissions of directories that are made, in octal."},
    {.name = "owner", .doc = "The user who shall own the files, by name or number. Needs the right to give files away (root)."},
    {.name = "group", .doc = "The group of the files, by name or number."},
}};

// DestinationSpec::validate: directory, layout and modes. Settings that are absent have their default.
std::vector<connections::FieldProblem> Validate(const Settings& settings);
// DestinationSpec::check_name: no empty part between slashes, none over 200 characters.
std::string CheckName(std::string_view name);
// Errors: kInvalid with the first finding of Validate.
base::Result<Options> ReadOptions(const Settings& settings);
// Errors: kInvalid when this machine has no such user or group.
base::Result<Ids> ResolveIds(const Options& options);

}  // namespace engine::sync::destinations::local_files
