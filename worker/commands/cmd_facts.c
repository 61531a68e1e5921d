/*
 * cmd_facts.c - MFF (draft-somers-ftp-mfxx) and SITE CHGRP: change a file's
 * attributes.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "common/buffer.h"
#include "common/process/change_owner.h"
#include "common/text.h"
#include "worker/command.h"
#include "worker/tree/ftptime.h"

static bool
is_delegate(const struct session *s)
{
	return change_owner_allowed(s->limits, s->identity);
}

static bool
find_number(const char *text, size_t len, uint32_t *id)
{
	int64_t number;

	if (text_number(text, len, &number) < 0 || number >= UINT32_MAX)
		return false;
	*id = (uint32_t)number;
	return true;
}

static bool
find_owner(const struct session *s, const char *text, size_t len, uid_t *uid)
{
	return names_find_user(s->names, text, len, uid) ||
		find_number(text, len, uid);
}

/* A group by its number, or by its name if the account is a member or may use
 * any group: other names may be unknown to the session. */
static bool
find_group(const struct session *s, const char *text, size_t len, gid_t *gid)
{
	const struct fact_user *user = &s->tree.user;

	for (size_t i = 0; i <= user->ngroups; i++) {
		*gid = i == 0 ? user->gid : user->groups[i - 1];
		const char *name = names_group(s->names, *gid);
		if (name != NULL && strlen(name) == len &&
			memcmp(name, text, len) == 0)
			return true;
	}
	return (is_delegate(s) &&
		names_find_group(s->names, text, len, gid)) ||
		find_number(text, len, gid);
}

/* --- MFF */

struct changes {
	bool modify, mode, group, owner;
	struct timespec time;
	unsigned bits;
	gid_t gid;
	uid_t uid;
};

static bool
is_fact(const char *text, size_t len, const char *name)
{
	return text_same(text, len, name, strlen(name));
}

static bool
is_owner(const char *text, size_t len)
{
	return is_fact(text, len, "UNIX.owner") ||
		is_fact(text, len, "UNIX.ownername");
}

static void
reply_unchangeable(struct session *s, const char *fact, size_t len)
{
	if (is_owner(fact, len))
		reply(&s->reply, 504, "The fact %.*s cannot be changed by "
			"this account (allow_chown).", (int)len, fact);
	else
		reply(&s->reply, 504, "The fact %.*s cannot be changed, only "
			"modify, UNIX.group%s and UNIX.mode.", (int)len, fact,
			is_delegate(s) ? ", UNIX.owner" : "");
}

/* Parse "NAME=VALUE".  Replies if it is invalid, or cannot be changed. */
static bool
parse_fact(struct session *s, const char *fact, size_t len, struct changes *c)
{
	const char *value = memchr(fact, '=', len);
	size_t name_len = value == NULL ? 0 : (size_t)(value - fact);
	size_t value_len = len - name_len - 1;
	bool valid = false;

	if (value++ == NULL || name_len == 0) {
		reply(&s->reply, 501, "Invalid argument; use MFF %s.",
			s->command->syntax);
		return false;
	}
	if (is_fact(fact, name_len, "modify")) {
		valid = ftptime_parse(value, value_len, &c->time) == 0;
		c->modify = true;
	} else if (is_fact(fact, name_len, "UNIX.mode")) {
		valid = text_octal(value, value_len, &c->bits) == 0;
		c->mode = true;
	} else if (is_fact(fact, name_len, "UNIX.group") ||
		is_fact(fact, name_len, "UNIX.groupname")) {
		valid = find_group(s, value, value_len, &c->gid);
		c->group = true;
	} else if (is_owner(fact, name_len) && is_delegate(s)) {
		valid = find_owner(s, value, value_len, &c->uid);
		c->owner = true;
	} else {
		reply_unchangeable(s, fact, name_len);
		return false;
	}
	if (!valid)
		reply(&s->reply, 501, "Invalid value of the fact %.*s.",
			(int)name_len, fact);
	return valid;
}

static bool
parse_facts(struct session *s, const char *facts, const char *end,
	struct changes *c)
{
	while (facts < end) {
		const char *stop = memchr(facts, ';', (size_t)(end - facts));

		if (stop == NULL)
			stop = end;
		if (!parse_fact(s, facts, (size_t)(stop - facts), c))
			return false;
		facts = stop + 1;
	}
	return true;
}

/* The group first, because changing it clears bits of the mode; the owner last,
 * because only the new one may change the rest.  If one fails, the previous
 * changes are kept. */
static bool
apply(struct session *s, const char *path, const struct changes *c)
{
	int error = 0;

	if (c->group)
		error = tree_change_group(&s->tree, path, c->gid);
	if (error == 0 && c->mode)
		error = tree_change_mode(&s->tree, path, c->bits);
	if (error == 0 && c->modify)
		error = tree_set_time(&s->tree, path, &c->time);
	if (error == 0 && c->owner)
		error = tree_change_owner(&s->tree, path, c->uid);
	if (error < 0)
		reply_errno(&s->reply, -error);
	return error == 0;
}

static void
cmd_mff(struct session *s, char *argument)
{
	const char *end = strchr(argument, ' ');
	struct changes c = { .modify = false };

	if (end == NULL || end == argument || end[1] == '\0') {
		reply(&s->reply, 501, "Invalid argument; use MFF %s.",
			s->command->syntax);
		return;
	}
	if (parse_facts(s, argument, end, &c) && apply(s, end + 1, &c))
		reply(&s->reply, 213, "%s", argument);
}

/* --- SITE CHGRP */

static void
site_chgrp(struct session *s, char *argument)
{
	char *path = strchr(argument, ' ');
	gid_t gid;

	if (path == NULL || path[1] == '\0') {
		reply(&s->reply, 501, "Invalid argument; use SITE CHGRP %s.",
			s->command->syntax);
		return;
	}
	*path++ = '\0';
	if (!find_group(s, argument, strlen(argument), &gid)) {
		reply(&s->reply, 550, is_delegate(s) ?
			"There is no group %s; use its number." :
			"You are not a member of the group %s.", argument);
		return;
	}
	int error = tree_change_group(&s->tree, path, gid);
	if (error < 0)
		reply_errno(&s->reply, -error);
	else
		reply(&s->reply, 200, "Group changed to %s.", argument);
}

const struct command cmd_facts_rows[] = {
	{ "MFF", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT, 0,
		"<fact>=<value>;... <path>", "MFF",
		"changes facts of a file or directory", cmd_mff },
	{ "SITE CHGRP", COMMAND_AFTER_LOGIN | COMMAND_ARGUMENT,
		PERMISSION_change_mode, "<group> <path>", NULL,
		"changes the group of a file or directory", site_chgrp },
	{ .verb = NULL },
};
