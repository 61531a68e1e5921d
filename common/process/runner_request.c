/*
 * runner_request.c - requests to the runner.
 *
 * Runs in: master, recorder, runner.
 */
#include "common/base.h"
#include "common/process/runner_request.h"

#include "common/text.h"

#define HOOK(label) { #label, offsetof(struct server_settings, on_##label) }

static const struct {
	const char *label;
	size_t offset;
} hooks[] = {
	HOOK(connect), HOOK(login), HOOK(login_failed), HOOK(logout),
	HOOK(transfer_start), HOOK(sent), HOOK(received),
	HOOK(incomplete_sent), HOOK(incomplete_received), HOOK(delete),
	HOOK(rename), HOOK(mkdir), HOOK(rmdir), HOOK(chmod), HOOK(refused),
	HOOK(limit), HOOK(ban), HOOK(unban), HOOK(reload), HOOK(crash),
};

#define PREFIX "SUREFTPD_"

void
runner_request_add(struct buffer *b, const char *name, const char *value)
{
	buffer_add_text(b, PREFIX);
	for (; *name != '\0'; name++)
		buffer_add_char(b, text_upper(*name));
	buffer_add_char(b, '=');
	text_escape(b, value, strlen(value));
	buffer_add_char(b, '\0');
}

bool
runner_request_is_variable(const char *text)
{
	const size_t len = sizeof(PREFIX) - 1;
	size_t name = 0;

	if (strncmp(text, PREFIX, len) != 0)
		return false;
	text += len;
	while ((text[name] >= 'A' && text[name] <= 'Z') || text[name] == '_')
		name++;
	return name > 0 && text[name] == '=';
}

const char *
runner_request_command(const struct server_settings *settings, uint32_t hook)
{
	const char *command;

	if (hook >= ARRAY_SIZE(hooks))
		return NULL;
	memcpy(&command, (const char *)settings + hooks[hook].offset,
		sizeof(command));
	return command != NULL ? command : "";
}

const char *
runner_request_label(uint32_t hook)
{
	return hook < ARRAY_SIZE(hooks) ? hooks[hook].label : "upload_check";
}

int
runner_request_hook(const struct server_settings *settings, const char *label,
	size_t len)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(hooks); i++)
		if (strlen(hooks[i].label) == len &&
		    memcmp(hooks[i].label, label, len) == 0)
			return *runner_request_command(settings, i) != '\0' ?
				(int)i : -1;
	return -1;
}

static bool
has_check(const struct user_settings *u)
{
	return u->upload_check != NULL && *u->upload_check != '\0';
}

bool
runner_request_any(const struct settings *settings)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(hooks); i++)
		if (*runner_request_command(&settings->server, i) != '\0')
			return true;
	for (size_t i = 0; i < settings->override_count; i++)
		if (has_check(&settings->overrides[i].values))
			return true;
	return has_check(&settings->user) ||
		has_check(&settings->anonymous.values);
}
