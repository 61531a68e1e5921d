/*
 * message.h - the bodies of the messages in messages.def, and the few
 * enumerations that cross process borders.
 *
 * Fixed structs, no pointers, zeroed before filling, so that no old memory
 * leaks into the other process.  Receivers check every value they use.
 */
#ifndef COMMON_PROCESS_MESSAGE_H
#define COMMON_PROCESS_MESSAGE_H

#include "common/address.h"
#include "common/base.h"

#define MESSAGE_USER_SIZE     256	/* LOGIN_NAME_MAX with its NUL */
#define MESSAGE_ACCOUNT_SIZE  288	/* an account's key: "uid 1000" */
#define MESSAGE_PASSWORD_SIZE 512	/* PAM_MAX_RESP_SIZE */
#define MESSAGE_TEXT_SIZE     512
#define MESSAGE_LEFTOVER_SIZE 4098	/* the greeter's line with CR LF */
#define MESSAGE_CLIENT_SIZE   64	/* CLNT's argument, cut */
#define MESSAGE_AUTH_TIMES    10	/* bound of max_login_attempts */
#define MESSAGE_CLEAR_TIMES   20	/* USER in the clear, where groups
					 * decide about that */

/* What the master decided about a connection. */
enum verdict {
	VERDICT_WELCOME,
	VERDICT_FULL,		/* max_clients */
	VERDICT_ADDRESS_FULL,	/* max_per_ip */
	VERDICT_LOGINS_FULL,	/* max_unauthenticated */
	VERDICT_PENALTY,	/* this address misbehaved lately */
	VERDICT_STOPPING,	/* the server is shutting down */
	VERDICTS
};

/*
 * How a session ended: the monitor's exit status, read by the master
 * (daemon/penalty) and the "disconnect" event.  A death by signal is
 * OUTCOME_CRASH.
 */
enum outcome {
	OUTCOME_QUIT,		/* the client said QUIT */
	OUTCOME_LOST,		/* the client went away after login */
	OUTCOME_NO_LOGIN,	/* the client left without a failed login */
	OUTCOME_LOGIN_FAILED,	/* gone after at least one failed login */
	OUTCOME_REFUSED,	/* verdict other than welcome */
	OUTCOME_LOGIN_TIMEOUT,
	OUTCOME_IDLE,
	OUTCOME_STOPPED,	/* server shutdown or an administrator */
	OUTCOME_BREACH,		/* a process broke the rules of its channel */
	OUTCOME_SANDBOX,	/* a system call outside the filter */
	OUTCOME_ERROR,		/* out of memory and the like */
	OUTCOME_CRASH,
	OUTCOMES
};

/* The outcome's name for logs ("login timeout"). */
const char *outcome_name(enum outcome outcome);

/* sureftpctl asks for the scoreboard, and gets it as a sealed file in memory
 * (daemon/scoreboard.h) or the reason why not. */
struct message_ask_scoreboard {
	int32_t unused;
};

struct message_scoreboard {
	int32_t unused;
};

struct message_ask_refused {
	int32_t error;		/* errno */
};

/* A connection for a spare worker; comes with the socket. */
struct message_client {
	uint64_t session;
	struct address peer;
	struct address local;
	int32_t listener;	/* index in settings */
	int32_t verdict;	/* enum verdict */
	int32_t greeted;	/* 1: it has had its 220 (REIN under TLS) */
};

struct message_stop {
	int32_t now;		/* 0: after the running transfer; 1: at once */
};

/* What the master keeps of a session's struct tls_facts, for sureftpctl. */
struct tls_summary {
	char version[16];	/* "" in the clear */
	char cipher[64];
	uint8_t resumed;
	uint8_t kernel_send;
	uint8_t kernel_receive;
};

/* May this account have one more session?  Sessions are counted by its key. */
struct message_login {
	int32_t limit;		/* max_per_user for this user; 0 = none */
	char account[MESSAGE_ACCOUNT_SIZE];
	char user[MESSAGE_USER_SIZE];
	struct tls_summary tls;	/* the control connection's */
};

struct message_login_verdict {
	int32_t granted;
};

/* A login failed: the master charges the client's address. */
struct message_login_failed {
	int32_t unused;
};

/* The answer, when that address has failed too often: the next failed login,
 * or the one that is still to be answered, is the session's last. */
