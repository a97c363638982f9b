resource "certwright_certificate" "web" {
  external_ca = certwright_external_ca_acme.lets_encrypt.handle
  dns_names   = ["example.com", "*.example.com"]
}

resource "certwright_certificate" "legacy" {
  external_ca   = certwright_external_ca_acme.private.handle
  dns_names     = ["legacy.example.com"]
  common_name   = "legacy.example.com"
  key_algorithm = "RSA_2048"
}

resource "certwright_certificate" "short_lived" {
  external_ca  = certwright_external_ca_acme.lets_encrypt.handle
  dns_names    = ["api.example.com"]
  profile      = "shortlived"
  renew_before = "50%"
}
