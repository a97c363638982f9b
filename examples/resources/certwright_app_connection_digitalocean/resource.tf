variable "digitalocean_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_digitalocean" "dns" {
  api_token = var.digitalocean_api_token
}
