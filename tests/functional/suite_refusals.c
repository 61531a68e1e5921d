/*
 * suite_refusals.c - commands that are refused before their 150: immediately,
 * and without affecting the prepared data connection.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/clock.h"
#include "tests/functional/accounts.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/network.h"
#include "tests/functional/world.h"

#include <poll.h>
#include <sys/mount.h>
#include <sys/stat.h>

const char *const functional_name = "refusals";

/* --- immediate refusals */

static const char *const doomed[] = {
	"STOR missing/f", "APPE missing/f", "STOU missing/f",
	"STOR /home/f", "APPE /home/f", "STOU /home/f",
	"STOR shut/f", "APPE shut/f", "STOU shut/f",
	"STOR readonly/f", "APPE readonly/f", "STOU readonly/f",
	"STOR readonly/old", "APPE readonly/old",
	"STOR foreign", "APPE foreign",
	"STOR .", "APPE .", "STOR directory",
};

static void
make_places(void)
{
	files_mkdir_as("anna", "/home/anna/shut", 0500);
	files_mkdir_as("anna", "/home/anna/directory", 0700);
	files_mkdir_as("anna", "/home/anna/readonly", 0700);
	CHECK(world_mount("/home/anna/readonly",
		"size=1m,uid=1001,mode=700"));
	files_write_as("anna", "/home/anna/readonly/old", "x", 1);
	CHECK(mount(NULL, "/home/anna/readonly", NULL,
		MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0);
	files_write_as("bert", "/home/anna/foreign", "x", 1);
}

/* The refusal does not wait for a data connection. */
static void
check_doomed(struct ftp *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(doomed); i++) {
		int64_t before = clock_ms();
		EXPECT(c, 229, "EPSV");
		EXPECT(c, 550, "%s", doomed[i]);
		CHECK_SAYS(clock_ms() - before < 3000, "%s took %lld ms",
			doomed[i], (long long)(clock_ms() - before));
	}
}

static void
test_at_once(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "limits.data_connect_timeout=5") ||
	    !ftp_enter(&c, "anna"))
		return;
	make_places();
	check_doomed(&c);
	EXPECT(&c, 550, "STOR readonly/f");
	CHECK_HAS(c.text, "Read-only");
	EXPECT(&c, 550, "SITE MKDIR foreign/new");
	CHECK_TEXT(c.text, "550 Not a directory.");
	EXPECT(&c, 550, "SITE MKDIR foreign");
	CHECK_TEXT(c.text, "550 File exists.");
	/* A link that leads to where something may be made is no refusal. */
	CHECK(symlink("/home/anna/made", "/home/anna/shut/link") == 0);
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR shut/link"), 226);
	CHECK(files_same("/home/anna/made", "x", 1));
	ftp_close(&c);
	server_stop(&s);
}

/* Under TLS the 150 and a handshake would come first. */
static void
test_at_once_with_tls(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s, "limits.data_connect_timeout=5") ||
	    !ftps_enter(&t, "anna"))
		return;
	make_places();
	check_doomed(&t.c);
	CHECK_NUMBER(ftp_put(&t.c, "x", 1, "STOR f"), 226);
	ftp_close(&t.c);
	server_stop(&s);
}

/* --- the data connection is kept */

/* A data connection in the accept queue. */
static int
connected(struct ftp *c)
{
	int fd;

	EXPECT(c, 229, "EPSV");
	fd = network_connect(FTP_HOST, ftp_port(c), NULL);
	CHECK(fd >= 0);
	return fd;
}

/* It is unchanged after the refused command. */
static bool
is_quiet(struct ftp *c, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDHUP };

	EXPECT(c, 200, "NOOP");
	return poll(&p, 1, 0) == 0;
}

/* The same connection serves the next command that is not refused. */
static void
check_download(struct ftp *c, int fd)
{
	char data[16];

	EXPECT(c, 150, "RETR f");
	CHECK_NUMBER(recv(fd, data, sizeof(data), 0), 3);
	CHECK_NUMBER(recv(fd, data, sizeof(data), 0), 0);
	close(fd);
	EXPECT_REPLY(c, 226);
}

static void
check_connection_stays(const char *option)
{
	static const struct {
		const char *line;
		int code;
	} rows[] = {
		{ "RETR missing", 550 }, { "RETR directory", 550 },
		{ "STOR missing/f", 550 }, { "STOU missing/f", 550 },
		{ "STOR directory/", 550 }, { "STOU directory/", 550 },
		{ "STOR new/", 550 }, { "APPE new/", 550 },
		{ "STOR f/", 550 }, { "STOR /home/anna/new/", 550 },
		{ "LIST missing", 550 }, { "NLST missing", 550 },
		{ "LIST f/x", 550 }, { "NLST f/", 550 }, { "STAT f/x", 550 },
		{ "MLSD f", 501 }, { "ABOR", 226 }, { "PWD", 257 },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s, option) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "old", 3);
	files_mkdir_as("anna", "/home/anna/directory", 0700);
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int fd = connected(&c);
		EXPECT(&c, rows[i].code, "%s", rows[i].line);
		CHECK_SAYS(is_quiet(&c, fd), "%s closed the data connection",
			rows[i].line);
		check_download(&c, fd);
	}
	/* Several in a row, and the REST of the first is forgotten. */
	int fd = connected(&c);
	EXPECT(&c, 350, "REST 1");
	EXPECT(&c, 550, "RETR missing");
	EXPECT(&c, 350, "REST 9");
	EXPECT(&c, 554, "RETR f");
	check_download(&c, fd);
	/* Then it is used up. */
	EXPECT(&c, 425, "RETR f");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_connection_stays(void)
{
	check_connection_stays("session.atomic_uploads=no");
	check_connection_stays("session.atomic_uploads=yes");
}

/* ABOR that ends the wait for the connection, and 521. */
static void
test_listener_stays(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "old", 3);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 229, "EPSV");
	uint16_t port = ftp_port(&c);
	ftp_send_text(&c, "RETR f\r\nABOR\r\n");
	EXPECT_REPLY(&c, 426);
	EXPECT_REPLY(&c, 226);
	check_download(&c, network_connect(FTP_HOST, port, NULL));
	/* Another preparation closes it. */
	EXPECT(&c, 229, "EPSV");
	port = ftp_port(&c);
	EXPECT(&c, 227, "PASV");
	CHECK(network_connect(FTP_HOST, port, NULL) < 0);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_connection_stays_with_521(void)
{
	struct server s;
	struct ftps t;

	ftps_init(&t);
	if (!FTPS_SERVER(&s, "tls.require_tls=data") ||
	    !ftps_connect(&t) || !ftps_login(&t, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "old", 3);
	EXPECT(&t.c, 200, "TYPE I");
	/* Without TLS it is refused, whatever the client has prepared. */
	struct ftp c;
	if (!ftp_enter(&c, "anna"))
		return;
	int fd = connected(&c);
	EXPECT(&c, 521, "RETR f");
	CHECK(is_quiet(&c, fd));
	EXPECT(&c, 521, "LIST");
	CHECK(is_quiet(&c, fd));
	close(fd);
	ftp_close(&c);
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "refusals that need no data connection are immediate", test_at_once },
	{ "refusals are immediate, with TLS", test_at_once_with_tls },
	{ "a refusal keeps the prepared data connection",
		test_connection_stays },
	{ "ABOR keeps the prepared data connection", test_listener_stays },
	{ "521 keeps the prepared data connection",
		test_connection_stays_with_521 },
	CU_TEST_INFO_NULL,
};
