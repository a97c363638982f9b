// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/client.h"

#include <utility>

#include "engine/acme/acme_client.h"
#include "engine/acme/ca_transport.h"

namespace engine::acme {

std::shared_ptr<Client> MakeClient(ClientOptions options) {
  options.transport = std::make_shared<CaTransport>(std::move(options.transport), options.directory_url);
  return std::make_shared<Client>(std::move(options));
}

}  // namespace engine::acme
