variable "cloudflare_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_cloudflare" "dns" {
  api_token = var.cloudflare_api_token
}
