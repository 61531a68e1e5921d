/*
 * test_state.c - what a master hands on, read as if an enemy had written it.
 */
#include "common/base.h"
#include "tests/unit/unit.h"

#include "common/clock.h"
#include "common/io.h"
#include "daemon/state/state.h"
#include "daemon/workers/slot_state.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

const char *const unit_name = "state";

#define FILE_MAX 65536

static const uint32_t number = 0x12345678;

/* A part with a number, a text, and a descriptor. */
static struct state_writer *
write_some(int fd)
{
	struct state_writer *w = state_writer_new();
	uint64_t count = 3;

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	state_begin(w, STATE_MASTER);
	STATE_PUT(w, number);
	state_put_text(w, "hello");
	state_put_fd(w, fd);
	state_end(w);
	state_begin(w, STATE_CLIENTS);
	STATE_PUT(w, count);
	state_end(w);
	return w;
}

static int
open_null(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* 0 if everything is as write_some() had it. */
static int
read_some(struct state_reader *r)
{
	char text[6];
	uint32_t got;

	state_enter(r, STATE_MASTER);
	STATE_GET(r, got);
	state_get_text(r, text, sizeof(text));
	int fd = state_get_fd(r);
	state_leave(r);
	state_enter(r, STATE_CLIENTS);
	size_t count = state_get_count(r, 3);
	state_leave(r);
	int error = state_error(r);
	if (error == 0 && (got != number || strcmp(text, "hello") != 0 ||
	    count != 3 || fd < 0))
		error = -EINVAL;
	io_close(&fd);
	return error;
}

static void
test_all_comes_back(void)
{
	int fd = open_null();
	struct state_writer *w = write_some(fd);
	struct state_reader *r;
	int file = state_seal(w);

	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), 0);
	CU_ASSERT_EQUAL(fcntl(file, F_GETFD), 0);
	CU_ASSERT(write(file, "x", 1) < 0);
	CU_ASSERT_EQUAL_FATAL(state_read(&r, dup(file)), 0);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CU_ASSERT_EQUAL(read_some(r), 0);
	state_reader_free(r);
	state_writer_free(w);
	/* It was the reader's, who has closed it. */
	CU_ASSERT(fcntl(fd, F_GETFD) < 0);
}

/* Without an upgrade, descriptors do not survive an exec. */
static void
test_writer_gives_up(void)
{
	int fd = open_null();
	struct state_writer *w = write_some(fd);

	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), 0);
	state_writer_free(w);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), FD_CLOEXEC);
	io_close(&fd);
}

static size_t
make_bytes(int fd, char *bytes)
{
	struct state_writer *w = write_some(fd);
	int file = state_seal(w);
	ssize_t n = pread(file, bytes, FILE_MAX, 0);

	CU_ASSERT_FATAL(n > (ssize_t)sizeof(struct state_head));
	state_writer_free(w);
	return (size_t)n;
}

/* What reading a file of these bytes gives. */
static int
read_bytes(const char *bytes, size_t len, int seals)
{
	struct state_reader *r;
	int file = memfd_create("state", MFD_ALLOW_SEALING);

	CU_ASSERT_EQUAL(write(file, bytes, len), (ssize_t)len);
	CU_ASSERT_EQUAL(fcntl(file, F_ADD_SEALS, seals), 0);
	int error = state_read(&r, file);
	if (error < 0) {
		CU_ASSERT_PTR_NULL(r);
		return error;
	}
	error = read_some(r);
	state_reader_free(r);
	return error;
}

static void
test_every_length(void)
{
	static char bytes[FILE_MAX];
	int fd = open_null();
	size_t len = make_bytes(fd, bytes);

	for (size_t n = 0; n < len; n++)
		CU_ASSERT_EQUAL(read_bytes(bytes, n, STATE_SEALS), -EBADMSG);
	CU_ASSERT_EQUAL(read_bytes(bytes, len + 1, STATE_SEALS), -EBADMSG);
	CU_ASSERT_EQUAL(read_bytes(bytes, len, 0), -EBADMSG);
	CU_ASSERT_EQUAL(read_bytes(bytes, len, STATE_SEALS), 0);
}

/* Each byte of the file matters, except those that pad its structs. */
static void
test_every_byte(void)
{
	static char bytes[FILE_MAX], wrong[FILE_MAX];
	size_t len = make_bytes(open_null(), bytes), accepted = 0;

	for (size_t i = 0; i < len; i++) {
		memcpy(wrong, bytes, len);
		wrong[i] ^= 0x55;
		accepted += read_bytes(wrong, len, STATE_SEALS) == 0;
	}
	CU_ASSERT_EQUAL(accepted, 2 * sizeof(uint32_t));
}

static void
test_standard_descriptor(void)
{
	static char bytes[FILE_MAX];
	size_t len = make_bytes(STDERR_FILENO, bytes);

	CU_ASSERT_EQUAL(fcntl(STDERR_FILENO, F_SETFD, 0), 0);
	CU_ASSERT_EQUAL(read_bytes(bytes, len, STATE_SEALS), -EBADMSG);
	CU_ASSERT_EQUAL(fcntl(STDERR_FILENO, F_GETFD), 0);
}

