/*
 * member_requests.h - what sessions ask and report.
 *
 * Questions are kept until all that other sessions have sent before them was
 * read, so that who has seen the end of an upload in one session finds it
 * counted in another.
 */
#ifndef DAEMON_QUOTA_MEMBER_REQUESTS_H
#define DAEMON_QUOTA_MEMBER_REQUESTS_H

#include "common/base.h"
#include "daemon/quota/members.h"

/* Handle its messages, and keep its question.  False when it has ended or
 * violated the protocol: the caller removes it. */
bool member_receive(struct members *all, struct member *m) MUST_CHECK;

/* Answer all whose count is known, or whose time has passed. */
void member_answer_all(struct members *all);

#endif
