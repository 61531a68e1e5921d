/*
 * map_rights.c - maps permissions, and owner and mode of uploads.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/text.h"

#include <grp.h>
#include <pwd.h>

/* The permissions of anonymous sessions, and of guests without
 * virtual_use_local_privs. */
static void
add_anonymous_letters(const struct mapping *m, struct buffer *b)
{
	if (!map_on(m, OPTION_write_enable))
		return;
	if (map_on(m, OPTION_anon_other_write_enable))
		buffer_add_text(b, "adf");
	if (map_on(m, OPTION_anon_mkdir_write_enable))
		buffer_add_char(b, 'm');
	if (map_on(m, OPTION_anon_upload_enable))
		buffer_add_char(b, 'w');
	if (map_on(m, OPTION_anon_other_write_enable) &&
	    map_on(m, OPTION_mdtm_write))
		buffer_add_char(b, 'T');
}

static void
add_local_letters(const struct mapping *m, struct buffer *b)
{
	if (!map_on(m, OPTION_write_enable))
		return;
	buffer_add_text(b, "adfmw");
	if (map_on(m, OPTION_chmod_enable))
		buffer_add_char(b, 'M');
	if (map_on(m, OPTION_mdtm_write))
		buffer_add_char(b, 'T');
}

static void
add_reading_letters(const struct mapping *m, struct buffer *b)
{
	buffer_add_char(b, 'e');
	if (map_on(m, OPTION_dirlist_enable))
		buffer_add_char(b, 'l');
	if (map_on(m, OPTION_download_enable))
		buffer_add_char(b, 'r');
}

/* Without anon_other_write_enable, existing files cannot be overwritten. */
static const char *
anonymous_overwrite(const struct mapping *m)
{
	return map_on(m, OPTION_anon_other_write_enable) ? "allow" : "deny";
}

/* Is it an option with which anonymous users, or guests who are treated like
 * them, make files or directories?  In vsftpd they set the umask of these as
 * they like. */
static bool
anonymous_make(const struct mapping *m, enum vsftpd_option option)
{
	return (option == OPTION_anon_upload_enable ||
		   option == OPTION_anon_mkdir_write_enable) &&
	    map_on(m, option) && map_on(m, OPTION_write_enable) &&
	    (map_on(m, OPTION_anonymous_enable) ||
		map_guests_are_anonymous(m));
}

/* Guests are read-only unless a section for them says otherwise: that of the
 * group of guest_username, which has no other users. */
static void
set_guest_permissions(struct mapping *m, const char *letters)
{
	BUFFER(section, 300);

	if (!map_on(m, OPTION_guest_enable) || m->user != NULL)
		return;
	const struct passwd *pw = getpwnam(map_text(m, OPTION_guest_username));
	const struct group *group = pw != NULL ? getgrgid(pw->pw_gid) : NULL;
	if (group == NULL) {
		map_say(m, IMPORT_REFUSED, "the group of guest_username has "
			"no name; guests can only read");
		return;
	}
	buffer_addf(&section, "group \"%s\"", group->gr_name);
	map_set(m, buffer_text(&section), "permissions", "%s", letters);
}

void
map_rights(struct mapping *m)
{
	BUFFER(local, 32);
	BUFFER(anonymous, 32);
	bool like_anonymous = map_guests_are_anonymous(m);

	add_reading_letters(m, &local);
	add_reading_letters(m, &anonymous);
	add_anonymous_letters(m, &anonymous);
	if (like_anonymous)
		add_anonymous_letters(m, &local);
	else
		add_local_letters(m, &local);
	map_set(m, "session", "permissions", "%s", buffer_text(&local));
	set_guest_permissions(m, buffer_text(&local));
	map_set(m, "session", "overwrite", "%s",
		like_anonymous ? anonymous_overwrite(m) : "allow");
	map_set_anonymous(m, "permissions", "%s", buffer_text(&anonymous));
	map_set_anonymous(m, "overwrite", "%s", anonymous_overwrite(m));
	if (m->option == OPTION_dirlist_enable &&
	    !map_on(m, OPTION_dirlist_enable))
		map_say(m, IMPORT_CHANGED, "permissions without l, which "
			"refuses SIZE and MDTM as well");
	if (m->option == OPTION_chmod_enable && !map_on(m, OPTION_chmod_enable))
		map_say(m, IMPORT_CHANGED, "permissions without M; SITE CHMOD "
			"is answered with 550 instead of 500, and SITE UMASK "
			"can only add bits");
	if (anonymous_make(m, m->option))
		map_say(m, IMPORT_CHANGED, "permissions have %s, but not M, "
			"so SITE UMASK can only add bits",
			m->option == OPTION_anon_upload_enable ?
			"w" : "m");
}

void
map_world_readable(struct mapping *m)
{
	bool only = map_on(m, OPTION_anon_world_readable_only);

	map_set_anonymous(m, "world_readable_only", "%s", only ? "yes" : "no");
	map_set_bool(m, "session", "world_readable_only",
		only && map_guests_are_anonymous(m));
}

