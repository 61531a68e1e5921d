/*
 * suite_explain_text.c - what sureftpd --explain-login prints.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sysexits.h>

const char *const functional_name = "explain_text";

/* The output other than verdicts. */
static void
test_tells_all(void)
{
	struct ctl_result r;
	char hash[PASSWORD_HASH_SIZE];

	CHECK_NUMBER(password_hash_new("ftp-only", hash), 0);
	files_write_text(SERVER_CONFIG, "[session]\numask = 027\n"
		"[group team]\nidle_timeout = 7\npermissions = el\n"
		"[user anna]\npermissions = elr\nmax_per_user = 3\n"
		"password_hash = ");
	files_append_text(SERVER_CONFIG, hash);
	files_append_text(SERVER_CONFIG, "\n");
	static const char *const arguments[] = { "-C", SERVER_CONFIG, "-o",
		"limits.data_timeout=9", "--explain-login", "anna", NULL };
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	static const char *const parts[] = {
		"Login of anna, without TLS:\n",
		"authentication     not checked: password, by password_hash\n",
		"networks           not checked: needs --from\n",
		"sessions           not checked: max_per_user = 3\n",
		"account            anna, uid 1001, gid 1001\n",
		"counted as         system 1001\n",
		"groups             anna team\n",
		"umask              027\n",
		"home               /home/anna\n",
		"permissions        elr\n",
		"permissions = elr                        "
			"(" SERVER_CONFIG ":7 [user anna])\n",
		"idle_timeout = 7s                        "
			"(" SERVER_CONFIG ":4 [group team])\n",
		"umask = 027                              "
			"(" SERVER_CONFIG ":2)\n",
		"data_timeout = 9s                        (-o)\n",
		"list_sort = name                         (default)\n",
		"Result: allowed\n",
	};
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		CHECK_HAS(r.out, parts[i]);
	CHECK_LACKS(r.out, hash);
	/* Checks after a denial are shown, too. */
	static const char *const expired[] = { "-C", SERVER_CONFIG,
		"--explain-login", "dora", NULL };
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, expired),
		EX_NOPERM);
	CHECK_HAS(r.out, "PAM account phase  DENIED (the reason): ");
	CHECK_HAS(r.out, "account            ok\n");
	CHECK_HAS(r.out, "home               /home/dora\n");
}

/* Names are escaped, and invalid ones are not looked up. */
static void
test_odd_names(void)
{
	static const char *const names[] = { "a\nb", "\x1b[2J", "", "%s%n" };
	struct ctl_result r;

	files_write_text(SERVER_CONFIG, "");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *const arguments[] = { "-C", SERVER_CONFIG,
			"--explain-login", names[i], NULL };
		CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL,
			arguments), EX_NOPERM);
		CHECK(strchr(r.out, '\x1b') == NULL);
		CHECK_HAS(r.out, "Result: denied\n");
	}
}

static void
test_misuse(void)
{
	static const char *const wrong[][6] = {
		{ "--explain-login", "anna", "--from", "host", NULL },
		{ "--from", "127.0.0.1", NULL },
		{ "--tls", NULL },
		{ "--explain-login", NULL },
		{ "--explain-login", "anna", "--check", NULL },
	};
	struct ctl_result r;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL,
			wrong[i]), EX_USAGE);
		CHECK(r.err[0] != '\0');
	}
}

/* No client can answer a module's question: this is not a denial. */
static void
test_question(void)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG, "-o",
		"auth.pam_service=asking", "--explain-login", "anna", NULL };
	struct ctl_result r;

	files_write_text(SERVER_CONFIG, "");
	files_write_text("/etc/pam.d/asking", "auth required pam_permit.so\n"
		"account required " WORLD_PLAYED " for=anna ask=Code: is=1\n"
		"session required pam_permit.so\n");
	CHECK_NUMBER(ctl_run_program(&r, WORLD_SERVER, NULL, arguments),
		EX_OK);
	CHECK_HAS(r.out, "PAM account phase  not checked: PAM asks the "
		"client\n");
	CHECK_HAS(r.out, "account            ok\n");
	CHECK_HAS(r.out, "Result: allowed\n");
}

static void
explain_anna(struct ctl_result *r)
{
	static const char *const arguments[] = { "-C", SERVER_CONFIG,
		"--explain-login", "anna", NULL };

	CHECK_NUMBER(ctl_run_program(r, WORLD_SERVER, NULL, arguments), EX_OK);
}

/* Where it is counted, or why nothing can be uploaded. */
static void
test_quota(void)
{
	struct ctl_result r;

	files_write_text(SERVER_CONFIG, "[quota]\nquota_bytes = 1M\n");
	explain_anna(&r);
	CHECK_HAS(r.out, "\n  quota              /home/anna\n");
	files_append_text(SERVER_CONFIG, "[user anna]\njail = /run\n");
	explain_anna(&r);
	CHECK_HAS(r.out, "\n  quota              cannot be used, uploads are "
		"refused: it is not inside the jail; set quota_root = jail\n");
	files_append_text(SERVER_CONFIG, "quota_root = jail\n");
	explain_anna(&r);
	CHECK_HAS(r.out, "\n  quota              /run\n");
	files_write_text(SERVER_CONFIG, "");
	explain_anna(&r);
	CHECK_LACKS(r.out, "\n  quota  ");
}

CU_TestInfo functional_tests[] = {
	{ "it shows identity, groups and the source of settings",
		test_tells_all },
	{ "where the quota is counted", test_quota },
	{ "special characters in names are escaped", test_odd_names },
	{ "a module that asks the client", test_question },
	{ "wrong options are reported", test_misuse },
	CU_TEST_INFO_NULL,
};
