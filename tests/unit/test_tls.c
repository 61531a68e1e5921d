/*
 * test_tls.c - one connection: both versions, bytes, refusals.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

const char *const unit_name = "tls";

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static struct tls_server *server;

static void
both_versions(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		struct tls_facts facts;

		if (tls_pair_opened(&p, server, TLS_CONTROL, versions[i])) {
			CU_ASSERT_TRUE(tls_pair_talks(&p));
			CU_ASSERT_TRUE(tls_pair_talks(&p));
			CU_ASSERT_FALSE(tls_resumed(p.server));
			tls_describe(p.server, &facts);
			CU_ASSERT_STRING_EQUAL(facts.version,
				i == 0 ? "TLSv1.2" : "TLSv1.3");
			CU_ASSERT_STRING_EQUAL(facts.cipher,
				SSL_get_cipher_name(p.client));
			CU_ASSERT_STRING_EQUAL(facts.name, "");
			CU_ASSERT_STRING_EQUAL(facts.subject, "");
			CU_ASSERT_FALSE(facts.has_certificate);
		}
		tls_pair_free(&p);
	}
}

static void
nothing_before_1_2(void)
{
	static const int old[] = { TLS1_VERSION, TLS1_1_VERSION };

	for (size_t i = 0; i < ARRAY_SIZE(old); i++) {
		struct tls_pair p;
		SSL_CTX *client = tls_pair_client(old[i]);

		CU_ASSERT_FALSE(tls_pair_open(&p, server, TLS_CONTROL,
			&tls_pair_binding, client, NULL));
		CU_ASSERT_EQUAL(p.result, -EPROTO);
		CU_ASSERT_STRING_EQUAL(tls_error(p.server),
			"unsupported protocol");
		tls_pair_free(&p);
		SSL_CTX_free(client);
	}
}

static void
no_weak_ciphers(void)
{
	static const char *const weak[] = {
		"aNULL:eNULL", "RC4:DES:3DES", "CAMELLIA", "ECDHE+SHA1",
		"ECDHE+SHA256", "kRSA", "DHE",
	};

	for (size_t i = 0; i < ARRAY_SIZE(weak); i++) {
		struct tls_pair p;
		SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);

		/* Some of these OpenSSL does not have any more. */
		if (SSL_CTX_set_cipher_list(client, weak[i]) == 1) {
			CU_ASSERT_FALSE(tls_pair_open(&p, server, TLS_CONTROL,
				&tls_pair_binding, client, NULL));
			CU_ASSERT_EQUAL(p.result, -EPROTO);
			CU_ASSERT_STRING_EQUAL(tls_error(p.server),
				"no shared cipher");
			tls_pair_free(&p);
		}
		SSL_CTX_free(client);
	}
}

static void
no_compression(void)
{
	struct tls_pair p;
	SSL_CTX *client = tls_pair_client(TLS1_2_VERSION);

	SSL_CTX_clear_options(client, SSL_OP_NO_COMPRESSION);
	CU_ASSERT_TRUE(tls_pair_open(&p, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL));
	CU_ASSERT_PTR_NULL(SSL_get_current_compression(p.client));
	tls_pair_free(&p);
	SSL_CTX_free(client);
}

static void
renegotiation_is_refused(void)
{
	struct tls_pair p;
	short events;
	char byte;

	if (tls_pair_opened(&p, server, TLS_CONTROL, TLS1_2_VERSION)) {
		CU_ASSERT_EQUAL(SSL_renegotiate(p.client), 1);
		CU_ASSERT_NOT_EQUAL(SSL_do_handshake(p.client), 1);
		CU_ASSERT_EQUAL(tls_read(p.server, &byte, 1, &events), -EAGAIN);
		CU_ASSERT_NOT_EQUAL(SSL_do_handshake(p.client), 1);
		CU_ASSERT_EQUAL(ERR_GET_REASON(ERR_peek_last_error()),
			SSL_R_NO_RENEGOTIATION);
	}
	tls_pair_free(&p);
}

static void
keys_can_be_updated(void)
{
	struct tls_pair p;

	if (tls_pair_opened(&p, server, TLS_CONTROL, TLS1_3_VERSION))
		for (int i = 0; i < 5; i++) {
			CU_ASSERT_EQUAL(SSL_key_update(p.client,
				SSL_KEY_UPDATE_REQUESTED), 1);
			CU_ASSERT_TRUE(tls_pair_talks(&p));
		}
	tls_pair_free(&p);
}

/* ALPN: what the client offers (NULL: nothing), and whether that stands. */
static void
offer(const char *protocols, unsigned len, bool stands)
{
	struct tls_pair p;
	SSL_CTX *client = tls_pair_client(0);
	const unsigned char *chosen;
	unsigned chosen_len;

	if (protocols != NULL)
		SSL_CTX_set_alpn_protos(client,
			(const unsigned char *)protocols, len);
	CU_ASSERT_EQUAL(tls_pair_open(&p, server, TLS_CONTROL,
		&tls_pair_binding, client, NULL), stands);
	SSL_get0_alpn_selected(p.client, &chosen, &chosen_len);
	if (stands && protocols != NULL) {
		CU_ASSERT_EQUAL(chosen_len, 3);
		CU_ASSERT_EQUAL(memcmp(chosen, "ftp", 3), 0);
	} else {
		CU_ASSERT_EQUAL(chosen_len, 0);
	}
	if (!stands)
		CU_ASSERT_STRING_EQUAL(tls_error(p.server),
			"no application protocol");
	tls_pair_free(&p);
	SSL_CTX_free(client);
}

