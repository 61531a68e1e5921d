/*
 * upload_check.c - requests of monitors to check an upload.
 *
 * Runs in: runner.
 */
#include "common/base.h"
#include "daemon/runner/upload_check.h"

#include "common/json.h"
#include "common/process/runner_request.h"
#include "common/text.h"

#include <sys/socket.h>

/* The fields of the event, in both forms that programs get. */
struct fields {
	struct buffer *env;
	struct buffer json;
};

static void
add(struct fields *f, const char *name, const char *value)
{
	runner_request_add(f->env, name, value);
	json_add_text(&f->json, name, value);
}

static void
add_number(struct fields *f, const char *name, uint64_t value)
{
	BUFFER(text, 32);

	buffer_addf(&text, "%" PRIu64, value);
	runner_request_add(f->env, name, buffer_text(&text));
	json_add_number(&f->json, name, buffer_text(&text));
}

/* Without the file itself, which is for the command. */
static bool
find_size(int socket, uint64_t *bytes)
{
	return recv(socket, bytes, sizeof(*bytes), MSG_PEEK | MSG_DONTWAIT) ==
	    (ssize_t)sizeof(*bytes);
}

static void
add_fields(struct fields *f, const struct runner_check *check,
	const char *host_path, int socket)
{
	char peer[ADDRESS_TEXT_SIZE];
	uint64_t bytes;

	buffer_add_char(&f->json, '{');
	add(f, "event", "upload_check");
	add_number(f, "session", check->session);
	add(f, "peer", address_text(&check->peer, peer));
	add(f, "user", check->user);
	add(f, "path", host_path);
	add(f, "virtual_path", check->path);
	if (find_size(socket, &bytes))
		add_number(f, "bytes", bytes);
	buffer_add_text(&f->json, "}\n");
}

static bool
is_valid(const struct runner_check *c)
{
	return TEXT_ENDS(c->user) && TEXT_ENDS(c->program) &&
		TEXT_ENDS(c->jail) && TEXT_ENDS(c->path);
}

int
upload_check_expand(const void *data, size_t len, int socket, struct buffer *b)
{
	static struct runner_check check;
	static char json[RUNNER_REQUEST_MAX / 2];
	struct fields f = { .env = b };
	BUFFER(host_path, 2 * PATH_MAX);

	if (len != sizeof(check))
		return -EPROTO;
	memcpy(&check, data, sizeof(check));
	if (!is_valid(&check))
		return -EPROTO;
	struct runner_request head = {
		.session = check.session,
		.hook = RUNNER_CHECK,
		.uid = check.uid,
		.timeout = check.timeout,
	};
	size_t at = b->len;
	buffer_addf(&host_path, "%s%s", check.jail, check.path);
	buffer_init(&f.json, json, sizeof(json));
	buffer_add(b, &head, sizeof(head));
	buffer_add(b, check.program, strlen(check.program) + 1);
	buffer_add(b, host_path.data, host_path.len + 1);
	head.env = (uint32_t)b->len;
	add_fields(&f, &check, buffer_text(&host_path), socket);
	head.json = (uint32_t)b->len;
	buffer_add(b, f.json.data, f.json.len);
	if (b->overflow || f.json.overflow)
		return -EMSGSIZE;
	memcpy(b->data + at, &head, sizeof(head));
	return 0;
}
