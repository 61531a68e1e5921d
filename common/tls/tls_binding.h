/*
 * tls_binding.h - binds data connections with TLS to their session,
 * and holds the keys of its tickets.
 *
 * A session has two sets of keys.  Its own keys are random, and known to its
 * greeter and session process only; they are used with TLS 1.2, where tickets
 * are sent in the handshake, before the login.  The account's keys are the same
 * for all sessions of one account and client address, and are known only after
 * the login; they are used with TLS 1.3, where tickets are sent after the
 * login.  So clients that store tickets by host may use those of their other
 * control connections.
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
	bool has_account;	/* set after the login: */
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
