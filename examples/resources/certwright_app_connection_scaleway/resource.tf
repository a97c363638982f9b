variable "scaleway_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

resource "certwright_app_connection_scaleway" "dns" {
  api_token = var.scaleway_api_token
}
