/*
 * memory.c - search /proc/self/mem.
 */
#include "common/base.h"
#include "tests/unit/memory.h"

#include <fcntl.h>
#include <sys/mman.h>

#define CHUNK (256 * 1024)
/* Nothing of ours is that large: it is a sanitizer's shadow of our memory, 256
 * MiB and terabytes, which holds no bytes of it. */
#define LARGEST (UINT64_C(128) << 20)

static uint8_t chunk[CHUNK];

struct memory_pieces *
memory_pieces_new(void)
{
	void *p = mmap(NULL, sizeof(struct memory_pieces),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

static void
add_piece(struct memory_pieces *p, const uint8_t *at, bool backwards)
{
	if (p->count == MEMORY_PIECES)
		abort();
	for (size_t i = 0; i < MEMORY_PIECE; i++)
		p->pieces[p->count][i] =
			(uint8_t)~at[backwards ? MEMORY_PIECE - 1 - i : i];
	p->count++;
}

void
memory_add(struct memory_pieces *p, const void *secret, size_t len)
{
	const uint8_t *bytes = secret;
	const size_t starts[] = { 0, (len - MEMORY_PIECE) / 2,
		len - MEMORY_PIECE };

	if (len < MEMORY_PIECE)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		add_piece(p, bytes + starts[i], false);
		add_piece(p, bytes + starts[i], true);
	}
}

static bool
is_piece(const struct memory_pieces *p, size_t which, const uint8_t *at)
{
	for (size_t i = 0; i < MEMORY_PIECE; i++)
		if ((at[i] ^ p->pieces[which][i]) != 0xff)
			return false;
	return true;
}

static size_t
count_in(const struct memory_pieces *p, const uint8_t *data, size_t len)
{
	bool begins[256] = { false };
	size_t found = 0;

	for (size_t i = 0; i < p->count; i++)
		begins[(uint8_t)~p->pieces[i][0]] = true;
	for (size_t at = 0; at + MEMORY_PIECE <= len; at++) {
		if (!begins[data[at]])
			continue;
		for (size_t i = 0; i < p->count; i++)
			found += is_piece(p, i, data + at);
	}
	return found;
}

/* What this search itself has read is not looked at. */
static bool
is_ours(uintptr_t from, uintptr_t to)
{
	uintptr_t begin = (uintptr_t)chunk, end = begin + sizeof(chunk);

	return from < end && begin < to;
}

static size_t
count_between(const struct memory_pieces *p, int fd, uintptr_t from,
	uintptr_t to)
{
	size_t found = 0;

	while (from + MEMORY_PIECE <= to) {
		size_t want = to - from < CHUNK ? to - from : CHUNK;
		ssize_t n = -1;

		if (is_ours(from, from + want))
			want = 4096;
		if (!is_ours(from, from + want))
			n = pread(fd, chunk, want, (off_t)from);
		if (n >= MEMORY_PIECE)
			found += count_in(p, chunk, (size_t)n);
		/* Pieces may lie across. */
		from += want < to - from ? want - MEMORY_PIECE + 1 : want;
	}
	return found;
}

size_t
memory_count(const struct memory_pieces *p)
{
	char line[512];
	size_t found = 0;
	FILE *maps = fopen("/proc/self/maps", "re");
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

	if (maps == NULL || fd < 0)
		abort();
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *dash = NULL, *rest = NULL;
		uintptr_t from = strtoumax(line, &dash, 16);
		uintptr_t to = strtoumax(dash + 1, &rest, 16);

		if (rest[1] == 'r' && to - from < LARGEST)
			found += count_between(p, fd, from, to);
	}
	fclose(maps);
	close(fd);
	return found;
}
