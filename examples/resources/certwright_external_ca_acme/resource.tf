resource "certwright_external_ca_acme" "lets_encrypt" {
  name          = "lets-encrypt-production"
  directory_url = "https://acme-v02.api.letsencrypt.org/directory"
  account_email = "ops@example.com"

  dns = [{
    app_connection = certwright_app_connection_rfc2136.dns.handle
    zone           = "example.com"
  }]
}

variable "eab_hmac_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "private_ca_roots_pem" {
  type = string
}

# A private CA that knows its customers by an external account binding, with a TLS certificate of its own.
resource "certwright_external_ca_acme" "private" {
  name              = "private-ca"
  directory_url     = "https://acme.example.com/directory"
  account_email     = "ops@example.com"
  trusted_roots_pem = var.private_ca_roots_pem
  eab               = { kid = "kid-1", hmac_key = var.eab_hmac_key }

  dns = [{ app_connection = certwright_app_connection_rfc2136.dns.handle }]
  propagation = {
    resolvers = ["192.0.2.53"]
    timeout   = "5m"
  }
}

# Names are proven by TXT records that you create once: no run needs credentials for DNS.
resource "certwright_external_ca_acme" "persistent" {
  name          = "lets-encrypt-staging"
  directory_url = "https://acme-staging-v02.api.letsencrypt.org/directory"
  validation    = "dns-persist-01"
  dns           = []
}
