/*
 * lists.c - fetches listings, and creates a small tree to list.
 *
 * Runs in: the suite's process.
 */
#include "common/base.h"
#include "tests/functional/lists.h"

#include "tests/functional/files.h"
#include "tests/functional/functional.h"

#include <sys/stat.h>
#include <utime.h>

char *
lists_get(struct ftp *c, const char *command)
{
	size_t len = 0;
	char *text = ftp_get(c, &len, "%s", command);

	EXPECT_WAS(c, 226);
	CHECK_SAYS(text != NULL && strlen(text) == len, "%s", command);
	return text != NULL ? text : calloc(1, 1);
}

void
lists_check(const char *file, int line, struct ftp *c, const char *command,
	const char *expected)
{
	char *text = lists_get(c, command);

	check_at(file, line, strcmp(text, expected) == 0,
		"%s gave \"%s\", not \"%s\"", command, text, expected);
	free(text);
}

size_t
lists_count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

void
lists_make_tree(void)
{
	static const struct {
		const char *path, *data;
		time_t time;
	} files[] = {
		{ "/home/anna/a", "123", 981173106 },
		{ "/home/anna/b", "1", 1012709106 },
		{ "/home/anna/.hidden", "", 949637106 },
		{ "/home/anna/dir/inner", "12", 981173106 },
	};

	files_mkdir_as("anna", "/home/anna/dir", 0755);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct utimbuf t = { files[i].time, files[i].time };
		files_write_as("anna", files[i].path, files[i].data,
			strlen(files[i].data));
		CHECK(utime(files[i].path, &t) == 0);
	}
	CHECK(symlink("a", "/home/anna/link") == 0);
	CHECK(files_give("/home/anna/link", "anna"));
}
