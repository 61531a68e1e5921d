/*
 * shared_memory.c - memory that the master shares with other processes.
 *
 * Runs in: master.
 */
#include "common/base.h"
#include "common/process/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

int
shared_memory_file(const char *name, size_t size)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
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
shared_memory_map(int *fd, const char *name, size_t size)
{
	int file = *fd < 0 ? shared_memory_file(name, size) : *fd;

	if (file < 0) {
		errno = -file;
		return NULL;
	}
	*fd = file;
	if (!has_size(file, size))
		return NULL;
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		file, 0);
	return at == MAP_FAILED ? NULL : at;
}
