/*
 * explain.c - sureftpd --explain-login: a login without a password.
 *
 * Runs in: sureftpd --explain-login, as root; serves no client.
 */
#include "common/base.h"
#include "daemon/modes/explain.h"

#include "common/accounts/account.h"
#include "common/accounts/login_rules.h"
#include "common/accounts/quota_limits.h"
#include "common/accounts/quota_place.h"
#include "common/process/role.h"
#include "common/settings/settings_source.h"
#include "common/settings/settings_table.h"
#include "common/text.h"
#include "daemon/modes/explain_proof.h"
#include "pam/pam_session.h"

#include <fcntl.h>
#include <sys/wait.h>

struct explanation {
	const struct explain_request *request;
	FILE *out;
	struct pam_session pam;
	struct identity identity;
	struct user_settings user_settings;
	struct account_choice choice;
	struct login_case login;
	bool denied;		/* by a previous row */
	bool decided;		/* the remaining rows cannot be checked */
	bool asked;		/* question of a module in the account phase */
};

static void
print_verdict(struct explanation *e, const char *rule, const char *verdict,
	const char *reason)
{
	BUFFER(shown, 4096);

	text_escape(&shown, reason, strlen(reason));
	fprintf(e->out, "  %-18s %s%s%s\n", rule, verdict,
		shown.len > 0 ? ": " : "", buffer_text(&shown));
}

static void
deny(struct explanation *e, const char *rule, const char *reason)
{
	print_verdict(e, rule, e->denied ? "denied" : "DENIED (the reason)",
		reason);
	e->denied = true;
}

static void
walk_rule(struct explanation *e, const struct login_rule *rule)
{
	BUFFER(reason, 1024);

	if (e->decided) {
		print_verdict(e, rule->name, "not reached", "");
	} else if ((rule->flags & LOGIN_RULE_PEER) && e->login.peer == NULL) {
		print_verdict(e, rule->name, "not checked", "needs --from");
	} else if (rule->holds(&e->login, &reason)) {
		print_verdict(e, rule->name, e->asked ? "not checked" : "ok",
			e->asked ? "PAM asks the client" : "");
		e->asked = false;
	} else {
		deny(e, rule->name, buffer_text(&reason));
		e->decided = (rule->flags & LOGIN_RULE_DECIDES) != 0;
	}
}

static void
walk(struct explanation *e, enum login_stage stage)
{
	for (size_t i = 0; i < login_rule_count; i++)
		if (login_rules[i].stage == stage)
			walk_rule(e, &login_rules[i]);
}

/* What the client would have to present. */
static void
print_proof(struct explanation *e)
{
	BUFFER(proof, 256);

	if (e->decided) {
		print_verdict(e, "authentication", "not reached", "");
		return;
	}
	switch (explain_proof(e->request->settings, &e->choice, e->request->tls,
		&proof)) {
	case EXPLAIN_PROOF_UNKNOWN:
		print_verdict(e, "authentication", "not reached", "");
		break;
	case EXPLAIN_PROOF_IMPOSSIBLE:
		deny(e, "authentication", buffer_text(&proof));
		break;
	case EXPLAIN_PROOF_NEEDED:
		print_verdict(e, "authentication", "not checked",
			buffer_text(&proof));
		break;
	}
}

/* conversation_client.ask */
static int
remember_question(void *context, const char *text UNUSED, char *answer UNUSED,
	size_t size UNUSED)
{
	struct explanation *e = context;

	e->asked = true;
	return -ENOTCONN;
}

/* login_case.account_phase, as if PAM had authenticated the user.  If a module
 * asks a question, continue with the name as it is. */
static bool
account_phase(void *context, char *name, size_t size, struct buffer *reason)
{
	struct explanation *e = context;

	return pam_session_assume(&e->pam, e->choice.name, reason) &&
		(pam_session_account(&e->pam, reason) || e->asked) &&
		pam_session_user(&e->pam, name, size, reason);
}

/* Open the directory and make it the working directory.  Its descriptor, or
 * -errno. */
