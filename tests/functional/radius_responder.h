/*
 * radius_responder.h - the state of the suites' RADIUS server.  For radius.c
 * and radius_tls.c.
 */
#ifndef TESTS_FUNCTIONAL_RADIUS_RESPONDER_H
#define TESTS_FUNCTIONAL_RADIUS_RESPONDER_H

#include "common/base.h"
#include "tests/functional/radius.h"
#include "tests/functional/radius_wire.h"

#include <sys/socket.h>

struct responder {
	int fd;
	uint16_t port;
	enum radius_way way;
	const struct radius_user *users;
	size_t count;
	const char *reject;
	unsigned requests;
	struct wire_packet first;	/* answer */
	struct sockaddr_storage from;
	socklen_t from_len;
	/* over TLS */
	void (*send)(const struct responder *r, const struct wire_packet *p);
	struct ssl_ctx_st *context;
	struct ssl_st *ssl;
	unsigned connections;
};

/* Log the request, and do with it as r->way says. */
void responder_take(struct responder *r, struct wire_packet *request);

#endif
