/*
 * suite_explain.c - sureftpd --explain-login predicts what really happens.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/password_hash.h"
#include "tests/functional/accounts.h"
#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/ftps.h"
#include "tests/functional/ftps_certs.h"
#include "tests/functional/world.h"

#include <sys/stat.h>
#include <sysexits.h>

const char *const functional_name = "explain";

#define ACCOUNTS "/etc/sureftpd/accounts"
#define OPTIONS 6
#define CASES 24

struct attempt {
	const char *user, *password, *from;
	bool tls, allowed;
	const char *word;	/* of the first denial's line */
};

/* A configuration, and logins that are first explained and then tried. */
struct scene {
	const char *options[OPTIONS];
	const char *lines;	/* of the file, or NULL */
	struct attempt attempts[CASES];
};

/* Run the program with the server's own settings. */
static int
explain(struct ctl_result *r, const struct scene *scene,
	const struct attempt *a)
{
	const char *arguments[3 + 2 * OPTIONS + 8] = { "-C", SERVER_CONFIG };
	size_t n = 2;

	for (size_t i = 0; scene->options[i] != NULL; i++) {
		arguments[n++] = "-o";
		arguments[n++] = scene->options[i];
	}
	arguments[n++] = "--explain-login";
	arguments[n++] = a->user;
	arguments[n++] = "--from";
	arguments[n++] = a->from != NULL ? a->from : FTP_HOST;
	if (a->tls)
		arguments[n++] = "--tls";
	return ctl_run_program(r, WORLD_SERVER, NULL, arguments);
}

static bool
log_in(const struct attempt *a)
{
	struct ftps t;

	ftps_init(&t);
	t.from = a->from;
	if (a->tls)
		CHECK(ftps_connect(&t));
	else
		CHECK_NUMBER(ftp_connect_to(&t.c, FTP_HOST, a->from), 220);
	bool in = ftp_login(&t.c, a->user, a->password) == 230;
	ftp_close(&t.c);
	return in;
}

static void
try_attempt(const struct scene *scene, const struct attempt *a)
{
	struct ctl_result r;
	int status = explain(&r, scene, a);
	bool in = log_in(a);

	CHECK_SAYS(in == a->allowed, "%s is %s", a->user,
		in ? "in" : "refused");
	CHECK_SAYS(status == (in ? EX_OK : EX_NOPERM),
		"%s is %s, but the explanation has status %d: %.600s%.200s",
		a->user, in ? "in" : "refused", status, r.out, r.err);
	const char *denial = ctl_line_with(r.out, "DENIED (the reason)");
	if (in)
		CHECK_TEXT(denial, "");
	else if (a->word != NULL)
		CHECK_HAS(denial, a->word);
}

/* The number of login attempts. */
static size_t
play(const struct scene *scene)
{
	struct server s;
	size_t n = 0;

	if (scene->lines != NULL)
		server_configure(scene->lines);
	ftps_certs_configure();
	chmod(SERVER_CONFIG, 0600);
	if (!server_start(&s, scene->options))
		return 0;
	for (; n < CASES && scene->attempts[n].user != NULL; n++)
		try_attempt(scene, &scene->attempts[n]);
	server_stop(&s);
	/* Both files are written for the next scene. */
	unlink(SERVER_CONFIG);
	unlink(CERTS "ec.pem");
	return n;
}

#define JAN "  a \"b\" %s \xc3\xa9\xff\xff "

