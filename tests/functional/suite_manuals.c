/*
 * suite_manuals.c - the shell lines of the how-to pages: "# LINE" and "$ LINE"
 * in their examples.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/ctl.h"
#include "tests/functional/files.h"
#include "tests/functional/world.h"

#include <glob.h>

const char *const functional_name = "manuals";

#define MAX_LINES 128

struct shell_line {
	char page[32];
	int number;
	char text[256];
};

static struct shell_line lines[MAX_LINES];
static size_t count;

/* Programs of others, or that would change the host. */
static const char *const others[] = { "cat", "chattr", "cp", "curl", "docker",
	"fail2ban-client", "firewall-cmd", "mount", "openssl", "setquota",
	"sysctl", "systemctl", "tune2fs", "ufw", "useradd" };

/* Add a line of an example; true if the next one continues it. */
static bool
add(const char *page, int number, const char *text, bool continued)
{
	size_t len = strcspn(text, "\n");
	bool more = len >= 2 && strncmp(text + len - 2, "\\e", 2) == 0;
	struct shell_line *l;

	if (more)
		len -= 2;
	if (!continued && strncmp(text, "# ", 2) != 0 &&
	    strncmp(text, "$ ", 2) != 0)
		return false;
	if (!continued && count < MAX_LINES) {
		l = &lines[count++];
		snprintf(l->page, sizeof(l->page), "%s", page);
		l->number = number;
		snprintf(l->text, sizeof(l->text), "%.*s", (int)len - 2,
			text + 2);
	} else if (continued) {
		l = &lines[count - 1];
		size_t used = strlen(l->text);
		snprintf(l->text + used, sizeof(l->text) - used, "%.*s",
			(int)len, text);
	}
	return more;
}

static void
load_page(const char *path)
{
	FILE *file = fopen(path, "re");
	const char *page = strrchr(path, '/') + 1;
	bool example = false, more = false;
	char text[512];

	for (int n = 1; file != NULL && fgets(text, sizeof(text), file); n++) {
		if (strncmp(text, ".Bd -literal", 12) == 0)
			example = true;
		else if (strncmp(text, ".Ed", 3) == 0)
			example = more = false;
		else if (example)
			more = add(page, n, text, more);
	}
	if (file != NULL)
		fclose(file);
}

/* Read before the suite enters its world, in which the repository is not
 * accessible. */
__attribute__((constructor)) static void
load(void)
{
	glob_t found = { 0 };

	if (glob("man/*.7", 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_page(found.gl_pathv[i]);
	globfree(&found);
}

static bool
begins_with(const struct shell_line *l, const char *word)
{
	size_t len = strlen(word);

	return strncmp(l->text, word, len) == 0 &&
		(l->text[len] == ' ' || l->text[len] == '\0');
}

static bool
is_of_others(const struct shell_line *l)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (begins_with(l, others[i]))
			return true;
	/* /srv is the host's. */
	return begins_with(l, "install") && strstr(l->text, "/srv/") != NULL;
}

/* One that serves is ended after a second. */
static void
run(const struct shell_line *l)
{
	bool serves = begins_with(l, "sureftpd") &&
		strstr(l->text, "-p 2121") != NULL;
	char command[512];
	struct ctl_result r;

	snprintf(command, sizeof(command), "PATH=/run/world:$PATH; %s%s%s",
		serves ? "timeout 1 " : "", l->text,
		serves ? "; test $? -eq 124" : "");
	ctl_run_program(&r, "/bin/sh", "carla-pass\n",
		(const char *const[]){ "-c", command, NULL });
	/* 1 is: converted, with differences. */
	CHECK_SAYS(r.status == 0 || (r.status == 1 &&
			strstr(l->text, "--import-") != NULL),
		"%s:%d: \"%s\" exits with %d: %s%s", l->page,
		l->number, l->text, r.status, r.err, r.out);
}

/* Run the page's lines in their order; how many there were. */
static size_t
run_page(const char *page)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(lines[i].page, page) != 0 ||
		    is_of_others(&lines[i]))
			continue;
		run(&lines[i]);
		n++;
	}
	return n;
}

static void
append(const char *path, const char *text)
{
	FILE *file = fopen(path, "ae");

	CHECK_SAYS(file != NULL && fputs(text, file) >= 0, "cannot write %s",
		path);
	if (file != NULL)
		fclose(file);
}

static void
test_syntax(void)
{
	struct ctl_result r;

	CHECK_SAYS(count > 40 && count < MAX_LINES, "%zu lines", count);
	for (size_t i = 0; i < count; i++) {
		ctl_run_program(&r, "/bin/sh", NULL, (const char *const[]){
			"-n", "-c", lines[i].text, NULL });
		CHECK_SAYS(r.status == 0, "%s:%d: %s", lines[i].page,
			lines[i].number, r.err);
	}
}

static void
test_howto(void)
{
	struct server s;

	append("/etc/passwd", "ftpdata:x:1500:1002::/home/bert:/bin/sh\n");
	if (!SERVER(&s, "auth.backends=pam file"))
		return;
	server_configure("[listener]\npassive_ports = 20000-20999\n");
	CHECK(run_page("sureftpd-howto.7") >= 8);
	server_stop(&s);
}

static void
test_quota(void)
{
	struct server s;

	files_write_text("/etc/sureftpd/accounts", "[wanda]\naccount = bert\n"
		"home = /home/bert\n");
	chmod("/etc/sureftpd/accounts", 0600);
	files_write_text("/home/anna-pwpquota", "0\n");
	mkdir("/var/lib/sureftpd", 0711);
	if (!SERVER(&s, "quota.quota_bytes=10G", "auth.backends=pam file"))
		return;
	CHECK(run_page("sureftpd-quota.7") >= 8);
	server_stop(&s);
}

static void
test_radius(void)
{
	struct server s;

	if (!SERVER(&s))
		return;
	CHECK(run_page("sureftpd-radius.7") >= 3);
	server_stop(&s);
}

static void
test_vsftpd(void)
{
	files_write_text("/etc/vsftpd.conf", "listen=YES\nlocal_enable=YES\n"
		"anonymous_enable=NO\npam_service_name=sureftpd\n");
	CHECK(run_page("sureftpd-vsftpd.7") >= 4);
}

static void
test_pwp(void)
{
	files_write_text("/etc/ftpd.conf", "<Host ftp.example.org>\n"
		"ip: 127.0.0.1\n</Host>\n");
	mkdir("/home/web", 0755);
	CHECK(run_page("sureftpd-pwp.7") >= 5);
}

CU_TestInfo functional_tests[] = {
	{ "the shell can read all lines", test_syntax },
	{ "those of sureftpd-howto(7) can be run", test_howto },
	{ "those of sureftpd-quota(7) can be run", test_quota },
	{ "those of sureftpd-radius(7) can be run", test_radius },
	{ "those of sureftpd-vsftpd(7) can be run", test_vsftpd },
	{ "those of sureftpd-pwp(7) can be run", test_pwp },
	CU_TEST_INFO_NULL,
};
