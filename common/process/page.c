/*
 * page.c - the two pages of memory that a worker shares with the master.
 *
 * Runs in: monitor (maps them), session (writes and reads), master (reads and
 * writes).
 * Never: makes a system call for an update.
 */
#include "common/base.h"
#include "common/process/page.h"

#include "common/clock.h"
#include "common/log/log_context.h"

#include <sys/mman.h>

#define TRIES 16	/* attempts to read a page that is being changed */

_Static_assert(sizeof(struct page_report) <= 4096, "one page");
_Static_assert(sizeof(struct page_order) <= 4096, "one page");

static struct page_report *report;	/* NULL: no pages */
static const struct page_order *order;

static size_t
page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int
page_map(const struct page_files *files, size_t place)
{
	size_t size = page_size();
	off_t at = (off_t)(place * size);
	void *own = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		files->reports, at);

	if (own == MAP_FAILED)
		return -errno;
	void *orders = mmap(NULL, size, PROT_READ, MAP_SHARED, files->orders,
		at);
	if (orders == MAP_FAILED) {
		int error = -errno;
		munmap(own, size);
		return error;
	}
	report = own;
	order = orders;
	return 0;
}

void
page_unmap(void)
{
	if (report == NULL)
		return;
	munmap(report, page_size());
	/* The cast removes const for munmap(). */
	munmap((void *)(uintptr_t)order, page_size());
	report = NULL;
	order = NULL;
}

/* --- written by the session */

static void
begin_change(uint32_t *sequence)
{
	__atomic_store_n(sequence, *sequence + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void
end_change(uint32_t *sequence)
{
	__atomic_store_n(sequence, *sequence + 1, __ATOMIC_RELEASE);
}

/* In a jail, the jail's own path is put in front, which gives the path on the
 * host.  A path that is too long keeps its end, which contains the file's
 * name. */
static void
put_path(const char *path)
{
	const char *root = *path == '/' ? log_context()->root : "";
	size_t begin = strlen(root), len = strlen(path);
	size_t most = sizeof(report->path) - 1;

	if (begin + len <= most) {
		memcpy(report->path, root, begin);
		memcpy(report->path + begin, path, len + 1);
		return;
	}
	size_t kept = len < most - 3 ? len : most - 3;
	memcpy(report->path, "...", 3);
	memcpy(report->path + 3, path + len - kept, kept + 1);
}

static void
put_state(enum page_state state)
{
	report->state = (int32_t)state;
	report->since = clock_ms();
}

static void
add_transfer(void)
{
	if (report->state == PAGE_DOWNLOAD) {
		report->down += report->moved;
		report->files_down++;
	} else if (report->state == PAGE_UPLOAD) {
		report->up += report->moved;
		report->files_up++;
	}
	report->moved = 0;
	report->path[0] = '\0';
}

void
page_idle(void)
{
	if (report == NULL)
		return;
	begin_change(&report->sequence);
	add_transfer();
	put_state(PAGE_IDLE);
	end_change(&report->sequence);
}

void
page_command(const char *verb)
{
	if (report == NULL)
		return;
	size_t len = strnlen(verb, sizeof(report->verb) - 1);

	begin_change(&report->sequence);
	put_state(PAGE_COMMAND);
	memcpy(report->verb, verb, len);
	report->verb[len] = '\0';
	report->commands++;
	end_change(&report->sequence);
}

void
page_transfer(enum page_state state, const char *path, int64_t offset,
	int64_t size)
{
	if (report == NULL)
		return;
	begin_change(&report->sequence);
	put_state(state);
	put_path(path);
	report->moved = 0;
	report->offset = offset;
	report->size = size;
	end_change(&report->sequence);
}

void
page_moved(int64_t bytes)
{
	if (report != NULL)
		__atomic_store_n(&report->moved, bytes, __ATOMIC_RELAXED);
}

void
page_limited(int64_t down, int64_t up)
{
	if (report == NULL)
		return;
	__atomic_store_n(&report->limited_down, down, __ATOMIC_RELAXED);
	__atomic_store_n(&report->limited_up, up, __ATOMIC_RELAXED);
}

const struct page_report *
page_own(void)
{
	return report;
}

/* --- whole copies */

/* Copy page[size], which begins with its sequence number.  The page may be
 * written meanwhile; the sequence number is checked afterwards. */
static bool
copy_whole(const void *page, void *copy, size_t size)
{
	const uint32_t *sequence = page;

	for (int i = 0; i < TRIES; i++) {
		uint32_t before = __atomic_load_n(sequence, __ATOMIC_ACQUIRE);
		memcpy(copy, page, size);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if ((before & 1) == 0 && before ==
		    __atomic_load_n(sequence, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

uint32_t
page_order_number(void)
{
	return order == NULL ? 0 :
		__atomic_load_n(&order->sequence, __ATOMIC_RELAXED);
}

struct page_order
page_order(void)
{
	static struct page_order last;
	struct page_order now;

	/* The master writes quickly; if it was interrupted in the middle, the
	 * previous orders stay in force. */
	if (order != NULL && copy_whole(order, &now, sizeof(now)))
		last = now;
	return last;
}

static void
clamp(int64_t *number, int64_t least, int64_t most)
{
	if (*number < least)
		*number = least;
	if (*number > most)
		*number = most;
}

bool
page_read(const struct page_report *page, struct page_report *copy,
	int64_t now)
{
	int64_t *const counts[] = { &copy->moved, &copy->limited_down,
		&copy->limited_up, &copy->offset, &copy->down, &copy->up,
		&copy->files_down, &copy->files_up, &copy->commands };

	if (!copy_whole(page, copy, sizeof(*copy)))
		return false;
	if (copy->state < 0 || copy->state >= PAGE_STATES)
		copy->state = PAGE_NONE;
	clamp(&copy->since, 0, now);
	clamp(&copy->size, PAGE_SIZE_UNKNOWN, INT64_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		clamp(counts[i], 0, INT64_MAX / 4);
	copy->verb[sizeof(copy->verb) - 1] = '\0';
	copy->path[sizeof(copy->path) - 1] = '\0';
	return true;
}

int64_t
page_down(const struct page_report *copy)
{
	return copy->down + (copy->state == PAGE_DOWNLOAD ? copy->moved : 0);
}

int64_t
page_up(const struct page_report *copy)
{
	return copy->up + (copy->state == PAGE_UPLOAD ? copy->moved : 0);
}

void
page_write(struct page_order *page, const struct page_order *orders)
{
	uint32_t sequence = page->sequence;

	begin_change(&page->sequence);
	struct page_order new = *orders;
	new.sequence = sequence + 1;
	memcpy(page, &new, sizeof(new));
	end_change(&page->sequence);
}
