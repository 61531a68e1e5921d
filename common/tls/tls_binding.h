/*
 * tls_binding.h - what ties data connections to their session under TLS
 * (rule R13), and the keys of its tickets.
 *
 * A session has two sets of keys.  Its own is random, known to its greeter and
 * its session process only: TLS 1.2, whose tickets come with the handshake,
 * and so before the login.  The account's is the same for all sessions of one
 * account and client address, and known only after the login: TLS 1.3, whose
 * tickets are sent then.  So clients that keep tickets by host may use those
 * of their other control connection.
 */
#ifndef COMMON_TLS_TLS_BINDING_H
#define COMMON_TLS_TLS_BINDING_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"

#define TLS_SECRET_SIZE 32

struct tls_binding {
	uint64_t session;	/* number; 0: none */
	int reuse;		/* REUSE_.. of settings.h */
	uint8_t own[MESSAGE_TICKET_KEYS_SIZE];
	bool has_account;	/* logged in: */
	uint8_t account[MESSAGE_TICKET_KEYS_SIZE];
};

/*
 * The ticket keys of this account for clients at this address (IPv6: in its
 * /64) into keys[MESSAGE_TICKET_KEYS_SIZE]: HKDF (RFC 5869) from the master's
 * secret[TLS_SECRET_SIZE], which is random and as old as the server.  -EIO
 * when OpenSSL fails.
 */
int tls_account_keys(const uint8_t *secret, const char *account,
	const struct address *client, uint8_t *keys) MUST_CHECK;

#endif
