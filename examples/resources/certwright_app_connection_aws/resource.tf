variable "aws_secret_access_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

# An access key, and a role that it takes on.
resource "certwright_app_connection_aws" "dns" {
  access_key_id     = "AKIAIOSFODNN7EXAMPLE"
  secret_access_key = var.aws_secret_access_key

  assume_role = {
    role_arn    = "arn:aws:iam::123456789012:role/certwright-dns"
    external_id = "our-external-id"
  }
}

# What AWS's own tools would find: environment, web identity, shared files, container, EC2 instance.
resource "certwright_app_connection_aws" "default" {
  region = "eu-central-1"
}
