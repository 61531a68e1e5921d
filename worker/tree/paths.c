/*
 * paths.c - path names as the protocol shows them.
 *
 * Runs in: session.
 * Never: decides what a path means; the kernel does (rule R7).
 */
#include "common/base.h"
#include "worker/tree/paths.h"

#include "common/text.h"

void
paths_add_quoted(struct buffer *b, const char *path)
{
	buffer_add_char(b, '"');
	for (; *path != '\0'; path++) {
		/* A line end would be read as the reply's own. */
		if (*path == '\r' || *path == '\n')
			buffer_add_char(b, '?');
		else
			buffer_add_char(b, *path);
		if (*path == '"')
			buffer_add_char(b, '"');
	}
	buffer_add_char(b, '"');
}

/* Take off the last component of what was added since `start`. */
static void
drop_component(struct buffer *b, size_t start)
{
	while (b->len > start && b->data[b->len - 1] != '/')
		b->len--;
	if (b->len > start)
		b->len--;
	b->data[b->len] = '\0';
}

static void
add_components(struct buffer *b, size_t start, const char *path)
{
	while (*path != '\0') {
		size_t len = (size_t)(strchrnul(path, '/') - path);
		if (len == 2 && memcmp(path, "..", 2) == 0) {
			drop_component(b, start);
		} else if (len > 0 && !(len == 1 && *path == '.')) {
			buffer_add_char(b, '/');
			buffer_add(b, path, len);
		}
		path += len;
		path += *path == '/';
	}
}

int
paths_absolute(struct buffer *b, const char *cwd, const char *path)
{
	size_t start = b->len;

	if (*path != '/')
		add_components(b, start, cwd);
	add_components(b, start, path);
	if (b->len == start)
		buffer_add_char(b, '/');
	return b->overflow ? -ENAMETOOLONG : 0;
}

const char *
paths_cwd(char *text, size_t size)
{
	/* The kernel's own way to say it begins without a slash. */
	if (getcwd(text, size) == NULL || *text != '/')
		(void)!text_copy(text, size, "(unreachable)");
	return text;
}