static int
enter_directory(const char *path)
{
	if (*path != '/')
		return -ENOENT;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fchdir(fd) < 0 ? -errno : fd;
}

/* In a child with the account's rights: check the jail or (start) the start
 * directory, as the session process would. */
static NORETURN void
enter_as_account(const struct identity *identity, bool start)
{
	bool jailed = identity->jail[0] != '\0';
	int fd = 0;

	role_use_files_as(identity);
	if (jailed)
		fd = enter_directory(identity->jail);
	if (fd >= 0 && start && jailed)
		role_use_root(fd);
	if (fd >= 0 && start)
		fd = enter_directory(identity->start);
	_exit(fd < 0 ? -fd : 0);
}

static int
try_place(struct explanation *e, bool start)
{
	int status = 0;

	fflush(e->out);
	pid_t pid = fork();
	if (pid == 0)
		enter_as_account(&e->identity, start);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return ECHILD;
	return WEXITSTATUS(status);
}

/* False if its contents need not be checked. */
static bool
check_jail(struct explanation *e)
{
	BUFFER(reason, PATH_MAX + 128);
	int error;

	if (e->identity.jail[0] == '\0')
		return true;
	error = try_place(e, false);
	if (error == 0) {
		print_verdict(e, "jail", "ok", "");
		return true;
	}
	buffer_addf(&reason, "cannot enter the jail %s: %s", e->identity.jail,
		strerror(error));
	deny(e, "jail", buffer_text(&reason));
	return false;
}

static bool
can_start_at_home(struct explanation *e)
{
	if (!e->user_settings.allow_missing_start_dir)
		return false;
	memcpy(e->identity.start, e->identity.client_home,
		sizeof(e->identity.client_home));
	return try_place(e, true) == 0;
}

static void
check_start(struct explanation *e)
{
	const struct identity *identity = &e->identity;
	bool home = strcmp(identity->start, identity->client_home) == 0;
	const char *rule = home ? "home" : "start directory";
	BUFFER(reason, PATH_MAX + 128);
	int error = try_place(e, true);

	if (error == 0) {
		print_verdict(e, rule, "ok", "");
		return;
	}
	buffer_addf(&reason, "cannot enter the %s %s: %s", home ?
		"home directory" : rule, home ? identity->home :
		identity->start, strerror(error));
	if (can_start_at_home(e))
		print_verdict(e, rule, "ok, starts in the home directory",
			buffer_text(&reason));
	else if (e->user_settings.allow_missing_home)
		print_verdict(e, rule, "ok, starts in /", buffer_text(&reason));
	else
		deny(e, rule, buffer_text(&reason));
}

/* Only the answer to a login has it. */
#define BY_RADIUS "as the RADIUS server's answer says"

static bool
is_by_radius(const struct explanation *e)
{
	return e->choice.class == IDENTITY_RADIUS &&
		*e->request->settings->server.home_attribute != '\0';
}

static void
walk_place(struct explanation *e)
{
	BUFFER(text, 128);

	if (e->decided) {
		print_verdict(e, "sessions", "not reached", "");
		print_verdict(e, "jail", "not reached", "");
		print_verdict(e, "home", "not reached", "");
		return;
	}
	buffer_addf(&text, "max_per_user = %" PRId64,
		e->user_settings.max_per_user);
	print_verdict(e, "sessions", e->user_settings.max_per_user == 0 ?
		"ok" : "not checked", buffer_text(&text));
	if (!account_find_groups(&e->identity, &text))
		deny(e, "home", "cannot read the groups");
	else if (is_by_radius(e))
		print_verdict(e, "home", "not checked", BY_RADIUS);
	else if (!check_jail(e))
		print_verdict(e, "home", "not reached", "");
	else
		check_start(e);
}

static void
print_letters(const struct explanation *e)
{
	const struct settings_row *row =
		&settings_table[SETTINGS_ROW_session_permissions];

	fputs("  permissions        ", e->out);
	for (size_t i = 0; row->unit[i] != '\0'; i++)
		if (e->identity.permissions & UINT32_C(1) << i)
			fputc(row->unit[i], e->out);
	fputc('\n', e->out);
}

