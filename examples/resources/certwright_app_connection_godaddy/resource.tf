variable "godaddy_api_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

variable "godaddy_api_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "certwright_app_connection_godaddy" "dns" {
  api_key    = var.godaddy_api_key
  api_secret = var.godaddy_api_secret
}
