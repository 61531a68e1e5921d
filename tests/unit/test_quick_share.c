/*
 * test_quick_share.c - options, addresses and files of sureftpd --share.
 */
#include "common/base.h"
#include "daemon/quick_share/quick_options.h"

#include "common/accounts/accounts_file.h"
#include "common/password_hash.h"
#include "common/permissions.h"
#include "daemon/quick_share/quick_address.h"
#include "daemon/quick_share/quick_code.h"
#include "daemon/quick_share/quick_files.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const unit_name = "quick_share";

static struct quick_options options;

/* What the parser says goes to nobody. */
static int
parse(const char *const *words)
{
	char *argv[8] = { (char *)(uintptr_t)"--share" };
	int argc = 1;

	for (; *words != NULL; words++)
		argv[argc++] = (char *)(uintptr_t)*words;
	FILE *kept = stderr;
	stderr = fopen("/dev/null", "we");
	int status = quick_options_parse(&options, argc, argv);
	fclose(stderr);
	stderr = kept;
	return status;
}

#define PARSE(...) \
	parse((const char *const[]){ __VA_ARGS__ __VA_OPT__(,) NULL })

static void
test_options(void)
{
	CU_ASSERT_EQUAL(PARSE(), -1);
	CU_ASSERT_STRING_EQUAL(options.directory, ".");
	CU_ASSERT_PTR_NULL(options.user);
	CU_ASSERT(!options.writable && !options.require_tls);
	CU_ASSERT_EQUAL(options.port, 0);
	CU_ASSERT(!address_is_set(&options.address));
	CU_ASSERT_EQUAL(PARSE("-w", "-p", "8021", "-i", "::1", "dir"), -1);
	CU_ASSERT_STRING_EQUAL(options.directory, "dir");
	CU_ASSERT(options.writable);
	CU_ASSERT_EQUAL(options.port, 8021);
	CU_ASSERT_EQUAL(address_family(&options.address), AF_INET6);
	CU_ASSERT_EQUAL(PARSE("--user", "a.b-c_9", "--password", "--tls"), -1);
	CU_ASSERT_STRING_EQUAL(options.user, "a.b-c_9");
	CU_ASSERT(options.ask_password && options.require_tls);
}

static void
test_wrong_options(void)
{
	static const char *const names[] = { "", "-x", ".", "..", "a/b", "a b",
		"a]", "a\nb", "root", "ROOT", "\xc3\xa9",
		"123456789012345678901234567890123" };
	static const char *const ports[] = { "", "0", "65536", "21x", "-1" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CU_ASSERT_EQUAL(PARSE("--user", names[i]), EX_USAGE);
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
		CU_ASSERT_EQUAL(PARSE("-p", ports[i]), EX_USAGE);
	CU_ASSERT_EQUAL(PARSE("-d", "one", "two"), EX_USAGE);
	CU_ASSERT_EQUAL(PARSE("--password"), EX_USAGE);
	CU_ASSERT_EQUAL(PARSE("-i", "example.org"), EX_USAGE);
}

static void
test_addresses(void)
{
	struct quick_addresses found;
	struct address a;
	BUFFER(url, QUICK_ADDRESS_URL);

	CU_ASSERT_EQUAL(address_parse(&a, "192.0.2.7"), 0);
	CU_ASSERT_EQUAL(quick_address_list(&found, &a), 0);
	CU_ASSERT_EQUAL(found.count, 1);
	quick_address_url(&url, &found.list[0], 2121, NULL);
	CU_ASSERT_STRING_EQUAL(buffer_text(&url), "ftp://192.0.2.7:2121/");
	CU_ASSERT_EQUAL(address_parse(&a, "2001:db8::1"), 0);
	buffer_clear(&url);
	quick_address_url(&url, &a, 21, "anna");
	CU_ASSERT_STRING_EQUAL(buffer_text(&url),
		"ftp://anna@[2001:db8::1]:21/");
	/* Of this host: loopback comes last. */
	address_clear(&a);
	CU_ASSERT_EQUAL(quick_address_list(&found, &a), 0);
	bool loopback = false;
	for (size_t i = 0; i < found.count; i++) {
		bool this = address_in_network(&found.list[i],
			"127.0.0.0/8") == 1 ||
			address_in_network(&found.list[i], "::1") == 1;
		CU_ASSERT(this || !loopback);
		loopback = loopback || this;
	}
}

static void
test_files(void)
{
	const struct quick_account account = { "guest", "nobody", "secret",
		true };
	struct quick_files f;
	struct file_account a;
	struct stat st;
	BUFFER(reason, 256);

	CU_ASSERT_EQUAL(setenv("XDG_RUNTIME_DIR", "/not plain", 1), 0);
	CU_ASSERT_EQUAL(quick_files_open(&f, "/shared %h"), 0);
	CU_ASSERT_EQUAL(strncmp(f.base, "/tmp/", 5), 0);
	CU_ASSERT(stat(f.base, &st) == 0 && (st.st_mode & 07777) == 0700);
	CU_ASSERT_EQUAL(quick_files_write_account(&f, &account), 0);
	CU_ASSERT_EQUAL(accounts_file_find(f.path[QUICK_ACCOUNTS], "guest",
		&a, &reason), 1);
	CU_ASSERT_STRING_EQUAL(buffer_text(&reason), "");
	CU_ASSERT_STRING_EQUAL(a.account, "nobody");
	CU_ASSERT(password_hash_matches(a.hash, "secret"));
	file_account_clear(&a);
	int fd = quick_files_listen(&f);
	CU_ASSERT(fd >= 0);
	close(fd);
	char base[sizeof(f.base)];
	memcpy(base, f.base, sizeof(base));
	quick_files_remove(&f);
	CU_ASSERT_NOT_EQUAL(access(base, F_OK), 0);
}

static void
test_code(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT(!quick_code_print("ftp://192.0.2.7:2121/", 20, out));
	fflush(out);
	CU_ASSERT_EQUAL(size, 0);
	CU_ASSERT(quick_code_print("ftp://192.0.2.7:2121/", 80, out));
	fclose(out);
	/* 25 modules and the margin, two in a line. */
	size_t lines = 0;
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	CU_ASSERT_EQUAL(lines, (25 + 4 + 1) / 2);
	free(text);
}

CU_TestInfo unit_tests[] = {
	{ "options", test_options },
	{ "wrong options", test_wrong_options },
	{ "addresses", test_addresses },
	{ "temporary files", test_files },
	{ "QR code", test_code },
	CU_TEST_INFO_NULL,
};
