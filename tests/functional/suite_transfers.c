/*
 * suite_transfers.c - files up and down: modes, sizes, offsets, ASCII.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sys/stat.h>

const char *const functional_name = "transfers";

static const char *const mode_names[FTP_MODES] = { "EPSV", "PASV", "EPRT",
	"PORT" };

/* RETR `name` gives exactly this. */
static bool
check_download(struct ftp *c, const char *name, const char *data, size_t len)
{
	size_t got = 0;
	char *copy = ftp_get(c, &got, "RETR %s", name);
	bool same = copy != NULL && got == len && memcmp(copy, data, len) == 0;

	CHECK_SAYS(same, "RETR %s in %s: %zu bytes of %zu, %s", name,
		mode_names[c->mode], got, len, c->text);
	EXPECT_WAS(c, 226);
	free(copy);
	return same;
}

static void
round_trips(struct ftp *c)
{
	static const size_t sizes[] = { 0, 1, 4095, 65536, 65537, 1000003 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *data = files_pattern(sizes[i]);
		CHECK_NUMBER(ftp_put(c, data, sizes[i], "STOR f"), 226);
		CHECK_SAYS(files_same("/home/anna/f", data, sizes[i]),
			"%zu bytes in %s differ", sizes[i],
			mode_names[c->mode]);
		check_download(c, "f", data, sizes[i]);
		EXPECT(c, 250, "DELE f");
		free(data);
	}
}

static void
test_every_mode(void)
{
	static const char *const servers[] = { FTP_HOST, "::1", WORLD_IPV4,
		WORLD_IPV6 };
	struct server s;
	struct ftp c;

	if (!SERVER(&s))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++) {
		bool v6 = strchr(servers[i], ':') != NULL;
		if (!ftp_enter_to(&c, servers[i], NULL, "anna"))
			return;
		EXPECT(&c, 200, "TYPE I");
		for (int mode = 0; mode < FTP_MODES; mode++) {
			if (v6 && (mode == FTP_PASV || mode == FTP_PORT))
				continue;
			c.mode = (enum ftp_mode)mode;
			round_trips(&c);
		}
		ftp_close(&c);
	}
	server_stop(&s);
}

static void
test_large_file(void)
{
	size_t len = 32 << 20;
	char *data = files_pattern(len);
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		goto out;
	EXPECT(&c, 200, "TYPE I");
	for (int mode = 0; mode < FTP_MODES; mode += 2) {
		c.mode = (enum ftp_mode)mode;
		CHECK_NUMBER(ftp_put(&c, data, len, "STOR big"), 226);
		CHECK(files_same("/home/anna/big", data, len));
		check_download(&c, "big", data, len);
	}
	ftp_close(&c);
	server_stop(&s);
out:
	free(data);
}

/* Offsets beyond 32 bits, in a file with holes. */
static void
test_offsets_beyond_4_gigabytes(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "", 0);
	CHECK(truncate("/home/anna/f", 5000000000) == 0);
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 213, "SIZE f");
	CHECK_TEXT(c.text, "213 5000000000");
	EXPECT(&c, 350, "REST 4999999990");
	check_download(&c, "f", "\0\0\0\0\0\0\0\0\0\0", 10);
	CHECK_NUMBER(ftp_put(&c, "tail", 4, "APPE f"), 226);
	EXPECT(&c, 350, "REST 5000000000");
	check_download(&c, "f", "tail", 4);
	EXPECT(&c, 350, "REST 5000000002");
	CHECK_NUMBER(ftp_put(&c, "XY", 2, "STOR f"), 226);
	EXPECT(&c, 350, "REST 5000000000");
	check_download(&c, "f", "taXY", 4);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_append(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	CHECK_NUMBER(ftp_put(&c, "one", 3, "APPE f"), 226);
	CHECK_NUMBER(ftp_put(&c, "two", 3, "APPE f"), 226);
	CHECK(files_same("/home/anna/f", "onetwo", 6));
	EXPECT(&c, 350, "REST 6");
	CHECK_NUMBER(ftp_put(&c, "3", 1, "APPE f"), 226);
	CHECK(files_same("/home/anna/f", "onetwo3", 7));
	CHECK_NUMBER(ftp_put(&c, "s", 1, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "s", 1));
	ftp_close(&c);
	server_stop(&s);
}

