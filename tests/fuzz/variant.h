/*
 * variant.h - the server configurations of conversations, selected by the first
 * byte of an input: '0' and up.
 */
#ifndef TESTS_FUZZ_VARIANT_H
#define TESTS_FUZZ_VARIANT_H

#include "common/base.h"
#include "common/process/message.h"
#include "common/settings/settings.h"

struct tls_server;

struct variant {
	const struct settings *settings;
	struct tls_server *tls;
	bool six;		/* the connection is IPv6 */
	bool behind_tls;	/* as if AUTH TLS had succeeded: the client's
				 * bytes come through a relay */
	enum verdict verdict;
};

/* Load them all, once, in a directory where files may be made. */
void variant_load(void);

const struct variant *variant_for(uint8_t byte);

#endif
