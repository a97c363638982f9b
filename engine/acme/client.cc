// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/client.h"

#include <utility>

#include "engine/acme/acme_client.h"

namespace engine::acme {

std::shared_ptr<Client> MakeClient(ClientOptions options) { return std::make_shared<Client>(std::move(options)); }

}  // namespace engine::acme
