/*
 * suite_kernel_tls.c - downloads that the kernel encrypts (kTLS).
 *
 * It needs a kernel that has TLS, and fails under any other:
 * tests/lab/kernel_tls.sh boots one.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"

#include <fcntl.h>

const char *const functional_name = "kernel_tls";

#define LARGE ((size_t)100 << 20)

static const struct {
	int version;
	const char *cipher;	/* of TLS 1.2; the client chooses it */
	const char *suite;	/* of TLS 1.3; the server has only this one */
} ways[] = {
	{ TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", NULL },
	{ TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", NULL },
	{ TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305", NULL },
	{ TLS1_3_VERSION, NULL, "TLS_AES_128_GCM_SHA256" },
	{ TLS1_3_VERSION, NULL, "TLS_AES_256_GCM_SHA384" },
	{ TLS1_3_VERSION, NULL, "TLS_CHACHA20_POLY1305_SHA256" },
};

static bool
enter(struct ftps *t, int version, const char *cipher)
{
	ftps_init(t);
	t->version = version;
	t->ciphers = cipher;
	return ftps_enter(t, "anna") && EXPECT(&t->c, 200, "TYPE I");
}

/* Who encrypts a data connection is logged at debug, and nothing else there
 * says "TLS on the data connection: ". */
#define DEBUG "log.level=debug"
#define LINE  "debug session=* peer=127.0.0.1 user=anna session: TLS on the " \
	"data connection: "

/* The log says, since the mark, who encrypted a download like this one. */
static void
check_encrypted(const struct ftps *t, size_t mark, const char *where)
{
	CHECK_LOGGED(mark, LINE "%s, %s, resumed, encrypted %s",
		ftps_version(t), ftps_cipher(t), where);
}

/* RETR, from `offset`, must bring these bytes and a proper end. */
static bool
get_same(struct ftps *t, const char *data, size_t len, int64_t offset)
{
	size_t got = 0;

	if (offset > 0)
		EXPECT(&t->c, 350, "REST %lld", (long long)offset);
	char *copy = ftp_get(&t->c, &got, "RETR f");
	bool good = EXPECT_WAS(&t->c, 226) && CHECK_NUMBER(got, len) &&
		CHECK(copy != NULL && memcmp(copy, data, len) == 0) &&
		CHECK_NUMBER(t->data_last, FTPS_NOTIFIED);
	free(copy);
	return good;
}

/* How many data connections the log says are resumed and in the kernel. */
static size_t
count_logged(void)
{
	return logged_times(0, LINE "*, resumed, encrypted in the kernel");
}

/* How many connections this network's kernel has encrypted. */
static int64_t
kernel_count(void)
{
	int64_t count;
	char text[4096];
	ssize_t n = files_read("/proc/net/tls_stat", text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	const char *at = strstr(text, "\nTlsTxSw");
	if (at == NULL)
		return -1;
	at += strcspn(at, "0123456789");
	return text_number(at, strspn(at, "0123456789"), &count) == 0 ? count
								      : -1;
}

static void
test_every_cipher(void)
{
	char option[200];
	size_t len = 1000003;
	char *data = files_pattern(len);

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct server s;
		struct ftps t;

		snprintf(option, sizeof(option), "tls.ciphersuites=%s",
			ways[i].suite != NULL ? ways[i].suite : ways[3].suite);
		if (!FTPS_SERVER(&s, DEBUG, option) ||
		    !enter(&t, ways[i].version, ways[i].cipher))
			break;
		CHECK_NUMBER(ftp_put(&t.c, data, len, "STOR f"), 226);
		CHECK(files_same("/home/anna/f", data, len));
		int64_t before = kernel_count();
		size_t mark = logged_mark();
		get_same(&t, data, len, 0);
		check_encrypted(&t, mark, "in the kernel");
		CHECK_NUMBER(kernel_count(), before + 1);
		EXPECT(&t.c, 211, "STAT");
		CHECK_HAS(t.c.text, ", resumed, encrypted in the kernel.");
		ftp_close(&t.c);
		server_stop(&s);
	}
	free(data);
}

static void
test_large_file(void)
{
	char *data = files_pattern(LARGE);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, DEBUG))
		return;
	files_write_as("anna", "/home/anna/f", data, LARGE);
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	    version++) {
		if (!enter(&t, version, NULL))
			break;
		get_same(&t, data, LARGE, 0);
		/* Nonce and tag, or type and tag, are added to 16 KiB. */
		CHECK_NUMBER(t.longest_record, 16384 +
			(version == TLS1_2_VERSION ? 8 + 16 : 1 + 16));
		get_same(&t, data + LARGE - 17, 17, (int64_t)LARGE - 17);
		size_t mark = logged_mark();
		get_same(&t, data, 0, (int64_t)LARGE);
		check_encrypted(&t, mark, "in the kernel");
		ftp_close(&t.c);
	}
	CHECK_NUMBER(count_logged(), 6);
	server_stop(&s);
	free(data);
}

