/*
 * resolved.c - the addresses of host names in the settings.
 *
 * Runs in: master and resolver (write), session (reads).
 */
#include "common/base.h"
#include "common/process/resolved.h"

#include "common/io.h"
#include "common/process/shared_memory.h"
#include "common/text.h"

#include <fcntl.h>
#include <sys/mman.h>

struct entry {
	char name[RESOLVED_NAME_SIZE];
	uint32_t address;	/* in network order; 0: not known */
};

struct page {
	struct entry entries[RESOLVED_NAMES];
};

/* Set once in the master; NULL before that, and in programs other than the
 * server. */
static const struct page *page;

static int
map(int fd)
{
	int reading = io_open_again(fd, O_RDONLY);

	if (reading < 0)
		return reading;
	const void *at = mmap(NULL, sizeof(*page), PROT_READ, MAP_SHARED,
		reading, 0);
	int error = at == MAP_FAILED ? -errno : 0;
	close(reading);
	if (error == 0)
		page = at;
	return error;
}

int
resolved_use(int fd)
{
	/* Another program may have made it, for fewer names. */
	int error = ftruncate(fd, sizeof(*page)) < 0 ? -errno : map(fd);

	for (size_t i = 0; error == 0 && i < RESOLVED_NAMES; i++)
		if (!TEXT_ENDS(page->entries[i].name))
			error = -EBADMSG;
	return error;
}

int
resolved_open(void)
{
	/* The resolver cannot shorten it, so no reader is killed by SIGBUS. */
	int fd = shared_memory_file("resolved", sizeof(struct page));

	if (fd < 0)
		return fd;
	int error = map(fd);
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

static uint32_t
address_of(const char *name)
{
	for (size_t i = 0; page != NULL && i < RESOLVED_NAMES; i++)
		if (strcmp(page->entries[i].name, name) == 0)
			return __atomic_load_n(&page->entries[i].address,
				__ATOMIC_RELAXED);
	return 0;
}

int
resolved_set_names(int fd, const char *const *names, size_t count)
{
	struct page new = { 0 };

	for (size_t i = 0; i < count && i < RESOLVED_NAMES; i++) {
		struct entry *e = &new.entries[i];
		if (text_copy(e->name, sizeof(e->name), names[i]) < 0)
			return -ENAMETOOLONG;
		e->address = address_of(names[i]);
	}
	return pwrite(fd, &new, sizeof(new), 0) == sizeof(new) ? 0 : -EIO;
}

const char *
resolved_name(size_t number)
{
	return page == NULL || number >= RESOLVED_NAMES ? "" :
		page->entries[number].name;
}

int
resolved_put(int fd, size_t number, const struct address *a)
{
	off_t at = (off_t)(offsetof(struct page, entries) +
		number * sizeof(struct entry) +
		offsetof(struct entry, address));
	uint32_t address = a->v4.sin_addr.s_addr;

	return pwrite(fd, &address, sizeof(address), at) == sizeof(address) ?
		0 : -EIO;
}

bool
resolved_find(const char *name, struct address *a)
{
	uint32_t address = address_of(name);

	if (*name == '\0' || address == 0)
		return false;
	*a = (struct address){ .v4 = { .sin_family = AF_INET,
		.sin_addr.s_addr = address } };
	return true;
}
