/*
 * settings_place.c - what a heading names, and what holds for an account.
 *
 * Runs in: the master (opening), the monitor (settings_for_user).
 */
#include "common/base.h"
#include "common/settings/settings_place.h"
#include "common/settings/settings_value.h"
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

/* At most `most` of these characters. */
static bool
is_made_of(const char *name, const char *characters, size_t most)
{
	size_t len = strspn(name, characters);

	return len > 0 && len <= most && name[len] == '\0';
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

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

	if (*name != '\0' && !is_made_of(name, LETTERS DIGITS "_-", 64))
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
	place->origin = &s->origins[SETTINGS_ORIGIN_LISTENER(i)];
	return 0;
}

static int
add_tls(struct settings *s, const char *name, struct buffer *why)
{
	struct tls_settings *tls;
	char *copy;

	if (s->tls_count == SETTINGS_MAX_TLS)
		return refuse(why, "[tls \"", name, "\"] is one too many; "
		    "15 is the most");
	copy = strdup(name);
	if (copy == NULL)
		return refuse_memory(why);
	tls = &s->tls[s->tls_count++];
	tls->name = copy;
	if (settings_value_presets(SETTINGS_TLS, tls) < 0)
		return refuse_memory(why);
	return 0;
}

/* [tls "NAME"]; names of hosts do not care about letter case. */
static int
open_tls(struct settings *s, const char *name, struct settings_place *place,
	struct buffer *why)
{
	size_t i = 1;

	if (!is_made_of(name, LETTERS DIGITS "_-.", NAME_LONGEST))
		return refuse(why, "\"", name, "\" cannot be a host's name; "
		    "use letters, digits, -, _ and dots");
	while (i < s->tls_count && !text_is(s->tls[i].name, name))
		i++;
	if (i == s->tls_count && add_tls(s, name, why) < 0)
		return -EINVAL;
	place->section = "tls";
	place->named = true;
	place->tls = &s->tls[i];
	place->origin = &s->origins[SETTINGS_ORIGIN_TLS(i)];
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
	place->tls = &s->tls[0];
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

/* [user "NAME"], [group "NAME"] and [tls "NAME"]: word is "user", ... */
static int
open_quoted(struct settings *s, const char *word, const char *quoted,
	struct settings_place *place, struct buffer *why)
{
	char name[NAME_LONGEST + 1];

	if (!unquote(quoted, name)) {
		buffer_addf(why, "write [%s \"NAME\"], not [%s ", word, word);
		return refuse(why, "", quoted, "]");
	}
	if (strcmp(word, "tls") == 0)
		return open_tls(s, name, place, why);
	return open_override(s, strcmp(word, "group") == 0, name, place, why);
}

/* The word that a name in quotes has to follow here, or NULL. */
static const char *
quoted_word(const char *heading, const char **quoted)
{
	static const char *const words[] = { "user", "group", "tls" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		*quoted = after_word(heading, words[i]);
		if (*quoted != NULL &&
		    !(strcmp(words[i], "tls") == 0 && **quoted == '\0'))
			return words[i];
	}
	return NULL;
}

int
settings_place_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_place *place, struct buffer *why)
{
	const char *listener = after_word(heading, "listener");
	const char *quoted;
	const char *word = quoted_word(heading, &quoted);
	int r;

	memset(place, 0, sizeof(*place));
	if (listener != NULL)
		r = open_listener(settings, listener, may_exist, place, why);
	else if (word != NULL)
		r = open_quoted(settings, word, quoted, place, why);
	else
		r = open_general(settings, heading, place, why);
	if (r < 0)
		*place = (struct settings_place){ .misnamed = true };
	return r;
}

static void *
scope_struct(const struct settings_place *place, enum settings_scope scope)
{
	switch (scope) {
	case SETTINGS_SERVER:
		return place->server;
	case SETTINGS_LISTENER:
		return place->listener;
	case SETTINGS_TLS:
		return place->tls;
	case SETTINGS_USER:
		return place->user;
	}
	return NULL;
}

void *
settings_place_field(const struct settings_place *place,
	const struct settings_row *row)
{
	void *values = scope_struct(place, row->scope);

	return values != NULL ? settings_table_field(row, values) : NULL;
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
	case SETTINGS_LINES:
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
