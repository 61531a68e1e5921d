/*
 * test_stream.c - the same calls in the clear and through TLS.
 */
#include "common/base.h"
#include "worker/stream.h"

#include "common/io.h"
#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

const char *const unit_name = "stream";

static bool
plain(struct stream *s, int *far)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return false;
	*s = stream_plain(fds[0]);
	*far = fds[1];
	return io_nonblocking(fds[0], true) == 0;
}

static void
bytes_pass_in_the_clear(void)
{
	struct stream s;
	char bytes[8];
	int far;

	CU_ASSERT_TRUE_FATAL(plain(&s, &far));
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLIN);
	CU_ASSERT_EQUAL(write(far, "abc", 3), 3);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 3);
	CU_ASSERT_FALSE(stream_pending(&s));
	CU_ASSERT_EQUAL(stream_write(&s, "defg", 4), 4);
	CU_ASSERT_EQUAL(read(far, bytes, 8), 4);
	CU_ASSERT_EQUAL(memcmp(bytes, "defg", 4), 0);
	CU_ASSERT_EQUAL(stream_end(&s), 0);
	CU_ASSERT_EQUAL(read(far, bytes, 8), 0);
	close(far);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 0);
	stream_close(&s);
	CU_ASSERT_EQUAL(s.fd, -1);
}

static void
a_full_socket_is_waited_for(void)
{
	static char zeros[65536];
	struct stream s;
	ssize_t n;
	int far;

	CU_ASSERT_TRUE_FATAL(plain(&s, &far));
	for (int i = 0; i < 1000; i++)
		if ((n = stream_write(&s, zeros, sizeof(zeros))) < 0)
			break;
	CU_ASSERT_EQUAL(n, -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLOUT);
	close(far);
	CU_ASSERT_EQUAL(stream_write(&s, zeros, 1), -EPIPE);
	CU_ASSERT_EQUAL(stream_end(&s), 0);
	stream_close(&s);
}

static int
file_of(const char *text)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	return fd;
}

static void
files_are_sent_in_the_clear(void)
{
	struct stream s;
	char bytes[8];
	off_t offset = 2;
	int far, ends[2], file = file_of("abcdef");

	CU_ASSERT_TRUE_FATAL(plain(&s, &far));
	CU_ASSERT_EQUAL(stream_send_file(&s, file, &offset, 3), 3);
	CU_ASSERT_EQUAL(offset, 5);
	CU_ASSERT_EQUAL(stream_send_file(&s, file, &offset, 9), 1);
	CU_ASSERT_EQUAL(stream_send_file(&s, file, &offset, 9), 0);
	CU_ASSERT_EQUAL(read(far, bytes, 8), 4);
	CU_ASSERT_EQUAL(memcmp(bytes, "cdef", 4), 0);
	/* What cannot be sent from there must be read instead. */
	CU_ASSERT_EQUAL(pipe2(ends, O_CLOEXEC), 0);
	CU_ASSERT_TRUE(stream_send_file(&s, ends[0], &offset, 1) < 0);
	close(ends[0]);
	close(ends[1]);
	close(far);
	close(file);
	stream_close(&s);
}

/* A pair whose server side is a stream; the client context is shared. */
static struct tls_server *server;
static SSL_CTX *client;

static void
secret(struct tls_pair *p, struct stream *s)
{
	CU_ASSERT_TRUE_FATAL(tls_pair_open(p, server, TLS_DATA_UPLOAD,
		&tls_pair_binding, client, NULL));
	*s = stream_plain(p->fds[0]);
	s->tls = p->server;
	p->server = NULL;
	p->fds[0] = -1;
}

