variable "vault_secret_id" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_vault" "prod" {
  server_url = "https://vault.example.com:8200"
  approle = {
    role_id   = "5f1c3a0e-8a53-5a0b-7d5f-3d6f2f6d0e11"
    secret_id = var.vault_secret_id
  }
}
