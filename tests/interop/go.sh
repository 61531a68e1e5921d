#!/bin/sh
# go.sh - Go's TLS with the library that most of its programs use
# (github.com/jlaffaye/ftp) and with a session cache, which programs must
# enable.
#
# The library as it was from March to October 2022, Debian 12's, begins TLS on
# the data connection before it sends the command, and hangs with every server
# that keeps to RFC 4217 (its issue 282); later ones
# do what dial() and Close() below do.
world_options=-t
. "${0%/*}/common"
need go
source=/usr/share/gocode/src/github.com/jlaffaye/ftp
if ! test -d $source; then
	skip "golang-github-jlaffaye-ftp-dev is not installed"
	finish
fi

cat >client.go <<'END'
package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/jlaffaye/ftp"
)

/* Without data there was no handshake yet. */
type lazy struct{ *tls.Conn }

func (l lazy) Close() error {
	if err := l.Handshake(); err != nil {
		return err
	}
	return l.Conn.Close()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func lines(name string) []string {
	text, err := os.ReadFile(name)
	must(err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func put(c *ftp.ServerConn, from, to string) {
	file, err := os.Open(from)
	must(err)
	must(c.Stor(to, file))
	must(file.Close())
}

func get(c *ftp.ServerConn, from, to string) {
	data, err := c.Retr(from)
	must(err)
	file, err := os.Create(to)
	must(err)
	_, err = io.Copy(file, data)
	must(err)
	must(data.Close())
	must(file.Close())
}

func main() {
	authority, version, what, name :=
		os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	pem, err := os.ReadFile(authority)
	must(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	config := &tls.Config{ServerName: "ec.example", RootCAs: pool,
		ClientSessionCache: tls.NewLRUClientSessionCache(0)}
	if version == "TLSv1.2" {
		config.MaxVersion = tls.VersionTLS12
	}
	control := true
	dial := func(network, address string) (net.Conn, error) {
		c, err := net.DialTimeout(network, address, 30*time.Second)
		if control || err != nil {
			control = false
			return c, err
		}
		return lazy{tls.Client(c, config)}, nil
	}
	c, err := ftp.Dial("ec.example:21", ftp.DialWithExplicitTLS(config),
		ftp.DialWithDialFunc(dial))
	must(err)
	must(c.Login("anna", "anna-pass"))
	if what == "put" {
		must(c.MakeDir(name))
		for _, directory := range lines("directories") {
			must(c.MakeDir(name + "/" + directory))
		}
	}
	for _, file := range lines("files") {
		if what == "put" {
			put(c, "tree/"+file, name+"/"+file)
		} else {
			get(c, "tree/"+file, name+"/"+file)
		}
	}
	entries, err := c.List("tree")
	must(err)
	if len(entries) < 8 {
		panic("the listing is short")
	}
	must(c.Quit())
}
END

export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/cache"
check "the client is built" go build -o client client.go
for version in TLSv1.2 TLSv1.3; do
	move_trees $version ./client $authority $version
done
finish
