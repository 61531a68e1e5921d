/*
 * ctl_passwd.c - sureftpctl passwd: accounts that exist for FTP only.
 *
 * Runs in: sureftpctl.  The server reads the file at the next login.
 */
#include "common/base.h"
#include "daemon/control/ctl.h"

#include "common/accounts/account.h"
#include "common/buffer.h"
#include "common/password_hash.h"
#include "common/settings/settings_format.h"
#include "common/settings/settings_section.h"
#include "common/settings/settings_table.h"
#include "common/settings/settings_value.h"
#include "common/text.h"
#include "daemon/control/ctl_json.h"
#include "daemon/control/ctl_password.h"
#include "daemon/control/passwd_file.h"

#include <sys/stat.h>
#include <sysexits.h>

static int
read_hash(char *hash)
{
	char password[CTL_PASSWORD_SIZE];
	int status = ctl_password_read(password);

	if (status != EX_OK)
		return status;
	int error = password_hash_new(password, hash);
	explicit_bzero(password, sizeof(password));
	return error == 0 ? EX_OK : ctl_fail(EX_OSERR,
		"cannot hash the password: %s", strerror(-error));
}

static int
hash(const struct ctl *c)
{
	char text[PASSWORD_HASH_SIZE];
	int status = c->argc == 1 ? read_hash(text) : ctl_fail(EX_USAGE,
		"passwd hash takes no arguments: %s", c->argv[1]);

	if (status == EX_OK)
		fprintf(c->out, "%s\n", text);
	return status;
}

/* May accounts of the file be mapped to this one? */
static int
check_account(const char *account)
{
	struct identity identity = { .root = -1 };
	BUFFER(reason, 256);

	if (!account_find(account, &identity, &reason))
		return ctl_fail(EX_NOUSER, "account=%s: %s", account,
			buffer_text(&reason));
	return identity.uid != 0 ? EX_OK : ctl_fail(EX_DATAERR,
		"account=%s: the account must not have uid 0", account);
}

/* KEY=VALUE: only values that the server accepts are written. */
static int
check_assignment(const char *text, char *key, const char **value)
{
	size_t len = strcspn(text, "=");
	struct user_settings scratch = { 0 };
	BUFFER(rule, SETTINGS_FORMAT_SIZE);

	if (text[len] != '=' || len == 0 || len >= 64)
		return ctl_fail(EX_USAGE, "expected KEY=VALUE, not %s", text);
	memcpy(key, text, len);
	key[len] = '\0';
	*value = text + len + 1;
	if (strcmp(key, "account") == 0)
		return check_account(*value);
	const struct settings_row *row = settings_table_find(NULL, key);
	if (row == NULL)
		return ctl_fail(EX_USAGE, "%s is not a setting of accounts",
			key);
	if (row->kind == SETTINGS_HASH)
		return ctl_fail(EX_USAGE, "the password is read from the "
			"terminal or standard input");
	int error = settings_value_parse(row, *value,
		settings_table_field(row, &scratch));
	settings_value_free(SETTINGS_USER, &scratch);
	if (error == 0)
		return EX_OK;
	settings_format_rule(row, &rule);
	return ctl_fail(EX_USAGE, "%s must be %s", key, buffer_text(&rule));
}

static int
assign(struct passwd_file *f, const char *name, int argc, char **argv)
{
	char key[64];
	const char *value = "";

	for (int i = 0; i < argc; i++) {
		int status = check_assignment(argv[i], key, &value);
		if (status != EX_OK)
			return status;
		int error = passwd_file_set(f, name, key, value);
		if (error < 0)
			return ctl_fail(EX_OSERR, "%s", strerror(-error));
	}
	return EX_OK;
}

static int
assign_password(struct passwd_file *f, const char *name, const char *text)
{
	int error = passwd_file_set(f, name, "password_hash", text);

	return error == 0 ? EX_OK : ctl_fail(EX_OSERR, "%s", strerror(-error));
}

/* --- the commands, between opening and writing the file */

struct change {
	const char *name;
	int argc;
	char **argv;
	const char *hash;	/* NULL while unknown: changes are not
				 * written */
};

static int
add(struct passwd_file *f, const struct change *c)
{
	char value[IDENTITY_NAME_SIZE];
	int status;

	if (passwd_file_has(f, c->name))
		return ctl_fail(EX_DATAERR, "%s exists; use passwd set",
			c->name);
	status = assign(f, c->name, c->argc, c->argv);
	if (status != EX_OK)
		return status;
	passwd_file_value(f, c->name, "account", value, sizeof(value));
	if (*value == '\0')
		return ctl_fail(EX_USAGE, "account=NAME is missing: the "
			"account of the host that %s works as", c->name);
	return c->hash == NULL ? EX_OK : assign_password(f, c->name, c->hash);
}

static int
set(struct passwd_file *f, const struct change *c)
{
	if (!passwd_file_has(f, c->name))
		return ctl_fail(EX_NOUSER, "no such account: %s", c->name);
	if (c->argc > 0)
		return assign(f, c->name, c->argc, c->argv);
	return c->hash == NULL ? EX_OK : assign_password(f, c->name, c->hash);
}

