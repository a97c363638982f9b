variable "hetzner_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

resource "certwright_app_connection_hetzner" "dns" {
  api_token = var.hetzner_api_token
}
