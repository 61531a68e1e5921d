/*
 * raw.c - the least that a server can do: one process for each client, one
 * read and one write for each command, sendfile() or pairs of read() and
 * write() for data, no check of anything.  What it costs is the floor below
 * the servers that are compared.  Never use it for anything else.
 */
#include "common/base.h"
#include "tests/bench/bench.h"

#include "common/buffer.h"
#include "common/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define LINE 512
#define BLOCK ((size_t)64 << 10)

struct raw {
	int fd, listener;
	SSL *tls;
	bool protect;
	char block[BLOCK];
};

struct stream {
	int fd;
	SSL *tls;
};

static SSL_CTX *context;

static void
must(bool good)
{
	if (!good)
		_exit(1);
}

static ssize_t
get(const struct stream *s, void *data, size_t size)
{
	return s->tls != NULL ? tls_receive(s->tls, data, size)
			      : read(s->fd, data, size);
}

static void
put(const struct stream *s, const void *data, size_t len)
{
	ssize_t n = s->tls != NULL ? tls_send(s->tls, data, len)
				   : write(s->fd, data, len);

	must(n == (ssize_t)len);
}

static void
say(const struct raw *r, const char *text)
{
	const struct stream control = { r->fd, r->tls };

	put(&control, text, strlen(text));
}

static SSL *
accept_tls(int fd)
{
	SSL *tls = SSL_new(context);

	must(tls != NULL && SSL_set_fd(tls, fd) == 1 && SSL_accept(tls) == 1);
	return tls;
}

static int
listen_on(uint16_t port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	must(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	must(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
		listen(fd, 1024) == 0);
	return fd;
}

static void
passive(struct raw *r)
{
	struct sockaddr_in a;
	socklen_t size = sizeof(a);
	BUFFER(text, LINE);

	r->listener = listen_on(0);
	getsockname(r->listener, (struct sockaddr *)&a, &size);
	buffer_addf(&text, "227 Passive (127,0,0,1,%d,%d).\r\n",
		ntohs(a.sin_port) >> 8, ntohs(a.sin_port) & 0xff);
	say(r, buffer_text(&text));
}

static struct stream
open_data(struct raw *r)
{
	struct stream data = { accept(r->listener, NULL, NULL), NULL };

	must(data.fd >= 0);
	io_close(&r->listener);
	say(r, "150 Ready.\r\n");
	if (r->protect)
		data.tls = accept_tls(data.fd);
	return data;
}

static void
close_data(struct raw *r, struct stream *data)
{
	if (data->tls != NULL)
		SSL_shutdown(data->tls);
	SSL_free(data->tls);
	io_close(&data->fd);
	say(r, "226 Done.\r\n");
}

static void
send_file(struct raw *r, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stream data = open_data(r);
	ssize_t n;

	if (data.tls == NULL)
		while (sendfile(data.fd, file, NULL, (size_t)1 << 30) > 0)
			;
	else
		while ((n = read(file, r->block, BLOCK)) > 0)
			put(&data, r->block, (size_t)n);
	close(file);
	close_data(r, &data);
}

static void
receive_file(struct raw *r, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stream data = open_data(r);
	ssize_t n;

	while ((n = get(&data, r->block, BLOCK)) > 0)
		must(write(file, r->block, (size_t)n) == n);
	close(file);
	close_data(r, &data);
}

/* NLST's lines are names alone. */
static void
send_list(struct raw *r, const char *path, bool names)
{
	struct buffer b;
	struct stat st;
	DIR *d = opendir(path);
	struct dirent *e;
	struct stream data = open_data(r);

	must(d != NULL);
	buffer_init(&b, r->block, BLOCK);
	while ((e = readdir(d)) != NULL) {
		if (!names && fstatat(dirfd(d), e->d_name, &st, 0) == 0)
			buffer_addf(&b, "%06o %lld %lld ", st.st_mode,
				(long long)st.st_size,
				(long long)st.st_mtime);
		buffer_add_text(&b, e->d_name);
		buffer_add_text(&b, "\r\n");
		if (buffer_room(&b) > LINE)
			continue;
		put(&data, b.data, b.len);
		buffer_clear(&b);
	}
	put(&data, b.data, b.len);
	closedir(d);
	close_data(r, &data);
}

static bool
data_command(struct raw *r, const char *line)
{
	const char *path = line + 5;

	if (strncmp(line, "RETR ", 5) == 0)
		send_file(r, path);
	else if (strncmp(line, "STOR ", 5) == 0)
		receive_file(r, path);
	else if (strncmp(line, "LIST ", 5) == 0 ||
		strncmp(line, "MLSD ", 5) == 0)
		send_list(r, path, false);
	else if (strncmp(line, "NLST ", 5) == 0)
		send_list(r, path, true);
	else
		return false;
	return true;
}

static void
answer(struct raw *r, const char *line)
{
	if (data_command(r, line))
		return;
	if (strncmp(line, "PASV", 4) == 0) {
		passive(r);
	} else if (strncmp(line, "AUTH", 4) == 0) {
		say(r, "234 Go on.\r\n");
		r->tls = accept_tls(r->fd);
	} else if (strncmp(line, "PROT", 4) == 0) {
		r->protect = true;
		say(r, "200 OK.\r\n");
	} else if (strncmp(line, "USER", 4) == 0) {
		say(r, "331 Password.\r\n");
	} else if (strncmp(line, "PASS", 4) == 0) {
		say(r, "230 In.\r\n");
	} else if (strncmp(line, "PWD", 3) == 0) {
		say(r, "257 \"/\"\r\n");
	} else if (strncmp(line, "DELE", 4) == 0) {
		must(unlink(line + 5) == 0);
		say(r, "250 Gone.\r\n");
	} else {
		say(r, strncmp(line, "QUIT", 4) == 0 ? "221 Bye.\r\n" :
			"200 OK.\r\n");
	}
}

/* The client of the measurements sends one line at a time. */
NORETURN static void
serve(int fd)
{
	static struct raw r;
	char line[LINE];
	ssize_t n;

	r.fd = fd;
	say(&r, "220 Ready.\r\n");
	for (;;) {
		const struct stream control = { fd, r.tls };
		n = get(&control, line, LINE - 1);
		if (n < 2)
			_exit(0);
		line[n - 2] = '\0';
		answer(&r, line);
	}
}

static void
use_certificate(const char *file)
{
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL ||
	    SSL_CTX_use_certificate_chain_file(context, file) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) != 1)
		client_fail(file);
}

void
raw_run(uint16_t port, const char *certificate)
{
	signal(SIGCHLD, SIG_DFL);
	if (certificate != NULL)
		use_certificate(certificate);
	int listener = listen_on(port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		pid_t pid = fork();
		if (pid == 0)
			serve(fd);
		close(fd);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}
