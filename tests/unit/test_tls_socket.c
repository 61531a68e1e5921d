/*
 * test_tls_socket.c - a control connection that OpenSSL has handed on to the
 * kernel's TLS, where the kernel has it.
 */
#include "common/base.h"
#include "common/tls/tls_socket.h"

#include "common/buffer.h"
#include "common/clock.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

const char *const unit_name = "tls_socket";

#define ROOM 4098	/* as worker/control.h has it */

static struct tls_server *server;
static struct tls_pair p;
static int alert;	/* the last that the client got; -1: none */
static char room[ROOM];

static void
see_message(int sent, int version UNUSED, int type, const void *data,
	size_t len, SSL *ssl UNUSED, void *arg UNUSED)
{
	const unsigned char *bytes = data;

	if (!sent && type == SSL3_RT_ALERT && len == 2)
		alert = bytes[1];
}

/* A connection of TLS 1.2 over loopback; false where there can be none. */
static bool
connected(struct tls_server *with, const char *host)
{
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);
	bool ok = tls_pair_new(&p, with, TLS_CONTROL, &tls_pair_binding,
		client, true);

	alert = -1;
	SSL_set_msg_callback(p.client, see_message);
	if (host != NULL)
		tls_pair_ask_for(&p, host);
	ok = ok && tls_pair_handshake(&p);
	SSL_CTX_free(client);
	CU_ASSERT_TRUE(ok);
	return ok;
}

/* The same, handed on. */
static bool
handed_on(void)
{
	if (!tls_pair_kernel_has_tls(server))
		return false;
	bool ok = connected(server, NULL) && tls_can_hand_on(p.server);

	CU_ASSERT_TRUE(ok);
	tls_free(p.server);
	p.server = NULL;
	return ok;
}

static bool
readable(int fd)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };

	return poll(&in, 1, 100) == 1;
}

static ssize_t
hear(void)
{
	(void)readable(p.fds[0]);
	return tls_socket_read(p.fds[0], room, sizeof(room));
}

/* What the client would put on the wire for these bytes. */
static size_t
sealed(const void *data, int len, uint8_t *wire, size_t size)
{
	BIO *socket = SSL_get_wbio(p.client), *memory = BIO_new(BIO_s_mem());
	int n;

	BIO_up_ref(socket);
	BIO_up_ref(memory);
	SSL_set0_wbio(p.client, memory);
	CU_ASSERT_EQUAL(SSL_write(p.client, data, len), len);
	SSL_set0_wbio(p.client, socket);
	n = BIO_read(memory, wire, (int)size);
	BIO_free(memory);
	return n > 0 ? (size_t)n : 0;
}

/* What the client reads now: bytes, 0 for close_notify, or -1. */
static int
client_reads(char *data, int size)
{
	(void)readable(p.fds[1]);
	ERR_clear_error();
	int n = SSL_read(p.client, data, size);
	if (n > 0 || (SSL_get_shutdown(p.client) & SSL_RECEIVED_SHUTDOWN) != 0)
		return n > 0 ? n : 0;
	return -1;
}

static void
begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
	server = tls_pair_usual_server();
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
}

/* Under any kernel: a socket without TLS gives out nothing. */
static void
no_type_no_data(void)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
		0, fds), 0);
	CU_ASSERT_EQUAL(tls_socket_read(fds[0], room, ROOM), -EAGAIN);
	CU_ASSERT_EQUAL(write(fds[1], "QUIT\r\n", 6), 6);
	CU_ASSERT_EQUAL(tls_socket_read(fds[0], room, ROOM), -EBADMSG);
	close(fds[1]);
	CU_ASSERT_EQUAL(tls_socket_read(fds[0], room, ROOM), -EBADMSG);
	CU_ASSERT_TRUE(tls_socket_end(fds[0]) < 0);
	close(fds[0]);
}

