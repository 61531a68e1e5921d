/*
 * request_case.h - what the monitor knows of the session whose request it
 * answers.
 */
#ifndef PAM_REQUEST_CASE_H
#define PAM_REQUEST_CASE_H

#include "common/base.h"
#include "common/identity.h"
#include "common/process/message.h"
#include "common/process/upload_owner.h"
#include "common/settings/settings.h"

struct request_case {
	const struct settings *settings;
	int runner;		/* service of the runner, or -1 */
	const struct message_client *client;
	const struct identity *identity;
	const struct upload_owner *owner;
};

#endif
