/*
 * tls_pair.c - a server and a client in one process.
 */
#include "common/base.h"
#include "tests/unit/tls_pair.h"

#include "common/io.h"
#include "tests/unit/tls_pki.h"
#include "tests/unit/unit.h"
#include "tests/unit/with_settings.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#define TURNS 200	/* more than any exchange takes */

const struct tls_binding tls_pair_binding = {
	.session = 4711,
	.reuse = REUSE_REQUIRE,
	.own = "0123456789abcdef" "the AES-256 key of this session."
		"the HMAC-SHA256 key is this one",
	.has_account = true,
	.account = "fedcba9876543210" "the AES-256 key of this account."
		"the HMAC-SHA256 key is that one",
};

/* What a client got, kept with its SSL. */
struct tickets {
	int count;
	SSL_SESSION *last;
};

struct tls_server *
tls_pair_from(const char *text, struct complaints *complaints)
{
	static struct complaints own;
	struct complaints *c = complaints != NULL ? complaints : &own;
	BUFFER(expanded, 4096);

	for (const char *at = text; *at != '\0'; at++)
		if (at[0] == '$' && at[1] == 'D') {
			buffer_add_text(&expanded, tls_pki_path("."));
			at++;
		} else {
			buffer_add_char(&expanded, *at);
		}
	buffer_add_char(&expanded, '\n');

	struct settings *s = with_text(buffer_text(&expanded), c);
	if (s == NULL)
		return NULL;
	struct tls_server *server = tls_server_load(s, with_complaint, c);
	settings_free(s);
	if (server == NULL || tls_server_take_keys(server))
		return server;
	tls_server_free(server);
	return NULL;
}

struct tls_server *
tls_pair_usual_server(void)
{
	return tls_pair_from("[tls]\n"
		"certificate = $D/rsa.pem $D/ec.pem\n"
		"private_key = $D/rsa.key $D/ec.key\n", NULL);
}

struct tls_server *
tls_pair_begin(void)
{
	CU_ASSERT_EQUAL_FATAL(tls_pki_begin(), 0);
	struct tls_server *server = tls_pair_usual_server();
	CU_ASSERT_PTR_NOT_NULL_FATAL(server);
	return server;
}

void
tls_pair_end(struct tls_server *server)
{
	tls_server_free(server);
	tls_pki_end();
}

static int
keep_ticket(SSL *ssl, SSL_SESSION *session)
{
	struct tickets *t = SSL_get_app_data(ssl);

	SSL_SESSION_free(t->last);
	t->last = session;
	t->count++;
	return 1;
}

SSL_CTX *
tls_pair_client(int version)
{
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_security_level(client, 0);
	SSL_CTX_set_min_proto_version(client, version);
	SSL_CTX_set_max_proto_version(client, version);
	SSL_CTX_set_session_cache_mode(client, SSL_SESS_CACHE_CLIENT |
		SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(client, keep_ticket);
	return client;
}

static bool
loopback(int *fds)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	fds[0] = -1;
	fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&at, size) == 0 &&
	    listen(listener, 1) == 0 &&
	    getsockname(listener, (struct sockaddr *)&at, &size) == 0 &&
	    connect(fds[1], (struct sockaddr *)&at, size) == 0)
		fds[0] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	return fds[0] >= 0;
}

bool
tls_pair_new(struct tls_pair *p, struct tls_server *server, enum tls_use use,
	const struct tls_binding *binding, SSL_CTX *client, bool tcp)
{
	struct tickets *tickets = calloc(1, sizeof(*tickets));

	*p = (struct tls_pair){ .fds = { -1, -1 } };
	p->client = SSL_new(client);
	SSL_set_app_data(p->client, tickets);
	if (tcp ? !loopback(p->fds) : socketpair(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC, 0, p->fds) < 0)
		return false;
	if (io_nonblocking(p->fds[0], true) < 0 ||
	    io_nonblocking(p->fds[1], true) < 0)
		return false;
	SSL_set_fd(p->client, p->fds[1]);
	SSL_set_connect_state(p->client);
	p->server = tls_new(server, p->fds[0], use, binding);
	return p->server != NULL;
}

