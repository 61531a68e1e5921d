/*
 * keeper_child.h - for suites about the keeper: a child that is one, and has
 * rsa.key and ec.key of tls_pki.h, and workers of it.
 */
#ifndef TESTS_UNIT_KEEPER_CHILD_H
#define TESTS_UNIT_KEEPER_CHILD_H

#include "common/base.h"
#include "common/tls/tls_keeper.h"

/* The keeper under test. */
struct keeper_child {
	pid_t pid;
	int service[2];
};
extern struct keeper_child keeper_child;

/* Make the service socket and a keeper for it; or a keeper alone. */
void keeper_child_start(void);
void keeper_child_fork(void);

/* Close the service socket; the keeper must end in order. */
void keeper_child_stop(void);
/* Wait for the keeper: its wait status. */
int keeper_child_ended(void);

/* A worker; the keeper's end of its channel stays in *end unless NULL. */
void keeper_child_connect(struct tls_keeper *worker, int *end);

/* What a TLS 1.3 server asks for, with ec.key. */
struct sign_request keeper_child_request(void);

/* Ask, and check the signature.  What tls_keeper_sign() returned. */
int keeper_child_try(struct tls_keeper *worker,
	const struct sign_request *request);

/* Is a good request signed? */
bool keeper_child_signs(struct tls_keeper *worker);

#endif