static const struct scene scenes[] = {
	{ { NULL }, NULL, {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "anna", "anna-pass", NULL, true, true, NULL },
		{ "bert", "bert-pass", "127.0.0.9", false, true, NULL },
		{ "jan", JAN, NULL, false, true, NULL },
		{ "root", "rootpass", NULL, false, false, "user lists" },
		{ "carl", "carl-pass", NULL, false, false, "shell" },
		{ "dora", "dora-pass", NULL, false, false,
			"PAM account phase" },
		{ "eve", "eve-pass", NULL, false, false, "expired" },
		{ "finn", "finn-pass", NULL, false, false, "home" },
		{ "iris", "iris-pass", NULL, false, false, "home" },
		{ "nosuch", "x", NULL, false, false, "PAM account phase" },
		{ "a/b", "x", NULL, false, false, "name" },
		{ "-anna", "x", NULL, false, false, "name" },
		{ "..", "x", NULL, false, false, "name" },
		{ "Anna", "anna-pass", NULL, false, false,
			"PAM account phase" },
		{ "nobody", "x", NULL, false, false, "shell" },
	} },
	{ { "auth.require_valid_shell=no", "auth.allow_missing_home=yes",
		"auth.rejected_users=bert", NULL }, NULL, {
		{ "carl", "carl-pass", NULL, false, true, NULL },
		{ "finn", "finn-pass", NULL, false, true, NULL },
		{ "iris", "iris-pass", NULL, false, true, NULL },
		{ "root", "rootpass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "user lists" },
		{ "dora", "dora-pass", NULL, false, false,
			"PAM account phase" },
	} },
	{ { "auth.allowed_users=anna finn carl root", NULL }, NULL, {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "user lists" },
		{ "jan", JAN, NULL, true, false, "user lists" },
		{ "finn", "finn-pass", NULL, false, false, "home" },
		{ "carl", "carl-pass", NULL, false, false, "shell" },
		{ "root", "rootpass", NULL, false, false, "user lists" },
	} },
	{ { "auth.allowed_groups=team carl", "auth.allowed_users=jan",
		"auth.rejected_groups=bert", NULL }, NULL, {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "user lists" },
		{ "jan", JAN, NULL, true, true, NULL },
		{ "carl", "carl-pass", NULL, false, false, "shell" },
		{ "root", "rootpass", NULL, false, false, "user lists" },
	} },
	{ { "session.hide_mount_point=yes", "user.jan.start_dir=nope", NULL },
		"[user bert]\njail = /nope\n", {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "jail" },
		{ "jan", JAN, NULL, false, false, "start" },
	} },
	{ { "auth.deny_from=127.0.0.8", NULL },
		"[group team]\nallow_from = 127.0.0.0/30 127.0.0.9\n"
		"[user bert]\nallow_from = 127.0.0.8 127.0.0.9 ::1\n"
		"deny_from =\n", {
		{ "jan", JAN, "127.0.0.7", false, true, NULL },
		{ "jan", JAN, "127.0.0.8", false, false, "networks" },
		{ "anna", "anna-pass", "127.0.0.3", false, true, NULL },
		{ "anna", "anna-pass", "127.0.0.4", false, false,
			"networks" },
		{ "anna", "anna-pass", "127.0.0.9", true, true, NULL },
		{ "bert", "bert-pass", "127.0.0.8", false, true, NULL },
		{ "bert", "bert-pass", "127.0.0.9", true, true, NULL },
		{ "bert", "bert-pass", "127.0.0.1", false, false,
			"networks" },
		{ "carl", "carl-pass", "127.0.0.8", false, false,
			"networks" },
	} },
	{ { "tls.require_tls=login", NULL },
		"[group team]\nrequire_tls = no\n"
		"[user bert]\nrequire_tls = both\n"
		"[user carl]\nrequire_valid_shell = no\n", {
		{ "jan", JAN, NULL, false, false, "TLS" },
		{ "jan", JAN, NULL, true, true, NULL },
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "anna", "anna-pass", NULL, true, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "TLS" },
		{ "bert", "bert-pass", NULL, true, true, NULL },
		{ "carl", "carl-pass", NULL, false, false, "TLS" },
		{ "carl", "carl-pass", NULL, true, true, NULL },
		{ "root", "rootpass", NULL, true, false, "user lists" },
		{ "finn", "finn-pass", NULL, true, false, "home" },
	} },
	{ { "auth.pam_service=" ACCOUNTS_PERMIT, NULL },
		"[user finn]\nallow_missing_home = yes\n"
		"[user iris]\nallow_missing_home = yes\n"
		"[user hans]\nrequire_valid_shell = no\n", {
		{ "anna", "any", NULL, false, true, NULL },
		{ "dora", "any", NULL, false, true, NULL },
		{ "eve", "any", NULL, false, true, NULL },
		{ "gina", "any", NULL, false, true, NULL },
		{ "hans", "any", NULL, false, true, NULL },
		{ "finn", "any", NULL, false, true, NULL },
		{ "iris", "any", NULL, false, true, NULL },
		{ "carl", "any", NULL, false, false, "shell" },
		{ "nosuch", "any", NULL, false, false, "account" },
		{ "root", "any", NULL, false, false, "user lists" },
		{ "a:b", "any", NULL, false, false, "name" },
	} },
	{ { "auth.backends=pam file", "auth.rejected_users=root banned",
		"tls.require_tls=no", NULL },
		"[user locked]\nallow_missing_home = yes\n", {
		{ "carla", "pw", NULL, false, true, NULL },
		{ "carla", "pw", NULL, true, true, NULL },
		{ "banned", "pw", NULL, false, false, "user lists" },
		{ "rooty", "pw", NULL, false, false, "account" },
		{ "gone", "pw", NULL, false, false, "account" },
		{ "homeless", "pw", NULL, false, false, "home" },
		{ "near", "pw", "127.0.0.9", false, true, NULL },
		{ "near", "pw", "127.0.0.8", false, false, "networks" },
		{ "secure", "pw", NULL, false, false, "TLS" },
		{ "secure", "pw", NULL, true, true, NULL },
		{ "wrong", "pw", NULL, false, false, "backend" },
		{ "none", "pw", NULL, false, false, "authentication" },
		{ "legacy", "pw", NULL, false, false, "allow_legacy_hashes" },
		{ "noshell", "pw", NULL, false, true, NULL },
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "carl", "carl-pass", NULL, false, false, "shell" },
		{ "nosuch", "pw", NULL, false, false,
			"PAM account phase" },
	} },
	{ { "anonymous.enabled=yes", "anonymous.user=bert",
		"auth.rejected_users=FTP", "tls.require_tls=login", NULL },
		"[anonymous]\nrequire_tls = no\ndeny_from = 127.0.0.9\n", {
		{ "ftp", "x", NULL, false, true, NULL },
		{ "anonymous", "x", NULL, true, true, NULL },
		{ "Anonymous", "x", NULL, false, true, NULL },
		{ "FTP", "x", NULL, false, false, "user lists" },
		{ "ftp", "x", "127.0.0.9", false, false, "networks" },
		{ "bert", "bert-pass", NULL, false, false, "TLS" },
		{ "bert", "bert-pass", NULL, true, true, NULL },
	} },
	{ { "anonymous.enabled=yes", "anonymous.user=bert",
		"anonymous.root=/home/anna", NULL }, NULL, {
		{ "ftp", "x", NULL, false, false, "jail" },
	} },
	{ { "anonymous.enabled=yes", "anonymous.user=root", NULL }, NULL, {
		{ "ftp", "x", NULL, false, false, "account" },
	} },
	{ { "auth.pam_service=" ACCOUNTS_PERMIT, "auth.guest_user=bert",
		"auth.guest_home=%h/%u", "auth.rejected_users=banned",
		NULL }, NULL, {
		{ "guest", "x", NULL, false, true, NULL },
		{ "nohome", "x", NULL, false, false, "home" },
		{ "banned", "x", NULL, false, false, "user lists" },
		{ "anna", "x", NULL, false, true, NULL },
	} },
	{ { "auth.strip_domain=EX", "auth.default_domain=@ex.org",
		"auth.home=/home/%u", NULL }, NULL, {
		{ "EX\\anna", "anna-pass", NULL, false, true, NULL },
		{ "bert@ex", "bert-pass", NULL, false, true, NULL },
		{ "root@ex", "rootpass", NULL, false, false, "user lists" },
		{ "anna@other", "anna-pass", NULL, false, false,
			"PAM account phase" },
	} },
	{ { "session.jail=home", "user.bert.jail=/home", "user.carl.jail=/nope",
		"user.jan.start_dir=nope", NULL },
		"[user carl]\nrequire_valid_shell = no\n"
		"[user finn]\nallow_missing_home = yes\n", {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, true, NULL },
		{ "carl", "carl-pass", NULL, false, false, "jail" },
		{ "iris", "iris-pass", NULL, false, false, "jail" },
		{ "finn", "finn-pass", NULL, false, false, "jail" },
		{ "jan", JAN, NULL, false, false, "start" },
	} },
	{ { "auth.backends=file", NULL }, NULL, {
		{ "carla", "pw", NULL, false, true, NULL },
		{ "anna", "anna-pass", NULL, false, false, "account" },
		{ "nosuch", "pw", NULL, true, false, "account" },
	} },
	{ { "auth.backends=file", "auth.allow_legacy_hashes=yes", NULL },
		NULL, {
		{ "legacy", "pw", NULL, false, true, NULL },
	} },
	{ { "tls.client_certificate=request", "tls.client_ca=" CERTS "ca.pem",
		"anonymous.enabled=yes", "anonymous.user=bert", NULL },
		"[tls]\nlogin_with = certificate\n"
		"[user bert]\nlogin_with = password\n"
		"[user jan]\nlogin_with = certificate+password\n", {
		{ "anna", "anna-pass", NULL, false, false, "authentication" },
		{ "jan", JAN, NULL, false, false, "authentication" },
		{ "bert", "bert-pass", NULL, false, true, NULL },
		{ "ftp", "x", NULL, false, true, NULL },
	} },
	{ { "auth.default_domain=@ex.org", "auth.backends=pam file",
		"anonymous.enabled=yes", "anonymous.user=bert", NULL },
		NULL, {
		{ "carla", "pw", NULL, false, true, NULL },
		{ "ftp", "x", NULL, false, true, NULL },
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "nosuch", "pw", NULL, false, false,
			"PAM account phase" },
	} },
	{ { "auth.pam_service=rewrites", "auth.rejected_users=root",
		NULL }, "[user bert]\nallow_from = 127.0.0.9\n"
		"[user anna]\ndeny_from = 127.0.0.9\n", {
		{ "anna", "any", "127.0.0.9", false, true, NULL },
		{ "anna", "any", NULL, false, false, "networks" },
		{ "bert", "any", "127.0.0.9", false, true, NULL },
		{ "nosuch", "any", NULL, false, false, "user lists" },
	} },
	{ { "session.jail=/srv/%u", NULL },
		"[user jan]\njail = /srv/%g\n"
		"[user carl]\nrequire_valid_shell = no\nstart_dir = away\n"
		"jail = no\n"
		"[user finn]\njail = no\nhome = /home/%u\nstart_dir = /\n"
		"[user anna]\nstart_dir = away\n"
		"allow_missing_start_dir = yes\n"
		"[user iris]\njail = home\nallow_missing_home = yes\n", {
		{ "anna", "anna-pass", NULL, false, true, NULL },
		{ "bert", "bert-pass", NULL, false, false, "jail" },
		{ "jan", JAN, NULL, false, false, "jail" },
		{ "carl", "carl-pass", NULL, false, false, "start" },
		{ "finn", "finn-pass", NULL, false, true, NULL },
		{ "iris", "iris-pass", NULL, false, false, "jail" },
	} },
	{ { "auth.pam_service=missing", NULL }, NULL, {
		{ "anna", "anna-pass", NULL, false, false,
			"PAM account phase" },
		{ "carl", "carl-pass", NULL, true, false,
			"PAM account phase" },
	} },
};