static void
test_unique_names(void)
{
	struct server s;
	struct ftp c;
	char name[300], path[400];

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	files_write_as("anna", "/home/anna/f", "old", 3);
	for (int i = 0; i < 3; i++) {
		if (ftp_start(&c, i == 2 ? "STOU" : "STOU f") != 150)
			break;
		/* RFC 1123 4.1.2.9: "150 FILE: name". */
		const char *at = strstr(c.text, "FILE: ");
		CHECK_HAS(c.text, "FILE: ");
		snprintf(name, sizeof(name), "%.250s",
			at != NULL ? at + 6 : "missing");
		ftp_data_send(&c, "new", 3);
		CHECK_NUMBER(ftp_finish(&c), 226);
		/* Perl's Net::FTP reads the name from the 226. */
		snprintf(path, sizeof(path), " (unique file name: %s).", name);
		CHECK_HAS(c.text, path);
		snprintf(path, sizeof(path), "/home/anna/%s", name);
		CHECK(files_same(path, "new", 3));
	}
	CHECK(files_same("/home/anna/f", "old", 3));
	EXPECT_WAS(&c, 226);
	/* A new file cannot be resumed. */
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 2");
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOU f"), 554);
	CHECK_NUMBER(ftp_put(&c, "new", 3, "STOU f"), 226);
	/* There is room for what is added, and no half character. */
	memset(name, 'n', 255);
	memcpy(name + 244, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9);
	name[255] = '\0';
	CHECK_NUMBER(ftp_start(&c, "STOU %s", name), 150);
	CHECK(ftp_data_send(&c, "new", 3));
	CHECK_NUMBER(ftp_finish(&c), 226);
	EXPECT(&c, 550, "STAT %s", name);
	EXPECT(&c, 213, "STAT nnn*");
	snprintf(path, sizeof(path), " %.244s.", name);
	CHECK_HAS(c.text, path);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_restart(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	files_write_as("anna", "/home/anna/f", "0123456789", 10);
	EXPECT(&c, 350, "REST 4");
	check_download(&c, "f", "456789", 6);
	/* REST applies to one transfer. */
	check_download(&c, "f", "0123456789", 10);
	EXPECT(&c, 350, "REST 10");
	check_download(&c, "f", "", 0);
	EXPECT(&c, 350, "REST 8");
	CHECK_NUMBER(ftp_put(&c, "ABC", 3, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "01234567ABC", 11));
	/* What follows stays: clients change parts of files, or send the parts
	 * of one file over several connections. */
	EXPECT(&c, 350, "REST 2");
	CHECK_NUMBER(ftp_put(&c, "x", 1, "STOR f"), 226);
	CHECK(files_same("/home/anna/f", "01x34567ABC", 11));
	/* Rule R4: any other command cancels it. */
	EXPECT(&c, 350, "REST 1");
	EXPECT(&c, 250, "CWD /home/anna");
	check_download(&c, "f", "01x34567ABC", 11);
	EXPECT(&c, 350, "REST 1");
	EXPECT(&c, 550, "RETR missing");
	check_download(&c, "f", "01x34567ABC", 11);
	/* Questions change nothing. */
	EXPECT(&c, 350, "REST 8");
	EXPECT(&c, 257, "PWD");
	EXPECT(&c, 213, "SIZE f");
	check_download(&c, "f", "ABC", 3);
	/* The last REST applies. */
	EXPECT(&c, 350, "REST 1");
	EXPECT(&c, 350, "REST 0");
	check_download(&c, "f", "01x34567ABC", 11);
	ftp_close(&c);
	server_stop(&s);
}

static void
test_restart_beyond_the_end(void)
{
	static const char *const lines[] = { "STOR f", "RETR f", "STOR new" };
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	files_write_as("anna", "/home/anna/f", "0123456789", 10);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		EXPECT(&c, 350, "REST 11");
		EXPECT(&c, 554, "%s", lines[i]);
		EXPECT(&c, 350, "REST 9223372036854775807");
		EXPECT(&c, 554, "%s", lines[i]);
	}
	CHECK(files_same("/home/anna/f", "0123456789", 10));
	CHECK(!files_exist("/home/anna/new"));
	/* In ASCII offsets are not supported (RFC 3659 5.3). */
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 504, "REST 5");
	EXPECT(&c, 350, "REST 0");
	/* Nor by a change of TYPE after REST. */
	EXPECT(&c, 200, "TYPE I");
	EXPECT(&c, 350, "REST 5");
	EXPECT(&c, 200, "TYPE A");
	EXPECT(&c, 554, "RETR f");
	ftp_close(&c);
	server_stop(&s);
}