static void
only_ftp_is_spoken(void)
{
	offer(NULL, 0, true);
	offer("\3ftp", 4, true);
	offer("\2h2\3ftp\4smtp", 12, true);
	offer("\2h2\10http/1.1", 12, false);
	offer("\4sftp\6ftp/ft\2ft", 15, false);
	offer("\3FTP", 4, false);
}

static void
plain_text_fails(void)
{
	struct tls_pair p;
	SSL_CTX *client = tls_pair_client(0);
	short events;

	CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_CONTROL, &tls_pair_binding,
		client, false));
	CU_ASSERT_EQUAL(write(p.fds[1], "USER anna\r\n", 11), 11);
	CU_ASSERT_EQUAL(tls_handshake(p.server, &events), -EPROTO);
	CU_ASSERT_STRING_EQUAL(tls_error(p.server), "client did not use TLS");
	CU_ASSERT_EQUAL(tls_handshake(p.server, &events), -EPROTO);
	CU_ASSERT_TRUE(tls_end(p.server, &events) < 0);
	tls_pair_free(&p);
	CU_ASSERT_TRUE(tls_pair_new(&p, server, TLS_CONTROL, &tls_pair_binding,
		client, false));
	CU_ASSERT_EQUAL(tls_handshake(p.server, &events), -EAGAIN);
	CU_ASSERT_EQUAL(events, POLLIN);
	CU_ASSERT_EQUAL(tls_end(p.server, &events), -ENOTCONN);
	CU_ASSERT_EQUAL(shutdown(p.fds[1], SHUT_WR), 0);
	CU_ASSERT_EQUAL(tls_handshake(p.server, &events), -EPROTO);
	tls_pair_free(&p);
	SSL_CTX_free(client);
}

/* Move len bytes from server to client; the client reads only after the
 * server has to wait. */
static void
download(struct tls_pair *p, const char *data, size_t len)
{
	char *got = malloc(len);
	size_t sent = 0, read = 0;
	bool waited = false;
	short events;

	while (read < len) {
		ssize_t n = sent == len ? 0 : tls_write(p->server, data + sent,
			len - sent, &events);
		int m = 0;

		if (n == -EAGAIN) {
			waited = true;
			CU_ASSERT_EQUAL(events, POLLOUT);
		} else {
			CU_ASSERT_TRUE(n >= 0);
			sent += (size_t)n;
		}
		m = SSL_read(p->client, got + read, (int)(len - read));
		if (m <= 0 && SSL_get_error(p->client, m) !=
		    SSL_ERROR_WANT_READ)
			break;
		read += m > 0 ? (size_t)m : 0;
	}
	CU_ASSERT_TRUE(waited);
	CU_ASSERT_EQUAL(read, len);
	CU_ASSERT_EQUAL(memcmp(got, data, len), 0);
	free(got);
}

/* The other way; 40,000 bytes a read, which is no number of records. */
static void
upload(struct tls_pair *p, const char *data, size_t len)
{
	char *got = malloc(len + 40000);
	size_t sent = 0, read = 0;
	int idle = 0;
	short events;

	while (read < len && idle < 3) {
		int m = sent == len ? 0 : SSL_write(p->client, data + sent,
			(int)(len - sent));
		ssize_t n;

		sent += m > 0 ? (size_t)m : 0;
		do {
			n = tls_read(p->server, got + read, 40000, &events);
			idle = n > 0 ? 0 : idle + 1;
			read += n > 0 ? (size_t)n : 0;
		} while (tls_pending(p->server) && n > 0 && read < len);
		CU_ASSERT_TRUE(n > 0 || n == -EAGAIN);
	}
	CU_ASSERT_EQUAL(read, len);
	CU_ASSERT_EQUAL(memcmp(got, data, len), 0);
	free(got);
}

static void
many_bytes_pass_both_ways(void)
{
	const size_t len = 3 * 1024 * 1024 + 17;
	char *data = malloc(len);

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 31 + i / 253);
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;

		if (tls_pair_opened(&p, server, TLS_DATA, versions[i])) {
			SSL_set_mode(p.client, SSL_MODE_ENABLE_PARTIAL_WRITE |
				SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
			download(&p, data, len);
			upload(&p, data, len);
		}
		tls_pair_free(&p);
		if (tls_pair_opened(&p, server, TLS_DATA_UPLOAD, versions[i])) {
			SSL_set_mode(p.client, SSL_MODE_ENABLE_PARTIAL_WRITE |
				SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
			upload(&p, data, len);
		}
		tls_pair_free(&p);
	}
	free(data);
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
	{"TLS 1.2 and 1.3 carry bytes and are described", both_versions},
	{"older versions are refused", nothing_before_1_2},
	{"weak ciphers are refused", no_weak_ciphers},
	{"nothing is compressed", no_compression},
	{"renegotiation is refused", renegotiation_is_refused},
	{"keys can be updated", keys_can_be_updated},
	{"ALPN: ftp or nothing", only_ftp_is_spoken},
	{"text in clear fails the handshake", plain_text_fails},
	{"megabytes pass whole both ways", many_bytes_pass_both_ways},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
