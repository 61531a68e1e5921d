/*
 * message.h - the bodies of the messages in messages.def, and the enumerations
 * they use.
 *
 * Fixed structs, no pointers, zeroed before filling, so that no old memory
 * leaks into the other process.  Receivers check every value they use.
 */
#ifndef COMMON_PROCESS_MESSAGE_H
#define COMMON_PROCESS_MESSAGE_H

#include "common/address.h"
#include "common/base.h"
#include "common/identity.h"
#include "common/process/outcome.h"
#include "common/process/message_owner.h"
#include "common/process/message_quota.h"
#include "common/process/session_limits.h"

#define MESSAGE_USER_SIZE       IDENTITY_NAME_SIZE
#define MESSAGE_ACCOUNT_SIZE    IDENTITY_KEY_SIZE
#define MESSAGE_PASSWORD_SIZE   512	/* PAM_MAX_RESP_SIZE */
#define MESSAGE_LEFTOVER_SIZE   4098	/* the greeter's line with CR LF */
#define MESSAGE_TEXT_SIZE       512
#define MESSAGE_NETWORK_SIZE    72	/* an address, and /BITS */
#define MESSAGE_TICKET_KEYS_SIZE 80	/* name, AES-256 and HMAC-SHA256 key */
#define MESSAGE_AUTH_TIMES      10	/* bound of max_login_attempts */
#define MESSAGE_PROMPT_TIMES    80	/* eight for each */
#define MESSAGE_CLEARTEXT_TIMES 20	/* USER without TLS, where groups
					 * decide about that */

/* sureftpctl asks for the scoreboard, and gets it as a sealed file in memory
 * (daemon/control/scoreboard.h) or the reason why not. */
struct message_ask_scoreboard { int32_t unused; };

struct message_scoreboard { int32_t unused; };

struct message_ask_refused {
	int32_t error;		/* errno */
};

/* sureftpctl requests the metrics; the answer is text in a sealed memory
 * file. */
struct message_ask_metrics { int32_t unused; };
struct message_metrics { int32_t unused; };

/* sureftpctl requests a live stream of events, and gets a socket on which they
 * come (daemon/recorder/followers.h).  Empty texts and session 0 match
 * everything. */
struct message_ask_events {
	uint64_t session;
	int32_t json;
	int32_t level;		/* enum log_level */
	char events[512];
	char user[256];
	char peer[ADDRESS_TEXT_SIZE];
};

struct message_events { int32_t unused; };

/* The bans as text in a sealed file (daemon/bans/bans_text.h). */
struct message_ask_bans { int32_t unused; };
struct message_bans { int32_t unused; };

/* Orders of an administrator, sent by sureftpctl (daemon/control/orders.c). */
enum admin_order_kind {
	ADMIN_KICK,		/* end sessions now */
	ADMIN_DRAIN,		/* refuse new clients; the sessions that are
				 * selected end after their transfer */
	ADMIN_RESUME,
	ADMIN_RELOAD,
	ADMIN_SET,		/* the limit `name` to `value` */
	ADMIN_LOG_LEVEL,	/* to `value` */
	ADMIN_BAN,		/* daemon/control/order_bans.h */
	ADMIN_UNBAN,
	ADMIN_UPGRADE,		/* to the program at the same path */
	ADMIN_ORDERS
};

/* Which sessions the order applies to. */
enum admin_select {
	ADMIN_SELECT_NONE,
	ADMIN_SELECT_ALL,
	ADMIN_SELECT_SESSION,
	ADMIN_SELECT_USER,
	ADMIN_SELECT_NETWORK,
	ADMIN_SELECTS
};

struct message_admin_order {
	int32_t order;		/* enum admin_order_kind */
	int32_t select;		/* enum admin_select, and the one of these: */
	uint64_t session;
	char user[MESSAGE_USER_SIZE];
	char network[MESSAGE_NETWORK_SIZE];
	char name[64];
	char value[64];
};

struct message_admin_done {
	int32_t error;		/* 0, or an errno: */
	uint32_t count;		/* sessions that it was carried out for */
	char text[MESSAGE_TEXT_SIZE];	/* the error message */
};

/* A client for a spare worker; comes with its socket. */
struct message_client {
	uint64_t session;
	struct address peer;
	struct address local;
	struct address proxy;	/* that named the peer; or empty */
	int32_t listener;	/* index in settings */
	int32_t verdict;	/* enum verdict */
};

/* Why a session has to end; determines the reply to the client. */
enum end_reason {
	END_SHUTDOWN,
	END_ADMINISTRATOR,
	END_TIME,		/* max_session_time */
};