static void
test_ascii(void)
{
	static const struct {
		const char *file, *wire;
	} down[] = {
		{ "", "" }, { "\n", "\r\n" }, { "a\nb\n", "a\r\nb\r\n" },
		{ "a\r\nb\n", "a\r\nb\r\n" }, { "no end", "no end" },
		{ "\r", "\r" }, { "\n\n\n", "\r\n\r\n\r\n" },
	}, up[] = {
		{ "", "" }, { "\n", "\r\n" }, { "a\nb\n", "a\r\nb\r\n" },
		{ "\r", "\r" }, { "a\rb\n", "a\rb\r\n" }, { "\r\n", "\r\r\n" },
		{ "a\nb", "a\nb" },
	};
	struct server s;
	struct ftp c;

	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE A");
	for (size_t i = 0; i < ARRAY_SIZE(down); i++) {
		files_write_as("anna", "/home/anna/f", down[i].file,
			strlen(down[i].file));
		check_download(&c, "f", down[i].wire, strlen(down[i].wire));
	}
	for (size_t i = 0; i < ARRAY_SIZE(up); i++) {
		CHECK_NUMBER(ftp_put(&c, up[i].wire, strlen(up[i].wire),
				     "STOR u"), 226);
		CHECK_SAYS(files_same("/home/anna/u", up[i].file,
				   strlen(up[i].file)), "row %zu", i);
	}
	ftp_close(&c);
	server_stop(&s);
}

/* Line ends at every place relative to any power-of-two buffer. */
static void
test_ascii_at_borders(void)
{
	size_t len = 300000, wire_len = 0;
	char *file = malloc(len), *wire = malloc(2 * len);
	struct server s;
	struct ftp c;

	if (file == NULL || wire == NULL)
		abort();
	for (size_t i = 0; i < len; i++) {
		file[i] = i % 3 == 0 || i % 7 == 0 ? '\n' : 'x';
		if (file[i] == '\n')
			wire[wire_len++] = '\r';
		wire[wire_len++] = file[i];
	}
	if (SERVER(&s) && ftp_enter(&c, "anna")) {
		EXPECT(&c, 200, "TYPE A");
		CHECK_NUMBER(ftp_put(&c, wire, wire_len, "STOR f"), 226);
		CHECK(files_same("/home/anna/f", file, len));
		check_download(&c, "f", wire, wire_len);
		ftp_close(&c);
		server_stop(&s);
	}
	free(file);
	free(wire);
}

static void
test_many_transfers_in_one_session(void)
{
	struct server s;
	struct ftp c;

	if (!SERVER(&s, "listener.passive_ports=20000-20003") ||
	    !ftp_enter(&c, "anna"))
		return;
	EXPECT(&c, 200, "TYPE I");
	for (int i = 0; i < 200; i++) {
		c.mode = (enum ftp_mode)(i % FTP_MODES);
		if (ftp_put(&c, "x", 1, "STOR f%d", i % 10) != 226 ||
		    !check_download(&c, "f0", "x", 1))
			break;
	}
	EXPECT_WAS(&c, 226);
	ftp_close(&c);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "up and down in EPSV, PASV, EPRT and PORT, IPv4 and IPv6",
		test_every_mode },
	{ "a large file arrives byte for byte", test_large_file },
	{ "offsets beyond four gigabytes", test_offsets_beyond_4_gigabytes },
	{ "APPE adds at the end", test_append },
	{ "STOU chooses a new name and replies with it", test_unique_names },
	{ "REST resumes downloads and uploads, once", test_restart },
	{ "REST beyond the end is refused before the file is touched",
		test_restart_beyond_the_end },
	{ "ASCII converts line ends in both directions", test_ascii },
	{ "ASCII at buffer boundaries", test_ascii_at_borders },
	{ "two hundred transfers on four ports in one session",
		test_many_transfers_in_one_session },
	CU_TEST_INFO_NULL,
};
