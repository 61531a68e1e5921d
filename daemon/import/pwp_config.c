/*
 * pwp_config.c - which lines of a configuration of the PWP server count.
 *
 * Runs in: sureftpd --import-pwp.
 */
#include "common/base.h"
#include "daemon/import/pwp_config.h"

void
pwp_config_init(struct pwp_config *c, const char *host)
{
	*c = (struct pwp_config){ .host = host };
	for (size_t i = 0; i < PWP_OPTIONS; i++)
		c->first[i] = PWP_UNSET;
}

void
pwp_config_free(struct pwp_config *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->readings[i].host);
		free(c->readings[i].key);
		free(c->readings[i].value);
	}
	for (size_t i = 0; i < c->fault_count; i++)
		free(c->faults[i].text);
	for (size_t i = 0; i < c->file_count; i++)
		free(c->files[i]);
	free(c->readings);
	free(c->faults);
	free(c->files);
	pwp_config_init(c, NULL);
}

int
pwp_config_add(struct pwp_config *c, const struct pwp_reading *reading)
{
	struct pwp_reading *grown = reallocarray(c->readings, c->count + 1,
		sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	c->readings = grown;
	struct pwp_reading *r = &c->readings[c->count++];
	*r = *reading;
	r->host = reading->host != NULL ? strdup(reading->host) : NULL;
	r->key = strdup(reading->key);
	r->value = strdup(reading->value);
	return r->key == NULL || r->value == NULL ||
	    (reading->host != NULL && r->host == NULL) ? -ENOMEM : 0;
}

int
pwp_config_fault(struct pwp_config *c, const char *file, int line,
	const char *format, ...)
{
	struct pwp_fault *grown = reallocarray(c->faults, c->fault_count + 1,
		sizeof(*grown));
	va_list ap;

	if (grown == NULL)
		return -ENOMEM;
	c->faults = grown;
	struct pwp_fault *fault = &c->faults[c->fault_count++];
	*fault = (struct pwp_fault){ .file = file, .line = line };
	va_start(ap, format);
	int n = vasprintf(&fault->text, format, ap);
	va_end(ap);
	if (n < 0)
		fault->text = NULL;
	return n < 0 ? -ENOMEM : 0;
}

int
pwp_config_option(struct pwp_config *c, const char *assignment)
{
	const char *equals = strchr(assignment, '=');

	if (equals == NULL)
		return -EINVAL;
	char *key = strndup(assignment, (size_t)(equals - assignment));
	if (key == NULL)
		return -ENOMEM;
	struct pwp_reading r = {
		.file = PWP_COMMAND_LINE, .key = key,
		.value = (char *)(uintptr_t)(equals + 1),
		.option = pwp_find(key, strlen(key)),
	};
	int error = pwp_config_add(c, &r);
	free(key);
	return error;
}

static bool
is_command_line(const struct pwp_reading *r)
{
	return r->line == 0;
}

/* Which kinds of readings an option has. */
struct found {
	bool host;		/* in the section of the wanted host */
	size_t last_option;	/* the last -o; PWP_UNSET: none */
};

static bool
is_of_host(const struct pwp_config *c, const struct pwp_reading *r)
{
	return r->host != NULL && c->host != NULL &&
		strcmp(r->host, c->host) == 0;
}

static void
survey(const struct pwp_config *c, struct found found[PWP_OPTIONS])
{
	for (size_t i = 0; i < PWP_OPTIONS; i++)
		found[i] = (struct found){ .last_option = PWP_UNSET };
	for (size_t n = 0; n < c->count; n++) {
		const struct pwp_reading *r = &c->readings[n];
		if (r->option == PWP_OPTIONS)
			continue;
		if (is_of_host(c, r))
			found[r->option].host = true;
		else if (is_command_line(r))
			found[r->option].last_option = n;
	}
}

/* Why a reading has no effect; NULL if it has one. */
static const char *
why_unused(const struct pwp_config *c, size_t n, const struct found *found)
{
	const struct pwp_reading *r = &c->readings[n];

	if (r->host != NULL && !is_of_host(c, r))
		return c->host == NULL ? "it is about one virtual host; "
			"--host=NAME converts the configuration of that one" :
			"it is about another virtual host";
	if (r->host == NULL && found->host)
		return "the section of the virtual host sets it";
	if (r->host == NULL && found->last_option != PWP_UNSET &&
	    found->last_option != n)
		return "an -o option on the command line overrides it";
	if (c->first[r->option] != PWP_UNSET && !pwp_table[r->option].repeated)
		return "an earlier line sets it, which the server used";
	return NULL;
}

void
pwp_config_settle(struct pwp_config *c)
{
	struct found found[PWP_OPTIONS];

	survey(c, found);
	for (size_t n = 0; n < c->count; n++) {
		struct pwp_reading *r = &c->readings[n];
		if (r->option == PWP_OPTIONS)
			continue;
		r->unused = why_unused(c, n, &found[r->option]);
		r->effective = r->unused == NULL;
		if (r->effective && c->first[r->option] == PWP_UNSET)
			c->first[r->option] = n;
	}
}

bool
pwp_config_is_set(const struct pwp_config *c, enum pwp_option option)
{
	return c->first[option] != PWP_UNSET;
}

const char *
pwp_config_text(const struct pwp_config *c, enum pwp_option option)
{
	return pwp_config_is_set(c, option) ?
		c->readings[c->first[option]].value :
		pwp_table[option].default_text;
}