/* By host, too; not where CCC may have to end TLS. */
static void
what_can_be_handed_on(void)
{
	static const char *const hosts[] = { NULL, "ftp.example.com" };
	static const char *const more[] = { "", "allow_ccc = yes\n" };

	for (size_t i = 0; i < ARRAY_SIZE(hosts) * ARRAY_SIZE(more); i++) {
		BUFFER(text, 1000);

		buffer_addf(&text, "[tls]\n%scertificate = $D/rsa.pem\n"
			"private_key = $D/rsa.key\n[tls \"%s\"]\n"
			"certificate = $D/ec.pem\nprivate_key = $D/ec.key\n",
			more[i / 2], hosts[1]);
		struct tls_server *other = tls_pair_from(buffer_text(&text),
			NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(other);
		bool has = tls_pair_kernel_has_tls(other);
		if (connected(other, hosts[i % 2]))
			CU_ASSERT_EQUAL(tls_can_hand_on(p.server),
				has && i / 2 == 0);
		CU_ASSERT_TRUE(tls_pair_talks(&p));
		CU_ASSERT_EQUAL(tls_can_hand_on(p.server), has && i / 2 == 0);
		tls_pair_free(&p);
		tls_server_free(other);
	}
}

/* Bytes that OpenSSL has already would be lost. */
static void
not_with_bytes_left(void)
{
	char byte;
	short events;

	if (!tls_pair_kernel_has_tls(server) || !connected(server, NULL))
		return;
	CU_ASSERT_EQUAL(SSL_write(p.client, "abc", 3), 3);
	(void)readable(p.fds[0]);
	CU_ASSERT_EQUAL(tls_read(p.server, &byte, 1, &events), 1);
	CU_ASSERT_FALSE(tls_can_hand_on(p.server));
	CU_ASSERT_EQUAL(tls_read(p.server, room, ROOM, &events), 2);
	CU_ASSERT_TRUE(tls_can_hand_on(p.server));
	tls_pair_free(&p);
}

static void
bytes_pass(void)
{
	static char large[16384];
	size_t came = 0;
	ssize_t n;

	if (!handed_on())
		return;
	CU_ASSERT_EQUAL(tls_socket_read(p.fds[0], room, ROOM), -EAGAIN);
	CU_ASSERT_EQUAL(SSL_write(p.client, "NOOP\r\n", 6), 6);
	CU_ASSERT_EQUAL(hear(), 6);
	CU_ASSERT_EQUAL(memcmp(room, "NOOP\r\n", 6), 0);
	CU_ASSERT_EQUAL(write(p.fds[0], "200 OK\r\n", 8), 8);
	CU_ASSERT_EQUAL(client_reads(room, ROOM), 8);
	/* A record that no buffer of ours holds. */
	memset(large, 'x', sizeof(large));
	CU_ASSERT_EQUAL(SSL_write(p.client, large, sizeof(large)), 16384);
	while (came < sizeof(large) && (n = hear()) > 0)
		came += (size_t)n;
	CU_ASSERT_EQUAL(came, sizeof(large));
	CU_ASSERT_FALSE(readable(p.fds[0]));
	tls_pair_free(&p);
}

static ssize_t
read_once(bool own)
{
	short events;

	return own ? tls_socket_read(p.fds[0], room, ROOM) :
		tls_read(p.server, room, ROOM, &events);
}

/* How often poll(2) says that there is something, and there is nothing. */
static int
false_alarms(bool own, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	int count = 0;

	while (clock_ms() < until)
		if (readable(p.fds[0]) && read_once(own) == -EAGAIN)
			count++;
	return count;
}

/* In OpenSSL's hands and then in ours: no piece of a record keeps the loop
 * around poll(2) busy, and its end is not slept over. */
static void
pieces_keep_nobody_busy(void)
{
	static char large[16384];
	static uint8_t wire[17000];

	if (!tls_pair_kernel_has_tls(server) || !connected(server, NULL))
		return;
	for (int own = 0; own < 2; own++) {
		size_t len = sealed(large, sizeof(large), wire, sizeof(wire));
		static const size_t ends[] = { 0, 3, 100, 9000 };

		for (size_t i = 1; i < ARRAY_SIZE(ends); i++) {
			size_t n = ends[i] - ends[i - 1];
			CU_ASSERT_EQUAL(send(p.fds[1], wire + ends[i - 1], n,
				0), n);
			CU_ASSERT_TRUE(false_alarms(own, 300) < 10);
		}
		CU_ASSERT_EQUAL(send(p.fds[1], wire + 9000, len - 9000, 0),
			len - 9000);
		for (size_t came = 0; came < sizeof(large); ) {
			CU_ASSERT_TRUE_FATAL((!own && tls_pending(p.server)) ||
				readable(p.fds[0]));
			ssize_t n = read_once(own);
			CU_ASSERT_TRUE_FATAL(n > 0);
			came += (size_t)n;
		}
		CU_ASSERT_EQUAL(SSL_write(p.client, "x", 1), 1);
		CU_ASSERT_TRUE(readable(p.fds[0]));
		CU_ASSERT_EQUAL(read_once(own), 1);
		tls_free(p.server);
		p.server = NULL;
	}
	tls_pair_free(&p);
}

static void
ends_in_order(void)
{
	for (int ours = 0; ours < 2 && handed_on(); ours++) {
		if (ours)
			CU_ASSERT_EQUAL(tls_socket_end(p.fds[0]), 0);
		CU_ASSERT_EQUAL(SSL_write(p.client, "QUIT\r\n", 6), 6);
		if (ours)
			CU_ASSERT_EQUAL(client_reads(room, ROOM), 0);
		CU_ASSERT_EQUAL(SSL_shutdown(p.client), ours);
		CU_ASSERT_EQUAL(hear(), 6);
		CU_ASSERT_EQUAL(hear(), 0);
		if (!ours) {
			CU_ASSERT_EQUAL(write(p.fds[0], "221\r\n", 5), 5);
			CU_ASSERT_EQUAL(tls_socket_end(p.fds[0]), 0);
			CU_ASSERT_EQUAL(client_reads(room, ROOM), 5);
			CU_ASSERT_EQUAL(client_reads(room, ROOM), 0);
		}
		tls_pair_free(&p);
	}
}

/* With half a record before it, too. */
static void
a_cut_is_no_end(void)
{
	uint8_t wire[100];

	for (int half = 0; half < 2 && handed_on(); half++) {
		(void)sealed("x", 1, wire, sizeof(wire));
		if (half) {
			CU_ASSERT_EQUAL(send(p.fds[1], wire, 20, 0), 20);
			CU_ASSERT_EQUAL(hear(), -EAGAIN);
		}
		CU_ASSERT_EQUAL(shutdown(p.fds[1], SHUT_WR), 0);
		CU_ASSERT_TRUE(readable(p.fds[0]));
		CU_ASSERT_EQUAL(hear(), -EBADMSG);
		tls_pair_free(&p);
	}
}

/* Damaged; longer than any may be; of no TLS; of another version. */
static void
broken_records(void)
{
	static const struct {
		const char *bytes;	/* NULL: a good one, damaged */
		size_t len;
		int alert;
	} rows[] = {
		{ NULL, 0, SSL_AD_BAD_RECORD_MAC },
		{ "\x17\x03\x03\x7f\xff" "01234567", 13,
			SSL_AD_RECORD_OVERFLOW },
		{ "QUIT\r\nQUIT\r\nQUIT\r\n", 18, SSL_AD_RECORD_OVERFLOW },
		{ "\x17\x03\x01\x00\x20" "0123456789abcdef0123456789abcdef",
			37, SSL_AD_PROTOCOL_VERSION },
	};
	uint8_t wire[100];

	for (size_t i = 0; i < ARRAY_SIZE(rows) && handed_on(); i++) {
		size_t len = rows[i].len;

		if (rows[i].bytes == NULL) {
			len = sealed("NOOP\r\n", 6, wire, sizeof(wire));
			wire[len - 1] ^= 1;
		} else {
			memcpy(wire, rows[i].bytes, len);
		}
		CU_ASSERT_EQUAL(send(p.fds[1], wire, len, 0), len);
		ssize_t n = hear();
		CU_ASSERT_TRUE(n < 0 && n != -EAGAIN);
		CU_ASSERT_EQUAL(client_reads(room, ROOM), 0);
		CU_ASSERT_EQUAL(alert, rows[i].alert);
		tls_pair_free(&p);
	}
}

/* What is neither data nor close_notify ends the connection. */
static void
other_records(void)
{
	if (!handed_on())
		return;
	CU_ASSERT_EQUAL(SSL_renegotiate(p.client), 1);
	CU_ASSERT_NOT_EQUAL(SSL_do_handshake(p.client), 1);
	CU_ASSERT_EQUAL(hear(), -EBADMSG);
	(void)readable(p.fds[1]);
	CU_ASSERT_NOT_EQUAL(SSL_do_handshake(p.client), 1);
	CU_ASSERT_EQUAL(alert, SSL_AD_NO_RENEGOTIATION);
	/* A client that insists says so by a fatal alert. */
	CU_ASSERT_EQUAL(hear(), -EBADMSG);
	tls_pair_free(&p);
}

static void
end(void)
{
	tls_server_free(server);
	tls_pki_end();
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"nothing that came without a record's type is data", no_type_no_data},
	{"TLS 1.2 can be handed on, unless CCC may come",
		what_can_be_handed_on},
	{"not while OpenSSL holds bytes", not_with_bytes_left},
	{"bytes pass, in small pieces of large records", bytes_pass},
	{"a piece of a record keeps nobody busy", pieces_keep_nobody_busy},
	{"close_notify, ours and the client's", ends_in_order},
	{"a cut is no orderly end", a_cut_is_no_end},
	{"broken records are told, and end it", broken_records},
	{"so do records of another kind", other_records},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
