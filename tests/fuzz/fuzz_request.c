/*
 * fuzz_request.c - any bytes as a request to the runner: refused, or a program
 * of the settings with a text, and variables that only the server uses.
 */
#include "common/base.h"

#include "common/settings/settings_load.h"
#include "daemon/runner/queue.h"
#include "tests/fuzz/fuzz.h"

#define LONGEST 16384
#define PROGRAM "/bin/program"

static struct settings *settings;

const char *
fuzz_prepare(void)
{
	settings = settings_load(NULL, true, NULL, 0, NULL, NULL);
	if (settings == NULL)
		return "no settings";
	free(settings->server.on_mkdir);
	settings->server.on_mkdir = strdup(PROGRAM);
	return settings->server.on_mkdir == NULL ? "out of memory" : NULL;
}

static void
check_variables(const struct queued *q)
{
	const char *at = q->data + q->head.env, *end = q->data + q->head.json;

	for (; at < end; at += strlen(at) + 1)
		if (strncmp(at, "SUREFTPD_", 9) != 0 ||
		    strchr(at, '=') == NULL)
			fuzz_fail("a variable: %s", at);
	if (at != end)
		fuzz_fail("a variable that does not end");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct queued *q;

	if (size > LONGEST)
		return 0;
	q = queued_new(&settings->server, data, size, -1);
	if (q == NULL)
		return 0;
	const char *end = q->data + q->len;
	if (q->head.hook != RUNNER_CHECK && strcmp(q->command, PROGRAM) != 0)
		fuzz_fail("the program %s", q->command);
	if (q->command[0] != '/' || q->path < q->data || q->path >= end ||
	    q->path + strlen(q->path) >= end)
		fuzz_fail("texts outside the request");
	check_variables(q);
	queued_free(q);
	return 0;
}