struct message_login_enough {
	int32_t unused;
};

/* The greeter's start; comes with the client's socket. */
struct message_greet {
	struct message_client client;
};

/*
 * What ties data connections to their control session under TLS (rule R13):
 * made by the monitor, known to its greeter and its session process only.
 */
struct tls_binding {
	uint64_t session;
	uint64_t handshake;	/* the control connection's first, or a later
				 * one after REIN, perhaps somebody else's */
	uint8_t keys[80];	/* ticket name, AES-256 key, HMAC-SHA256 key */
};

/* A TLS connection in words, for logs and STAT. */
struct tls_facts {
	char version[16];	/* "TLSv1.3"; "" in the clear */
	char cipher[64];
	char name[256];		/* SNI, or "" */
	uint8_t resumed;
	uint8_t kernel_send;
	uint8_t kernel_receive;
	uint8_t has_certificate; /* the client's, verified */
	char subject[256];	/* what certificate_user takes from it */
};

/*
 * The control connection's session of TLS 1.2, for clients that use no tickets
 * and resume by its number (RFC 5246 7.4.1.2); len 0: none.
 */
struct tls_saved {
	uint16_t len;
	uint8_t data[3998];	/* as OpenSSL writes it */
};

struct message_auth {
	char user[MESSAGE_USER_SIZE];
	char password[MESSAGE_PASSWORD_SIZE];
	struct tls_facts tls;
};

enum auth_result {
	AUTH_GRANTED,
	AUTH_DENIED,		/* 530; more tries may follow */
	AUTH_ENOUGH,		/* 530, then 421: attempts used up */
	AUTH_BUSY,		/* the user's session limit */
	AUTH_RESULTS
};

struct message_auth_result {
	int32_t result;			/* enum auth_result */
	char text[MESSAGE_TEXT_SIZE];	/* what the client may know; or "" */
};

/* May this account log in in the clear?  Asked before its password is, where
 * that depends on groups, which the greeter cannot know. */
struct message_clear_login {
	char user[MESSAGE_USER_SIZE];
};

struct message_clear_verdict {
	int32_t granted;
};

/*
 * What the greeter and the client agreed on before login, with the stream
 * the session shall speak on (the client's socket, or the relay's end).
 */
struct message_handover {
	int32_t utf8;
	int32_t epsv_all;
	uint32_t facts;			/* OPTS MLST selection */
	char type;			/* 'A' or 'I' */
	char prot;			/* 'C' or 'P' */
	uint8_t pbsz;			/* PBSZ was said */
	uint8_t telnet;			/* a telnet command under way */
	char client[MESSAGE_CLIENT_SIZE];	/* CLNT, cut */
	uint32_t leftover_len;		/* bytes read past PASS */
	char leftover[MESSAGE_LEFTOVER_SIZE];
};

/* The same under TLS: with the relay's end of the stream, and a channel to the
 * relay. */
struct message_handover_tls {
	struct message_handover handover;
	uint64_t handshake;	/* as in tls_binding */
	struct tls_facts tls;
	struct tls_saved saved;
};

/* The same where the kernel does the TLS: with the client's socket. */
struct message_handover_kernel {
	struct message_handover_tls state;
};

/* The session asks its relay for a fresh ticket on the control connection,
 * and waits until it is sent. */
struct message_ticket {
	int32_t unused;
};

struct message_ticket_sent {
	int32_t unused;
};

/* CCC and REIN: the session wants TLS to end behind its next reply, and waits
 * until everything before has gone out. */
struct message_clear {
	int32_t give_up;	/* 1, for REIN: then the relay hands the
				 * client's socket over, and ends */
};

struct message_clear_ready {
	int32_t unused;
};

/* The client's socket, in the clear. */
struct message_given_up {
	int32_t unused;
};

struct message_leave {
	int32_t now;		/* as in message_stop */
};

/* REIN: the client's socket, on its way to the master and a new worker. */
struct message_give_back {
	int32_t greeted;	/* as in message_client */
};

struct message_returned {
	int32_t greeted;
};

/* Make a socket for an active-mode connection to `to`, bound to the local
 * address of the control connection and the privileged source port. */
struct message_active_bind {
	struct address to;
};

struct message_active_socket {
	int32_t unused;
};

struct message_active_refused {
	int32_t error;		/* errno */
};

#endif
