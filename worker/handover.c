/*
 * handover.c - hands the session over from the greeter to the session process.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/handover.h"

#include "common/tls/tls.h"
#include "worker/data/deflate.h"
#include "worker/data/hash.h"

/* Fill in what the session process needs to continue. */
static int
describe(struct session *s, struct message_handover *h)
{
	const char *leftover;
	size_t len = control_leftover(&s->control, &leftover);

	if (len > sizeof(h->leftover))
		return -EMSGSIZE;
	h->epsv_all = s->choices.epsv_all;
	h->facts = s->choices.facts;
	h->hash = s->choices.hash;
	h->type = s->choices.type_sent ? s->choices.type : '\0';
	h->mode = s->choices.mode;
	h->level = s->choices.level;
	memcpy(h->client, s->choices.client, sizeof(h->client));
	h->prot = s->choices.prot;
	h->pbsz = s->choices.pbsz;
	h->utf8 = s->choices.utf8;
	h->telnet = control_telnet(&s->control);
	memcpy(h->leftover, leftover, len);
	h->leftover_len = (uint32_t)len;
	h->tls = s->tls;
	if (s->control.stream.tls != NULL)
		tls_save(s->control.stream.tls, &h->saved);
	return 0;
}

int
handover_send(struct session *s, struct channel *session)
{
	struct message m UNINITIALIZED;

	message_begin(&m, MESSAGE_handover);
	int error = describe(s, &m.handover);
	if (error == 0)
		error = channel_send(session, &m);
	message_zero(&m);
	return error;
}

int
handover_take(struct session *s, const struct message_handover *h)
{
	s->choices.type = h->type == 'I' ? 'I' : 'A';
	s->choices.type_sent = h->type != '\0';
	s->choices.mode = h->mode == 'Z' ? 'Z' : 'S';
	if (h->level <= DEFLATE_LEVEL_MAX)
		s->choices.level = h->level;
	snprintf(s->choices.client, sizeof(s->choices.client), "%.*s",
		(int)sizeof(h->client), h->client);
	s->choices.utf8 = h->utf8 != 0;
	session_apply_client(s);
	s->choices.epsv_all = h->epsv_all != 0;
	s->choices.prot = h->prot == 'P' ? 'P' : 'C';
	s->choices.pbsz = h->pbsz != 0;
	s->choices.facts = h->facts & FACTS_ALL;
	s->choices.hash = h->hash < HASH_KINDS ? h->hash : 0;
	s->tls = h->tls;
	if (h->leftover_len > sizeof(h->leftover))
		return -EMSGSIZE;
	return control_preload(&s->control, h->leftover, h->leftover_len,
		h->telnet);
}
