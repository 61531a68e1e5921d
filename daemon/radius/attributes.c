/*
 * attributes.c - the attributes of requests.
 *
 * Runs in: radius.
 */
#include "common/base.h"
#include "daemon/radius/attributes.h"

#include "common/buffer.h"
#include "common/log/log.h"

#define SERVICE_LOGIN	 1
#define PORT_VIRTUAL	 5
#define AUTHENTIC_RADIUS 1

/* Acct-Terminate-Cause */
enum {
	CAUSE_USER_REQUEST = 1,
	CAUSE_LOST_CARRIER = 2,
	CAUSE_IDLE_TIMEOUT = 4,
	CAUSE_SESSION_TIMEOUT = 5,
	CAUSE_ADMIN_RESET = 6,
	CAUSE_NAS_ERROR = 9,
};

static int
read_names(struct radius_attributes *a, const struct server_settings *s)
{
	const struct {
		struct radius_attribute_name *name;
		const char *key, *text;
	} rows[] = {
		{ &a->home, "home_attribute", s->home_attribute },
		{ &a->realm, "realm_attribute", s->realm_attribute },
		{ &a->quota, "quota_attribute", s->quota_attribute },
		{ &a->download, "download_rate_attribute",
			s->download_rate_attribute },
		{ &a->upload, "upload_rate_attribute",
			s->upload_rate_attribute },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(why, 256);

		if (radius_attribute_name_parse(rows[i].name, rows[i].text,
		    s->vendor_id, s->dictionary, &why) == 0)
			continue;
		log_error("%s: \"%s\" %s", rows[i].key, rows[i].text,
			buffer_text(&why));
		return -EINVAL;
	}
	return 0;
}

int
radius_attributes_read(struct radius_attributes *a,
	const struct server_settings *s)
{
	*a = (struct radius_attributes){ .settings = s };
	int error = read_names(a, s);
	if (error < 0 || s->authentication != RADIUS_MSCHAPV2)
		return error;
	a->mschap = tls_mschap_new();
	if (a->mschap != NULL)
		return 0;
	log_error("authentication = mschapv2 needs OpenSSL's legacy provider, "
		"which is not installed or not allowed here");
	return -ENOENT;
}

void
radius_attributes_user(const struct radius_attributes *a, const char *user,
	struct buffer *b)
{
	const struct server_settings *s = a->settings;

	buffer_add_text(b, user);
	if (s->append_realm && *s->realm != '\0' && strchr(user, '@') == NULL)
		buffer_addf(b, "@%s", s->realm);
}

static void
add_address(struct radius_packet *p, const struct address *a)
{
	if (address_family(a) == AF_INET)
		radius_packet_add(p, RADIUS_NAS_IP_ADDRESS, &a->v4.sin_addr,
			sizeof(a->v4.sin_addr));
	else if (address_family(a) == AF_INET6)
		radius_packet_add(p, RADIUS_NAS_IPV6_ADDRESS,
			&a->v6.sin6_addr, sizeof(a->v6.sin6_addr));
}

void
radius_attributes_add_common(const struct radius_attributes *a,
	struct radius_packet *p, const char *user, const struct address *peer,
	const struct address *local)
{
	const struct server_settings *s = a->settings;
	char text[ADDRESS_TEXT_SIZE];
	BUFFER(name, MESSAGE_USER_SIZE + 256);

	radius_attributes_user(a, user, &name);
	p->overflow |= name.overflow;
	radius_packet_add_text(p, RADIUS_USER_NAME, buffer_text(&name));
	radius_packet_add_number(p, RADIUS_SERVICE_TYPE, SERVICE_LOGIN);
	radius_packet_add_number(p, RADIUS_NAS_PORT_TYPE, PORT_VIRTUAL);
	radius_packet_add_text(p, RADIUS_NAS_IDENTIFIER, s->nas_identifier);
	add_address(p, address_is_set(&s->nas_address) ? &s->nas_address :
		local);
	radius_packet_add_text(p, RADIUS_CALLING_STATION_ID,
		address_text(peer, text));
}

