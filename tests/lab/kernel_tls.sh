#!/bin/sh
# kernel_tls.sh - data connections under a kernel that has TLS.
exec "${0%/*}/under_kernel" kernel_tls \
	"kernel_tls tls_data tls_ends tls_tickets" "tls_kernel"
