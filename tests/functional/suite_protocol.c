/*
 * suite_protocol.c - the protocol where clients and file systems are odd: names
 * of any bytes, files of any size, commands of RFC 2228, transfers between two
 * servers, and the options of the sockets.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/crc32.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/lists.h"
#include "tests/functional/network.h"
#include "tests/functional/procs.h"
#include "tests/functional/sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

const char *const functional_name = "protocol";

#define HOME   "/home/anna/"
#define CLIENT "127.0.0.5"

/* --- names */

static void
check_name(struct ftp *c, const char *name)
{
	char path[512], line[600];

	snprintf(path, sizeof(path), HOME "%s", name);
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR %s", name), 226);
	CHECK_SAYS(files_same(path, "x", 1), "%s is not there", path);
	snprintf(line, sizeof(line), "%s\r\n", name);
	CHECK_LISTING(c, "NLST", line);
	char *text = lists_get(c, "MLSD");
	CHECK_SAYS(strstr(text, line) != NULL, "MLSD: %s", text);
	free(text);
	text = lists_get(c, "LIST");
	CHECK_SAYS(strstr(text, line) != NULL, "LIST: %s", text);
	free(text);
	EXPECT(c, 213, "SIZE %s", name);
	EXPECT(c, 250, "MLST %s", name);
	EXPECT(c, 350, "RNFR %s", name);
	EXPECT(c, 250, "RNTO %s", name);
	EXPECT(c, 250, "DELE %s", name);
	CHECK(!files_exist(path));
}

