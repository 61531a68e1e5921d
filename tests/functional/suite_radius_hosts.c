/*
 * suite_radius_hosts.c - the host names of RADIUS servers: who looks them up,
 * and names that are found later.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "tests/functional/files.h"
#include "tests/functional/procs.h"
#include "tests/functional/radius_world.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

const char *const functional_name = "radius_hosts";

static pid_t
process(void)
{
	struct proc p = { 0 };

	CHECK_NUMBER(procs_list("sureftpd-rad", &p, 1), 1);
	return p.pid;
}

/* The process that looks up host names reads what strangers send: it must not
 * have a copy of the secret. */
static void
test_resolver(void)
{
	const struct sockaddr_in name_server = { .sin_family = AF_INET,
		.sin_port = htons(53),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct server s;
	struct proc p;
	struct ftp c;

	radius_prepare();
	files_write_text("/etc/nsswitch.conf", "passwd: files\ngroup: files\n"
		"hosts: dns\n");
	files_write_text("/etc/resolv.conf", "nameserver 127.0.0.1\n"
		"options timeout:1 attempts:2\n");
	int silent = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK(bind(silent, (const struct sockaddr *)&name_server,
		sizeof(name_server)) == 0);
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.servers=127.0.0.1",
		"radius.accounting_servers=slow.example 127.0.0.1"))
		return;
	if (CHECK(procs_wait_for_count("sureftpd-dns", 1, 5000)) &&
	    CHECK_NUMBER(procs_list("sureftpd-dns", &p, 1), 1))
		CHECK_NUMBER(procs_memory_has(p.pid, RADIUS_SECRET,
			strlen(RADIUS_SECRET)), 0);
	/* It goes on looking; logins do not wait for it any longer. */
	if (radius_enter(&c, "virt", "pw-1"))
		CHECK_NUMBER(procs_list("sureftpd-dns", &p, 1), 1);
	ftp_close(&c);
	close(silent);
	server_stop(&s);
	CHECK_NUMBER(procs_list("sureftpd-dns", &p, 1), 0);
	radius_stop(radius);
	radius_stop(accounting);
}

static bool
gets_in(void *context UNUSED)
{
	return ftp_try_login("virt", "pw-1") == 230;
}

static bool
has_moved(void *context UNUSED)
{
	return logged_times(0, "info radius: RADIUS server later.example has a "
		"new address: 127.0.0.3") > 0;
}

/* The server has started before the name service. */
static void
test_found_later(void)
{
	struct server s;
	struct proc p;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.servers=later.example",
	    "server.name_refresh_interval=5"))
		return;
	check_refused("virt", "pw-1", "no RADIUS server has answered "
		"(later.example: No route to host)");
	pid_t radius_pid = process();
	files_append_text("/etc/hosts", "127.0.0.1 later.example\n");
	CHECK(wait_until(gets_in, NULL, 25000));
	CHECK(radius_pid > 0 && process() == radius_pid);
	/* It moves to another address. */
	CHECK(files_write_text("/etc/hosts", "127.0.0.1 localhost\n"
		"127.0.0.3 later.example\n"));
	CHECK(wait_until(has_moved, NULL, 25000));
	check_refused("virt", "pw-1", "no RADIUS server has answered "
		"(later.example: Connection refused)");
	CHECK_NUMBER(procs_list("sureftpd-dns", &p, 1), 1);
	CHECK(kill(p.pid, SIGKILL) == 0);
	CHECK_LOGGED(0, "warning radius: the process that looks up the RADIUS "
		"servers has ended: *");
	server_stop(&s);
	radius_stop(radius);
}

/* So have reports waited, and a second server that is asked when the first one
 * is away. */
static void
test_others_found_later(void)
{
	struct server s;

	radius_prepare();
	pid_t radius = radius_serve(1812, RADIUS_GOOD);
	pid_t second = radius_serve(1814, RADIUS_GOOD);
	pid_t accounting = radius_serve(1813, RADIUS_GOOD);
	if (!SERVER(&s, RADIUS_ON, "radius.timeout=1", "radius.retries=0",
		"radius.servers=127.0.0.1 second.example:1814",
		"radius.accounting_servers=books.example"))
		return;
	CHECK_NUMBER(ftp_try_login("virt", "pw-1"), 230);
	CHECK_LOGGED(0, "error radius: RADIUS server second.example: host not "
		"found");
	CHECK_LOGGED(0, "warning radius: accounting reports wait for a RADIUS "
		"server: * (books.example: No route to host)");
	files_append_text("/etc/hosts", "127.0.0.1 books.example "
		"second.example\n");
	radius_stop(radius);
	CHECK(wait_until(gets_in, NULL, 25000));
	/* A stop tries again at once; otherwise it is every 30 seconds. */
	server_stop(&s);
	CHECK(radius_times(1813, " 40=1 ") >= 2);
	CHECK(radius_times(1813, " 40=2 ") >= 2);
	CHECK_LACKS(server_log(), "were lost");
	radius_stop(second);
	radius_stop(accounting);
}

CU_TestInfo functional_tests[] = {
	{ "host names are looked up without the secret", test_resolver },
	{ "a host name that is found later", test_found_later },
	{ "other servers, found later", test_others_found_later },
	CU_TEST_INFO_NULL,
};
