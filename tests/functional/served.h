/*
 * served.h - homes on a mounted network file system, whose server runs on the
 * same machine.
 */
#ifndef TESTS_FUNCTIONAL_SERVED_H
#define TESTS_FUNCTIONAL_SERVED_H

#include "common/base.h"
#include "tests/functional/ftp.h"

/* A mount, and the directory that the server there serves. */
struct served_place {
	const char *mount, *served;
	bool squashed;		/* root may not enter, and modes are kept */
};

/* A new home for each test: the client's kernel remembers names. */
struct served_home {
	char name[16], path[64], served[64];
};

/* Make it on the server, of mode 0700; it is anna's from now on. */
bool served_make(struct served_home *h, const struct served_place *p);

/* The server's path of a file in it; valid until the next call. */
const char *served_path(const struct served_home *h, const char *name);

/* Remove a tree on the server, where the client's kernel does not see it. */
bool served_remove(const struct served_home *h, const char *name);

/* What a session in binary mode does there: upload and download; then, with
 * the file f that this leaves, all other changes, which leave nothing. */
void served_transfers(struct ftp *c, const struct served_home *h);
void served_changes(struct ftp *c, const struct served_home *h,
	const struct served_place *p);

#endif
