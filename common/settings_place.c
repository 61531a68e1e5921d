/*
 * settings_place.c - what a heading names, and what holds for an account.
 *
 * Runs in: the master (opening), the monitor (settings_for_user).
 */
#include "common/base.h"
#include "common/settings_place.h"
#include "common/settings_value.h"
#include "common/text.h"

#define NAME_LONGEST 255

/* The sentence, with what was written in its midst, escaped and cut. */
static int
refuse(struct buffer *why, const char *before, const char *written,
	const char *after)
{
	BUFFER(shown, 256);

	text_escape(&shown, written, strlen(written));
	buffer_addf(why, "%s%s%s", before, buffer_text(&shown), after);
	return -EINVAL;
}

static int
refuse_memory(struct buffer *why)
{
	return refuse(why, strerror(ENOMEM), "", "");
}

static bool
is_listener_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return len > 0 && len <= 64 && name[len] == '\0';
}

static int
add_listener(struct settings *s, const char *name, struct buffer *why)
{
	struct listener_settings *l;
	char *copy;

	if (s->listener_count == SETTINGS_MAX_LISTENERS)
		return refuse(why, "[listener ", name, "] is one too many; "
		    "16 is the most");
	copy = strdup(name);
	if (copy == NULL)
		return refuse_memory(why);
	/* Counted at once, so that settings_free() finds it in any state. */
	l = &s->listeners[s->listener_count++];
	l->name = copy;
	if (settings_value_presets(SETTINGS_LISTENER, l) < 0)
		return refuse_memory(why);
	return 0;
}

static int
open_listener(struct settings *s, const char *name, bool may_exist,
	struct settings_place *place, struct buffer *why)
{
	size_t i = 0;

	if (*name != '\0' && !is_listener_name(name))
		return refuse(why, "\"", name, "\" cannot be a listener's "
		    "name; use letters, digits, - and _");
	while (i < s->listener_count && strcmp(s->listeners[i].name, name) != 0)
		i++;
	if (i < s->listener_count && !may_exist)
		return *name != '\0' ?
		    refuse(why, "[listener ", name, "] is there already") :
		    refuse(why, "", "", "[listener] is there already; "
		    "another one needs a name: [listener NAME]");
	if (i == s->listener_count && add_listener(s, name, why) < 0)
		return -EINVAL;
	place->section = "listener";
	place->listener = &s->listeners[i];
	place->origin = &s->origins[1 + i];
	return 0;
}

static struct settings_override *
add_override(struct settings *s, bool group, const char *name)
{
	struct settings_override *grown = reallocarray(s->overrides,
	    s->override_count + 1, sizeof(*grown));
	struct settings_override *o;

	if (grown == NULL)
		return NULL;
	s->overrides = grown;
	o = &grown[s->override_count];
	memset(o, 0, sizeof(*o));
	o->group = group;
	o->name = strdup(name);
	if (o->name == NULL)
		return NULL;
	s->override_count++;
	return o;
}

static int
open_override(struct settings *s, bool group, const char *name,
	struct settings_place *place, struct buffer *why)
{
	struct settings_override *o = NULL;

	for (size_t i = 0; i < s->override_count; i++)
		if (s->overrides[i].group == group &&
		    strcmp(s->overrides[i].name, name) == 0)
			o = &s->overrides[i];
	if (o == NULL)
		o = add_override(s, group, name);
	if (o == NULL)
		return refuse_memory(why);
	place->section = NULL;
	place->group = group;
	place->user = &o->values;
	place->origin = &o->origin;
	return 0;
}

static int
open_general(struct settings *s, const char *section,
	struct settings_place *place, struct buffer *why)
{
	/* As it stands in the table, because the heading's text passes. */
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (strcmp(settings_table[i].section, section) == 0)
			place->section = settings_table[i].section;
	if (place->section == NULL) {
		const char *near = settings_table_nearest_section(section);
		refuse(why, "there is no section [", section, "]");
		if (near != NULL)
			buffer_addf(why, "; did you mean [%s]?", near);
		return -EINVAL;
	}
	place->server = &s->server;
	place->user = &s->user;
	place->origin = &s->origins[0];
	return 0;
}

