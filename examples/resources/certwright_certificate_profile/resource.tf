# What team A may order, in place of the CA itself.
resource "certwright_certificate_profile" "team_a" {
  name        = "team-a"
  external_ca = certwright_external_ca_acme.lets_encrypt.handle

  dns_names = {
    allow     = ["team-a.example.com", "**.team-a.example.com"]
    deny      = ["**.prod.team-a.example.com"]
    wildcards = false
    max       = 10
  }
  csr            = "forbidden"
  key_algorithms = ["EC_P256", "EC_P384"]
  destinations   = ["kubernetes_secret"]

  defaults = {
    key_algorithm = "EC_P256"
    renew_before  = "33%"
  }
}

resource "certwright_certificate" "shop" {
  external_ca = certwright_certificate_profile.team_a.handle
  dns_names   = ["shop.team-a.example.com"]
}
