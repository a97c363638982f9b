variable "dns_made_easy_secret_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_dns_made_easy" "dns" {
  api_key    = "1c1a3c91-4770-4ce7-96f4-54c0eb0e457a"
  secret_key = var.dns_made_easy_secret_key
}