/* The rest of a heading that begins with this word, or NULL. */
static const char *
after_word(const char *heading, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(heading, word, len) != 0)
		return NULL;
	heading += len;
	if (*heading != '\0' && !text_is_blank(*heading))
		return NULL;
	while (text_is_blank(*heading))
		heading++;
	return heading;
}

/* The NAME of "NAME" into name[NAME_LONGEST + 1]. */
static bool
unquote(const char *quoted, char *name)
{
	size_t len = strlen(quoted);

	if (len < 3 || len > NAME_LONGEST + 2 || quoted[0] != '"' ||
	    quoted[len - 1] != '"')
		return false;
	memcpy(name, quoted + 1, len - 2);
	name[len - 2] = '\0';
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '"' || (unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return true;
}

int
settings_place_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_place *place, struct buffer *why)
{
	const char *listener = after_word(heading, "listener");
	const char *user = after_word(heading, "user");
	const char *group = after_word(heading, "group");
	const char *quoted = user != NULL ? user : group;
	char name[NAME_LONGEST + 1];
	int r;

	memset(place, 0, sizeof(*place));
	if (listener != NULL)
		r = open_listener(settings, listener, may_exist, place, why);
	else if (quoted == NULL)
		r = open_general(settings, heading, place, why);
	else if (unquote(quoted, name))
		r = open_override(settings, user == NULL, name, place, why);
	else
		r = refuse(why, user != NULL ? "write [user \"NAME\"], not [" :
		    "write [group \"NAME\"], not [", heading, "]");
	if (r < 0)
		*place = (struct settings_place){ .misnamed = true };
	return r;
}

void *
settings_place_field(const struct settings_place *place,
	const struct settings_row *row)
{
	switch (row->scope) {
	case SETTINGS_SERVER:
		return settings_table_field(row, place->server);
	case SETTINGS_LISTENER:
		return settings_table_field(row, place->listener);
	case SETTINGS_USER:
		return settings_table_field(row, place->user);
	}
	return NULL;
}

static size_t
field_size(const struct settings_row *row)
{
	switch (row->kind) {
	case SETTINGS_BOOL:
		return sizeof(SETTINGS_TYPE_BOOL);
	case SETTINGS_NUMBER:
	case SETTINGS_SECONDS:
		return sizeof(SETTINGS_TYPE_NUMBER);
	case SETTINGS_MODE:
	case SETTINGS_CHOICE:
		return sizeof(SETTINGS_TYPE_MODE);
	case SETTINGS_TEXT:
	case SETTINGS_LIST:
	case SETTINGS_PATH:
		return sizeof(SETTINGS_TYPE_TEXT);
	case SETTINGS_ADDRESS:
		return sizeof(SETTINGS_TYPE_ADDRESS);
	case SETTINGS_PORTS:
		return sizeof(SETTINGS_TYPE_PORTS);
	case SETTINGS_LETTERS:
		return sizeof(SETTINGS_TYPE_LETTERS);
	}
	return 0;
}

static void
apply_override(const struct settings_override *o, struct user_settings *out)
{
	for (size_t i = 0; i < SETTINGS_ROWS; i++) {
		const struct settings_row *row = &settings_table[i];
		if (o->origin.line[i] != SETTINGS_FROM_DEFAULT)
			memcpy(settings_table_field(row, out),
			    settings_table_value(row, &o->values),
			    field_size(row));
	}
}

static bool
is_member(const char *const *groups, size_t ngroups, const char *name)
{
	for (size_t i = 0; i < ngroups; i++)
		if (strcmp(groups[i], name) == 0)
			return true;
	return false;
}

void
settings_for_user(const struct settings *settings, const char *user,
	const char *const *groups, size_t ngroups, struct user_settings *out)
{
	*out = settings->user;
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (o->group && is_member(groups, ngroups, o->name))
			apply_override(o, out);
	}
	for (size_t i = 0; i < settings->override_count; i++) {
		const struct settings_override *o = &settings->overrides[i];
		if (!o->group && strcmp(o->name, user) == 0)
			apply_override(o, out);
	}
}

uint32_t
settings_letter(char letter)
{
	const char *alphabet = settings_table[SETTINGS_ROW_session_perm].unit;
	const char *at = letter != '\0' ? strchr(alphabet, letter) : NULL;

	return at != NULL ? UINT32_C(1) << (at - alphabet) : 0;
}
