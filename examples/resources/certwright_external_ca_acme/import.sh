# By its directory URL. The account is the one of account_key_pem in the configuration; the first apply looks it up.
terraform import certwright_external_ca_acme.lets_encrypt https://acme-v02.api.letsencrypt.org/directory
