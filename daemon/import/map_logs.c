/*
 * map_logs.c - log files.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/text.h"

#include <sys/stat.h>

/* A device file of the standard output or error, as used in containers. */
static bool
is_stream(const char *path)
{
	return strncmp(path, "/dev/std", 8) == 0 ||
		strncmp(path, "/proc/", 6) == 0 ||
		strncmp(path, "/dev/fd/", 8) == 0;
}

/* What is there, or where a link leads to, if no log can be written there: only
 * regular files are logs.  NULL if one can. */
static const char *
no_file(const char *path)
{
	char target[PATH_MAX];
	struct stat st;

	ssize_t len = readlink(path, target, sizeof(target) - 1);
	target[len > 0 ? len : 0] = '\0';
	if (is_stream(path) || is_stream(target))
		return "standard output or error";
	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) ?
		"not a regular file" : NULL;
}

static void
set_log(struct mapping *m, const char *key, const char *path)
{
	const char *what = no_file(path);

	if (path[0] != '/')
		map_say(m, IMPORT_REFUSED, "%s is not an absolute path", path);
	else if (strcmp(path, "/dev/null") == 0)
		map_say(m, IMPORT_SAME, "there is no %s in [log]", key);
	else if (what != NULL)
		map_say(m, IMPORT_CHANGED, "%s is %s; messages go to "
			"destination in [log]", path, what);
	else
		map_set(m, "log", key, "%s", path);
}

/* Like vsftpd: dual_log_enable opens both logs, xferlog_enable one of them. */
static bool
has_own_log(const struct mapping *m)
{
	return map_on(m, OPTION_dual_log_enable) ||
		(map_on(m, OPTION_xferlog_enable) &&
		!map_on(m, OPTION_xferlog_std_format));
}

void
map_xferlog(struct mapping *m)
{
	bool on = map_on(m, OPTION_xferlog_enable);
	bool both = map_on(m, OPTION_dual_log_enable);
	bool standard = map_on(m, OPTION_xferlog_std_format);
	bool xferlog = both || (on && standard);
	bool own = has_own_log(m) && !map_on(m, OPTION_syslog_enable);

	if (xferlog && own && strcmp(map_text(m, OPTION_xferlog_file),
	    map_text(m, OPTION_vsftpd_log_file)) == 0) {
		set_log(m, "vsftpd_file", map_text(m, OPTION_vsftpd_log_file));
		map_say(m, IMPORT_CHANGED, "vsftpd wrote both formats to this "
			"file, which is vsftpd_file in [log]; set xferlog_file "
			"to another one if that format is needed");
		return;
	}
	if (xferlog && m->option != OPTION_vsftpd_log_file)
		map_say(m, IMPORT_CHANGED, "xferlog_file in [log]; its paths "
			"are those of the host, not of a jail");
	if (xferlog)
		set_log(m, "xferlog_file", map_text(m, OPTION_xferlog_file));
	if (own)
		set_log(m, "vsftpd_file", map_text(m, OPTION_vsftpd_log_file));
	if ((m->option == OPTION_xferlog_file && !xferlog) ||
	    (m->option == OPTION_vsftpd_log_file && !own))
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not write to it "
			"with xferlog_enable=%s, xferlog_std_format=%s and "
			"dual_log_enable=%s", on ? "YES" : "NO",
			standard ? "YES" : "NO", both ? "YES" : "NO");
}

void
map_syslog(struct mapping *m)
{
	if (!map_on(m, OPTION_syslog_enable))
		return;
	map_set(m, "log", "destination", "syslog");
	map_say(m, IMPORT_CHANGED, "destination in [log]; syslog gets the "
		"messages of sureftpd, under its name, instead of the lines of "
		"vsftpd: a filter for those needs vsftpd_file in [log]");
}

/* Written next to vsftpd's own log, to a separate file. */
void
map_protocol_log(struct mapping *m)
{
	BUFFER(path, PATH_MAX);
	const char *own = map_text(m, OPTION_vsftpd_log_file);

	if (!map_on(m, OPTION_log_ftp_protocol))
		return;
	if (!has_own_log(m) && !map_on(m, OPTION_syslog_enable)) {
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd logs commands only in "
			"its own log, which it does not write with these "
			"options");
		return;
	}
	if (strcmp(own, "/dev/null") == 0 && !map_on(m, OPTION_syslog_enable)) {
		map_say(m, IMPORT_NOT_NEEDED, "vsftpd wrote to /dev/null");
		return;
	}
	if (own[0] != '/' || no_file(own) != NULL) {
		map_say(m, IMPORT_REFUSED, "set protocol in [log] to a file");
		return;
	}
	buffer_addf(&path, "%s.protocol", own);
	map_set(m, "log", "protocol", "%s", buffer_text(&path));
	if (m->user == NULL)
		map_say(m, IMPORT_CHANGED, "commands and replies are logged "
			"in %s, not among the transfers", buffer_text(&path));
}
