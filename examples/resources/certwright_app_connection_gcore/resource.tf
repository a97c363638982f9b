variable "gcore_api_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

resource "certwright_app_connection_gcore" "dns" {
  api_token = var.gcore_api_token
}
