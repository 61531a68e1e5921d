/*
 * accounts.c - writes /etc of a suite's world: passwd, shadow, group, shells,
 * pam.d and others.
 *
 * Runs in: the suite's process, over a fresh /etc.
 */
#include "common/base.h"
#include "tests/functional/accounts.h"

#include "common/buffer.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <crypt.h>
#include <sys/stat.h>

#define DATES "19000:0:99999:7:::"

static const struct account accounts[] = {
	{ "root", 0, 0, "/root", "/bin/bash", "rootpass", DATES },
	{ "nobody", 65534, 65534, "/nonexistent", "/usr/sbin/nologin", NULL,
		DATES },
	{ "_sureftpd", 901, 901, "/nonexistent", "/usr/sbin/nologin", NULL,
		DATES },
	{ "_sureftpdlog", 902, 902, "/nonexistent", "/usr/sbin/nologin", NULL,
		DATES },
	{ "_sureftpdkey", 903, 903, "/nonexistent", "/usr/sbin/nologin", NULL,
		DATES },
	{ "_sureftpdrun", 904, 904, "/nonexistent", "/usr/sbin/nologin", NULL,
		DATES },
	{ "_sureftpdquota", 905, 905, "/nonexistent", "/usr/sbin/nologin",
		NULL, DATES },
	{ "_sureftpdradius", 906, 906, "/nonexistent", "/usr/sbin/nologin",
		NULL, DATES },
	{ "anna", 1001, 1001, "/home/anna", "/bin/bash", "anna-pass", DATES },
	{ "bert", 1002, 1002, "/home/bert", "/bin/sh", "bert-pass", DATES },
	{ "carl", 1003, 1003, "/home/carl", "/usr/sbin/nologin", "carl-pass",
		DATES },
	{ "dora", 1004, 1004, "/home/dora", "/bin/bash", "dora-pass",
		"19000:0:99999:7::2:" },
	{ "eve", 1005, 1005, "/home/eve", "/bin/bash", "eve-pass",
		"0:0:99999:7:::" },
	{ "finn", 1006, 1006, "/home/finn", "/bin/bash", "finn-pass", DATES },
	{ "gina", 1007, 1007, "/home/gina", "/bin/bash", NULL, DATES },
	{ "hans", 1008, 1008, "/home/hans", "/bin/bash", "", DATES },
	{ "iris", 1009, 1009, "/home/iris", "/bin/bash", "iris-pass", DATES },
	{ "jan", 1010, 1010, "/home/jan", "/bin/bash",
		"  a \"b\" %s \xc3\xa9\xff ", DATES },
};

const struct account *
accounts_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		if (strcmp(accounts[i].name, name) == 0)
			return &accounts[i];
	}
	return NULL;
}

static void
add_shadow(struct buffer *b, const struct account *a)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *hash = "!";

	if (data == NULL)
		abort();
	/* The lowest cost that sha256crypt allows, because tests log in very
	 * often. */
	if (a->password != NULL && a->password[0] != '\0')
		hash = crypt_r(a->password, "$5$rounds=1000$sureftpd", data);
	else if (a->password != NULL)
		hash = "";
	buffer_addf(b, "%s:%s:%s\n", a->name, hash, a->aging);
	free(data);
}

static void
write_accounts(void)
{
	BUFFER(passwd, 4096);
	BUFFER(shadow, 4096);
	BUFFER(group, 4096);

	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		const struct account *a = &accounts[i];
		buffer_addf(&passwd, "%s:x:%u:%u:,,,:%s:%s\n", a->name, a->uid,
			a->gid, a->home, a->shell);
		buffer_addf(&group, "%s:x:%u:\n", a->name, a->gid);
		add_shadow(&shadow, a);
	}
	buffer_addf(&group, "team:x:%u:anna,bert\n", ACCOUNTS_TEAM_GID);
	files_write("/etc/passwd", passwd.data, passwd.len);
	files_write("/etc/group", group.data, group.len);
	files_write("/etc/shadow", shadow.data, shadow.len);
	chmod("/etc/shadow", 0600);
}

