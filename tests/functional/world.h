/*
 * world.h - a private world for one suite: own mounts, processes, network,
 * host name, and own accounts.
 *
 * The suite is the second process of its own pid namespace; the first is a
 * small init that reaps.  /etc, /home, /root, /run, /var/lib, /var/log and /dev
 * are the world's own, the only network is a loopback interface.  So the host
 * is never touched, suites run side by side, every server has port 21, and
 * everything ends when the suite does.
 */
#ifndef TESTS_FUNCTIONAL_WORLD_H
#define TESTS_FUNCTIONAL_WORLD_H

#include "common/base.h"

/* The daemon, independent of the location of the repository. */
#define WORLD_SERVER "/run/world/sureftpd"
/* sureftpctl from the same directory, if it was built. */
#define WORLD_CTL "/run/world/sureftpctl"

/* The PAM module of the suites' own (tests/pam/), for lines in /etc/pam.d. */
#define WORLD_PLAYED "/run/world/pam_played.so"

/* What makes the daemon's calls fail, for LD_PRELOAD (tests/faults/). */
#define WORLD_FAULTS "/run/world/faults.so"

/* Addresses that exist: all of 127.0.0.0/8, ::1, and these. */
#define WORLD_IPV4 "192.0.2.1"
#define WORLD_IPV6 "2001:db8:1::1"
#define WORLD_IPV6_NEIGHBOUR "2001:db8:1::2"	/* the same /64 */
#define WORLD_IPV6_STRANGER "2001:db8:2::1"

/* Returns NULL in the suite's process, inside, or the reason why there cannot
 * be a world here.  The outer process waits for the suite, at most five
 * minutes, and exits with its status without returning. */
const char *world_enter(const char *suite_name);

/* Before entering: another time than five minutes. */
void world_allow(int minutes);

/* Before a test: new /etc, /home, /root, /var/lib and /var/log as accounts.h
 * fills them. */
void world_fresh(void);

/* After a test: end every process of the world but the suite and its init. */
void world_kill_all(void);

/* The PAM service file that the repository ships. */
const char *world_pam_service(void);

/* A small file system, owned by uid, at path (which must exist): `options`
 * as for mount -t tmpfs -o. */
bool world_mount(const char *path, const char *options);

#endif
