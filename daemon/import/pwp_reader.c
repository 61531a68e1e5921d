/*
 * pwp_reader.c - reads ftpd.conf in the format of Net::FTPServer.
 *
 * Runs in: sureftpd --import-pwp.  Never: runs Perl code.
 */
#include "common/base.h"
#include "daemon/import/pwp_config.h"

#include "common/glob.h"
#include "common/io.h"
#include "common/text.h"

#include <dirent.h>
#include <fcntl.h>

#define DEPTH_MAX 16	/* of included files */
#define FILES_MAX 256

/* A file that is being read. */
struct reader {
	struct pwp_config *config;
	const char *file;	/* its name */
	char *at;		/* the next line; NULL at the end */
	int line;		/* the number of the last line read */
	int begin;		/* where the line began that it continues */
	int depth;
	char *host;		/* of the section <Host>, or NULL */
};

static int read_named(struct pwp_config *c, const char *path, int depth);

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Cut blanks off both ends. */
static char *
trimmed(char *text)
{
	size_t len;

	while (is_space(*text))
		text++;
	for (len = strlen(text); len > 0 && is_space(text[len - 1]); len--)
		;
	text[len] = '\0';
	return text;
}

/* The next line without its end; NULL at the end of the file. */
static char *
next_line(struct reader *r)
{
	char *line = r->at;

	if (line == NULL || *line == '\0')
		return NULL;
	char *end = strchrnul(line, '\n');
	r->at = *end != '\0' ? end + 1 : NULL;
	while (end > line && end[-1] == '\r')
		end--;
	*end = '\0';
	r->line++;
	return line;
}

/* Append the lines that continue this one, without the blanks before them. The
 * text only moves to the front, into what was read already. */
static void
join_lines(struct reader *r, char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == '\\') {
		line[--len] = '\0';
		char *more = next_line(r);
		if (more == NULL)
			return;
		while (is_space(*more))
			more++;
		size_t n = strlen(more);
		memmove(line + len, more, n + 1);
		len += n;
	}
}

/* "<NAME argument>": the argument, trimmed; NULL for another line. */
static char *
section(char *line, const char *name)
{
	size_t len = strlen(name), end = strlen(line);

	if (*line != '<' || end < len + 2 || line[end - 1] != '>' ||
	    strncasecmp(line + 1, name, len) != 0)
		return NULL;
	if (line[len + 1] != '>' && !is_space(line[len + 1]))
		return NULL;
	line[end - 1] = '\0';
	return trimmed(line + len + 1);
}

static int
fault(struct reader *r, const char *text)
{
	return pwp_config_fault(r->config, r->file, r->begin, "%s", text);
}

static int
begin_host(struct reader *r, const char *name)
{
	int error = r->host != NULL ? fault(r, "unfinished <Host> section") :
		0;

	free(r->host);
	r->host = strdup(name);
	if (r->host == NULL)
		return -ENOMEM;
	if (r->config->host != NULL && strcmp(name, r->config->host) == 0)
		r->config->host_found = true;
	return error;
}

static int
end_host(struct reader *r)
{
	int error = r->host == NULL ? fault(r, "unmatched </Host>") : 0;

	free(r->host);
	r->host = NULL;
	return error;
}

/* Skip the code up to </Perl>. */
static int
skip_perl(struct reader *r)
{
	char key[] = "<Perl>", value[40];
	struct pwp_reading reading = {
		.file = r->file, .line = r->begin, .host = r->host,
		.key = key, .value = value, .option = PWP_OPTIONS,
		.fault = r->host != NULL ? "cannot use <Perl> inside a <Host> "
			"section" : NULL,
	};
	int lines = 0;
	bool ended = false;
	char *line;

	while (!ended && (line = next_line(r)) != NULL) {
		ended = section(trimmed(line), "/Perl") != NULL;
		lines += !ended;
	}
	if (!ended)
		reading.fault = "unfinished <Perl> section";
	snprintf(value, sizeof(value), "%d lines of code", lines);
	return pwp_config_add(r->config, &reading);
}

static int
include(struct reader *r, const char *path)
{
	if (r->host != NULL)
		return fault(r, "cannot use <Include> inside a <Host> "
			"section");
	if (r->depth >= DEPTH_MAX)
		return pwp_config_fault(r->config, r->file, r->begin,
			"<Include %s>: files include each other more than %d "
			"deep", path, DEPTH_MAX);
	if (r->config->file_count >= FILES_MAX)
		return pwp_config_fault(r->config, r->file, r->begin,
			"<Include %s>: more than %d files", path, FILES_MAX);
	int error = read_named(r->config, path, r->depth + 1);
	if (error == 0 || error == -ENOMEM)
		return error;
	return pwp_config_fault(r->config, r->file, r->begin, "cannot open "
		"configuration file: %s: %s", path, error == -EINVAL ?
		"not a regular file" : strerror(-error));
}

