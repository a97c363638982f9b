# SPDX-License-Identifier: MPL-2.0
# For `mock_provider "certwright" { source = "…/mocks" }` in tests of modules. Written by tests/mock_file_test.cc.

mock_resource "certwright_app_connection_acme_dns" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_akamai" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_aws" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_azure" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_bunny" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_cloudflare" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_desec" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_digitalocean" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_dns_made_easy" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_dnsimple" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_exec" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_gandi" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_gcore" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_godaddy" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_google_cloud" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_hetzner" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_ionos" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_kubernetes" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_linode" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_ns1" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_ovh" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_porkbun" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_powerdns" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_rfc2136" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_scaleway" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_ssh" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_vault" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_vultr" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_app_connection_webhook" {
  defaults = {
    handle = "cw2:connection::00000000:bW9jaw"
  }
}

mock_resource "certwright_certificate" {
  defaults = {
    handle = "cw2:certificate:00000000000000000000000000000000.P256:00000000:bW9jaw"
  }
}

mock_resource "certwright_certificate_profile" {
  defaults = {
    handle = "cw2:profile::00000000:bW9jaw"
  }
}

mock_resource "certwright_external_ca_acme" {
  defaults = {
    handle = "cw2:ca::00000000:bW9jaw"
  }
}
