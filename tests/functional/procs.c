/*
 * procs.c - /proc/PID/status and /proc/PID/fd.
 *
 * Runs in: the suite's process, over the world's own /proc.
 */
#include "common/base.h"
#include "tests/functional/procs.h"

#include "common/buffer.h"
#include "common/text.h"
#include "tests/functional/files.h"
#include "tests/functional/waiting.h"

#include <dirent.h>

static int64_t
number_at(const char *text)
{
	int64_t n = 0;
	size_t len = 0;

	while (text_is_digit(text[len]))
		len++;
	return text_number(text, len, &n) == 0 ? n : -1;
}

/* The text behind "Key:\t" in a status file, or "". */
static const char *
value_of(const char *status, const char *key)
{
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "\n%s:", key);
	const char *at = strstr(status, wanted);
	if (at == NULL)
		return "";
	at += strlen(wanted);
	while (*at == '\t' || *at == ' ')
		at++;
	return at;
}

/* Numbers between blanks up to the line's end; how many there were. */
static size_t
numbers_of(const char *status, const char *key, unsigned *list, size_t max)
{
	const char *at = value_of(status, key);
	size_t n = 0;

	while (text_is_digit(*at) && n < max) {
		list[n++] = (unsigned)number_at(at);
		while (text_is_digit(*at))
			at++;
		while (*at == '\t' || *at == ' ')
			at++;
	}
	return n;
}

static uint64_t
hex_of(const char *status, const char *key)
{
	uint64_t value = 0;

	for (const char *at = value_of(status, key); *at != '\n'; at++) {
		if (*at == '\0')
			break;
		value = value * 16 + (uint64_t)(text_is_digit(*at)
						? *at - '0'
						: *at - 'a' + 10);
	}
	return value;
}

bool
procs_read(pid_t pid, struct proc *p)
{
	char path[64], status[8192];

	memset(p, 0, sizeof(*p));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (files_read(path, status, sizeof(status)) <= 0)
		return false;
	const char *name = status + strlen("Name:\t");
	snprintf(p->name, sizeof(p->name), "%.*s", (int)strcspn(name, "\n"),
		name);
	p->pid = pid;
	p->ppid = (pid_t)number_at(value_of(status, "PPid"));
	p->state = value_of(status, "State")[0];
	numbers_of(status, "Uid", p->uid, 4);
	numbers_of(status, "Gid", p->gid, 4);
	p->ngroups = numbers_of(status, "Groups", p->groups, PROCS_GROUPS);
	p->inheritable = hex_of(status, "CapInh");
	p->permitted = hex_of(status, "CapPrm");
	p->effective = hex_of(status, "CapEff");
	p->bounding = hex_of(status, "CapBnd");
	p->ambient = hex_of(status, "CapAmb");
	p->no_new_privs = (int)number_at(value_of(status, "NoNewPrivs"));
	p->seccomp = (int)number_at(value_of(status, "Seccomp"));
	return true;
}

static bool
is_named(const struct proc *p, const char *name)
{
	return name != NULL ? strcmp(p->name, name) == 0 :
		strncmp(p->name, PROCS_MASTER, strlen(PROCS_MASTER)) == 0;
}

size_t
procs_list(const char *name, struct proc *list, size_t max)
{
	DIR *dir = opendir("/proc");
	size_t found = 0;

	if (dir == NULL)
		return 0;
	for (const struct dirent *e = readdir(dir); e != NULL;
	     e = readdir(dir)) {
		struct proc p;
		pid_t pid = (pid_t)number_at(e->d_name);

		if (pid <= 1 || pid == getpid() || !procs_read(pid, &p))
			continue;
		if (p.state == 'Z' || p.state == 'X' ||
		    !is_named(&p, name))
			continue;
		if (found < max)
			list[found] = p;
		found++;
	}
	closedir(dir);
	return found;
}

struct wanted {
	const char *name;
	size_t count;
};

static bool
is_count(void *context)
{
	const struct wanted *w = context;

	return procs_list(w->name, NULL, 0) == w->count;
}

bool
procs_wait_for_count(const char *name, size_t count, int64_t ms)
{
	struct wanted w = { .name = name, .count = count };

	return wait_until(is_count, &w, ms);
}

/* Of the processes that start without a client. */
static bool
has_filter(const char *name)
{
	static const char *const filtered[] = { PROCS_GREETER, PROCS_RECORDER,
		"sureftpd-quota", "sureftpd-rad", "sureftpd-conn" };

	for (size_t i = 0; i < ARRAY_SIZE(filtered); i++)
		if (strcmp(name, filtered[i]) == 0)
			return true;
	return false;
}

static bool
settled(void *context UNUSED)
{
	static struct proc list[PROCS_MAX];
	size_t n = procs_list(NULL, list, PROCS_MAX);
	size_t masters = 0;

	for (size_t i = 0; i < n && i < PROCS_MAX; i++) {
		masters += strcmp(list[i].name, PROCS_MASTER) == 0;
		bool filtered = has_filter(list[i].name);
		if (filtered && list[i].seccomp != 2)
			return false;
	}
	return masters == 1;
}

