#!/bin/sh
# kernel_relay.sh - control connections under a kernel that has TLS: sessions
# without a relay, and beside them those that have one.
exec "${0%/*}/under_kernel" kernel_relay "kernel_relay kernel_control \
	control rein tls_auth tls_handshake tls_processes tls_rein tls_relay" \
	"tls_socket"
