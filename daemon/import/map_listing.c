/*
 * map_listing.c - what listings show, directory messages, and TYPE A.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

void
map_directory_message(struct mapping *m)
{
	const char *name = map_text(m, OPTION_message_file);

	if (!map_on(m, OPTION_dirmessage_enable)) {
		map_set(m, "session", "directory_message", "%s", "");
		if (m->option == OPTION_message_file)
			map_say(m, IMPORT_NOT_NEEDED, "vsftpd does not use it "
				"without dirmessage_enable");
		return;
	}
	if (strchr(name, '/') != NULL) {
		map_say(m, IMPORT_REFUSED, "directory_message in [session] "
			"must be a file of the directory, without a path");
		return;
	}
	map_set(m, "session", "directory_message", "%s", name);
	if (!map_on(m, OPTION_download_enable))
		map_say(m, IMPORT_CHANGED, "directory_message in [session]; it "
			"is shown where downloads are allowed");
}

void
map_dot_files(struct mapping *m)
{
	map_set(m, "session", "show_hidden", "%s",
		map_on(m, OPTION_force_dot_files) ? "always" : "asked");
}

void
map_list_times(struct mapping *m)
{
	bool local = map_on(m, OPTION_use_localtime);

	map_set(m, "server", "list_times", "%s", local ? "local" : "gmt");
	if (local)
		map_say(m, IMPORT_CHANGED, "list_times = local in [server]; "
			"MDTM and MLSD stay in UTC, as RFC 3659 requires");
}

/* In a jail vsftpd finds no names. */
static const char *
list_owners(const struct mapping *m, bool jailed)
{
	if (map_on(m, OPTION_hide_ids))
		return "hidden";
	return map_on(m, OPTION_text_userdb_names) && !jailed ? "names" :
		"numbers";
}

void
map_list_owners(struct mapping *m)
{
	map_set(m, "session", "list_owners", "%s",
		list_owners(m, map_is_jailed(m)));
	if (m->user_is_anonymous || map_on(m, OPTION_text_userdb_names))
		map_set_anonymous(m, "list_owners", "%s",
			list_owners(m, true));
}

/* A depth of 1 is the directory itself. */
void
map_list_recursion(struct mapping *m)
{
	m->set_for_all = true;
	if (!map_on(m, OPTION_ls_recurse_enable))
		map_set(m, "limits", "max_list_depth", "1");
	else
		map_say(m, IMPORT_CHANGED, "LIST -R and NLST -R work, by "
			"depth, and NLST has whole paths without headings");
}

void
map_ascii(struct mapping *m)
{
	bool upload = m->option == OPTION_ascii_upload_enable;

	map_set(m, "session", upload ? "ascii_upload" : "ascii_download",
		"%s", map_on(m, m->option) ? "convert" : "pretend");
	if (!upload && map_on(m, m->option))
		map_say(m, IMPORT_CHANGED, "ascii_download in [session]; SIZE "
			"is answered with 550 in TYPE A, because the size is "
			"that of the converted file");
}

void
map_process_titles(struct mapping *m)
{
	map_set_bool(m, "server", "process_titles",
		map_on(m, OPTION_setproctitle_enable));
}