void
tls_pair_free(struct tls_pair *p)
{
	struct tickets *t = SSL_get_app_data(p->client);

	/* OpenSSL's clients do not resume what did not end in order. */
	SSL_set_shutdown(p->client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(p->client);
	SSL_SESSION_free(t->last);
	free(t);
	tls_free(p->server);
	io_close(&p->fds[0]);
	io_close(&p->fds[1]);
}

bool
tls_pair_kernel_has_tls(struct tls_server *server)
{
	SSL_CTX *client = tls_pair_client(0);
	struct tls_pair p;
	bool has = tls_pair_new(&p, server, TLS_DATA, &tls_pair_binding,
		client, true) && setsockopt(p.fds[0], IPPROTO_TCP, TCP_ULP,
			"tls", 4) == 0;

	if (!has)
		printf("SKIP (this kernel has no TLS: %s)\n", strerror(errno));
	tls_pair_free(&p);
	SSL_CTX_free(client);
	return has;
}

void
tls_pair_ask_for(struct tls_pair *p, const char *host)
{
	/* OpenSSL's macro does not know of const. */
	(void)SSL_ctrl(p->client, SSL_CTRL_SET_TLSEXT_HOSTNAME,
		TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host);
}

static bool
waits(SSL *ssl, int result)
{
	int error = SSL_get_error(ssl, result);

	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

void
tls_pair_wait(const struct tls_pair *p)
{
	struct pollfd either[] = { { .fd = p->fds[0], .events = POLLIN },
		{ .fd = p->fds[1], .events = POLLIN } };

	(void)poll(either, 2, 20);
}

bool
tls_pair_handshake(struct tls_pair *p)
{
	int client = 0;
	short events;

	p->result = -EAGAIN;
	for (int turn = 0; turn < TURNS; turn++) {
		if (client != 1)
			client = SSL_do_handshake(p->client);
		if (client != 1 && !waits(p->client, client))
			break;
		if (p->result == -EAGAIN)
			p->result = tls_handshake(p->server, &events);
		if (p->result != -EAGAIN && (p->result != 1 || client == 1))
			break;
		tls_pair_wait(p);
	}
	/* Let the server hear why the client went. */
	if (p->result == -EAGAIN)
		p->result = tls_handshake(p->server, &events);
	if (client == 1)
		tls_pair_let_client_read(p);
	return client == 1 && p->result == 1 && SSL_is_init_finished(p->client);
}

static bool
send_tickets(struct tls_pair *p, int count)
{
	short events;

	for (int i = 0; i < count; i++) {
		int error = tls_send_ticket(p->server, &events);

		if (error < 0 && error != -ENOTSUP)
			return false;
	}
	tls_pair_let_client_read(p);
	return true;
}

bool
tls_pair_open(struct tls_pair *p, struct tls_server *server, enum tls_use use,
	const struct tls_binding *binding, SSL_CTX *client, SSL_SESSION *resume)
{
	if (!tls_pair_new(p, server, use, binding, client, false))
		return false;
	if (resume != NULL)
		SSL_set_session(p->client, resume);
	if (!tls_pair_handshake(p))
		return false;
	if (use == TLS_CONTROL && binding->has_account)
		return tls_pair_log_in(p, binding);
	return use != TLS_DATA || send_tickets(p, 1);
}

bool
tls_pair_log_in(struct tls_pair *p, const struct tls_binding *binding)
{
	tls_give_account_keys(p->server, binding->account);
	return send_tickets(p, 2);
}

bool
tls_pair_control(struct tls_pair *p, struct tls_server *server,
	SSL_CTX *client)
{
	bool ok = tls_pair_open(p, server, TLS_CONTROL, &tls_pair_binding,
		client, NULL);

	CU_ASSERT_TRUE(ok);
	CU_ASSERT_FALSE(tls_resumed(p->server));
	CU_ASSERT_TRUE(tls_did_not_resume(p->server));
	CU_ASSERT_PTR_NOT_NULL(tls_pair_ticket(p));
	return ok;
}

bool
tls_pair_resumes(struct tls_server *server, enum tls_use use,
	const struct tls_binding *binding, SSL_CTX *client,
	SSL_SESSION *session, int *tickets)
{
	struct tls_pair p;
	/* OpenSSL's clients give a ticket up when they get the next; others
	 * do not. */
	SSL_SESSION *copy = session != NULL ? SSL_SESSION_dup(session) : NULL;

	CU_ASSERT_TRUE(tls_pair_open(&p, server, use, binding, client, copy));
	SSL_SESSION_free(copy);
	bool resumed = tls_resumed(p.server);
	CU_ASSERT_EQUAL(resumed, SSL_session_reused(p.client));
	CU_ASSERT_EQUAL(resumed, !tls_did_not_resume(p.server));
	CU_ASSERT_TRUE(tls_pair_talks(&p));
	if (tickets != NULL)
		*tickets = tls_pair_tickets(&p);
	tls_pair_free(&p);
	return resumed;
}

int
tls_pair_tickets(const struct tls_pair *p)
{
	return ((struct tickets *)SSL_get_app_data(p->client))->count;
}

SSL_SESSION *
tls_pair_ticket(const struct tls_pair *p)
{
	return ((struct tickets *)SSL_get_app_data(p->client))->last;
}

void
tls_pair_let_client_read(struct tls_pair *p)
{
	char byte;

	/* Peeking takes in all that is no data and leaves data there. */
	(void)SSL_peek(p->client, &byte, 1);
}

bool
tls_pair_talks(struct tls_pair *p)
{
	char line[16] = "";
	short events;
	ssize_t n;
	int m = 0;

	if (SSL_write(p->client, "NOOP\r\n", 6) != 6)
		return false;
	for (int turn = 0; turn < TURNS && (n = tls_read(p->server, line,
	    sizeof(line), &events)) == -EAGAIN; turn++)
		tls_pair_wait(p);
	if (n != 6 || memcmp(line, "NOOP\r\n", 6) != 0 ||
	    tls_write(p->server, "200 OK\r\n", 8, &events) != 8)
		return false;
	for (int turn = 0; turn < TURNS && (m = SSL_read(p->client, line,
	    sizeof(line))) <= 0 && waits(p->client, m); turn++)
		tls_pair_wait(p);
	return m == 8 && memcmp(line, "200 OK\r\n", 8) == 0;
}

bool
tls_pair_opened(struct tls_pair *p, struct tls_server *server,
	enum tls_use use, int version)
{
	SSL_CTX *client = tls_pair_client(version);
	bool ok = tls_pair_open(p, server, use, &tls_pair_binding, client,
		NULL);

	SSL_CTX_free(client);
	CU_ASSERT_TRUE(ok);
	return ok;
}