static int
include_matching(struct reader *r, const char *directory, const char *pattern)
{
	struct dirent **names;
	size_t len = strlen(pattern);
	int error = 0;

	int n = scandir(directory, &names, NULL, alphasort);
	if (n < 0)
		return 0;	/* like the server: nothing matches */
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		char *path = NULL;
		if (error == 0 && name[0] != '.' && glob_match(pattern, len,
		    name, strlen(name))) {
			error = asprintf(&path, "%s/%s", directory, name) < 0 ?
				-ENOMEM : include(r, path);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	return error;
}

/* Wildcards are understood in the last component. */
static int
include_wildcard(struct reader *r, char *path)
{
	char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *directory = slash == NULL ? "." : slash == path ? "" :
		path;

	if (slash != NULL)
		*slash = '\0';
	if (glob_check(name, strlen(name)) < 0 ||
	    glob_has_wildcard(directory, strlen(directory)))
		return fault(r, "<IncludeWildcard>: only *, ? and [a-z] in "
			"the name of the file are understood; name the files "
			"with <Include>");
	return include_matching(r, directory, name);
}

static int
assign(struct reader *r, char *line)
{
	char *colon = strchr(line, ':');

	if (colon == NULL)
		return fault(r, "syntax error in configuration file: there is "
			"no \":\"");
	*colon = '\0';
	struct pwp_reading reading = {
		.file = r->file, .line = r->begin, .host = r->host,
		.key = trimmed(line), .value = trimmed(colon + 1),
	};
	reading.option = pwp_find(reading.key, strlen(reading.key));
	if (reading.option == PWP_ip && r->host == NULL)
		reading.fault = "only a <Host> section can contain it";
	return pwp_config_add(r->config, &reading);
}

static int
read_line(struct reader *r, char *line)
{
	char *argument;

	r->begin = r->line;
	while (is_space(*line))
		line++;
	if (*line == '#' || *line == '\0')
		return 0;
	join_lines(r, line);
	line = trimmed(line);
	if ((argument = section(line, "Include")) != NULL)
		return include(r, argument);
	if ((argument = section(line, "IncludeWildcard")) != NULL)
		return include_wildcard(r, argument);
	if ((argument = section(line, "Host")) != NULL)
		return begin_host(r, argument);
	if (section(line, "/Host") != NULL)
		return end_host(r);
	if (section(line, "Perl") != NULL)
		return skip_perl(r);
	if (section(line, "/Perl") != NULL)
		return fault(r, "unmatched </Perl>");
	return assign(r, line);
}

static int
read_lines(struct reader *r)
{
	char *line;
	int error = 0;

	while (error == 0 && (line = next_line(r)) != NULL)
		error = read_line(r, line);
	if (error == 0 && r->host != NULL)
		error = fault(r, "unfinished <Host> section");
	free(r->host);
	return error;
}

/* Keep the name of a file, to which readings refer. */
static const char *
keep_name(struct pwp_config *c, const char *path)
{
	char **grown = reallocarray(c->files, c->file_count + 1,
		sizeof(*grown));

	if (grown == NULL)
		return NULL;
	c->files = grown;
	c->files[c->file_count] = strdup(path);
	if (c->files[c->file_count] == NULL)
		return NULL;
	return c->files[c->file_count++];
}

static int
read_data(struct pwp_config *c, const char *path, int depth, char *data,
	size_t len)
{
	struct reader r = { .config = c, .at = data, .depth = depth };

	r.file = keep_name(c, path);
	if (r.file == NULL)
		return -ENOMEM;
	if (memchr(data, '\0', len) != NULL)
		return pwp_config_fault(c, r.file, 0, "the file contains a "
			"NUL byte; it is no text file, and is not read");
	return read_lines(&r);
}

static int
read_named(struct pwp_config *c, const char *path, int depth)
{
	/* Do not block on a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	char *data = malloc(PWP_FILE_MAX + 1);
	ssize_t len = data != NULL ? io_read_open(fd, data, PWP_FILE_MAX + 1) :
		-ENOMEM;
	io_close(&fd);
	int error = len < 0 ? (int)len : read_data(c, path, depth, data,
		(size_t)len);
	free(data);
	return error;
}

int
pwp_config_file(struct pwp_config *c, const char *path)
{
	return read_named(c, path, 0);
}
