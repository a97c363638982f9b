variable "dnsimple_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

resource "certwright_app_connection_dnsimple" "dns" {
  account_id = "1010"
  api_token  = var.dnsimple_api_token
}
