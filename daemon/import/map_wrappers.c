/*
 * map_wrappers.c - converts rules of hosts.allow and hosts.deny for vsftpd.
 *
 * Only patterns that denote networks are converted (hosts_access(5)): ALL, an
 * address, an address prefix that ends with a dot, ADDRESS/MASK and
 * ADDRESS/BITS, [ADDRESS6]/BITS.
 *
 * Runs in: sureftpd --import-vsftpd.
 */
#include "common/base.h"
#include "daemon/import/map.h"

#include "common/text.h"
#include "daemon/import/wrappers.h"

/* hosts.allow takes precedence: clients that match it are allowed even if
 * hosts.deny matches too, and clients that match neither are allowed. */
static void
map_rules(struct mapping *m, const struct wrappers *w)
{
	size_t denied = w->deny_all ? w->deny_first : w->deny.len;

	if (w->allow.overflow || w->deny.overflow) {
		map_set(m, "listener", "allow_from", "%s", DRAFT_NOBODY);
		map_say(m, IMPORT_REFUSED, "the rules have too many addresses, "
			"and no client can connect; set allow_from in "
			"[listener]");
		return;
	}
	if (w->deny_all)
		map_set(m, "listener", "allow_from", "%s", w->allow.len > 0 ?
			buffer_text(&w->allow) : DRAFT_NOBODY);
	if (denied > 0)
		map_set(m, "listener", "deny_from", "%.*s", (int)denied,
			buffer_text(&w->deny));
	if (denied > 0 && w->allow.len > 0)
		map_say(m, IMPORT_CHANGED, "deny_from in [listener] has the "
			"networks that are denied; exceptions to them in "
			"hosts.allow do not count");
	if (w->not_understood[0] != '\0')
		map_say(m, IMPORT_REFUSED, "a rule with %s cannot be "
			"expressed with addresses; set allow_from and "
			"deny_from in [listener]", w->not_understood);
}

void
map_tcp_wrappers(struct mapping *m)
{
	struct wrappers *w;

	if (!map_on(m, OPTION_tcp_wrappers)) {
		map_say(m, IMPORT_NOT_NEEDED, "off");
		return;
	}
	w = wrappers_read("/etc/hosts.allow", "/etc/hosts.deny");
	if (w == NULL) {
		m->draft->failed = true;
		return;
	}
	if (w->rules == 0)
		map_say(m, IMPORT_NOT_NEEDED, "hosts.allow and hosts.deny "
			"have no rules for vsftpd");
	else
		map_rules(m, w);
	wrappers_free(w);
}
