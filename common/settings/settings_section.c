/*
 * settings_section.c - finds or creates the section of a heading.
 *
 * Runs in: the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/settings/settings_section.h"

#include "common/settings/settings_client.h"
#include "common/settings/settings_value.h"
#include "common/text.h"

#define NAME_LONGEST (SETTINGS_SECTION_NAME_SIZE - 1)

struct heading {
	const char *word;
	size_t word_len;
	bool named;
	char name[NAME_LONGEST + 1];
};

/* The sentence, with the text in question in the middle, escaped and
 * truncated. */
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

/* Only these characters, and at most `most` of them. */
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
		return refuse(why, "too many listeners (at most 16): "
		    "[listener ", name, "]");
	copy = strdup(name);
	if (copy == NULL)
		return refuse_memory(why);
	/* Counted immediately, so that settings_free() always frees it. */
	l = &s->listeners[s->listener_count++];
	l->name = copy;
	if (settings_value_defaults(SETTINGS_LISTENER, l) < 0)
		return refuse_memory(why);
	return 0;
}

static int
open_listener(struct settings *s, const char *name, bool may_exist,
	struct settings_section *section, struct buffer *why)
{
	size_t i = 0;

	if (*name != '\0' && !is_made_of(name, LETTERS DIGITS "_-", 64))
		return refuse(why, "invalid listener name \"", name, "\"; use "
		    "up to 64 letters, digits, \"-\" and \"_\"");
	while (i < s->listener_count && strcmp(s->listeners[i].name, name) != 0)
		i++;
	if (i < s->listener_count && !may_exist)
		return *name != '\0' ?
		    refuse(why, "[listener ", name, "] is already defined") :
		    refuse(why, "", "", "[listener] is already defined; "
		    "further listeners need a name: [listener NAME]");
	if (i == s->listener_count && add_listener(s, name, why) < 0)
		return -EINVAL;
	section->name = "listener";
	section->listener = &s->listeners[i];
	section->origin = &s->origins[SETTINGS_ORIGIN_LISTENER(i)];
	return 0;
}

static int
add_tls(struct settings *s, const char *name, struct buffer *why)
{
	struct tls_settings *tls;
	char *copy;

	if (s->tls_count == SETTINGS_MAX_TLS)
		return refuse(why, "too many TLS hosts (at most 15): [tls ",
		    name, "]");
	copy = strdup(name);
	if (copy == NULL)
		return refuse_memory(why);
	tls = &s->tls[s->tls_count++];
	tls->name = copy;
	if (settings_value_defaults(SETTINGS_TLS, tls) < 0)
		return refuse_memory(why);
	return 0;
}

/* [tls NAME]; letter case does not matter in host names. */
static int
open_tls(struct settings *s, const char *name, struct settings_section *section,
	struct buffer *why)
{
	size_t i = 1;

	if (!is_made_of(name, LETTERS DIGITS "_-.", NAME_LONGEST))
		return refuse(why, "invalid host name \"", name, "\"; use "
		    "letters, digits, \"-\", \"_\" and \".\"");
	while (i < s->tls_count && !text_is(s->tls[i].name, name))
		i++;
	if (i == s->tls_count && add_tls(s, name, why) < 0)
		return -EINVAL;
	section->name = "tls";
	section->tls = &s->tls[i];
	section->origin = &s->origins[SETTINGS_ORIGIN_TLS(i)];
	return 0;
}

static struct settings_override *
add_override(struct settings *s, int kind, const char *name)
{
	struct settings_override *grown = reallocarray(s->overrides,
	    s->override_count + 1, sizeof(*grown));
	struct settings_override *o;

	if (grown == NULL)
		return NULL;
	s->overrides = grown;
	o = &grown[s->override_count];
	memset(o, 0, sizeof(*o));
	o->kind = kind;
	o->name = strdup(name);
	if (o->name == NULL)
		return NULL;
	s->override_count++;
	return o;
}

static int
open_override(struct settings *s, int kind, const char *name,
	struct settings_section *section, struct buffer *why)
{
	struct settings_override *o = NULL;

	if (kind == OVERRIDE_CLIENT && !settings_client_is_name(name))
		return refuse(why, "[client \"", name, "\"] must name a "
		    "network, listener:NAME or clnt:PATTERN");
	for (size_t i = 0; i < s->override_count; i++)
		if ((int)s->overrides[i].kind == kind &&
		    strcmp(s->overrides[i].name, name) == 0)
			o = &s->overrides[i];
	if (o == NULL)
		o = add_override(s, kind, name);
	if (o == NULL)
		return refuse_memory(why);
	section->name = NULL;
	section->word = settings_override_words[kind];
	section->user = &o->values;
	section->origin = &o->origin;
	return 0;
}

static struct settings_directory *
add_directory(struct settings *s, const char *path)
{
	struct settings_directory *grown = reallocarray(s->directories,
	    s->directory_count + 1, sizeof(*grown));
	struct settings_directory *d;

	if (grown == NULL)
		return NULL;
	s->directories = grown;
	d = &grown[s->directory_count];
	memset(d, 0, sizeof(*d));
	d->path = strdup(path);
	if (d->path == NULL)
		return NULL;
	s->directory_count++;
	return settings_value_defaults(SETTINGS_DIRECTORY, &d->values) < 0 ?
	    NULL : d;
}

/* Several sections for one path may apply to different accounts. */
static int
open_directory(struct settings *s, const char *path, bool may_exist,
	struct settings_section *section, struct buffer *why)
{
	struct settings_directory *d = NULL;