static void
test_descriptor_twice(void)
{
	struct state_writer *w = state_writer_new();
	struct state_reader *r;
	int fd = open_null();

	state_begin(w, STATE_MASTER);
	state_put_fd(w, fd);
	STATE_PUT(w, (int64_t){ fd });
	state_end(w);
	CU_ASSERT_EQUAL_FATAL(state_read(&r, dup(state_seal(w))), 0);
	state_enter(r, STATE_MASTER);
	int got = state_get_fd(r);
	CU_ASSERT_EQUAL(got, fd);
	CU_ASSERT_EQUAL(state_error(r), 0);
	CU_ASSERT_EQUAL(state_get_fd(r), -1);
	CU_ASSERT_EQUAL(state_error(r), -EBADMSG);
	state_reader_free(r);
	state_writer_free(w);
	io_close(&got);
}

/* --- a worker */

static struct slot_tables tables;

static void
make_tables(void)
{
	tables.sessions = sessions_new();
	CU_ASSERT_EQUAL_FATAL(board_new(&tables.board), 0);
	tables.rates = rates_new(tables.board);
}

static void
free_tables(void)
{
	sessions_free(tables.sessions);
	rates_free(tables.rates);
	board_free(tables.board);
}

static pid_t
fork_child(void)
{
	pid_t pid = fork();

	while (pid == 0)
		pause();
	return pid;
}

static void
end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(pid, NULL, 0), pid);
}

/* A session that has not logged in. */
static struct slot
make_slot(pid_t pid)
{
	struct slot slot = { .state = SLOT_LOGIN, .pid = pid, .place = 5,
		.session = 17, .started = 1000, .deadline = 2000,
		.channel.fd = -1 };
	static char name[] = "main";

	slot.listener = name;
	CU_ASSERT_EQUAL(address_parse(&slot.peer, "192.0.2.7"), 0);
	return slot;
}

static struct slot *
restore(const struct slot *slot, int *error)
{
	struct state_writer *w = state_writer_new();
	struct state_reader *r;

	state_begin(w, STATE_WORKERS);
	slot_save(slot, w);
	state_end(w);
	CU_ASSERT_EQUAL_FATAL(state_read(&r, dup(state_seal(w))), 0);
	state_enter(r, STATE_WORKERS);
	struct slot *got = slot_restore(&tables, r);
	state_leave(r);
	*error = state_error(r);
	state_reader_free(r);
	state_writer_free(w);
	return got;
}

static void
test_session_is_counted(void)
{
	pid_t pid = fork_child();
	struct slot slot = make_slot(pid);
	int error;

	make_tables();
	struct slot *got = restore(&slot, &error);
	CU_ASSERT_EQUAL(error, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(got);
	struct address_prefix prefix = address_prefix(&slot.peer);
	CU_ASSERT_EQUAL(sessions_of_prefix(tables.sessions, &prefix), 1);
	CU_ASSERT_EQUAL(sessions_in(tables.sessions, SLOT_LOGIN), 1);
	CU_ASSERT_EQUAL(got->session, 17);
	CU_ASSERT_EQUAL(got->started, 1000);
	CU_ASSERT_PTR_EQUAL(sessions_first_deadline(tables.sessions), got);
	CU_ASSERT_STRING_EQUAL(got->listener, "main");
	/* The same process or place again. */
	CU_ASSERT_PTR_NULL(restore(&slot, &error));
	CU_ASSERT_EQUAL(error, -EBADMSG);
	pid_t other = fork_child();
	slot.pid = other;
	CU_ASSERT_PTR_NULL(restore(&slot, &error));
	CU_ASSERT_EQUAL(error, -EBADMSG);
	CU_ASSERT_EQUAL(sessions_all(tables.sessions), 1);
	free_tables();
	end_child(pid);
	end_child(other);
}

/* Its address is that of the proxy until the proxy names its client. */
static void
test_unnamed_client(void)
{
	pid_t pid = fork_child();
	struct slot slot = make_slot(pid);
	int error;

	slot.unnamed = true;
	make_tables();
	struct slot *got = restore(&slot, &error);
	CU_ASSERT_EQUAL(error, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(got);
	struct address_prefix prefix = address_prefix(&slot.peer);
	CU_ASSERT_TRUE(got->unnamed);
	CU_ASSERT_EQUAL(sessions_of_prefix(tables.sessions, &prefix), 0);
	CU_ASSERT_EQUAL(sessions_in(tables.sessions, SLOT_LOGIN), 1);
	free_tables();
	end_child(pid);
}

static void
test_strange_sessions(void)
{
	pid_t pid = fork_child();
	struct slot slots[6];
	int error;

	make_tables();
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++)
		slots[i] = make_slot(pid);
	slots[0].pid = getppid();	/* no child */
	slots[1].pid = 0;
	slots[2].state = SLOT_SPARE;
	slots[3].state = SLOT_STATES;
	slots[4].place = 1 << 16;
	address_clear(&slots[5].peer);
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		CU_ASSERT_PTR_NULL(restore(&slots[i], &error));
		CU_ASSERT_EQUAL(error, -EBADMSG);
	}
	CU_ASSERT_EQUAL(sessions_all(tables.sessions), 0);
	free_tables();
	end_child(pid);
}

CU_TestInfo unit_tests[] = {
	{ "everything comes back", test_all_comes_back },
	{ "a writer that gives up", test_writer_gives_up },
	{ "every length", test_every_length },
	{ "every byte", test_every_byte },
	{ "a standard descriptor", test_standard_descriptor },
	{ "a descriptor that is named twice", test_descriptor_twice },
	{ "a session is counted", test_session_is_counted },
	{ "a client behind a proxy", test_unnamed_client },
	{ "sessions that cannot be", test_strange_sessions },
	CU_TEST_INFO_NULL,
};
