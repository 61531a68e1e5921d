/*
 * settings_file.c - the lines of the settings file; the only user of inih.
 *
 * Runs in: the master, and wherever settings are read.  Never: lets inih
 * shorten anything silently.
 *
 * inih splits names from values.  It also cuts long lines and long headings,
 * ends a value at " ;" in some builds, drops what follows a heading, and
 * reports one bad line only.  So next_line() checks every line before inih
 * reads it, and the result is compared with the line.
 */
#include "common/base.h"
#include "common/settings/settings_file.h"
#include "common/buffer.h"
#include "common/io.h"
#include "common/settings/settings_table.h"
#include "common/text.h"

#include <ini.h>

#define INIH_LINE 65536		/* its line buffer, if its size can be set */

struct reading {
	const struct settings_file_reader *to;
	FILE *file;
	int error;		/* 0, or -errno of a read */

	char *line;		/* the current line without trailing blanks */
	size_t line_size;
	int number;
	bool indented;
	bool continuable;	/* inih treats an indented line as a
				 * continuation of the one above */
	bool expected;		/* inih has not reported it as an assignment
				 * yet */

	/* The assignment that may be continued; key is NULL if there is
	 * none. */
	char *key;
	int key_line;
	struct buffer value;
	char value_storage[SETTINGS_FILE_VALUE_MAX + 1];
};

static void
mistake(struct reading *r, const char *sentence)
{
	r->to->mistake(r->to->context, r->number, sentence);
}

/* Report the assignment that is now complete. */
static void
finish_assignment(struct reading *r)
{
	if (r->key == NULL)
		return;
	if (r->value.overflow)
		r->to->mistake(r->to->context, r->key_line,
		    "value longer than 65535 bytes");
	else
		r->to->assignment(r->to->context, r->key_line, r->key,
		    buffer_text(&r->value));
	free(r->key);
	r->key = NULL;
}

static void
begin_assignment(struct reading *r, const char *key, const char *value)
{
	finish_assignment(r);
	if (r->line[strcspn(r->line, "=:")] == ':') {
		mistake(r, "use NAME = VALUE; \":\" is not a separator here");
		return;
	}
	if (*key == '\0') {
		mistake(r, "missing name before \"=\"");
		return;
	}
	r->key = strdup(key);
	if (r->key == NULL) {
		r->error = -ENOMEM;
		return;
	}
	r->key_line = r->number;
	buffer_clear(&r->value);
	buffer_add_text(&r->value, value);
}

static void
continue_assignment(struct reading *r, const char *value)
{
	if (r->key == NULL)	/* it continues a line whose error is already
				 * reported */
		return;
	if (r->value.len > 0)
		buffer_add_char(&r->value, ' ');
	buffer_add_text(&r->value, value);
}

static const char *
skip_blanks(const char *text)
{
	while (text_is_blank(*text))
		text++;
	return text;
}

/* inih found an assignment: ini_handler, nonzero for success. */
static int
receive_assignment(void *context, UNUSED const char *section, const char *name,
	const char *value)
{
	struct reading *r = context;
	bool continues = r->indented && r->continuable;
	const char *written = r->line;

	r->expected = false;
	if (!continues) {
		r->continuable = *name != '\0';
		written += strcspn(written, "=:");
		written += *written != '\0';
	}
	if (strcmp(skip_blanks(written), value) != 0) {
		mistake(r, "the inih library truncates this line; "
		    "avoid \";\" after a blank");
		return 1;
	}
	if (continues)
		continue_assignment(r, value);
	else
		begin_assignment(r, name, value);
	return 1;
}

/* Report a line that inih could not parse. */
static void
finish_line(struct reading *r)
{
	if (!r->expected)
		return;
	finish_assignment(r);	/* whose errors come first */
	mistake(r, "expected [section] or NAME = VALUE");
	r->expected = false;
}

static void
read_heading(struct reading *r, char *heading)
{
	char *end = strrchr(heading, ']');	/* a name may contain one */
	bool readable = end != NULL && end[1] == '\0';

	finish_assignment(r);
	r->continuable = false;
	if (readable) {
		while (end > heading + 1 && text_is_blank(end[-1]))
			end--;
		*end = '\0';
	}
	r->to->heading(r->to->context, r->number,
		readable ? skip_blanks(heading + 1) : NULL);
	if (!readable)
		mistake(r, end == NULL ? "missing \"]\" at the end of the "
			"heading" : "unexpected text after \"]\"");
}

/* Does an indented line look like a setting or heading of its own, rather than
 * a continuation?  Indented settings must not be lost silently. */
static bool
looks_like_its_own(const char *start)
{
	char key[64];
	size_t len = strcspn(start, "=");

	if (*start == '[')
		return true;
	if (start[len] != '=' || len >= sizeof(key))
		return false;
	while (len > 0 && text_is_blank(start[len - 1]))
		len--;
	memcpy(key, start, len);
	key[len] = '\0';
	return settings_table_elsewhere("", key) != NULL;
}

