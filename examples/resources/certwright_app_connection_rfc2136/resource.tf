variable "tsig_secret" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_rfc2136" "dns" {
  server         = "ns1.example.com:53"
  tsig_key_name  = "certwright."
  tsig_algorithm = "hmac-sha256"
  tsig_secret    = var.tsig_secret
}
