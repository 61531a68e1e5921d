/*
 * bans_load.c - reads bans_file.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "daemon/bans/bans_load.h"

#include "common/clock.h"
#include "common/io.h"
#include "common/log/log.h"
#include "daemon/bans/bans_text.h"

#include <fcntl.h>
#include <sys/stat.h>

struct loading {
	const struct charges *charges;
	int64_t now;		/* clock_ms() */
	int64_t wall;		/* the same moment in seconds since 1970 */
	int64_t latest;		/* end of an automatic ban */
	bool add;		/* not only parse */
	size_t no_room;		/* bans that were not added */
};

/* The whole file as text[BANS_FILE_MAX + 1]: 0 or -errno. */
static int
read_file(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -errno;
	ssize_t n = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ? -1 :
	    read(fd, text, BANS_FILE_MAX + 1);
	int error = n < 0 ? -EINVAL : n == BANS_FILE_MAX + 1 ? -EFBIG : 0;
	close(fd);
	if (error < 0)
		return error;
	text[n] = '\0';
	/* A NUL would hide the rest. */
	return strlen(text) == (size_t)n ? 0 : -EINVAL;
}

/* Cut the next line off; NULL at the end, or when it has no end. */
static char *
next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

static void
add_ban(struct loading *l, struct ban *ban)
{
	struct bans *bans = charges_bans(l->charges);

	if (!ban->manual && ban->until > l->latest)
		ban->until = l->latest;
	if (ban->until > l->now && !bans_has(bans, &ban->range) &&
	    bans_add(bans, ban) < 0)
		l->no_room++;
}

/* 0 or -EINVAL. */
static int
parse_line(struct loading *l, const char *line)
{
	struct score score;
	struct ban ban;
	bool network;

	if (scores_text_is(line)) {
		if (scores_text_parse(&score, &network, line, l->now,
		    l->wall) < 0)
			return -EINVAL;
		if (l->add)
			scores_put(charges_scores(l->charges, network),
				&score);
		return 0;
	}
	if (bans_text_parse(&ban, line, l->now, l->wall) < 0)
		return -EINVAL;
	if (l->add)
		add_ban(l, &ban);
	return 0;
}

/* The number of the first line that is wrong, or 0. */
static int
parse(struct loading *l, char *at)
{
	char *line = next_line(&at);

	if (line == NULL || strcmp(line, BANS_TEXT_HEAD) != 0)
		return 1;
	for (int n = 2; *at != '\0'; n++) {
		line = next_line(&at);
		if (line == NULL || parse_line(l, line) < 0)
			return n;
	}
	return 0;
}

/* Parse a copy first, so that nothing is added if a line is wrong. */
static int
parse_all(struct loading *l, char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return 1;
	int bad = parse(l, copy);
	free(copy);
	l->add = true;
	return bad != 0 ? bad : parse(l, text);
}

void
bans_load(const struct charges *charges, const char *path,
	int64_t max_ban_time)
{
	struct loading l = { .charges = charges, .now = clock_ms(),
		.wall = clock_wall_ns() / 1000000000 };
	char *text = malloc(BANS_FILE_MAX + 1);
	int error = text == NULL ? -ENOMEM : read_file(path, text);

	l.latest = l.now + max_ban_time * 1000;
	int bad = error == 0 ? parse_all(&l, text) : 0;
	free(text);
	if (error < 0 && error != -ENOENT)
		log_error("bans_file %s: cannot be read: %s", path,
			log_errno(error));
	if (bad != 0)
		log_error("bans_file %s: line %d is invalid; the file is "
			"ignored", path, bad);
	if (l.no_room > 0)
		log_error("bans_file %s: too many bans, not added: %zu", path,
			l.no_room);
}
