terraform {
  required_version = ">= 1.11"
  required_providers {
    certwright = {
      source = "certwright/certwright"
    }
  }
}

# The key comes from the environment: CERTWRIGHT_SEALING_KEY, 32 random bytes in base64 (openssl rand -base64 32).
provider "certwright" {}