	if (*path != '/')
		return refuse(why, "[directory \"", path, "\"] is not an "
		    "absolute path");
	for (size_t i = 0; may_exist && i < s->directory_count; i++)
		if (strcmp(s->directories[i].path, path) == 0)
			d = &s->directories[i];
	if (d == NULL && s->directory_count == SETTINGS_MAX_DIRECTORIES)
		return refuse(why, "too many directories (at most 200): "
		    "[directory \"", path, "\"]");
	if (d == NULL)
		d = add_directory(s, path);
	if (d == NULL)
		return refuse_memory(why);
	section->name = "directory";
	section->directory = &d->values;
	section->origin = &d->origin;
	return 0;
}

static int
open_general(struct settings *s, const char *name,
	struct settings_section *section, struct buffer *why)
{
	/* The string in the table, because the heading is only temporary. */
	for (size_t i = 0; i < SETTINGS_ROWS; i++)
		if (strcmp(settings_table[i].section, name) == 0)
			section->name = settings_table[i].section;
	if (section->name == NULL) {
		const char *near = settings_table_nearest_section(name);
		refuse(why, "unknown section [", name, "]");
		if (near != NULL)
			buffer_addf(why, "; did you mean [%s]?", near);
		return -EINVAL;
	}
	section->server = &s->server;
	section->user = &s->user;
	section->tls = &s->tls[0];
	section->origin = &s->origins[0];
	if (strcmp(name, "anonymous") == 0) {
		section->user = &s->anonymous.values;
		section->user_origin = &s->anonymous.origin;
	}
	return 0;
}

bool
settings_section_takes_name(const char *word, size_t len)
{
	static const char *const words[] = {
		"listener", "tls", "user", "group", "client", "directory",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == len && memcmp(word, words[i], len) == 0)
			return true;
	return false;
}

bool
settings_section_name(const char *text, char *name)
{
	size_t len = strlen(text);
	bool quoted = text[0] == '"';

	if (quoted) {
		if (len < 2 || text[len - 1] != '"')
			return false;
		text++;
		len -= 2;
	}
	if (len == 0 || len > NAME_LONGEST)
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '"' || (unsigned char)*c < 0x20 || *c == 0x7f ||
		    (!quoted && text_is_blank(*c)))
			return false;
	return true;
}

static int
split(const char *text, struct heading *h, struct buffer *why)
{
	const char *rest;

	h->word = text;
	h->word_len = strcspn(text, " \t");
	h->named = false;
	h->name[0] = '\0';
	if (!settings_section_takes_name(text, h->word_len))
		return 0;
	rest = text + h->word_len;
	while (text_is_blank(*rest))
		rest++;
	h->named = *rest != '\0';
	if (!h->named || settings_section_name(rest, h->name))
		return 0;
	refuse(why, "invalid name in [", text, "]; use [");
	buffer_addf(why, "%.*s NAME], or [%.*s \"NAME\"] if it contains blanks",
	    (int)h->word_len, h->word, (int)h->word_len, h->word);
	return -EINVAL;
}

static bool
is(const struct heading *h, const char *word)
{
	return strlen(word) == h->word_len &&
	    memcmp(h->word, word, h->word_len) == 0;
}

static int
open_section(struct settings *settings, const char *text, bool may_exist,
	struct settings_section *section, struct buffer *why)
{
	struct heading h;

	if (split(text, &h, why) < 0)
		return -EINVAL;
	if (is(&h, "listener"))
		return open_listener(settings, h.name, may_exist, section, why);
	if (!h.named && (is(&h, "tls") ||
	    !settings_section_takes_name(text, h.word_len)))
		return open_general(settings, text, section, why);
	for (int i = 0; h.named && i < SETTINGS_OVERRIDES; i++)
		if (is(&h, settings_override_words[i]))
			return open_override(settings, i, h.name, section,
			    why);
	if (h.named && is(&h, "tls"))
		return open_tls(settings, h.name, section, why);
	if (h.named)
		return open_directory(settings, h.name, may_exist, section,
		    why);
	return refuse(why, "missing name in [", text, "]");
}

bool
settings_section_is_user(const char *heading, const char *user)
{
	struct heading h;
	BUFFER(why, 1024);

	return split(heading, &h, &why) == 0 && is(&h, "user") &&
	    h.named && strcmp(h.name, user) == 0;
}

int
settings_section_open(struct settings *settings, const char *heading,
	bool may_exist, struct settings_section *section, struct buffer *why)
{
	int r;

	memset(section, 0, sizeof(*section));
	r = open_section(settings, heading, may_exist, section, why);
	if (r < 0)
		*section = (struct settings_section){ .invalid = true };
	return r;
}

int *
settings_section_line(const struct settings_section *section,
	const struct settings_row *row)
{
	bool own = row->scope == SETTINGS_USER && section->user_origin != NULL;

	return own ? &section->user_origin->line[row - settings_table] :
	    &section->origin->line[row - settings_table];
}

void *
settings_section_field(const struct settings_section *section,
	const struct settings_row *row)
{
	void *values = NULL;

	switch (row->scope) {
	case SETTINGS_SERVER:
		values = section->server;
		break;
	case SETTINGS_LISTENER:
		values = section->listener;
		break;
	case SETTINGS_TLS:
		values = section->tls;
		break;
	case SETTINGS_USER:
		values = section->user;
		break;
	case SETTINGS_DIRECTORY:
		values = section->directory;
		break;
	}
	return values != NULL ? settings_table_field(row, values) : NULL;
}
