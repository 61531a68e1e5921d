/*
 * keeping.h - for suites about the keeper: one that has rsa.key and ec.key of
 * tls_pki.h, and workers of it.
 */
#ifndef TESTS_UNIT_KEEPING_H
#define TESTS_UNIT_KEEPING_H

#include "common/base.h"
#include "common/tls/tls_keeper.h"

/* The keeper under test. */
struct keeping {
	pid_t pid;
	int service[2];
};
extern struct keeping keeping;

/* Make the service socket and a keeper for it; or a keeper alone. */
void keeping_start(void);
void keeping_fork(void);

/* Close the service socket; the keeper must end in order. */
void keeping_stop(void);
/* Wait for the keeper: its wait status. */
int keeping_ended(void);

/* A worker; the keeper's end of its channel stays in *end unless NULL. */
void keeping_connect(struct tls_keeper *worker, int *end);

/* What a TLS 1.3 server asks for, with ec.key. */
struct sign_request keeping_request(void);

/* Ask, and check the signature.  What tls_keeper_sign() returned. */
int keeping_try(struct tls_keeper *worker, const struct sign_request *request);

/* Is a good request signed? */
bool keeping_signs(struct tls_keeper *worker);

#endif
