/*
 * test_tls_end.c - how a connection ends: in order, cut, broken, reset.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include <sys/socket.h>

const char *const unit_name = "tls_end";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static struct tls_server *server;

static void
ends_in_order(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		short events;
		char bytes[8];

		if (tls_pair_opened(&p, server, TLS_DATA_UPLOAD, versions[i])) {
			CU_ASSERT_FALSE(tls_ended(p.server));
			CU_ASSERT_EQUAL(SSL_write(p.client, "last", 4), 4);
			CU_ASSERT_EQUAL(SSL_shutdown(p.client), 0);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				4);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				0);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				0);
			CU_ASSERT_TRUE(tls_ended(p.server));
			CU_ASSERT_EQUAL(tls_end(p.server, &events), 0);
			CU_ASSERT_EQUAL(tls_end(p.server, &events), 0);
			CU_ASSERT_EQUAL(SSL_read(p.client, bytes, 8), 0);
			CU_ASSERT_EQUAL(SSL_get_shutdown(p.client),
				SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
			CU_ASSERT_TRUE(tls_write(p.server, "x", 1, &events) <
				0);
		}
		tls_pair_free(&p);
	}
}

/* Our end first; the client's confirmation is seen by reading. */
static void
end_is_confirmed(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		short events;
		char bytes[8];

		if (tls_pair_opened(&p, server, TLS_DATA, versions[i])) {
			CU_ASSERT_EQUAL(tls_end(p.server, &events), 0);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				-EAGAIN);
			CU_ASSERT_FALSE(tls_ended(p.server));
			CU_ASSERT_EQUAL(SSL_read(p.client, bytes, 8), 0);
			CU_ASSERT_EQUAL(SSL_shutdown(p.client), 1);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				0);
			CU_ASSERT_TRUE(tls_ended(p.server));
		}
		tls_pair_free(&p);
	}
}

static void
a_cut_stream_is_told(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		short events;
		char bytes[8];

		if (tls_pair_opened(&p, server, TLS_DATA_UPLOAD, versions[i])) {
			CU_ASSERT_EQUAL(SSL_write(p.client, "half", 4), 4);
			CU_ASSERT_EQUAL(shutdown(p.fds[1], SHUT_WR), 0);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				4);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				-EBADMSG);
			CU_ASSERT_FALSE(tls_ended(p.server));
			CU_ASSERT_STRING_EQUAL(tls_error(p.server),
				"the stream ended without close_notify");
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				-EBADMSG);
			CU_ASSERT_EQUAL(tls_end(p.server, &events), -EBADMSG);
		}
		tls_pair_free(&p);
	}
}

/* Where the settings take a FIN for an end, it is one, and the client gets no
 * alert (fatal ones alarm it); but not within a record. */
static void
a_cut_stream_can_be_accepted(void)
{
	static const char *const rest[] = { "", "\27", "\27\3\3\0\40",
		"\27\3\3\0\40half of it" };
	static const size_t lengths[] = { 0, 1, 5, 15 };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rest); i++) {
		size_t len = lengths[i / 2];
		struct tls_pair p;
		short events;
		char bytes[8];

		if (!tls_pair_opened(&p, server, TLS_DATA_UPLOAD,
			versions[i % 2])) {
			tls_pair_free(&p);
			continue;
		}
		tls_accept_cut(p.server);
		CU_ASSERT_EQUAL(SSL_write(p.client, "whole", 5), 5);
		CU_ASSERT_EQUAL(write(p.fds[1], rest[i / 2], len),
			(ssize_t)len);
		CU_ASSERT_EQUAL(shutdown(p.fds[1], SHUT_WR), 0);
		CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events), 5);
		ssize_t n = tls_read(p.server, bytes, 8, &events);
		CU_ASSERT_EQUAL(n, len == 0 ? 0 : -EBADMSG);
		CU_ASSERT_EQUAL(tls_ended(p.server), len == 0);
		CU_ASSERT_TRUE(recv(p.fds[1], bytes, sizeof(bytes),
			MSG_DONTWAIT) < 0);
		tls_pair_free(&p);
	}
}

/* Bytes that are no record, or a record that was changed on the way. */
static void
a_broken_stream_is_told(void)
{
	static const char forged[] = "\27\3\3\0\40"
		"thirty-two bytes from a stranger";

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		short events;
		char bytes[8];

		if (tls_pair_opened(&p, server, TLS_CONTROL, versions[i])) {
			CU_ASSERT_EQUAL(write(p.fds[1], forged, 37), 37);
			CU_ASSERT_EQUAL(tls_read(p.server, bytes, 8, &events),
				-EBADMSG);
			CU_ASSERT_STRING_EQUAL(tls_error(p.server),
				"decryption failed or bad record mac");
		}
		tls_pair_free(&p);
	}
}

static void
a_reset_is_told(void)
{
	struct linger now = { .l_onoff = 1 };
	SSL_CTX *client = tls_pair_client(TLS1_3_VERSION);
	struct tls_pair p;
	short events;
	char byte;

	CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_DATA, &tls_pair_binding,
		client, true));
	CU_ASSERT_TRUE(tls_pair_handshake(&p));
	CU_ASSERT_EQUAL(setsockopt(p.fds[1], SOL_SOCKET, SO_LINGER, &now,
		sizeof(now)), 0);
	close(p.fds[1]);
	p.fds[1] = -1;
	CU_ASSERT_EQUAL(tls_read(p.server, &byte, 1, &events), -ECONNRESET);
	CU_ASSERT_STRING_EQUAL(tls_error(p.server), "Connection reset by peer");
	CU_ASSERT_TRUE(tls_write(p.server, &byte, 1, &events) < 0);
	tls_pair_free(&p);
	SSL_CTX_free(client);
}

static void
begin(void)
{
	server = tls_pair_begin();
	CU_ASSERT_TRUE(tls_server_on(server));
}

static void
end(void)
{
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"both sides end with close_notify", ends_in_order},
	{"a confirmed end is seen", end_is_confirmed},
	{"a cut stream is no end", a_cut_stream_is_told},
	{"unless it is accepted as one", a_cut_stream_can_be_accepted},
	{"a broken stream is an error", a_broken_stream_is_told},
	{"a reset is an error", a_reset_is_told},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
