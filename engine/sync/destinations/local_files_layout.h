// SPDX-License-Identifier: MPL-2.0
// The layouts of the local_files destination: which files there are and what each holds. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "engine/sync/bundle.h"

namespace engine::sync::destinations::local_files {

enum class Part { kLeaf, kChain, kKey };

struct FilePlan {
  std::string_view suffix;  // behind the certificate's name
  std::span<const Part> parts;

  bool HoldsKey() const;
};

struct Layout {
  std::string_view name;
  // In the order of writing: the file with the leaf comes last, so that whoever watches it finds the others in place.
  std::span<const FilePlan> files;

  const FilePlan& leaf_file() const { return files.back(); }
  bool Has(std::string_view suffix) const;
};

// "split", "separate_chain", "combined"; null when there is no such layout.
const Layout* FindLayout(std::string_view name);

base::Secret Render(const FilePlan& plan, const Bundle& bundle);
// SHA-256 of the first certificate in the text; empty when there is none. What follows it, a key for instance, is not read.
std::string LeafFingerprint(std::string_view text);

}  // namespace engine::sync::destinations::local_files
