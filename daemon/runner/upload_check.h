/*
 * upload_check.h - requests of monitors to check an upload.
 */
#ifndef DAEMON_RUNNER_UPLOAD_CHECK_H
#define DAEMON_RUNNER_UPLOAD_CHECK_H

#include "common/base.h"
#include "common/buffer.h"

/*
 * Make a request like those of the recorder (runner_request.h) from a monitor's
 * `struct runner_check`, with upload_check before the path.  `socket` has the
 * size of the upload.  0; -EPROTO when the datagram is malformed, -EMSGSIZE
 * when the request does not fit into *b.
 */
int upload_check_expand(const void *data, size_t len, int socket,
	struct buffer *b) MUST_CHECK;

#endif
