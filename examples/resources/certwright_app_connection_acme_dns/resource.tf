variable "acme_dns_password" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_acme_dns" "dns" {
  endpoint_url = "https://auth.example.org"
  username     = "eabcdb41-d89f-4580-826f-3e62e9755ef2"
  password     = var.acme_dns_password
  subdomain    = "d420c923-bbd7-4056-ab64-c3ca54c9b3cf"
  full_domain  = "d420c923-bbd7-4056-ab64-c3ca54c9b3cf.auth.example.org"
}