struct message_shutdown {
	int32_t now;		/* 0: after the running transfer; 1: at once */
	int32_t reason;		/* enum end_reason */
};

/* A service (common/process/service_socket.h) was restarted: what was attached
 * to it has to be attached again. */
enum service_name {
	SERVICE_RECORDER,
	SERVICE_KEEPER,
	SERVICE_BOOKKEEPER,
};

struct message_reattach {
	int32_t service;	/* enum service_name */
};

/* The part of a session's struct tls_facts that the master keeps for
 * sureftpctl. */
struct tls_summary {
	char version[16];	/* "" without TLS */
	char cipher[64];
	uint8_t resumed;
};

/* May this account have one more session?  Sessions are counted by its key. */
struct message_login {
	struct session_limits limits;
	char account[MESSAGE_ACCOUNT_SIZE];
	char user[MESSAGE_USER_SIZE];
	uint64_t given;		/* the name that was sent: struct guess */
	uint32_t uid;
	struct tls_summary tls;	/* the control connection's */
};

struct message_login_verdict {
	int32_t granted;
	int32_t limit;		/* enum login_limit, if not granted */
	uint64_t run_pass;	/* of session and uid (run_pass.h) */
	uint8_t ticket_keys[MESSAGE_TICKET_KEYS_SIZE];	/* the account's */
};

/* What was tried, as keyed hashes (common/accounts/guess.h); 0: unknown. */
struct guess { uint64_t user, password; };

/* A login failed: the master adds to the score of the client's address. */
struct message_login_failed { struct guess guess; };

/* The answer if the address had too many failures: the session ends with the
 * next failed login, or with one that is not yet answered. */
struct message_login_enough { int32_t unused; };

/* A client behind a proxy (proxy_protocol): the greeter reports its address, or
 * an empty one for the proxy itself; the monitor passes both messages on. */
struct message_proxied { struct address peer; };

struct message_proxied_verdict {
	struct address peer;
	int32_t verdict;	/* enum verdict */
};

/* Starts the greeter; comes with the client's socket. */
struct message_greet {
	struct message_client client;
};

/* A TLS connection described, for logs and STAT; all zero without TLS. */
struct tls_facts {
	uint8_t on;
	char version[16];	/* "TLSv1.3" */
	char cipher[64];
	char name[256];		/* SNI, or "" */
	uint8_t resumed;
	uint8_t kernel_send;	/* the kernel encrypts downloads */
	uint8_t has_certificate; /* the client's, verified */
	char subject[256];	/* the name in it, by certificate_user */
};

/*
 * The TLS 1.2 session of the control connection, for clients that resume by
 * session id instead of a ticket (RFC 5246 7.4.1.2); len 0: none.
 */
struct tls_saved {
	uint16_t len;
	uint8_t data[3998];	/* serialised by OpenSSL */
};

struct message_auth {
	char user[MESSAGE_USER_SIZE];
	char password[MESSAGE_PASSWORD_SIZE];
	struct tls_facts tls;
};

/* A login attempt failed. */
enum denial {
	DENIAL_INCORRECT,	/* 530; more tries may follow */
	DENIAL_LAST,		/* 530, then 421: attempts used up */
	DENIAL_BUSY,		/* the account's session limit */
	DENIAL_GROUP_BUSY,	/* its group's */
	DENIAL_TOO_FAST,	/* max_login_rate */
	DENIAL_OVERLOADED,	/* no memory or process for the session */
	DENIALS
};

struct message_denied {
	int32_t denial;		/* enum denial */
	char text[MESSAGE_TEXT_SIZE];	/* lines for the 530, escaped; "" for
					 * the usual text */
};

/* PAM asks for more than the password: escaped lines for the 332 reply; the
 * last one is the question. */
struct message_prompt {
	char text[MESSAGE_TEXT_SIZE];
};

struct message_answer {
	int32_t given;		/* 0: the client cancelled the login */
	char text[MESSAGE_PASSWORD_SIZE];
};

/* The login succeeded, and the session process is ready and has the client's
 * socket.  Comes with the channel to it, on which the greeter describes the
 * connection. */
struct message_granted { int32_t unused; };

/* The same with TLS: the session has one end of a socket pair; the other end
 * comes after the channel.  The greeter becomes the relay between it and the
 * client. */
struct message_granted_tls {
	uint8_t ticket_keys[MESSAGE_TICKET_KEYS_SIZE];	/* the account's */
};

/* May this account log in without TLS?  Asked before the password, if that
 * depends on groups, which the greeter cannot look up. */