/* ASCII and listings are written, not sent from a file. */
static void
test_text(void)
{
	struct server s;
	struct ftps t;
	size_t len;

	if (!FTPS_SERVER(&s, DEBUG))
		return;
	files_write_as("anna", "/home/anna/f", "a\nb\n", 4);
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	    version++) {
		if (!enter(&t, version, NULL))
			break;
		EXPECT(&t.c, 200, "TYPE A");
		get_same(&t, "a\r\nb\r\n", 6, 0);
		char *list = ftp_get(&t.c, &len, "NLST");
		EXPECT_WAS(&t.c, 226);
		CHECK(list != NULL && strcmp(list, "f\r\n") == 0);
		free(list);
		ftp_close(&t.c);
	}
	CHECK_NUMBER(count_logged(), 4);
	server_stop(&s);
}

/* Offsets of more than 32 bits; holes are sent as zeros. */
static void
test_beyond_4_gib(void)
{
	static const char tail[] = "the tail";
	int64_t offset = ((int64_t)5 << 30) + 1;
	char data[4096 + sizeof(tail)] = { 0 };
	struct server s;
	struct ftps t;

	files_write_as("anna", "/home/anna/f", "", 0);
	int fd = open("/home/anna/f", O_WRONLY | O_CLOEXEC);
	CHECK_NUMBER(pwrite(fd, tail, sizeof(tail), offset), sizeof(tail));
	close(fd);
	memcpy(data + 4096, tail, sizeof(tail));
	if (!FTPS_SERVER(&s, DEBUG) || !enter(&t, 0, NULL))
		return;
	get_same(&t, data, sizeof(data), offset - 4096);
	check_encrypted(&t, 0, "in the kernel");
	ftp_close(&t.c);
	server_stop(&s);
}

/* What the kernel does not know, OpenSSL does. */
static void
test_other_cipher(void)
{
	static const char cipher[] = "ECDHE-RSA-AES128-SHA256";
	char *data = files_pattern(100000);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, DEBUG, "tls.ciphers=ECDHE+AES128+SHA256") ||
	    !enter(&t, TLS1_2_VERSION, cipher))
		return;
	CHECK_TEXT(ftps_cipher(&t), cipher);
	CHECK_NUMBER(ftp_put(&t.c, data, 100000, "STOR f"), 226);
	get_same(&t, data, 100000, 0);
	check_encrypted(&t, 0, "in user space");
	CHECK_NUMBER(logged_times(0, "*in the kernel*"), 0);
	ftp_close(&t.c);
	server_stop(&s);
	free(data);
}

/* A client that takes new keys asks for ours, too, which the kernel's TLS
 * cannot give: the download must be complete all the same. */
static void
test_aborts_and_new_keys(void)
{
	size_t len = 8 << 20, got = 0, n;
	char *data = files_pattern(len), *copy = malloc(len);
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, DEBUG) || copy == NULL)
		return;
	files_write_as("anna", "/home/anna/f", data, len);
	if (!enter(&t, TLS1_3_VERSION, NULL))
		return;
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	CHECK(ftp_data_read(&t.c, copy, 1000) > 0);
	EXPECT(&t.c, 426, "ABOR");
	EXPECT_REPLY(&t.c, 226);
	ftp_data_close(&t.c);
	CHECK_NUMBER(ftp_start(&t.c, "RETR f"), 150);
	do {
		n = ftp_data_read(&t.c, copy + got, len - got);
		if (got == 0)
			CHECK(ftps_key_update(&t));
		got += n;
	} while (n > 0 && got < len);
	CHECK_NUMBER(got, len);
	CHECK(memcmp(copy, data, len) == 0);
	CHECK_NUMBER(ftp_finish(&t.c), 226);
	CHECK_NUMBER(count_logged(), 2);
	ftp_close(&t.c);
	server_stop(&s);
	free(copy);
	free(data);
}

/* The control connection is never the kernel's, so that CCC can end its
 * TLS. */
static void
test_control(void)
{
	struct server s;
	struct ftps t;

	if (!FTPS_SERVER(&s, "tls.allow_ccc=yes"))
		return;
	files_write_as("anna", "/home/anna/f", "abc", 3);
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION;
	    version++) {
		if (!enter(&t, version, NULL))
			break;
		for (int i = 0; i < 5; i++)
			get_same(&t, "abc", 3, 0);
		EXPECT(&t.c, 211, "STAT");
		EXPECT(&t.c, 200, "CCC");
		CHECK(ftps_clear_control(&t));
		get_same(&t, "abc", 3, 0);
		ftp_close(&t.c);
	}
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "every cipher of TLS 1.2 and 1.3", test_every_cipher },
	{ "100 MiB, in full records, and its tail", test_large_file },
	{ "ASCII and listings", test_text },
	{ "REST beyond 4 GiB", test_beyond_4_gib },
	{ "a cipher that the kernel does not know", test_other_cipher },
	{ "ABOR, and new keys during a download", test_aborts_and_new_keys },
	{ "STAT, tickets and CCC on the control connection", test_control },
	CU_TEST_INFO_NULL,
};
