/*
 * choices.c - the parameters that a session starts with.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/choices.h"

#include "worker/tree/facts.h"

void
choices_init(struct choices *c, bool implicit_tls)
{
	*c = (struct choices){
		.type = 'A',
		.prot = implicit_tls ? 'P' : 'C',
		.pbsz = implicit_tls,
		.facts = FACTS_DEFAULT,
	};
}