/* Remove line feed, carriage return and blanks at the end of the line, and the
 * byte order mark at the beginning of a file.  NULL, or the error in the
 * line. */
static const char *
clean_line(struct reading *r, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";	/* byte order mark in
							 * UTF-8 */
	char *line = r->line;

	if (memchr(line, '\0', len) != NULL)
		return "the line contains a NUL byte";
	if (r->number == 1 && strncmp(line, mark, strlen(mark)) == 0) {
		memmove(line, line + strlen(mark), len - strlen(mark) + 1);
		len -= strlen(mark);
	}
	while (len > 0 && (text_is_blank(line[len - 1]) ||
	    line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	line[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)line[i] < 0x20 && line[i] != '\t') ||
		    line[i] == 0x7f)
			return "the line contains a control character";
	return NULL;
}

/* What inih gets for the current line. */
static const char *
line_for_inih(struct reading *r, size_t len, size_t room)
{
	const char *complaint = clean_line(r, len);
	const char *start = skip_blanks(r->line);

	if (complaint != NULL) {
		mistake(r, complaint);
		return "";
	}
	r->indented = start > r->line;
	if (*start == '\0' || *start == ';' || *start == '#')
		return "";
	if (r->indented && r->continuable && looks_like_its_own(start)) {
		mistake(r, "an indented line continues the previous "
		    "value; start settings and headings in the first column");
		return "";
	}
	if (*start == '[') {
		read_heading(r, r->line + (start - r->line));
		return "[section]";	/* inih does not get the name */
	}
	if (strlen(r->line) + 3 > room) {
		mistake(r, "line too long; continue it on an indented line");
		return "";
	}
	r->expected = true;
	return r->line;
}

/* Is this line an assignment that nobody asks for?  Any other is judged,
 * because it may be a heading. */
static bool
is_skipped(const struct reading *r, size_t len)
{
	return r->to->skips != NULL && r->to->skips(r->to->context) &&
		text_is_alpha(r->line[0]) && memchr(r->line, '=', len) != NULL;
}

/* The next line that is not skipped: its length, or less than 0.  An indented
 * line continues those that are skipped, too. */
static ssize_t
read_line(struct reading *r)
{
	ssize_t len;
	bool skipped;

	do {
		len = getline(&r->line, &r->line_size, r->file);
		if (len < 0)
			return len;
		r->number++;
		skipped = is_skipped(r, (size_t)len);
		r->continuable = r->continuable || skipped;
	} while (skipped);
	return len;
}

/* fgets() for inih: ini_reader. */
static char *
next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	struct buffer b;

	finish_line(r);
	if (r->error < 0 || size < 16)
		return NULL;
	ssize_t len = read_line(r);
	if (len < 0) {
		if (!feof(r->file))
			r->error = errno > 0 ? -errno : -EIO;
		explicit_bzero(out, (size_t)size);
		return NULL;
	}
	buffer_init(&b, out, (size_t)size);
	buffer_add_text(&b, line_for_inih(r, (size_t)len, (size_t)size));
	buffer_add_char(&b, '\n');
	return out;
}

static FILE *
open_file(const char *path, struct reading *r)
{
	const char *why;
	FILE *file = io_open_trusted(path, &why, &r->error);

	if (r->error == -EPERM)
		mistake(r, why);
	return file;
}

static void
prepare_inih(void)
{
#ifdef HAVE_INI_MAX_LINE
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_initial_alloc = INIH_LINE;
	ini_max_line = INIH_LINE;
	ini_allow_inline_comments = false;
#endif
}

/* Buffers of our own, so that they can be wiped: a line may contain a password
 * hash. */
static void
read_lines(struct reading *r, char *stream_buffer)
{
	(void)setvbuf(r->file, stream_buffer, _IOFBF, INIH_LINE);
	r->line_size = INIH_LINE;
	prepare_inih();
	/* finish_line() has reported bad lines; only -2, out of memory, is
	 * left. */
	if (ini_parse_stream(next_line, r, receive_assignment, r) == -2)
		r->error = -ENOMEM;
	finish_assignment(r);
}

int
settings_file_read(const char *path, const struct settings_file_reader *reader)
{
	struct reading r = { .to = reader };
	char *stream_buffer;

	buffer_init(&r.value, r.value_storage, sizeof(r.value_storage));
	r.file = open_file(path, &r);
	if (r.file == NULL)
		return r.error;
	r.line = malloc(INIH_LINE);
	stream_buffer = malloc(INIH_LINE);
	if (r.line != NULL && stream_buffer != NULL)
		read_lines(&r, stream_buffer);
	else
		r.error = -ENOMEM;
	fclose(r.file);
	if (r.line != NULL)
		explicit_bzero(r.line, r.line_size);
	if (stream_buffer != NULL)
		explicit_bzero(stream_buffer, INIH_LINE);
	free(r.line);
	free(stream_buffer);
	explicit_bzero(r.value_storage, sizeof(r.value_storage));
	return r.error;
}
