/*
 * secrets.c - the secrets that are shared with the RADIUS servers.
 *
 * Runs in: radius, before it takes its role.
 */
#include "common/base.h"
#include "daemon/radius/secrets.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/settings/settings_secret.h"
#include "common/text.h"

#include <sys/stat.h>

static int
refuse(const char *path, const char *why, int error)
{
	log_error("RADIUS secret in %s: %s", path, why);
	return error;
}

static int
read_file(struct radius_secrets *s, const char *path)
{
	const char *why = NULL;
	struct stat st;
	int error = 0;
	FILE *file = io_open_trusted(path, &why, &error);

	if (file == NULL)
		return refuse(path, why, error);
	if (fstat(fileno(file), &st) < 0)
		error = refuse(path, strerror(errno), -EIO);
	else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		error = refuse(path, "others can read it; make its mode 0600",
			-EPERM);
	/* Not through the stream, whose buffer would keep a copy. */
	ssize_t n = error < 0 ? error : io_read_open(fileno(file), s->text,
		sizeof(s->text));
	fclose(file);
	if (error == 0 && n < 0)
		return refuse(path, log_errno((int)n), (int)n);
	return error;
}

int
radius_secrets_read(struct radius_secrets *s, const struct settings *settings)
{
	_Static_assert(SETTINGS_SECRET_SIZE <= sizeof(s->text), "it fits");
	if (*settings->server.secret == '\0')
		return read_file(s, settings->server.secret_file);
	int error = settings_secret_find(settings, "radius", "secret", s->text);
	return error < 0 ? refuse(settings->path, log_errno(error), error) : 0;
}

/* What follows the first word of a line. */
static const char *
second_word(const char *line, size_t *first_len)
{
	*first_len = strcspn(line, " \t");
	return line + *first_len + strspn(line + *first_len, " \t");
}

/* One line: SECRET, or SERVER and SECRET, or # and a comment.  False if it has
 * no secret for this server; *own: the line is only for this server. */
static bool
read_line(const char *line, size_t len, const char *server, bool *own,
	struct radius_secret *secret)
{
	char copy[1024];
	size_t first_len;

	*own = false;
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	const char *first = text_trim(copy);
	const char *second = second_word(first, &first_len);
	bool one_word = *second == '\0';
	*own = !one_word && strlen(server) == first_len &&
		memcmp(first, server, first_len) == 0;
	const char *found = one_word ? first : second;
	bool usable = *first != '#' && (one_word || *own) && *found != '\0' &&
		text_copy(secret->text, sizeof(secret->text), found) == 0;
	secret->len = usable ? strlen(secret->text) : 0;
	explicit_bzero(copy, sizeof(copy));
	return usable;
}

bool
radius_secrets_find(const struct radius_secrets *s, const char *server,
	struct radius_secret *secret)
{
	const char *line = s->text;
	struct radius_secret candidate;
	bool own = false, found = false;

	while (*line != '\0' && !own) {
		size_t len = strcspn(line, "\n");

		if (read_line(line, len, server, &own, &candidate) &&
		    (own || !found)) {
			*secret = candidate;
			found = true;
		}
		line += len + (line[len] == '\n');
	}
	explicit_bzero(&candidate, sizeof(candidate));
	return found;
}
