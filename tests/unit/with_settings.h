/*
 * with_settings.h - for the settings' suites: load a text as a settings file
 * and keep what is complained about.
 */
#ifndef TESTS_UNIT_WITH_SETTINGS_H
#define TESTS_UNIT_WITH_SETTINGS_H

#include "common/base.h"
#include "common/buffer.h"
#include "common/settings/settings.h"
#include "common/settings/settings_load.h"

#include <sys/stat.h>

struct complaints {
	size_t count;
	char storage[16384];
	struct buffer text;	/* "WHERE: SENTENCE\n", FILE as "F" */
};

/* The file of the running suite; "" while there is none. */
static char with_path[64];

static void
with_complaint(void *context, const char *where, const char *sentence)
{
	struct complaints *c = context;
	size_t len = strlen(with_path);
	bool ours = len > 0 && strncmp(where, with_path, len) == 0;

	c->count++;
	buffer_addf(&c->text, "%s%s: %s\n", ours ? "F" : "",
	    ours ? where + len : where, sentence);
}

static void
with_no_complaints(struct complaints *c)
{
	c->count = 0;
	buffer_init(&c->text, c->storage, sizeof(c->storage));
}

/* Write the suite's file; true when it stands. */
static bool
with_file(const void *data, size_t len)
{
	snprintf(with_path, sizeof(with_path), "/tmp/sureftpd-unit.XXXXXX");
	int fd = mkstemp(with_path);
	bool ok = fd >= 0 && write(fd, data, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return ok;
}

static void
with_no_file(void)
{
	unlink(with_path);
	with_path[0] = '\0';
}

/* Load bytes as a file; *c tells what was complained about. */
static UNUSED struct settings *
with_bytes(const void *data, size_t len, struct complaints *c)
{
	struct settings *s = NULL;

	with_no_complaints(c);
	if (with_file(data, len))
		s = settings_load(with_path, false, NULL, 0, with_complaint,
		    c);
	with_no_file();
	return s;
}

static UNUSED struct settings *
with_text(const char *text, struct complaints *c)
{
	return with_bytes(text, strlen(text), c);
}

/* The text is refused with exactly these complaints. */
static UNUSED bool
with_refusal(const char *text, const char *complaints)
{
	struct complaints c;
	struct settings *s = with_text(text, &c);
	bool ok = s == NULL &&
	    strcmp(buffer_text(&c.text), complaints) == 0;

	if (!ok)
		printf("\n  got:  %s  want: %s", buffer_text(&c.text),
		    complaints);
	settings_free(s);
	return ok;
}

/* Defaults and these assignments, no file. */
static UNUSED struct settings *
with_options(struct complaints *c, size_t n, const char *const *texts)
{
	char *assignments[16];

	with_no_complaints(c);
	for (size_t i = 0; i < n; i++)
		assignments[i] = strdup(texts[i]);
	struct settings *s = settings_load(NULL, true, assignments, n,
	    with_complaint, c);
	for (size_t i = 0; i < n; i++)
		free(assignments[i]);
	return s;
}

#define OPTIONS(c, ...)                                                   \
	with_options(c,                                                   \
	    sizeof((const char *const []){ __VA_ARGS__ }) / sizeof(char *), \
	    (const char *const []){ __VA_ARGS__ })

/* The assignment is refused with exactly this complaint. */
static UNUSED bool
option_refused(const char *option, const char *complaint)
{
	struct complaints c;
	struct settings *s = OPTIONS(&c, option);
	bool ok = s == NULL && strcmp(buffer_text(&c.text), complaint) == 0;

	if (!ok)
		printf("\n  got:  %s  want: %s", buffer_text(&c.text),
		    complaint);
	settings_free(s);
	return ok;
}

#endif