/* Debian's own stacks, so that the shipped service file is tested in its real
 * environment. */
static void
write_pam(void)
{
	static const struct {
		const char *path, *text;
	} files[] = {
		{ "/etc/pam.d/common-auth",
			"auth [success=1 default=ignore] pam_unix.so nullok\n"
			"auth requisite pam_deny.so\n"
			"auth required pam_permit.so\n" },
		{ "/etc/pam.d/common-account",
			"account [success=1 new_authtok_reqd=done "
			"default=ignore] pam_unix.so\n"
			"account requisite pam_deny.so\n"
			"account required pam_permit.so\n" },
		{ "/etc/pam.d/common-password",
			"password required pam_deny.so\n" },
		/* Distributions differ in the umask for accounts with a private
		 * group. */
		{ "/etc/pam.d/common-session-noninteractive",
			"session required pam_permit.so\n"
			"session optional pam_umask.so nousergroups\n"
			"session required pam_unix.so\n" },
		{ "/etc/pam.d/common-session",
			"session required pam_deny.so\n" },
		{ "/etc/pam.d/other", "auth required pam_deny.so\n"
			"account required pam_deny.so\n"
			"session required pam_deny.so\n" },
		{ "/etc/pam.d/" ACCOUNTS_PERMIT, "auth required pam_permit.so\n"
			"account required pam_permit.so\n"
			"session required pam_permit.so\n" },
		{ "/etc/pam.d/" ACCOUNTS_LIMITS, "@include common-auth\n"
			"@include common-account\n"
			"session required pam_limits.so\n"
			"@include common-session-noninteractive\n" },
	};

	mkdir("/etc/pam.d", 0755);
	mkdir("/etc/security", 0755);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		files_write_text(files[i].path, files[i].text);
	files_write_text("/etc/pam.d/sureftpd", world_pam_service());
	files_write_text("/etc/security/limits.conf", "");
}

static void
write_homes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		const struct account *a = &accounts[i];
		if (a->uid < 1000 || a->uid > 2000 ||
		    strcmp(a->name, "finn") == 0)
			continue;
		files_mkdir_as(strcmp(a->name, "iris") == 0 ? "root" : a->name,
			a->home, 0700);
	}
}

void
accounts_write(void)
{
	write_accounts();
	write_pam();
	write_homes();
	files_write_text("/etc/shells", "# shells\n/bin/sh\n/bin/bash\n");
	files_write_text("/etc/nsswitch.conf",
		"passwd: files\ngroup: files\nshadow: files\nhosts: files\n");
	files_write_text("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
	files_write_text("/etc/login.defs",
		"UMASK 022\nENCRYPT_METHOD SHA256\n");
	if (symlink("/usr/share/zoneinfo/Europe/Berlin", "/etc/localtime") != 0)
		perror("/etc/localtime");
	mkdir("/etc/sureftpd", 0755);
}

void
accounts_set_home(const char *name, const char *home)
{
	static char text[16384];
	char prefix[64], *line, *field;

	snprintf(prefix, sizeof(prefix), "\n%s:", name);
	if (files_read("/etc/passwd", text, sizeof(text)) < 0 ||
	    (line = strstr(text, prefix)) == NULL)
		abort();
	/* NAME:PASSWORD:UID:GID:GECOS:HOME:SHELL */
	field = line + 1;
	for (int i = 0; i < 5; i++)
		field = strchr(field, ':') + 1;
	files_writef("/etc/passwd", "%.*s%s%s", (int)(field - text), text,
		home, strchr(field, ':'));
}

void
accounts_write_service(const char *lines)
{
	files_writef(ACCOUNTS_SERVICE_FILE,
		"auth required pam_unix.so nodelay\n"
		"account required pam_unix.so\n"
		"session required pam_unix.so\n%s", lines);
}
