/*
 * secret.c - locked, undumped pages for passwords and key files.
 *
 * Runs in: master, greeter, monitor, keeper.
 */
#include "common/base.h"
#include "common/process/secret.h"

#include <sys/mman.h>

void *
secret_new(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	/* These are additional protections; the login works even if the kernel
	 * refuses them. */
	if (mlock2(pages, size, MLOCK_ONFAULT) < 0)
		(void)mlock(pages, size);
	(void)madvise(pages, size, MADV_DONTDUMP);
	(void)madvise(pages, size, MADV_WIPEONFORK);
	return pages;
}

void
secret_free(void *secret, size_t size)
{
	if (secret == NULL)
		return;
	secret_wipe(secret, size);
	munmap(secret, size);
}

void
secret_wipe(void *data, size_t size)
{
	explicit_bzero(data, size);
}
