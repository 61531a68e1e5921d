/*
 * board.c - the pages that the master shares with its workers.
 *
 * Runs in: master.  Never: trusts a report page.
 */
#include "common/base.h"
#include "daemon/sessions/board.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/shared_memory.h"
#include "daemon/master_memory.h"
#include "daemon/state/state.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/stat.h>

#define FIRST_PLACES 256	/* places at the start; doubled when all are
				 * taken */

#define MAX_PLACES   (1 << 20)

/* The free places.  The one that has been free longest is taken next, so that a
 * process that briefly outlives its monitor does not write to the page of
 * another worker. */
struct board {
	struct page_files files;
	int writable;		/* the orders */
	size_t size;		/* of a page */
	size_t places;
	char *reports, *orders;
	size_t *free;		/* a ring with room for all places */
	size_t first, count;
};

static int
open_files(struct board *b)
{
	b->files.reports = shared_memory_file("reports", 0);
	b->writable = shared_memory_file("orders", 0);
	if (b->files.reports < 0)
		return b->files.reports;
	if (b->writable < 0)
		return b->writable;
	b->files.orders = io_open_again(b->writable, O_RDONLY);
	return b->files.orders < 0 ? b->files.orders : 0;
}

/* Replace the mapping of `before` bytes by one of this size.  On failure the
 * old mapping is kept. */
static int
map(char **at, int fd, size_t before, size_t bytes)
{
	if (ftruncate(fd, (off_t)bytes) < 0)
		return -errno;
	void *new = before > 0 ? mremap(*at, before, bytes, MREMAP_MAYMOVE) :
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (new == MAP_FAILED)
		return -errno;
	*at = new;
	return madvise(new, bytes, MADV_DONTFORK) < 0 ? -errno : 0;
}

static int
grow_ring(struct board *b, size_t places)
{
	size_t *free_places = master_memory_new(places *
		sizeof(*free_places));

	if (free_places == NULL)
		return -ENOMEM;
	master_memory_free(b->free);
	b->free = free_places;
	b->first = 0;
	return 0;
}

/* All places are taken: add more. */
static int
grow(struct board *b)
{
	size_t places = b->places == 0 ? FIRST_PLACES : 2 * b->places;
	size_t before = b->places * b->size, bytes = places * b->size;

	int error = grow_ring(b, places);
	if (error == 0)
		error = map(&b->reports, b->files.reports, before, bytes);
	if (error == 0)
		error = map(&b->orders, b->writable, before, bytes);
	if (error < 0)
		return error;
	while (b->places < places)
		b->free[b->count++] = b->places++;
	return 0;
}

int
board_new(struct board **board)
{
	struct board *b = master_memory_new(sizeof(*b));

	*board = b;
	if (b == NULL)
		return -ENOMEM;
	b->size = (size_t)sysconf(_SC_PAGESIZE);
	b->writable = b->files.reports = b->files.orders = -1;
	int error = open_files(b);
	if (error == 0)
		error = grow(b);
	if (error < 0)
		log_error("cannot share memory with the workers: %s (is /proc "
			"mounted?)", log_errno(error));
	return error;
}

void
board_free(struct board *b)
{
	if (b == NULL)
		return;
	if (b->reports != NULL)
		munmap(b->reports, b->places * b->size);
	if (b->orders != NULL)
		munmap(b->orders, b->places * b->size);
	io_close(&b->files.reports);
	io_close(&b->files.orders);
	io_close(&b->writable);
	master_memory_free(b->free);
	master_memory_free(b);
}

static struct page_report *
report_at(const struct board *b, size_t place)
{
	return (struct page_report *)(void *)(b->reports + place * b->size);
}

static struct page_order *
order_at(const struct board *b, size_t place)
{
	return (struct page_order *)(void *)(b->orders + place * b->size);
}

ssize_t
board_take(struct board *b)
{
	int error = b->count == 0 ? grow(b) : 0;

	if (error < 0)
		return error;
	size_t place = b->free[b->first];
	b->first = (b->first + 1) % b->places;
	b->count--;
	memset(report_at(b, place), 0, sizeof(struct page_report));
	memset(order_at(b, place), 0, sizeof(struct page_order));
	return (ssize_t)place;
}

void
board_give_back(struct board *b, size_t place)
{
	b->free[(b->first + b->count++) % b->places] = place;
}

struct page_files
board_files(const struct board *b)
{
	return b->files;
}

bool
board_report(const struct board *b, size_t place, struct page_report *report,
	int64_t now)
{
	return page_read(report_at(b, place), report, now);
}

struct page_order
board_order(const struct board *b, size_t place)
{
	return *order_at(b, place);
}

void
board_set_order(struct board *b, size_t place, const struct page_order *order)
{
	page_write(order_at(b, place), order);
}

void
board_save(const struct board *b, struct state_writer *w)
{
	uint64_t places = b->places;

	STATE_PUT(w, places);
	state_put_fd(w, b->files.reports);
	state_put_fd(w, b->writable);
	state_put_fd(w, b->files.orders);
}

static bool
is_file_of(int fd, size_t bytes)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_size == (off_t)bytes &&
	    fcntl(fd, F_GET_SEALS) == F_SEAL_SHRINK;
}

/* Its files take the place of the new ones, which are empty. */
static int
replace_files(struct board *b, size_t places)
{
	size_t bytes = places * b->size;

	if (places == 0 || !is_file_of(b->files.reports, bytes) ||
	    !is_file_of(b->writable, bytes) || b->files.orders < 0)
		return -EBADMSG;
	munmap(b->reports, b->places * b->size);
	munmap(b->orders, b->places * b->size);
	b->reports = b->orders = NULL;
	b->places = b->count = 0;
	int error = grow_ring(b, places);
	if (error == 0)
		error = map(&b->reports, b->files.reports, 0, bytes);
	if (error == 0)
		error = map(&b->orders, b->writable, 0, bytes);
	while (error == 0 && b->places < places)
		b->free[b->count++] = b->places++;
	return error;
}

void
board_restore(struct board *b, struct state_reader *r)
{
	size_t places = state_get_count(r, MAX_PLACES);

	io_close(&b->files.reports);
	io_close(&b->writable);
	io_close(&b->files.orders);
	b->files.reports = state_get_fd(r);
	b->writable = state_get_fd(r);
	b->files.orders = state_get_fd(r);
	if (replace_files(b, places) < 0)
		state_fail(r);
}

int
board_claim(struct board *b, size_t place)
{
	for (size_t i = 0; i < b->count; i++) {
		size_t *at = &b->free[(b->first + i) % b->places];
		size_t *first = &b->free[b->first];

		if (*at != place)
			continue;
		*at = *first;
		b->first = (b->first + 1) % b->places;
		b->count--;
		return 0;
	}
	return -EBADMSG;
}