/* Whatever a client takes for a name. */
static void
test_names(void)
{
	static const char *const names[] = {
		"gr\xc3\xbc\xc3\x9f" "e",	/* UTF-8 */
		"gr\xfc\xdf" "e",		/* Latin-1 */
		"\x95\x5c",			/* Shift-JIS */
		"a\xc0\xaf" "b",		/* an overlong slash */
		"\xed\xa0\x80",			/* a surrogate */
		"\xf0\x9f\x98\x80",		/* beyond 16 bits */
		"\xe2\x80\xaetxt.exe",		/* right to left */
		"a\xcc\x88",			/* a combining character */
		"\xef\xbb\xbf" "bom",
		" a  b ", "-rf", "--", "~", "*", "[a", "a;b|c&d$(e)`f`",
		"\"quoted\" 'name'", "%s%n", "\\", "type=file; x",
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		check_name(&c, names[i]);
	char longest[256] = "";
	memset(longest, 'n', 255);
	check_name(&c, longest);
	ftp_close(&c);
	server_stop(&s);
}

/* No client gets another reply, because some disconnect then. */
static void
test_opts_utf8(void)
{
	static const char *const lines[] = { "OPTS UTF8", "OPTS UTF8 ON",
		"OPTS UTF8 OFF", "OPTS UTF8 NLST", "OPTS utf8 on",
		"OPTS UTF-8 ON" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	for (int after = 0; after < 2; after++) {
		for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
			EXPECT(&c, 200, "%s", lines[i]);
		EXPECT(&c, 211, "FEAT");
		CHECK_HAS(c.text, "\n UTF8\n");
		if (after == 0)
			CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* --- commands that are not served */

static void
check_security(struct ftp *c, bool tls)
{
	static const struct {
		const char *line;
		int tls, clear;
	} rows[] = {
		{ "ADAT eA==", 503, 502 }, { "MIC eA==", 537, 502 },
		{ "CONF eA==", 537, 502 }, { "ENC eA==", 537, 502 },
		{ "PBSZ 0", 200, 502 }, { "PROT S", 536, 502 },
		{ "PROT E", 536, 502 }, { "PROT X", 504, 502 },
		/* Of other RFCs */
		{ "COMB a b", 500, 500 }, { "SMNT /", 502, 502 },
		{ "LPRT 4,4,127,0,0,1,2,8,0", 502, 502 }, { "LPSV", 502, 502 },
		{ "SSCN ON", 502, 502 }, { "CPSV", 502, 502 },
		{ "PRET LIST", 502, 502 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT(c, tls ? rows[i].tls : rows[i].clear, "%s",
			rows[i].line);
	EXPECT(c, 200, "NOOP");
	/* PBSZ and PROT have changed nothing. */
	CHECK_NUMBER(ftp_put(c, "x", 1, "STOR f"), 226);
}

static void
test_security_without_tls(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	check_security(&c, false);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_security_with_tls(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s) || !ftps_enter(&t, "anna"))
		return;
	check_security(&t.c, true);
	ftp_close(&t.c);
	server_stop(&s);
}

/* --- a file of 4 TiB */

#define FAR ((off_t)1 << 42)

static bool
make_sparse(void)
{
	int fd = open(HOME "sparse", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	bool made = CHECK(fd >= 0) &&
		CHECK(pwrite(fd, "the end", 7, FAR) == 7) &&
		CHECK(files_give(HOME "sparse", "anna"));

	close(fd);
	return made;
}

static void
test_sparse(void)
{
	uint32_t crc = crc32_add(0, "the end", 7);
	struct server s;
	struct ftp c;
	size_t len = 0;

	if (!SERVER(&s) || !ftp_enter(&c, "anna") || !make_sparse())
		return;
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE sparse");
	CHECK_TEXT(c.text, "213 4398046511111");
	EXPECT(&c, 250, "MLST sparse");
	CHECK_HAS(c.text, "size=4398046511111;");
	char *text = lists_get(&c, "LIST sparse");
	CHECK_HAS(text, " 4398046511111 ");
	free(text);
	EXPECT(&c, 350, "REST 4398046511104");
	text = ftp_get(&c, &len, "RETR sparse");
	CHECK(text != NULL && len == 7 && memcmp(text, "the end", 7) == 0);
	free(text);
	EXPECT(&c, 350, "RANG 4398046511108 4398046511109");
	text = ftp_get(&c, &len, "RETR sparse");
	CHECK(text != NULL && len == 2 && memcmp(text, "en", 2) == 0);
	free(text);
	EXPECT(&c, 250, "XCRC sparse 4398046511104 4398046511111");
	char expected[32];
	snprintf(expected, sizeof(expected), "%08" PRIx32, crc);
	CHECK_HAS(c.text, expected);
	/* The whole is more than max_hash_size. */
	EXPECT(&c, 550, "XCRC sparse");
	EXPECT(&c, 350, "REST 4398046511111");
	CHECK_NUMBER(ftp_put(&c, "!", 1, "STOR sparse"), 226);
	EXPECT(&c, 213, "SIZE sparse");
	CHECK_TEXT(c.text, "213 4398046511112");
	EXPECT(&c, 350, "REST 4398046511113");
	EXPECT(&c, 554, "RETR sparse");
	ftp_close(&c);
	server_stop(&s);
}

/* --- FXP */

static int
read_reply(struct ftp *c, int last)
{
	while (ftp_reply(c) > 0 && c->code != last && c->code < 200)
		continue;
	return c->code;
}

/* A client at another address than both servers, which are one here. */
static void
test_fxp(void)
{
	struct server s;
	struct ftp from, to;

	if (!SERVER(&s, "listener.allow_fxp=127.0.0.1") ||
	    !ftp_enter_to(&from, FTP_HOST, CLIENT, "anna") ||
	    !ftp_enter_to(&to, FTP_HOST, CLIENT, "bert"))
		return;
	files_write_as("anna", HOME "f", "from server to server", 21);
	EXPECT(&from, 200, "TYPE I");
	EXPECT(&to, 200, "TYPE I");
	EXPECT(&to, 227, "PASV");
	uint16_t port = ftp_port(&to);
	EXPECT(&from, 200, "PORT 127,0,0,1,%u,%u", port >> 8, port & 255);
	CHECK(ftp_send_text(&to, "STOR g\r\n"));
	CHECK(ftp_send_text(&from, "RETR f\r\n"));
	CHECK_NUMBER(read_reply(&from, 226), 226);
	CHECK_NUMBER(read_reply(&to, 226), 226);
	CHECK(files_same("/home/bert/g", "from server to server", 21));
	/* A third host is in no list. */
	EXPECT(&from, 504, "PORT 127,0,0,9,%u,%u", port >> 8, port & 255);
	ftp_close(&from);
	ftp_close(&to);
	server_stop(&s);
}

/* Without it neither side takes part. */
static void
test_no_fxp(void)
{
	struct server s;
	struct ftp from, to;

	if (!SERVER(&s, "limits.data_connect_timeout=2") ||
	    !ftp_enter_to(&from, FTP_HOST, CLIENT, "anna") ||
	    !ftp_enter_to(&to, FTP_HOST, CLIENT, "bert"))
		return;
	files_write_as("anna", HOME "f", "x", 1);
	EXPECT(&to, 227, "PASV");
	uint16_t port = ftp_port(&to);
	EXPECT(&from, 504, "PORT 127,0,0,1,%u,%u", port >> 8, port & 255);
	EXPECT(&from, 504, "EPRT |1|127.0.0.1|%u|", port);
	EXPECT(&from, 425, "RETR f");
	/* Who connects from elsewhere than the client is not accepted. */
	int other = network_connect(FTP_HOST, port, "127.0.0.1");
	CHECK(other >= 0);
	EXPECT(&to, 425, "STOR g");
	close(other);
	CHECK(!files_exist("/home/bert/g"));
	ftp_close(&from);
	ftp_close(&to);
	server_stop(&s);
}

/* --- sockets */

static void
check_control(const char *process)
{
	int fd = sockets_borrow(procs_serving(process), 21);

	if (!CHECK_SAYS(fd >= 0, "%s has no control connection", process))
		return;
	CHECK_NUMBER(sockets_option(fd, IPPROTO_TCP, TCP_NODELAY) != 0, 1);
	CHECK_NUMBER(sockets_option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	close(fd);
}

/* S40: replies are not delayed, before the login and after it. */
static void
test_control_socket(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(ftp_connect(&c), 220);
	check_control(PROCS_GREETER);
	CHECK_NUMBER(ftp_login(&c, "anna", "anna-pass"), 230);
	EXPECT(&c, 200, "NOOP");
	check_control(PROCS_SESSION);
	ftp_close(&c);
	server_stop(&s);
}

/* The last messages of a handshake may be written one by one: none waits until
 * the client has acknowledged the one before. */
static void
test_data_handshake(void)
{
	struct server s;
	struct ftps t;

	files_write_as("anna", HOME "big", "", 0);
	CHECK(truncate(HOME "big", 64 << 20) == 0);
	if (!FTPS_SERVER(&s) ||
	    !ftps_enter_as(&t, "anna", TLS1_2_VERSION, FTPS_REUSE_LAST))
		return;
	for (int up = 0; up <= 1; up++) {
		CHECK_NUMBER(ftp_start(&t.c, up ? "STOR f" : "RETR big"), 150);
		int fd = sockets_borrow_peer(procs_serving(PROCS_SESSION),
			t.c.data);
		if (CHECK(fd >= 0))
			CHECK(sockets_option(fd, IPPROTO_TCP, TCP_NODELAY) > 0);
		close(fd);
		EXPECT(&t.c, 426, "ABOR");
		EXPECT_REPLY(&t.c, 226);
		ftp_data_close(&t.c);
	}
	ftp_close(&t.c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "names of any bytes pass unharmed", test_names },
	{ "OPTS UTF8 always gets 200", test_opts_utf8 },
	{ "commands of RFC 2228 and others, without TLS",
		test_security_without_tls },
	{ "commands of RFC 2228 and others, with TLS",
		test_security_with_tls },
	{ "a file of 4 TiB", test_sparse },
	{ "a transfer between two servers", test_fxp },
	{ "no transfer between two servers by default", test_no_fxp },
	{ "the options of control connections", test_control_socket },
	{ "TLS on data connections sends each message at once",
		test_data_handshake },
	CU_TEST_INFO_NULL,
};
