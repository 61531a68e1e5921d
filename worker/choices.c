/*
 * choices.c - the parameters that a session starts with.
 *
 * Runs in: greeter, session.
 */
#include "common/base.h"

#include "worker/choices.h"

#include "worker/data/deflate.h"
#include "worker/tree/facts.h"

void
choices_init(struct choices *c, bool implicit_tls)
{
	*c = (struct choices){
		.type = 'A',
		.mode = 'S',
		.level = DEFLATE_LEVEL_DEFAULT,
		.prot = implicit_tls ? 'P' : 'C',
		.pbsz = implicit_tls,
		.facts = FACTS_DEFAULT,
	};
}
