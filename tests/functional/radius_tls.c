/*
 * radius_tls.c - the suites' RADIUS server over TLS: a process for each
 * connection.
 */
#include "common/base.h"
#include "tests/functional/radius.h"

#include "common/address.h"
#include "common/clock.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/functional.h"
#include "tests/functional/radius_responder.h"

#include <openssl/ssl.h>
#include <signal.h>
#include <sys/prctl.h>

#define SECRET "radsec"

static void
send_bytes(const struct responder *r, const struct wire_packet *p)
{
	if (p->len > 0)
		(void)SSL_write(r->ssl, p->data, (int)p->len);
}

static bool
read_bytes(SSL *ssl, uint8_t *data, size_t len)
{
	size_t n = 0, more;

	for (; n < len; n += more)
		if (SSL_read_ex(ssl, data + n, len - n, &more) != 1)
			return false;
	return true;
}

static bool
read_packet(SSL *ssl, struct wire_packet *p)
{
	if (!read_bytes(ssl, p->data, 4))
		return false;
	p->len = (size_t)p->data[2] << 8 | p->data[3];
	return p->len >= WIRE_HEADER && p->len <= WIRE_PACKET - 64 &&
		read_bytes(ssl, p->data + 4, p->len - 4);
}

static void
log_line(const struct responder *r, const char *what)
{
	char line[64];

	snprintf(line, sizeof(line), "%u %s\n", r->port, what);
	files_append_text(RADIUS_LOG, line);
}

static void
serve_packets(struct responder *r)
{
	struct wire_packet request, other;

	while (read_packet(r->ssl, &request)) {
		if (r->way == RADIUS_LEAVES && r->connections == 1)
			return;
		if (r->way == RADIUS_SWAPS && read_packet(r->ssl, &other))
			responder_take(r, &other);
		responder_take(r, &request);
		if (r->way == RADIUS_CLOSES)
			return;
	}
}

NORETURN static void
serve_connection(struct responder *r, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(r->fd);
	if (r->way == RADIUS_PLAIN)
		(void)!write(fd, "220 no TLS here, go away\r\n", 26);
	while (r->way == RADIUS_HANGS)
		pause();
	r->ssl = SSL_new(r->context);
	SSL_set_fd(r->ssl, fd);
	if (SSL_accept(r->ssl) == 1) {
		log_line(r, "connected");
		serve_packets(r);
		SSL_shutdown(r->ssl);
	}
	_exit(0);
}

NORETURN static void
serve(struct responder *r)
{
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	wire_secret = SECRET;
	for (;;) {
		int fd = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		r->connections++;
		if (fork() == 0)
			serve_connection(r, fd);
		close(fd);
	}
}

static SSL_CTX *
make_context(const char *certificate, enum radius_way way)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
	if (way == RADIUS_OLD_TLS) {
		SSL_CTX_set_max_proto_version(c, TLS1_1_VERSION);
		SSL_CTX_set_security_level(c, 0);
	}
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER |
		SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	CHECK(SSL_CTX_use_certificate_chain_file(c, certificate) == 1 &&
		SSL_CTX_use_PrivateKey_file(c, certificate,
		SSL_FILETYPE_PEM) == 1 && SSL_CTX_load_verify_locations(c,
		CERTS "ca.pem", NULL) == 1);
	return c;
}

/* A process of the one before, which was killed, may still have the port. */
static bool
bind_soon(int fd, const struct address *a)
{
	int64_t until = clock_ms() + 5000;

	while (bind(fd, &a->any, address_size(a)) < 0) {
		if (clock_passed(until))
			return false;
		clock_sleep_until(clock_ms() + 20);
	}
	return true;
}

pid_t
radius_start_tls(uint16_t port, enum radius_way way,
	const struct radius_user *users, size_t count, const char *certificate)
{
	static struct responder r;
	struct address a;
	const int on = 1;

	r = (struct responder){ .port = port, .way = way, .users = users,
		.count = count, .send = send_bytes };
	r.context = make_context(certificate, way);
	CHECK(address_parse(&a, "127.0.0.1") == 0);
	address_set_port(&a, port);
	r.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(r.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	CHECK(bind_soon(r.fd, &a) && listen(r.fd, 16) == 0);
	pid_t pid = fork();
	if (pid == 0)
		serve(&r);
	close(r.fd);
	SSL_CTX_free(r.context);
	return pid;
}
