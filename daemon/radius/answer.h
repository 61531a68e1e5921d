/*
 * answer.h - what a RADIUS server has decided about a login, and the limits
 * that it sets for the account.
 */
#ifndef DAEMON_RADIUS_ANSWER_H
#define DAEMON_RADIUS_ANSWER_H

#include "common/base.h"
#include "common/process/radius_request.h"
#include "daemon/radius/attributes.h"
#include "daemon/radius/packet.h"

/*
 * Read the attributes of an accepting, rejecting or challenging packet.  False,
 * with RADIUS_FAILED and the reason in *answer, if an attribute is malformed:
 * the login is refused.
 */
bool radius_answer_read(const struct radius_attributes *a,
	const struct radius_packet *p, struct radius_answer *answer);

#endif
