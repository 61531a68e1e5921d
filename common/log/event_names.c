/*
 * event_names.c - the names of fields and events in logs.
 *
 * Runs in: recorder, sureftpctl; the master, and wherever settings are read.
 */
#include "common/base.h"
#include "common/log/event_names.h"

static const char *const names[] = {
	"time", "event", "level", "session", "pid", "process", "peer",
	"peer_port", "local", "local_port", "user", "path", "virtual_path",
	"new_path", "new_virtual_path", "home", "jail", "target", "status",
	"reason", "bytes", "bytes_sent", "bytes_received", "offset",
	"seconds", "verb", "type", "tls", "mode", "group", "owner", "code",
	"text", "signal", "network",
};

static const char *const labels[] = {
	"sent", "received", "incomplete_sent", "incomplete_received",
	"refused",
#define EVENT(name, level, from) #name,
#include "common/log/events.def"
#undef EVENT
};

/* These have other labels, by how they ended. */
static const char *const unused[] = { "download", "upload", "refuse" };

static bool
has(const char *const *list, size_t count, const char *text, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == len && memcmp(list[i], text, len) == 0)
			return true;
	return false;
}

bool
event_names_has_field(const char *name, size_t len)
{
	return has(names, ARRAY_SIZE(names), name, len);
}

bool
event_names_has_label(const char *text, size_t len)
{
	return has(labels, ARRAY_SIZE(labels), text, len) &&
		!has(unused, ARRAY_SIZE(unused), text, len);
}
