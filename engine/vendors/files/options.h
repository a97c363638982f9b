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
#include "engine/connections/user_program.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"

namespace engine::vendors::files {

struct Options {
  std::string directory;  // absolute, without a final slash
  sync::FileLayout layout;
  std::optional<base::Secret> pkcs12_password;
  std::uint32_t certificate_mode;
  std::uint32_t private_key_mode;
  std::uint32_t directory_mode;
  std::string owner;  // a user's name or number; empty: as the process makes it
  std::string group;
  connections::UserProgram after_change;  // without arguments: none; so is the next
  connections::UserProgram health_check;
};

// Owner and group as this machine numbers them.
struct Ids {
  std::optional<std::uint32_t> owner;
  std::optional<std::uint32_t> group;
};

inline constexpr std::array<base::ConfigField, 13> kDestinationFields = {{
    {.name = "directory",
     .required = true,
     .doc = "Where the files go. Missing directories are made. A relative path starts at the directory that Terraform runs in.",
     .identity = true},
    sync::kLayoutField,
    sync::kFileNamesField,
    sync::kIncludePrivateKeyField,
    sync::kPkcs12PasswordField,
    {.name = "certificate_mode", .default_value = "0644", .doc = "Permissions of files without a private key, in octal."},
    {.name = "private_key_mode",
     .default_value = "0600",
     .doc = "Permissions of files with a private key, in octal. Nothing may be granted to all users of the machine."},
    {.name = "directory_mode", .default_value = "0755", .doc = "Permissions of directories that are made, in octal."},
    {.name = "owner", .doc = "Owner of the files, as a name or UID. Changing ownership requires root."},
    {.name = "group", .doc = "The group of the files, by name or number."},
    {.name = "after_change",
     .kind = base::FieldKind::kStringList,
     .doc = "A program and its arguments, such as `[\"systemctl\", \"reload\", \"nginx\"]`; no shell is involved. It runs once "
            "in each "
            "apply in which a file changed, after the last change; not on destroy. Needs `allow_exec = true` in the provider's "
            "block.",
     .runs_program = true},
    {.name = "health_check",
     .kind = base::FieldKind::kStringList,
     .doc =
         "A program and its arguments, run after `after_change`. It has to end with exit code 0: otherwise the files that were there "
         "before the apply come back, `after_change` runs again, and the next apply tries again. Needs `allow_exec = true`.",
     .runs_program = true},
    connections::kInheritEnvironmentField,
}};

// DestinationSpec::validate: directory, layout and modes. sync::Settings that are absent have their default.
std::vector<connections::FieldProblem> Validate(const sync::Settings& settings);
// Of a setup that Validate finds nothing in. Errors: kUnavailable when a relative directory has nothing to start at.
base::Result<Options> ReadOptions(const sync::Setup& setup);
// Errors: kInvalid when this machine has no such user or group.
base::Result<Ids> ResolveIds(const Options& options);

}  // namespace engine::vendors::files