void
map_umask(struct mapping *m)
{
	uint32_t local = map_number(m, OPTION_local_umask) & 0777;
	uint32_t anonymous = map_number(m, OPTION_anon_umask) & 0777;

	if (map_guests_are_anonymous(m))
		local = anonymous;
	map_set(m, "session", "umask", "%03" PRIo32, local);
	map_set_anonymous(m, "umask", "%03" PRIo32, anonymous);
}

void
map_file_mode(struct mapping *m)
{
	uint32_t mode = map_number(m, OPTION_file_open_mode);

	map_set(m, "session", "file_mode", "%03" PRIo32, mode & 0777);
	if (mode & 07000)
		map_say(m, IMPORT_CHANGED, "file_mode in [session] is %03"
			PRIo32 "; set-id and sticky bits are not set", mode &
			0777);
}

static void
set_upload_user(struct mapping *m, const char *name, const char *mode)
{
	map_set_anonymous(m, "upload_user", "%s", name);
	map_set_anonymous(m, "upload_mode", "%s", mode);
	if (!map_guests_are_anonymous(m))
		return;
	map_set(m, "session", "upload_user", "%s", name);
	map_set(m, "session", "upload_mode", "%s", mode);
}

void
map_chown(struct mapping *m)
{
	BUFFER(mode, 16);
	const char *name = map_text(m, OPTION_chown_username);

	if (!map_on(m, OPTION_chown_uploads)) {
		map_say(m, IMPORT_NOT_NEEDED, "uploads keep their owner");
		return;
	}
	if (getpwnam(name) == NULL) {
		map_say(m, IMPORT_REFUSED, "there is no account %s, with "
			"which vsftpd did not start", name);
		return;
	}
	buffer_addf(&mode, "%03" PRIo32,
		map_number(m, OPTION_chown_upload_mode) & 0777);
	set_upload_user(m, name, buffer_text(&mode));
}

/* Commands that vsftpd does not have are treated like the related older
 * command. */
static const struct {
	const char *old;
	const char *newer;
} companions[] = {
	{ "LIST", "MLSD" }, { "LIST", "MLST" },
	{ "MDTM", "MFMT" }, { "SITE", "MFF" },
	{ "FEAT", "OPTS" },
	{ "AUTH", "PBSZ" }, { "AUTH", "PROT" },
};

/* The commands of the list, separated by blanks.  As in vsftpd, an empty entry
 * ends it, and one with blanks or small letters is no command: returns false
 * for those. */
static bool
add_commands(struct buffer *b, const char *list)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool good = true;
	size_t len;

	while ((len = strcspn(list, ",")) > 0) {
		if (strspn(list, letters) != len)
			good = false;
		else
			buffer_addf(b, "%s%.*s", b->len > 0 ? " " : "",
				(int)len, list);
		list += len + (list[len] != '\0');
	}
	return good && *list == '\0';
}

static void
add_companions(struct buffer *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(companions); i++)
		if (text_list_has(buffer_text(b), companions[i].old) &&
		    !text_list_has(buffer_text(b), companions[i].newer))
			buffer_addf(b, " %s", companions[i].newer);
}

void
map_commands(struct mapping *m)
{
	BUFFER(commands, 4000);
	bool allowed = m->option == OPTION_cmds_allowed;
	const char *list = map_text(m, m->option);

	bool good = add_commands(&commands, list);
	if (allowed && commands.len == 0 && list[0] != '\0')
		buffer_add_text(&commands, "QUIT");
	add_companions(&commands);
	if (commands.overflow) {
		map_set(m, "session", "commands_allowed", "QUIT");
		map_say(m, IMPORT_REFUSED, "the list is too long; only QUIT is "
			"allowed, set %s in [session]", allowed ?
			"commands_allowed" : "commands_denied");
		return;
	}
	map_set(m, "session", allowed ? "commands_allowed" : "commands_denied",
		"%s", buffer_text(&commands));
	if (list[0] != '\0')
		map_say(m, IMPORT_CHANGED, "%s in [session], with the newer "
			"commands that do the same, such as MLSD for LIST; "
			"others are answered with 500 instead of 550%s",
			allowed ? "commands_allowed" : "commands_denied",
			good ? "" : "; for vsftpd an entry with blanks or "
			"lower-case letters, and one after an empty entry, "
			"was no command, so it is left out");
}

void
map_locking(struct mapping *m)
{
	map_set_bool(m, "session", "upload_locking",
		map_on(m, OPTION_lock_upload_files));
}

void
map_failed_uploads(struct mapping *m)
{
	bool delete = map_on(m, OPTION_delete_failed_uploads);

	map_set(m, "session", "incomplete_uploads", "%s",
		delete ? "delete" : "keep");
	if (delete)
		map_say(m, IMPORT_CHANGED, "incomplete_uploads = delete in "
			"[session]; a file that was appended to or resumed is "
			"kept, which vsftpd deleted");
}