void
radius_attributes_add_realm(const struct radius_attributes *a,
	struct radius_packet *p)
{
	const char *realm = a->settings->realm;

	if (a->realm.number != 0 && *realm != '\0')
		radius_packet_add_vendor(p, a->realm.vendor, a->realm.number,
			realm, strlen(realm));
}

/* RFC 2869: what does not fit into 32 bits is counted by another attribute. */
static void
add_octets(struct radius_packet *p, uint8_t low, uint8_t high, int64_t bytes)
{
	uint64_t n = bytes > 0 ? (uint64_t)bytes : 0;

	radius_packet_add_number(p, low, (uint32_t)n);
	if (n >> 32 != 0)
		radius_packet_add_number(p, high, (uint32_t)(n >> 32));
}

static uint32_t
fitted(int64_t n)
{
	return n <= 0 ? 0 : n >= UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* There is no attribute for files: they are reported as packets.  Input is what
 * the server has received. */
static void
add_counts(struct radius_packet *p, const struct radius_accounting *r)
{
	add_octets(p, RADIUS_ACCT_INPUT_OCTETS, RADIUS_ACCT_INPUT_GIGAWORDS,
		r->up);
	add_octets(p, RADIUS_ACCT_OUTPUT_OCTETS, RADIUS_ACCT_OUTPUT_GIGAWORDS,
		r->down);
	radius_packet_add_number(p, RADIUS_ACCT_INPUT_PACKETS,
		fitted(r->files_up));
	radius_packet_add_number(p, RADIUS_ACCT_OUTPUT_PACKETS,
		fitted(r->files_down));
	radius_packet_add_number(p, RADIUS_ACCT_SESSION_TIME,
		fitted(r->seconds));
}

static void
add_class(struct radius_packet *p, const struct radius_accounting *r)
{
	size_t at = 0;

	while (at + 2 <= r->class_len && r->class[at + 1] >= 2 &&
	    at + r->class[at + 1] <= r->class_len) {
		radius_packet_add(p, RADIUS_CLASS, r->class + at + 2,
			(size_t)r->class[at + 1] - 2);
		at += r->class[at + 1];
	}
}

static uint32_t
cause_of(const struct radius_accounting *r)
{
	if (r->expired != 0)
		return CAUSE_SESSION_TIMEOUT;
	switch (r->outcome) {
	case OUTCOME_QUIT:
		return CAUSE_USER_REQUEST;
	case OUTCOME_LOST:
		return CAUSE_LOST_CARRIER;
	case OUTCOME_IDLE:
		return CAUSE_IDLE_TIMEOUT;
	case OUTCOME_STOPPED:
		return CAUSE_ADMIN_RESET;
	default:
		return CAUSE_NAS_ERROR;
	}
}

void
radius_attributes_add_accounting(struct radius_packet *p,
	const struct radius_accounting *r, int64_t delay)
{
	BUFFER(id, 64);

	buffer_addf(&id, "%" PRIx64 "-%" PRIu64, (uint64_t)r->began_ns,
		r->session);
	radius_packet_add_number(p, RADIUS_ACCT_STATUS_TYPE,
		(uint32_t)r->status);
	radius_packet_add_text(p, RADIUS_ACCT_SESSION_ID, buffer_text(&id));
	radius_packet_add_number(p, RADIUS_ACCT_AUTHENTIC, AUTHENTIC_RADIUS);
	radius_packet_add_number(p, RADIUS_ACCT_DELAY_TIME, fitted(delay));
	radius_packet_add_number(p, RADIUS_EVENT_TIMESTAMP,
		fitted(r->now_ns / 1000000000));
	if (r->status != RADIUS_START)
		add_counts(p, r);
	if (r->status == RADIUS_STOP)
		radius_packet_add_number(p, RADIUS_ACCT_TERMINATE_CAUSE,
			cause_of(r));
	add_class(p, r);
}
