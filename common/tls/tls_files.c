/*
 * tls_files.c - checks files for changes, and reads their public parts.
 *
 * Runs in: master; radius, before it takes its role.
 * Never: gives a private key to OpenSSL, whose buffers cannot be wiped.
 */
#include "common/base.h"
#include "common/tls/tls_files.h"

#include "common/io.h"
#include "common/log/log.h"
#include "common/process/secret.h"
#include "common/settings/settings_report.h"
#include "common/text.h"
#include "common/tls/tls_pem.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <sys/stat.h>

#define FILE_SIZE_MAX (1024 * 1024)

struct tls_file {
	struct tls_file *next;
	char *path;
	struct stat seen;	/* all zero: did not exist */
};

struct tls_text {
	char *data;		/* in secret pages */
	BIO *bio;
};

void
tls_files_free(struct tls_files *files)
{
	while (files->first != NULL) {
		struct tls_file *file = files->first;

		files->first = file->next;
		free(file->path);
		free(file);
	}
}

static bool
same_moment(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* One of these changes, however a tool replaces the file. */
static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		same_moment(&a->st_mtim, &b->st_mtim) &&
		same_moment(&a->st_ctim, &b->st_ctim);
}

static void
look_at(const char *path, struct stat *st)
{
	if (stat(path, st) < 0)
		memset(st, 0, sizeof(*st));
}

bool
tls_files_changed(struct tls_files *files)
{
	bool changed = false;

	for (struct tls_file *f = files->first; f != NULL; f = f->next) {
		struct stat now;

		look_at(f->path, &now);
		changed = changed || !same_file(&f->seen, &now);
		f->seen = now;
	}
	return changed;
}

static void PRINTF_LIKE(3, 0)
complain(struct tls_files *files, const char *where, const char *format,
	va_list ap)
{
	BUFFER(sentence, SETTINGS_REPORT_SENTENCE_SIZE);

	settings_report_sentence(&sentence, format, ap);
	files->complaints++;
	files->complain(files->context, where, buffer_text(&sentence));
}

void
tls_files_complain(struct tls_files *files, const char *path,
	const char *format, ...)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);
	va_list ap;

	text_escape(&where, path, strlen(path));
	va_start(ap, format);
	complain(files, buffer_text(&where), format, ap);
	va_end(ap);
}

void
tls_files_complain_of_settings(struct tls_files *files,
	const struct settings *settings, const char *format, ...)
{
	BUFFER(where, SETTINGS_REPORT_WHERE_SIZE);
	va_list ap;

	settings_report_where(settings, 0, &where);
	va_start(ap, format);
	complain(files, buffer_text(&where), format, ap);
	va_end(ap);
}

/* Record the state before the file is read, so that a change in between is
 * detected later; only for the first read. */
static bool
remember(struct tls_files *files, const char *path)
{
	struct tls_file *file;

	for (file = files->first; file != NULL; file = file->next)
		if (strcmp(file->path, path) == 0)
			return true;
	file = calloc(1, sizeof(*file));
	if (file == NULL || (file->path = strdup(path)) == NULL) {
		free(file);
		tls_files_complain(files, path, "out of memory");
		return false;
	}
	look_at(path, &file->seen);
	file->next = files->first;
	files->first = file;
	return true;
}

/* Only the public parts are kept in the pages. */
static int
read_public(struct tls_text *text, const char *path)
{
	text->data = secret_new(FILE_SIZE_MAX);
	if (text->data == NULL)
		return -ENOMEM;
	ssize_t len = io_read_file(path, text->data, FILE_SIZE_MAX);
	if (len < 0)
		return (int)len;
	size_t public = tls_pem_keep_public(text->data, (size_t)len);
	text->bio = BIO_new_mem_buf(text->data, (int)public);
	return text->bio == NULL ? -ENOMEM : 0;
}

struct tls_text *
tls_files_read(struct tls_files *files, const char *path)
{
	struct tls_text *text;
	int error;

	if (!remember(files, path))
		return NULL;
	text = calloc(1, sizeof(*text));
	error = text == NULL ? -ENOMEM : read_public(text, path);
	if (error == 0)
		return text;
	tls_files_complain(files, path, "cannot be read: %s",
		log_errno(error));
	tls_text_free(text);
	return NULL;
}

BIO *
tls_text_bio(struct tls_text *text)
{
	return text->bio;
}

void
tls_text_free(struct tls_text *text)
{
	if (text == NULL)
		return;
	BIO_free(text->bio);
	secret_free(text->data, FILE_SIZE_MAX);
	free(text);
	/* Reading to the end of a file adds an error to OpenSSL's queue. */
	ERR_clear_error();
}

/* Debian's group ssl-cert may read keys; no other group. */
static void
warn_about_rights(const char *path, const struct stat *st)
{
	unsigned mode = st->st_mode & 07777;

	if (st->st_uid != 0 && st->st_uid != geteuid())
		log_warning("%s: the private key does not belong to root",
			path);
	if (mode & S_IRWXO)
		log_warning("%s: all users can read or change the private key "
			"(mode %04o)", path, mode);
	else if (mode & S_IWGRP)
		log_warning("%s: the group can change the private key (mode "
			"%04o)", path, mode);
}

int
tls_files_open_key(struct tls_files *files, const char *path)
{
	struct stat st;
	int fd;

	if (!remember(files, path))
		return -1;
	/* O_NONBLOCK: a named pipe must be refused, not waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0) {
		warn_about_rights(path, &st);
		return fd;
	}
	tls_files_complain(files, path, "cannot be read: %s",
		strerror(errno));
	io_close(&fd);
	return -1;
}