static int
del(struct passwd_file *f, const struct change *c)
{
	if (c->argc > 0)
		return ctl_fail(EX_USAGE, "passwd del takes one name: %s",
			c->argv[0]);
	int error = passwd_file_delete(f, c->name);
	if (error == -ENOENT)
		return ctl_fail(EX_NOUSER, "no such account: %s", c->name);
	return error == 0 ? EX_OK : ctl_fail(EX_OSERR, "%s", strerror(-error));
}

static int
list(const struct ctl *c)
{
	char name[SETTINGS_SECTION_NAME_SIZE], account[IDENTITY_NAME_SIZE];
	struct passwd_file f;
	size_t at = 0;
	int error = passwd_file_open(&f, c->accounts, false);

	while (error == 0 && passwd_file_next(&f, &at, name)) {
		BUFFER(line, 2048);

		passwd_file_value(&f, name, "account", account,
			sizeof(account));
		if (c->json) {
			struct ctl_json json;
			ctl_json_begin(&json, c->out);
			ctl_json_text(&json, "name", name);
			ctl_json_text(&json, "account", account);
			ctl_json_end(&json);
			continue;
		}
		text_escape(&line, name, strlen(name));
		buffer_add_char(&line, '\t');
		text_escape(&line, account, strlen(account));
		fprintf(c->out, "%s\n", buffer_text(&line));
	}
	passwd_file_close(&f);
	return error == 0 ? EX_OK : ctl_fail(EX_NOINPUT, "%s: %s",
		c->accounts, strerror(-error));
}

struct command {
	const char *name;
	int (*make)(struct passwd_file *f, const struct change *c);
};

static bool
is_name(const char *name)
{
	return account_name_is_sane(name) && strchr(name, '"') == NULL &&
		strlen(name) < SETTINGS_SECTION_NAME_SIZE;
}

static int
make_change(const struct ctl *c, const struct command *command,
	const struct change *change, bool write)
{
	struct passwd_file f;
	int error = passwd_file_open(&f, c->accounts, write);
	int status = error < 0 ? ctl_fail(EX_NOPERM, "%s: %s", c->accounts,
		strerror(-error)) : command->make(&f, change);

	if (status == EX_OK && write && (error = passwd_file_write(&f)) < 0)
		status = ctl_fail(EX_IOERR, "cannot write %s: %s", c->accounts,
			strerror(-error));
	passwd_file_close(&f);
	return status;
}

/* First check the arguments without the password and without changing the file:
 * the lock must not be held while a password is typed. */
static int
change_with_password(const struct ctl *c, const struct command *command,
	struct change *change)
{
	char text[PASSWORD_HASH_SIZE];
	int status = make_change(c, command, change, false);

	if (status == EX_OK)
		status = read_hash(text);
	if (status != EX_OK)
		return status;
	change->hash = text;
	status = make_change(c, command, change, true);
	explicit_bzero(text, sizeof(text));
	return status;
}

/* It may be made later, by hand or by pam_mkhomedir. */
static void
warn_missing_home(const struct change *c)
{
	struct stat st;

	for (int i = 0; i < c->argc; i++) {
		const char *home = c->argv[i] + strlen("home=");
		if (strncmp(c->argv[i], "home=", strlen("home=")) == 0 &&
		    *home == '/' && strchr(home, '%') == NULL &&
		    stat(home, &st) < 0)
			fprintf(stderr, "sureftpctl: warning: %s: %s\n",
				c->argv[i], strerror(errno));
	}
}

static int
run_change(const struct ctl *c, const struct command *command)
{
	if (c->argc < 2 || !is_name(c->argv[1]))
		return ctl_fail(EX_USAGE, "passwd %s needs a valid account "
			"name", command->name);
	struct change change = { .name = c->argv[1], .argc = c->argc - 2,
		.argv = c->argv + 2 };
	/* Without settings, passwd set changes the password. */
	bool password = command->make == add ||
		(command->make == set && c->argc == 2);
	int status = password ? change_with_password(c, command, &change) :
		make_change(c, command, &change, true);
	if (status == EX_OK)
		warn_missing_home(&change);
	return status;
}

static int
run(const struct ctl *c)
{
	static const struct command commands[] = {
		{ "add", add }, { "set", set }, { "del", del },
	};
	const char *what = c->argc > 0 ? c->argv[0] : "";

	if (strcmp(what, "hash") == 0)
		return hash(c);
	if (strcmp(what, "list") == 0)
		return list(c);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(what, commands[i].name) == 0)
			return run_change(c, &commands[i]);
	return ctl_fail(EX_USAGE, "use passwd add, set, del, list or hash; try "
		"sureftpctl --help");
}

const struct ctl_command ctl_passwd = {
	.name = "passwd",
	.description = "change accounts_file, or hash a password:",
	.arguments =
		"    passwd add NAME account=NAME [KEY=VALUE]...\n"
		"    passwd set NAME [KEY=VALUE]...  (without: the password)\n"
		"    passwd del NAME\n"
		"    passwd list\n"
		"    passwd hash\n"
		"             The password is read from the terminal or, as "
		"one line,\n"
		"             from standard input.\n",
	.options = CTL_JSON | CTL_FILE,
	.run = run,
};