/* All but none have the password "pw". */
static void
write_accounts_file(void)
{
	static const char *const accounts[] = {
		"[carla]\naccount = anna\n",
		"[banned]\naccount = anna\n",
		"[rooty]\naccount = root\n",
		"[gone]\naccount = nosuch\n",
		"[homeless]\naccount = anna\nhome = /nonexistent\n",
		"[near]\naccount = anna\nallow_from = 127.0.0.9\n",
		"[secure]\naccount = anna\nrequire_tls = login\n",
		"[wrong]\naccount = anna\numask = 9\n",
		"[noshell]\naccount = carl\n",
	};
	char hash[PASSWORD_HASH_SIZE];

	CHECK_NUMBER(password_hash_new("pw", hash), 0);
	files_write_text(ACCOUNTS, "");
	chmod(ACCOUNTS, 0600);
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		files_append_text(ACCOUNTS, accounts[i]);
		files_append_text(ACCOUNTS, "password_hash = ");
		files_append_text(ACCOUNTS, hash);
		files_append_text(ACCOUNTS, "\n");
	}
	files_append_text(ACCOUNTS, "[none]\naccount = anna\n"
		"[legacy]\naccount = anna\n"
		"password_hash = {MD5}8fe4c11451281c094a6578e6ddbf5eed\n");
}

static void
test_agrees(void)
{
	size_t attempts = 0;

	write_accounts_file();
	files_write_text("/etc/pam.d/rewrites", "auth required pam_permit.so\n"
		"account required " WORLD_PLAYED " for=anna user=bert\n"
		"account required " WORLD_PLAYED " for=nosuch user=root\n"
		"session required pam_permit.so\n");
	files_mkdir_as("bert", "/home/bert/guest", 0700);
	files_mkdir_as("root", "/srv", 0755);
	files_mkdir_as("anna", "/srv/anna", 0700);
	files_mkdir_as("anna", "/srv/bert", 0700);
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		attempts += play(&scenes[i]);
	CHECK_NUMBER((long long)attempts, 130);
}

CU_TestInfo functional_tests[] = {
	{ "in 130 cases it predicts the result and the reason", test_agrees },
	CU_TEST_INFO_NULL,
};