struct message_cleartext_login {
	char user[MESSAGE_USER_SIZE];
};

struct message_cleartext_verdict {
	int32_t granted;
};

/* The session process is ready: it runs as the user, in the start directory and
 * in its sandbox. */
struct message_entered { int32_t unused; };

/* Which directory could not be entered. */
enum entry_place {
	ENTRY_HOME,
	ENTRY_JAIL,
	ENTRY_START,		/* start_dir */
	ENTRY_PLACES
};

struct message_entry_failed {
	int32_t error;		/* errno */
	int32_t place;		/* enum entry_place */
};

/*
 * What the client has set before login.  From one unprivileged process to
 * another: root never reads it.
 */
struct message_handover {
	int32_t epsv_all;
	uint32_t facts;			/* OPTS MLST selection */
	uint8_t hash;			/* OPTS HASH */
	char type;			/* 'A' or 'I'; 0: no TYPE was
					 * sent */
	char mode;			/* 'S' or 'Z' */
	uint8_t level;			/* OPTS MODE Z LEVEL */
	char client[64];		/* CLNT */
	char prot;			/* 'C' or 'P' */
	uint8_t pbsz;			/* PBSZ was sent */
	uint8_t utf8;			/* OPTS UTF8 ON */
	uint8_t telnet;			/* an incomplete telnet command */
	uint32_t leftover_len;		/* bytes read past PASS */
	char leftover[MESSAGE_LEFTOVER_SIZE];
	struct tls_facts tls;		/* of the control connection */
	struct tls_saved saved;
};

/* Request a check of an upload (upload_check); the file is attached. */
struct message_check_upload {
	char path[PATH_MAX];	/* as the client sees it */
};

/* The attached socket receives a struct runner_verdict
 * (common/process/runner_request.h). */
struct message_upload_checking { int32_t unused; };

struct message_check_refused {
	int32_t error;		/* errno */
};

/* SITE WHO: the session asks its monitor, and that the master; the answer is a
 * text in a sealed file (daemon/sessions/who.h). */
struct message_ask_who { int32_t unused; };
struct message_who { int32_t unused; };

struct message_who_refused { int32_t error; };	/* errno */

/* The session asks its relay to send a new ticket on the control connection,
 * before what the session writes to its client afterwards. */
struct message_ticket { int32_t unused; };

/* CCC: end TLS on the control connection after the session's next reply; the
 * relay answers when everything before that has been sent. */
struct message_end_tls { int32_t unused; };
struct message_end_tls_ready { int32_t unused; };

/* The relay passes on what has arrived from the client, and then answers. */
struct message_catch_up { int32_t unused; };
struct message_caught_up { int32_t unused; };

struct message_end_session {
	int32_t now;		/* as in message_shutdown */
	int32_t reason;
};

#define MESSAGE_KEY_NAME_SIZE  32	/* SHA-256 of the public half */
#define MESSAGE_KEYS	       80	/* five kinds for each [tls] */
#define MESSAGE_SIGN_SIZE      256	/* TLS signs at most 201 bytes */
#define MESSAGE_SIGNATURE_SIZE 2048	/* RSA with 16,384 bits */

/* A request to sign with one of the server's private keys. */
struct sign_request {
	uint8_t key[MESSAGE_KEY_NAME_SIZE];
	uint16_t scheme;	/* SignatureScheme, RFC 8446 section 4.2.3 */
	uint16_t len;
	uint8_t data[MESSAGE_SIGN_SIZE];
};

/* The keeper has read the key files: the names of the keys, in order. */
struct message_keeper_ready {
	uint32_t count;
	uint8_t keys[MESSAGE_KEYS][MESSAGE_KEY_NAME_SIZE];
};

/* The keeper failed to read them, and exits: the index of the file (-1: none),
 * and the reason. */
struct message_keeper_failed {
	int32_t file;
	char text[MESSAGE_TEXT_SIZE];
};

/* Attaches a worker's channel for requests; comes with the keeper's end. */
struct message_keeper_attach { int32_t unused; };

struct message_sign {
	uint64_t number;	/* repeated in the answer */
	struct sign_request request;
};

struct message_signature {
	uint64_t number;
	uint16_t len;
	uint8_t data[MESSAGE_SIGNATURE_SIZE];
};

struct message_sign_refused {
	uint64_t number;
	int32_t error;		/* errno */
};

/* Make a socket for an active-mode connection to `to`, bound to the local
 * address of the control connection and the privileged source port. */
struct message_active_bind {
	struct address to;
};

struct message_active_socket { int32_t unused; };

struct message_active_refused {
	int32_t error;		/* errno */
};

#endif
