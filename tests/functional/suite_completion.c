/*
 * suite_completion.c - bash completion of sureftpctl, and the commands check
 * and explain-login, which run sureftpd.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/settings/settings_table.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <sysexits.h>

const char *const functional_name = "completion";

#define SCRIPT "/run/world/complete.sh"

static struct ctl_result r;
static char completion[16384];

/* The file that is installed.  Read before the suite enters its world, in which
 * the repository is not accessible. */
__attribute__((constructor)) static void
load(void)
{
	FILE *file = fopen("etc/bash-completion/sureftpctl", "re");

	if (file == NULL)
		return;
	(void)!fread(completion, 1, sizeof(completion) - 1, file);
	fclose(file);
}

/* The completions that bash offers after these words, as one line. */
static void
complete(const char *words)
{
	static char script[32768];

	snprintf(script, sizeof(script), "PATH=/run/world:$PATH\n%s\n"
		"compopt() { :; }\nCOMP_WORDS=(sureftpctl %s)\n"
		"COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_sureftpctl\n"
		"echo \" ${COMPREPLY[*]} \"\n", completion, words);
	CHECK(files_write_text(SCRIPT, script));
	CHECK_NUMBER(ctl_run_program(&r, "/bin/bash", NULL,
		(const char *const[]){ SCRIPT, NULL }), 0);
	CHECK_TEXT(r.err, "");
}

#define OFFERS(words, wanted)                   \
	do {                                    \
		complete(words);                \
		CHECK_HAS(r.out, " " wanted " "); \
	} while (0)

static void
test_words(void)
{
	struct server s;
	struct ftp c;

	CHECK(completion[0] != '\0');
	OFFERS("''", "who");
	OFFERS("''", "explain-login");
	OFFERS("ki", "kick");
	CHECK_LACKS(r.out, "who");
	OFFERS("who --", "--wide");
	OFFERS("--socket /run/x who --", "--json");
	OFFERS("--", "--json");
	OFFERS("log level ''", "debug");
	OFFERS("set max_", "max_clients");
	OFFERS("passwd ''", "add");
	OFFERS("kick ''", "--all");
	if (!SERVER(&s) || !ftp_enter(&c, "anna"))
		return;
	OFFERS("kick ''", "1");
	OFFERS("kick --user ''", "anna");
	OFFERS("set download_rate 5k ''", "1");
	ftp_close(&c);
	server_stop(&s);
}

/* Every command and every option that usage names is completed. */
static void
test_all_commands(void)
{
	CHECK(completion[0] != '\0');
	CHECK_NUMBER(CTL(&r, "--help"), EX_OK);
	const char *at = strstr(r.out, "Commands:\n");
	size_t count = 0;

	CHECK(at != NULL);
	for (at = at == NULL ? "" : strchr(at, '\n') + 1; *at == ' ';
	     at = strchr(at, '\n') + 1) {
		char name[32];
		if (strncmp(at, "    ", 4) == 0)
			continue;
		snprintf(name, sizeof(name), "%.*s",
			(int)strcspn(at + 2, " "), at + 2);
		CHECK_SAYS(strstr(completion, name) != NULL,
			"%s is not completed", name);
		count++;
	}
	CHECK(count >= 12);
}

/* Every number of [limits] is listed by set, and completed. */
static void
test_limits(void)
{
	size_t count = 0;

	CHECK_NUMBER(CTL(&r, "set"), EX_OK);
	CHECK_HAS(r.out, "download_rate\n");
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		char line[64];
		const struct settings_row *row = &settings_table[i];
		if (strcmp(row->section, "limits") != 0 ||
			row->kind != SETTINGS_NUMBER)
			continue;
		snprintf(line, sizeof(line), "\n%s\n", row->key);
		CHECK_HAS(r.out, line);
		count++;
	}
	CHECK(count > 3);
	OFFERS("set max_per_", "max_per_user");
	CHECK_LACKS(r.out, "max_clients");
}

static void
test_check(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "check"), EX_OK);
	CHECK_HAS(r.out, SERVER_CONFIG ": OK");
	server_configure("[nonsense]\n");
	CHECK_NUMBER(CTL(&r, "check"), EX_CONFIG);
	CHECK_HAS(r.err, "nonsense");
	CHECK(files_write_text("/tmp/other.conf", "[limits]\n"));
	CHECK_NUMBER(CTL(&r, "check", "--config", "/tmp/other.conf"), EX_OK);
	CHECK_HAS(r.out, "/tmp/other.conf: OK");
	server_stop(&s);
	/* Without a server, of the file named. */
	CHECK_NUMBER(CTL(&r, "check", "-C", "/tmp/other.conf"), EX_OK);
	CHECK_NUMBER(CTL(&r, "check", "-C", "/tmp/missing.conf"), EX_CONFIG);
}

static void
test_explain(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK_NUMBER(CTL(&r, "explain-login", "anna", "--from", "192.0.2.7"),
		EX_OK);
	CHECK_HAS(r.out, "anna");
	CHECK(CTL(&r, "explain-login", "dora") != EX_OK);
	CHECK_NUMBER(CTL(&r, "explain-login"), EX_USAGE);
	CHECK_NUMBER(CTL(&r, "explain-login", "anna", "bert"), EX_USAGE);
	server_stop(&s);
}

CU_TestInfo functional_tests[] = {
	{ "words, options, sessions and accounts", test_words },
	{ "all commands are completed", test_all_commands },
	{ "all limits are completed", test_limits },
	{ "check: the running server's file, or another", test_check },
	{ "explain-login", test_explain },
	CU_TEST_INFO_NULL,
};
