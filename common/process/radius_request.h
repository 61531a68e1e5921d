/*
 * radius_request.h - what monitors and the process radius send each other.
 *
 * A login is one datagram on the service socket (service_socket.h) with one end
 * of a socket pair.  On the other end the monitor gets a struct radius_answer;
 * if that is a challenge, it sends a struct radius_more and gets another one.
 * Accounting is one datagram without a descriptor, and has no answer.
 *
 * All are structs of fixed size.  The monitor checks every value that it uses.
 */
#ifndef COMMON_PROCESS_RADIUS_REQUEST_H
#define COMMON_PROCESS_RADIUS_REQUEST_H

#include "common/address.h"
#include "common/base.h"
#include "common/process/message.h"

#define RADIUS_CLASS_SIZE 512	/* all Class attributes, as they came */

enum radius_request_kind {
	RADIUS_REQUEST_LOGIN = 1,
	RADIUS_REQUEST_ACCOUNTING,
};

struct radius_login {
	int32_t kind;		/* RADIUS_REQUEST_LOGIN */
	struct address peer;	/* the client */
	struct address local;	/* the address it connected to */
	char user[MESSAGE_USER_SIZE];
	char password[MESSAGE_PASSWORD_SIZE];
};

/* The answer to a challenge. */
struct radius_more {
	char answer[MESSAGE_PASSWORD_SIZE];
};

enum radius_verdict {
	RADIUS_ACCEPTED = 1,
	RADIUS_REJECTED,
	RADIUS_CHALLENGED,
	RADIUS_FAILED,		/* no server has decided: see `reason` */
};

#define RADIUS_UNSET (-1)	/* the answer has no such attribute */

struct radius_answer {
	int32_t verdict;	/* enum radius_verdict */
	char reason[512];	/* for the log, if not accepted; not escaped */
	char text[MESSAGE_TEXT_SIZE];	/* Reply-Message, '\n' between; not
					 * escaped */
	/* The rest only if accepted. */
	char home[PATH_MAX];	/* "": none */
	char group[MESSAGE_USER_SIZE];	/* Filter-Id; "": none */
	int64_t quota;		/* bytes */
	int64_t download_rate;	/* bytes per second */
	int64_t upload_rate;
	int64_t session_timeout;	/* seconds */
	int64_t idle_timeout;
	int64_t interim_interval;
	uint16_t class_len;
	uint8_t class[RADIUS_CLASS_SIZE];	/* attributes with their
						 * headers; sent back in
						 * accounting */
};

enum radius_status {		/* Acct-Status-Type */
	RADIUS_START = 1,
	RADIUS_STOP = 2,
	RADIUS_INTERIM = 3,
};

struct radius_accounting {
	int32_t kind;		/* RADIUS_REQUEST_ACCOUNTING */
	int32_t status;		/* enum radius_status */
	int32_t outcome;	/* enum outcome, with RADIUS_STOP */
	int32_t expired;	/* it has ended by max_session_time */
	struct address peer, local;
	int64_t began_ns;	/* clock_wall_ns() of the login: with the
				 * number, a name that is never used again */
	int64_t now_ns;		/* of this report */
	uint64_t session;
	int64_t seconds;
	int64_t up, down;	/* bytes */
	int64_t files_up, files_down;
	char user[MESSAGE_USER_SIZE];
	uint16_t class_len;
	uint8_t class[RADIUS_CLASS_SIZE];
};

#endif