bool
procs_settle(void)
{
	return wait_until(settled, NULL, 10000);
}

pid_t
procs_serving(const char *name)
{
	static struct proc list[PROCS_MAX];
	size_t n = procs_list(NULL, list, PROCS_MAX);

	for (size_t i = 0; i < n && i < PROCS_MAX; i++) {
		bool worker = strcmp(list[i].name, PROCS_SESSION) == 0 ||
			strcmp(list[i].name, PROCS_GREETER) == 0;
		if (!worker || procs_connected(list[i].pid) == 0)
			continue;
		if (strcmp(name, PROCS_MONITOR) == 0)
			return list[i].ppid;
		if (strcmp(name, list[i].name) == 0)
			return list[i].pid;
	}
	return 0;
}

const char *
procs_descriptor(pid_t pid, int fd, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	ssize_t n = readlink(path, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Is one of the line's words, with blanks between, this one? */
static bool
has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	while (*line != '\0') {
		line += strspn(line, " ");
		size_t n = strcspn(line, " ");
		if (n == len && memcmp(line, word, len) == 0)
			return true;
		line += n;
	}
	return false;
}

/* Add a table's lines that have this word: a state (in hexadecimal), flags, a
 * path. */
static void
add_lines(struct buffer *lines, const char *table, const char *word)
{
	FILE *file = fopen(table, "re");
	char line[512];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (has_word(line, word))
			buffer_addf(lines, "%s ", line);
	}
	if (file != NULL)
		fclose(file);
}

/* Is the descriptor a socket, and which one? */
static bool
find_socket(pid_t pid, int fd, char *inode, size_t size)
{
	char text[256];

	procs_descriptor(pid, fd, text, sizeof(text));
	if (strncmp(text, "socket:[", 8) != 0)
		return false;
	snprintf(inode, size, "%.*s", (int)strcspn(text + 8, "]"), text + 8);
	return true;
}

/* How many of the process's sockets are in these lines. */
static size_t
count_sockets(pid_t pid, const struct buffer *lines)
{
	size_t count = 0;
	char inode[64];

	for (int fd = 0; fd < 256 && lines->len > 0; fd++)
		count += find_socket(pid, fd, inode, sizeof(inode)) &&
			has_word(lines->data, inode);
	return count;
}

static size_t
count_tcp(pid_t pid, const char *state)
{
	static char text[1 << 20];
	struct buffer lines;

	buffer_init(&lines, text, sizeof(text));
	add_lines(&lines, "/proc/net/tcp", state);
	add_lines(&lines, "/proc/net/tcp6", state);
	return count_sockets(pid, &lines);
}

static size_t
count_unix(pid_t pid, const char *word)
{
	static char text[1 << 20];
	struct buffer lines;

	buffer_init(&lines, text, sizeof(text));
	add_lines(&lines, "/proc/net/unix", word);
	return count_sockets(pid, &lines);
}

/* Of the local ones those whose flags say that they accept connections. */
size_t
procs_listening(pid_t pid)
{
	return count_tcp(pid, "0A") + count_unix(pid, "00010000");
}

size_t
procs_connected(pid_t pid)
{
	return count_tcp(pid, "01");
}

size_t
procs_local(pid_t pid, const char *path)
{
	return count_unix(pid, path);
}

size_t
procs_open(pid_t pid)
{
	size_t count = 0;

	for (int fd = 0; fd < 1024; fd++) {
		char text[256];
		count += procs_descriptor(pid, fd, text, sizeof(text))[0]
			!= '\0';
	}
	return count;
}

int64_t
procs_ticks(pid_t pid)
{
	char path[64], text[1024];
	int64_t user = 0, kernel = 0;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (files_read(path, text, sizeof(text)) <= 0)
		return -1;
	/* Behind the name in parentheses: fields 14 and 15 of proc(5). */
	const char *at = strrchr(text, ')');
	for (int field = 2; at != NULL && field < 14; field++)
		at = strchr(at + 1, ' ');
	if (at == NULL)
		return -1;
	at++;
	len = strcspn(at, " ");
	if (text_number(at, len, &user) < 0)
		return -1;
	at += len + 1;
	len = strcspn(at, " ");
	return text_number(at, len, &kernel) < 0 ? -1 : user + kernel;
}

int64_t
procs_sleeps(pid_t pid)
{
	static const char key[] = "\nvoluntary_ctxt_switches:\t";
	char path[64], status[8192];
	int64_t n = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (files_read(path, status, sizeof(status)) < 0)
		return -1;
	const char *at = strstr(status, key);
	if (at == NULL)
		return -1;
	at += sizeof(key) - 1;
	return text_number(at, strcspn(at, "\n"), &n) < 0 ? -1 : n;
}

size_t
procs_root_entries(pid_t pid)
{
	char path[64];
	size_t n = 0;

	snprintf(path, sizeof(path), "/proc/%d/root/", pid);
	DIR *dir = opendir(path);
	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}
