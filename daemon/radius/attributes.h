/*
 * attributes.h - the attributes that the settings name, and those of requests
 * (of answers: answer.h).
 */
#ifndef DAEMON_RADIUS_ATTRIBUTES_H
#define DAEMON_RADIUS_ATTRIBUTES_H

#include "common/base.h"
#include "common/process/radius_request.h"
#include "common/radius/attribute_name.h"
#include "common/settings/settings.h"
#include "common/tls/tls_mschap.h"
#include "daemon/radius/packet.h"

struct radius_attributes {
	const struct server_settings *settings;
	struct radius_attribute_name home, realm, quota, download, upload;
	struct tls_mschap *mschap;	/* NULL: another authentication */
};

/* Find the attributes that the settings name, and load what MS-CHAPv2 needs.
 * 0, or -errno after the reason was logged. */
int radius_attributes_read(struct radius_attributes *a,
	const struct server_settings *settings) MUST_CHECK;

/* The name for User-Name, with the realm appended if append_realm is set. */
void radius_attributes_user(const struct radius_attributes *a,
	const char *user, struct buffer *b);

/* Add the attributes of all requests: user, this server, the client. */
void radius_attributes_add_common(const struct radius_attributes *a,
	struct radius_packet *p, const char *user, const struct address *peer,
	const struct address *local);

/* Add the realm (realm_attribute), if there is one. */
void radius_attributes_add_realm(const struct radius_attributes *a,
	struct radius_packet *p);

/* Add the attributes of an accounting request. */
void radius_attributes_add_accounting(struct radius_packet *p,
	const struct radius_accounting *r, int64_t delay);

#endif
