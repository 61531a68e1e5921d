/*
 * test_tls_kernel.c - TLS in the kernel (kTLS), where the kernel has it: files
 * go out by SSL_sendfile, tickets and ends among them.
 */
#include "common/base.h"
#include "common/tls/tls.h"

#include "tests/unit/tls_pair.h"
#include "tests/unit/unit.h"

#include <sys/mman.h>
#include <sys/socket.h>

const char *const unit_name = "tls_kernel";

#define FILE_SIZE (3 * 1024 * 1024 + 17)

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
static struct tls_server *server;

/* Both sides over loopback. */
static bool
connected(struct tls_pair *p, enum tls_use use, int version)
{
	SSL_CTX *client = tls_pair_client(version);
	bool ok = tls_pair_new(p, server, use, &tls_pair_binding, client,
		true) && tls_pair_handshake(p);

	SSL_CTX_free(client);
	CU_ASSERT_TRUE(ok);
	return ok;
}

static bool
kernel_has_tls(void)
{
	return tls_pair_kernel_has_tls(server);
}

static int
make_file(char *data)
{
	int file = memfd_create("file", MFD_CLOEXEC);

	for (size_t i = 0; i < FILE_SIZE; i++)
		data[i] = (char)(i * 31 + i / 253);
	CU_ASSERT_EQUAL(write(file, data, FILE_SIZE), FILE_SIZE);
	return file;
}

/* All of the file, by turns; what has come is in `got`. */
static size_t
send_all(struct tls_pair *p, int file, char *got)
{
	off_t offset = 0;
	size_t came = 0;
	short events;

	for (int turn = 0; turn < 100000 && came < FILE_SIZE; turn++) {
		/* More than there is: no byte may be held back for it. */
		ssize_t n = tls_send_file(p->server, file, &offset,
			2 * FILE_SIZE, &events);
		int m = SSL_read(p->client, got + came,
			(int)(FILE_SIZE - came));

		if (n < 0 && n != -EAGAIN)
			break;
		came += m > 0 ? (size_t)m : 0;
	}
	CU_ASSERT_EQUAL(offset, FILE_SIZE);
	return came;
}

static void
files_go_out_by_the_kernel(void)
{
	char *data = malloc(FILE_SIZE), *got = malloc(FILE_SIZE), byte;
	int file = make_file(data);

	for (size_t i = 0; kernel_has_tls() && i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		struct tls_facts facts;
		short events;

		if (!connected(&p, TLS_DATA, versions[i])) {
			tls_pair_free(&p);
			continue;
		}
		tls_describe(p.server, &facts);
		CU_ASSERT_TRUE(facts.kernel_send);
		CU_ASSERT_TRUE(tls_pair_talks(&p));
		memset(got, 0, FILE_SIZE);
		CU_ASSERT_EQUAL(send_all(&p, file, got), FILE_SIZE);
		CU_ASSERT_EQUAL(memcmp(got, data, FILE_SIZE), 0);
		CU_ASSERT_TRUE(tls_pair_talks(&p));
		CU_ASSERT_EQUAL(tls_end(p.server, &events), 0);
		CU_ASSERT_TRUE(unit_await(p.fds[1], POLLIN));
		CU_ASSERT_EQUAL(SSL_read(p.client, &byte, 1), 0);
		CU_ASSERT_EQUAL(SSL_shutdown(p.client), 1);
		CU_ASSERT_TRUE(unit_await(p.fds[0], POLLIN));
		CU_ASSERT_EQUAL(tls_read(p.server, &byte, 1, &events), 0);
		CU_ASSERT_TRUE(tls_ended(p.server));
		tls_pair_free(&p);
	}
	close(file);
	free(data);
	free(got);
}

/* The kernel's TLS is for what we send in bulk, and not where new keys may
 * come. */
static void
others_stay_in_user_space(void)
{
	static const enum tls_use uses[] = { TLS_CONTROL, TLS_DATA_UPLOAD };

	for (size_t i = 0; kernel_has_tls() && i < 2 * ARRAY_SIZE(uses); i++) {
		struct tls_facts facts;
		struct tls_pair p;

		if (connected(&p, uses[i / 2], versions[i % 2])) {
			tls_describe(p.server, &facts);
			CU_ASSERT_FALSE(facts.kernel_send);
			CU_ASSERT_TRUE(tls_pair_talks(&p));
		}
		tls_pair_free(&p);
	}
}

/* Where the kernel could have it, tickets go out all the same, and a
 * connection that is cut is told. */
static void
tickets_and_cuts(void)
{
	for (size_t i = 0; kernel_has_tls() && i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		short events;
		char byte;

		if (connected(&p, TLS_CONTROL, versions[i])) {
			int result = tls_send_ticket(p.server, &events);

			CU_ASSERT_EQUAL(result, i == 0 ? -ENOTSUP : 0);
			CU_ASSERT_TRUE(tls_pair_talks(&p));
			CU_ASSERT_EQUAL(tls_pair_tickets(&p), 1);
			CU_ASSERT_EQUAL(shutdown(p.fds[1], SHUT_WR), 0);
			CU_ASSERT_TRUE(unit_await(p.fds[0], POLLRDHUP));
			CU_ASSERT_EQUAL(tls_read(p.server, &byte, 1, &events),
				-EBADMSG);
			CU_ASSERT_STRING_EQUAL(tls_error(p.server),
				"the stream ended without close_notify");
		}
		tls_pair_free(&p);
	}
}

/* Where the kernel could decrypt, uploads come whole. */
static void
uploads_come_whole(void)
{
	char *data = malloc(FILE_SIZE), *got = malloc(FILE_SIZE);
	int file = make_file(data);

	for (size_t i = 0; kernel_has_tls() && i < ARRAY_SIZE(versions); i++) {
		struct tls_pair p;
		size_t sent = 0, came = 0;
		short events;

		if (!connected(&p, TLS_DATA_UPLOAD, versions[i])) {
			tls_pair_free(&p);
			continue;
		}
		SSL_set_mode(p.client, SSL_MODE_ENABLE_PARTIAL_WRITE |
			SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		for (int turn = 0; turn < 100000 && came < FILE_SIZE; turn++) {
			int m = sent == FILE_SIZE ? 0 : SSL_write(p.client,
				data + sent, (int)(FILE_SIZE - sent));
			ssize_t n = tls_read(p.server, got + came,
				FILE_SIZE - came, &events);

			sent += m > 0 ? (size_t)m : 0;
			if (n < 0 && n != -EAGAIN)
				break;
			came += n > 0 ? (size_t)n : 0;
		}
		CU_ASSERT_EQUAL(came, FILE_SIZE);
		CU_ASSERT_EQUAL(memcmp(got, data, FILE_SIZE), 0);
		tls_pair_free(&p);
	}
	close(file);
	free(data);
	free(got);
}

static void
begin(void)
{
	server = tls_pair_begin();
}

static void
end(void)
{
	tls_pair_end(server);
}

CU_TestInfo unit_tests[] = {
	{"keys and certificates are made and loaded", begin},
	{"files go out by the kernel's TLS", files_go_out_by_the_kernel},
	{"uploads and control connections stay in user space",
		others_stay_in_user_space},
	{"tickets and cuts beside the kernel's TLS", tickets_and_cuts},
	{"uploads come whole beside the kernel's TLS", uploads_come_whole},
	{"all of it can be freed", end},
	CU_TEST_INFO_NULL,
};