static void
bytes_pass_through_tls(void)
{
	struct tls_pair p;
	struct stream s;
	char bytes[8];

	secret(&p, &s);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLIN);
	CU_ASSERT_EQUAL(SSL_write(p.client, "0123456789", 10), 10);
	CU_ASSERT_FALSE(stream_pending(&s));
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 8);
	/* poll() would not tell of these two. */
	CU_ASSERT_TRUE(stream_pending(&s));
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 2);
	CU_ASSERT_FALSE(stream_pending(&s));
	CU_ASSERT_EQUAL(stream_write(&s, "defg", 4), 4);
	CU_ASSERT_EQUAL(SSL_read(p.client, bytes, 8), 4);
	CU_ASSERT_EQUAL(stream_end(&s), 0);
	CU_ASSERT_EQUAL(SSL_read(p.client, bytes, 8), 0);
	CU_ASSERT_EQUAL(SSL_get_error(p.client, 0), SSL_ERROR_ZERO_RETURN);
	CU_ASSERT_EQUAL(read(p.fds[1], bytes, 8), 0);
	CU_ASSERT_EQUAL(SSL_shutdown(p.client), 1);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 0);
	stream_close(&s);
	CU_ASSERT_EQUAL(s.fd, -1);
	CU_ASSERT_PTR_NULL(s.tls);
	tls_pair_free(&p);
}

/* Part of a record in the buffer is nothing to read: a caller that trusts
 * stream_pending() must not turn in circles. */
static void
half_a_record_is_not_pending(void)
{
	struct tls_pair p;
	struct stream s;
	char record[64], bytes[8];
	int ends[2];

	secret(&p, &s);
	/* The client's record on the way, to be delivered in two halves. */
	CU_ASSERT_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	SSL_set_fd(p.client, ends[0]);
	CU_ASSERT_EQUAL(SSL_write(p.client, "abcd", 4), 4);
	ssize_t len = read(ends[1], record, sizeof(record));
	CU_ASSERT_TRUE_FATAL(len > 10);
	CU_ASSERT_EQUAL(write(p.fds[1], record, 10), 10);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), -EAGAIN);
	CU_ASSERT_FALSE(stream_pending(&s));
	CU_ASSERT_EQUAL(write(p.fds[1], record + 10, (size_t)len - 10),
		len - 10);
	CU_ASSERT_EQUAL(stream_read(&s, bytes, 8), 4);
	CU_ASSERT_FALSE(stream_pending(&s));
	close(ends[0]);
	close(ends[1]);
	stream_close(&s);
	tls_pair_free(&p);
}

/* Without kernel TLS a file is not sent, and nothing has moved. */
static void
files_are_sent_by_the_kernels_tls_only(void)
{
	struct tls_pair p;
	struct stream s;
	struct tls_facts facts;
	off_t offset = 1;
	int file = file_of("abcdef");

	secret(&p, &s);
	tls_describe(s.tls, &facts);
	CU_ASSERT_FALSE(facts.kernel_send);
	CU_ASSERT_EQUAL(stream_send_file(&s, file, &offset, 3), -ENOSYS);
	CU_ASSERT_EQUAL(offset, 1);
	close(file);
	stream_close(&s);
	tls_pair_free(&p);
}

static void
an_end_waits_for_room(void)
{
	static char zeros[65536];
	struct tls_pair p;
	struct stream s;
	ssize_t n = 0;
	size_t sent = 0, read = 0;

	secret(&p, &s);
	while ((n = stream_write(&s, zeros, 16384)) == 16384 &&
	    sent < 100 * sizeof(zeros))
		sent += (size_t)n;
	CU_ASSERT_EQUAL(n, -EAGAIN);
	CU_ASSERT_EQUAL(s.events, POLLOUT);
	while ((n = SSL_read(p.client, zeros, sizeof(zeros))) > 0)
		read += (size_t)n;
	/* The rest of the record goes first, then the end. */
	CU_ASSERT_EQUAL(stream_write(&s, zeros, 16384), 16384);
	CU_ASSERT_EQUAL(stream_end(&s), 0);
	while ((n = SSL_read(p.client, zeros, sizeof(zeros))) > 0)
		read += (size_t)n;
	CU_ASSERT_EQUAL(read, sent + 16384);
	CU_ASSERT_EQUAL(SSL_get_error(p.client, (int)n),
		SSL_ERROR_ZERO_RETURN);
	stream_close(&s);
	tls_pair_free(&p);
}

/* The server's side of a control connection that is to go on in the clear;
 * what the client says last under TLS comes in *said, for us to deliver. */
