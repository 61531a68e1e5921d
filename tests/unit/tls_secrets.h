/*
 * tls_secrets.h - for suites that look for private keys in memory.
 */
#ifndef TESTS_UNIT_TLS_SECRETS_H
#define TESTS_UNIT_TLS_SECRETS_H

#include "common/base.h"
#include "tests/unit/memory.h"

/* Add the private keys rsa.key, ec.key and other.pem of tls_pki.h: their
 * numbers and their texts.  In a child, whose memory, full of keys, goes with
 * it. */
void tls_secrets_learn(struct memory_pieces *pieces);

#endif