static void
print_path(const struct explanation *e, const char *what, const char *path)
{
	BUFFER(shown, 4 * PATH_MAX);

	text_escape(&shown, path, strlen(path));
	fprintf(e->out, "  %-18s %s\n", what, buffer_text(&shown));
}

static void
print_quota(const struct explanation *e)
{
	const struct quota_limits limits = quota_limits_of(&e->user_settings);
	struct quota_place place;
	BUFFER(why, 512);

	if (!quota_is_limited(&limits))
		return;
	buffer_add_text(&why, "cannot be used, uploads are refused: ");
	print_path(e, "quota", quota_place_find(&place, &e->identity,
		&why) ? place.root : buffer_text(&why));
}

static void
print_places(const struct explanation *e)
{
	const struct identity *identity = &e->identity;
	const char *jail = *identity->jail != '\0' ? identity->jail : "no";

	if (is_by_radius(e)) {
		print_path(e, "home", BY_RADIUS);
		return;
	}
	print_path(e, "home", identity->home);
	print_path(e, "jail", jail);
	print_path(e, "start directory", identity->start);
	print_quota(e);
}

static void
print_session(const struct explanation *e, char **names, size_t count)
{
	const struct identity *identity = &e->identity;
	const struct settings_of whose = {
		.settings = e->request->settings,
		.user = identity->user,
		.groups = (const char *const *)names,
		.ngroups = count,
		.own = backends_own(e->request->settings, &e->choice),
	};

	fprintf(e->out, "\nSession:\n"
		"  account            %s, uid %ju, gid %ju\n"
		"  counted as         %s\n  groups            ",
		*identity->account != '\0' ? identity->account : "none",
		(uintmax_t)identity->uid,
		(uintmax_t)identity->gid, identity->key);
	for (size_t i = 0; i < count; i++)
		fprintf(e->out, " %s", names[i]);
	if (e->user_settings.umask >= 0)
		fprintf(e->out, "\n  umask              %03o\n",
			(unsigned)e->user_settings.umask);
	else
		fputs("\n  umask              set by PAM\n", e->out);
	print_places(e);
	print_letters(e);
	fputs("\nSettings:\n", e->out);
	settings_source_print(&whose, &e->user_settings, e->out);
}

static void
print_result(struct explanation *e)
{
	size_t count;

	if (e->decided || e->identity.groups == NULL)
		return;
	char **names = account_group_names(e->identity.groups,
		e->identity.ngroups, &count);
	if (names == NULL)
		return;
	print_session(e, names, count);
	account_free_group_names(names, count);
}

bool
explain_login(const struct explain_request *request, FILE *out)
{
	struct explanation e = {
		.request = request,
		.out = out,
		.identity = { .root = -1 },
	};
	BUFFER(shown, 4 * IDENTITY_NAME_SIZE);

	e.login = (struct login_case){
		.settings = request->settings,
		.given = request->name,
		.peer = request->peer,
		.tls = request->tls,
		.account_phase = account_phase,
		.context = &e,
		.choice = &e.choice,
		.identity = &e.identity,
		.user_settings = &e.user_settings,
	};
	pam_session_start(&e.pam, request->settings->server.pam_service);
	pam_session_ask_by(&e.pam, (struct conversation_client){
		remember_question, &e });
	if (request->peer != NULL)
		pam_session_set_client(&e.pam, request->peer);
	text_escape(&shown, request->name, strlen(request->name));
	fprintf(out, "Login of %s, %s TLS:\n", buffer_text(&shown),
		request->tls ? "with" : "without");
	walk(&e, LOGIN_BEFORE_PROOF);
	print_proof(&e);
	walk(&e, LOGIN_AFTER_PROOF);
	walk_place(&e);
	print_result(&e);
	fprintf(out, "\nResult: %s\n", e.denied ? "denied" : "allowed");
	pam_session_end(&e.pam);
	backends_forget(&e.choice);
	free(e.identity.groups);
	return !e.denied;
}
