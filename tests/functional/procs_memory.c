/*
 * procs_memory.c - measures the memory of a process, and searches it for
 * secrets.
 *
 * Runs in: the suite's process, as root of the world.
 */
#include "common/base.h"
#include "tests/functional/procs.h"

#include "tests/functional/files.h"
#include "tests/functional/functional.h"

#include <fcntl.h>

#define PIECE (1 << 17)
#define PROCESSES_MAX 64

/* Mappings of this size are shadow memory of a sanitizer, which contains no
 * data of the program. */
#define SHADOW (UINT64_C(128) << 20)

/* Allocated once, because large allocations are slow, in particular with
 * sanitizers. */
static char piece[PIECE];

/* As most of the memory that a sanitizer maps. */
static bool
is_zero(const char *data, size_t len)
{
	return data[0] == 0 && memcmp(data, data + 1, len - 1) == 0;
}

/* The number of one of the secrets in this data, from 1 on, or 0. */
static int
find(const char *data, size_t len, const struct procs_secret *secrets, int n)
{
	if (is_zero(data, len))
		return 0;
	for (int i = 0; i < n; i++)
		if (memmem(data, len, secrets[i].bytes, secrets[i].len) != NULL)
			return i + 1;
	return 0;
}

/* Pieces overlap by the longest secret's length, so that one at a boundary is
 * found. */
static int
search_range(int mem, uint64_t from, uint64_t to,
	const struct procs_secret *secrets, int n)
{
	size_t longest = 0;
	int found = 0;

	for (int i = 0; i < n; i++)
		if (secrets[i].len > longest)
			longest = secrets[i].len;
	while (from < to && found == 0) {
		size_t want = to - from < PIECE ? to - from : PIECE;
		ssize_t got = pread(mem, piece, want, (off_t)from);
		if (got <= (ssize_t)longest)
			break;
		found = find(piece, (size_t)got, secrets, n);
		explicit_bzero(piece, (size_t)got);
		from += (uint64_t)got - (from + (uint64_t)got < to ? longest :
			0);
	}
	return found;
}

static uint64_t
hex_until(const char **at, char end)
{
	uint64_t value = 0;

	for (; **at != '\0' && **at != end; (*at)++) {
		char c = **at;
		value = value * 16 +
			(uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	if (**at == end)
		(*at)++;
	return value;
}

/* Is it a data mapping, not one of the program or its libraries? */
static bool
may_hold(const char *mode, uint64_t size)
{
	if (mode[0] != 'r' || strstr(mode, "[v") != NULL || size >= SHADOW)
		return false;
	return mode[1] == 'w' || (strstr(mode, ".so") == NULL &&
		strstr(mode, "/sureftpd") == NULL);
}

int
procs_memory_find(pid_t pid, const struct procs_secret *secrets, int n)
{
	char path[64], line[512];
	int found = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	FILE *maps = fopen(path, "re");
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int mem = open(path, O_RDONLY | O_CLOEXEC);

	if (maps == NULL || mem < 0)
		found = -1;
	while (found == 0 && fgets(line, sizeof(line), maps) != NULL) {
		const char *at = line;
		uint64_t from = hex_until(&at, '-');
		uint64_t to = hex_until(&at, ' ');
		if (may_hold(at, to - from))
			found = search_range(mem, from, to, secrets, n);
	}
	if (maps != NULL)
		fclose(maps);
	if (mem >= 0)
		close(mem);
	return found;
}

int
procs_memory_has(pid_t pid, const char *bytes, size_t len)
{
	return procs_memory_find(pid, &(struct procs_secret){ bytes, len }, 1);
}

/* The greeter of a session ends at its login. */
void
procs_check_lack(const char *secret)
{
	struct proc list[PROCESSES_MAX];
	size_t n = procs_list(NULL, list, PROCESSES_MAX);

	CHECK(n >= 6 && n < PROCESSES_MAX);
	for (size_t i = 0; i < n && i < PROCESSES_MAX; i++) {
		struct proc now = { .state = 'Z' };
		int has = procs_memory_has(list[i].pid, secret,
			strlen(secret));

		if (has < 0 && (!procs_read(list[i].pid, &now) ||
			now.state == 'Z'))
			continue;
		CHECK_SAYS(has == 0, "%s (process %d) %s", list[i].name,
			(int)list[i].pid, has > 0 ? "holds the secret" :
			"is unreadable");
	}
}

long
procs_pss(pid_t pid)
{
	char path[64], text[4096];
	long kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	if (files_read(path, text, sizeof(text)) <= 0)
		return -1;
	const char *at = strstr(text, "\nPss:");
	for (at = at != NULL ? at + 5 : ""; *at == ' '; at++)
		;
	for (; *at >= '0' && *at <= '9'; at++)
		kib = kib * 10 + (*at - '0');
	return kib;
}
