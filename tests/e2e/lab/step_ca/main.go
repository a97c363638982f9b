// SPDX-License-Identifier: MPL-2.0
// step-ca, as its own program sets it up but for two things: it asks the DNS server that it is told rather than the system's, and
// the clouds' key stores are left out, which are most of what its program is built from.
package main

import (
	"context"
	"log"
	"net"
	"os"

	"github.com/smallstep/certificates/authority/config"
	"github.com/smallstep/certificates/ca"
	_ "github.com/smallstep/certificates/cas/softcas"
	_ "go.step.sm/crypto/kms/softkms"
)

func main() {
	dns := os.Args[2]
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, dns)
	}}
	cfg, err := config.LoadConfiguration(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ca.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Run())
}
