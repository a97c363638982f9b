variable "porkbun_api_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

variable "porkbun_secret_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "certwright_app_connection_porkbun" "dns" {
  api_key        = var.porkbun_api_key
  secret_api_key = var.porkbun_secret_api_key
}
