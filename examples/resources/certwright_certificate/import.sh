# By a PEM file with the private key, the certificate and the CA's chain, or by several with commas between them (here certbot's).
# The key is sealed on the way. The first plan then takes external_ca over and orders nothing, as long as dns_names and
# key_algorithm are those of the certificate.
terraform import certwright_certificate.web /etc/letsencrypt/live/example.com/fullchain.pem,/etc/letsencrypt/live/example.com/privkey.pem

# Where the key is elsewhere, the signing request takes its place; csr_pem of the configuration then asks for the same key and names.
terraform import certwright_certificate.web /etc/ssl/web.chain.pem,/etc/ssl/web.csr

# Or by the handle of a certificate in another state.
terraform import certwright_certificate.web "$(terraform -chdir=../old output -raw web_handle)"
