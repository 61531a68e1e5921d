/*
 * shared.c - memory that the master shares with other processes.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/process/shared.h"

#include "common/io.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* It can never become shorter than what is mapped. */
static int
make_file(const char *name, size_t size)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && (ftruncate(fd, (off_t)size) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0))
		io_close(&fd);
	return fd;
}

static bool
has_size(int fd, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_size == (off_t)size &&
	    (fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK) != 0)
		return true;
	errno = EBADMSG;
	return false;
}

void *
shared_map(int *fd, const char *name, size_t size)
{
	if (*fd < 0)
		*fd = make_file(name, size);
	if (*fd < 0 || !has_size(*fd, size))
		return NULL;
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd,
		0);
	return at == MAP_FAILED ? NULL : at;
}