static void
to_be_cleared(struct tls_pair *p, struct stream *s, int version,
	int (*say)(SSL *ssl), char *said, ssize_t *len)
{
	SSL_CTX *one = tls_pair_client(version);
	int ends[2];

	CU_ASSERT_TRUE_FATAL(tls_pair_open(p, server, TLS_CONTROL,
		&tls_pair_binding, one, NULL));
	SSL_CTX_free(one);
	*s = stream_plain(p->fds[0]);
	s->tls = p->server;
	p->server = NULL;
	p->fds[0] = -1;
	CU_ASSERT_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	SSL_set_fd(p->client, ends[0]);
	(void)say(p->client);
	*len = read(ends[1], said, 64);
	close(ends[0]);
	close(ends[1]);
	CU_ASSERT_EQUAL(stream_end_tls(s), -EAGAIN);
	CU_ASSERT_EQUAL(s->events, POLLIN);
}

static int
say_more(SSL *ssl)
{
	return SSL_write(ssl, "NOOP\r\n", 6);
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* However the client's end is cut, nothing of it is taken for what comes in
 * the clear behind it. */
static void
the_clear_begins_behind_the_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		char said[64], clear[16];
		struct tls_pair p;
		struct stream s;
		ssize_t len;

		to_be_cleared(&p, &s, versions[i], SSL_shutdown, said, &len);
		CU_ASSERT(len > 6);
		for (ssize_t n = 0; n < len; n++) {
			CU_ASSERT_PTR_NOT_NULL_FATAL(s.tls);
			CU_ASSERT_EQUAL(stream_end_tls(&s), -EAGAIN);
			CU_ASSERT_EQUAL(write(p.fds[1], said + n, 1), 1);
		}
		CU_ASSERT_EQUAL(write(p.fds[1], "NOOP\r\n", 6), 6);
		CU_ASSERT_EQUAL(stream_end_tls(&s), 0);
		CU_ASSERT_PTR_NULL(s.tls);
		CU_ASSERT_EQUAL(stream_read(&s, clear, sizeof(clear)), 6);
		CU_ASSERT_EQUAL(memcmp(clear, "NOOP\r\n", 6), 0);
		stream_close(&s);
		tls_pair_free(&p);
	}
}

/* Clients that do not say that they end TLS begin with a letter, or with the
 * ClientHello of another conversation. */
static void
the_clear_is_known_by_its_first_byte(void)
{
	static const char *const firsts[] = { "USER anna\r\n",
		"\x16\x03\x01 hello" };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(versions); i++) {
		const char *first = firsts[i % 2];
		char said[64], clear[16];
		struct tls_pair p;
		struct stream s;
		ssize_t len;

		to_be_cleared(&p, &s, versions[i / 2], SSL_shutdown, said,
			&len);
		CU_ASSERT(write(p.fds[1], first, strlen(first)) > 0);
		CU_ASSERT_EQUAL(stream_end_tls(&s), 0);
		CU_ASSERT_EQUAL(stream_read(&s, clear, sizeof(clear)),
			(ssize_t)strlen(first));
		stream_close(&s);
		tls_pair_free(&p);
	}
}

static void
nothing_more_may_come_under_tls(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		struct stream s;
		char said[64];
		ssize_t len;

		to_be_cleared(&p, &s, versions[i], say_more, said, &len);
		CU_ASSERT_EQUAL(write(p.fds[1], said, (size_t)len), len);
		CU_ASSERT_EQUAL(stream_end_tls(&s), -EPROTO);
		stream_close(&s);
		tls_pair_free(&p);
	}
}

static void
begin(void)
{
	CU_ASSERT_NOT_EQUAL(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	server = tls_pair_begin();
	client = tls_pair_client(0);
}

static void
end(void)
{
	SSL_CTX_free(client);
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"bytes pass in the clear", bytes_pass_in_the_clear},
	{"a full socket is waited for", a_full_socket_is_waited_for},
	{"files are sent in the clear", files_are_sent_in_the_clear},
	{"bytes pass through TLS", bytes_pass_through_tls},
	{"half a record is nothing to read", half_a_record_is_not_pending},
	{"files go through the kernel's TLS only",
		files_are_sent_by_the_kernels_tls_only},
	{"the end goes behind what was written", an_end_waits_for_room},
	{"the clear begins behind the end of TLS",
		the_clear_begins_behind_the_end},
	{"the clear is known by its first byte",
		the_clear_is_known_by_its_first_byte},
	{"nothing more may come under TLS", nothing_more_may_come_under_tls},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
