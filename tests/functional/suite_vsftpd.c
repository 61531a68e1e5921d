/*
 * suite_vsftpd.c - sureftpd --import-vsftpd as an administrator calls it: its
 * files and exit statuses, and other programs' files that count for vsftpd.
 * What it is converted to is compared with vsftpd by make check-vsftpd.
 */
#include "common/base.h"
#include "tests/functional/functional.h"

#include "common/buffer.h"
#include "tests/functional/files.h"
#include "tests/functional/moving.h"
#include "tests/functional/world.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sysexits.h>

const char *const functional_name = "vsftpd";

#define SMALL  "/run/small"
#define CONF   MOVING_CONF
#define NEW    MOVING_NEW
#define REPORT MOVING_REPORT
#define LOCAL  MOVING_LOCAL
#define RUN    MOVING_RUN

static void
test_default_files(void)
{
	struct ctl_result r;

	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), EX_NOINPUT);
	CHECK_HAS(r.err, CONF ": No such file or directory");
	/* vsftpd starts without it. */
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-olisten=YES",
		"-olocal_enable=YES", "-oanonymous_enable=NO"), 1);
	CHECK_HAS(r.err, "  -o: listen=YES\n");
	CHECK(mkdir("/etc/vsftpd", 0755) == 0);
	CHECK(files_write_text("/etc/vsftpd/vsftpd.conf", LOCAL
		"listen_port=2121\nuserlist_log=YES\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-olisten_port=2122"), 1);
	CHECK_HAS(r.out, "port = 2121\n");
	CHECK_HAS(r.err, "/etc/vsftpd/vsftpd.conf:5: userlist_log=YES");
	CHECK(files_write_text(CONF, LOCAL "listen_port=2123\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), 1);
	CHECK_HAS(r.out, "port = 2123\n");
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", CONF, "-olisten_port=2124"), 1);
	CHECK_HAS(r.out, "port = 2124\n");
}

/* The unit of the service says what vsftpd reads. */
static void
test_service(void)
{
	struct ctl_result r;

	CHECK(mkdir("/etc/systemd", 0755) == 0 || errno == EEXIST);
	CHECK(mkdir("/etc/systemd/system", 0755) == 0 || errno == EEXIST);
	CHECK(files_write_text("/etc/systemd/system/vsftpd.service",
		"[Service]\nExecStart=/usr/sbin/vsftpd " CONF "\n"));
	CHECK(files_write_text(CONF, LOCAL));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), 1);
	CHECK_LACKS(r.err, "ExecStart");
	CHECK(files_write_text("/etc/systemd/system/vsftpd.service",
		"[Service]\nExecStart=/bin/true\nExecStart=\n"
		"ExecStart=-/usr/sbin/vsftpd /etc/a.conf "
		"-olisten_port=2121\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), 1);
	CHECK_HAS(r.err, "\nRefused:\n  /etc/systemd/system/vsftpd.service: "
		"ExecStart=/etc/a.conf -olisten_port=2121\n      vsftpd is "
		"started with these files and options, which were not read");
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", CONF), 1);
	CHECK_LACKS(r.err, "ExecStart");
}

/* With these vsftpd does not start, and nobody knows what they should say. */
static void
test_missing_files(void)
{
	static const char *const names[] = { "/etc/none.conf", "/etc/loop",
		"/etc", "/etc/fifo" };
	struct ctl_result r;

	CHECK(symlink("loop", "/etc/loop") == 0);
	CHECK(mkfifo("/etc/fifo", 0600) == 0);
	CHECK(files_write_text(CONF, LOCAL));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", NEW, CONF,
			names[i]), 2);
		CHECK_HAS(r.err, "vsftpd would not have started");
		CHECK_HAS(r.err, names[i]);
		CHECK_HAS(r.err, i < 2 ? "cannot read config file: " :
			"config file not owned by correct user, or not a file");
		CHECK_HAS(r.err, "\n3 lines set an option; refused 3,");
		CHECK(!files_exist(NEW));
		CHECK_TEXT(r.out, "");
	}
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--report=json", names[1]), 2);
	CHECK_HAS(r.err, "cannot read config file: /etc/loop: Too many "
		"levels of symbolic links");
	CHECK_HAS(r.err, "\"status\": 2");
}

static void
test_odd_files(void)
{
	struct ctl_result r;
	BUFFER(text, 32000);

	/* Not a text: the bytes 0 to 255. */
	for (int c = 0; c < 256; c++)
		buffer_add_char(&text, (char)c);
	CHECK(files_write(CONF, text.data, text.len));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), 2);
	CHECK_HAS(r.err, "unrecognised variable in config file");
	CHECK_HAS(r.err, "\\x");
	/* Longer than vsftpd reads. */
	CHECK(files_write_text(CONF, LOCAL));
	CHECK(truncate(CONF, 1 << 30) == 0);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd"), 2);
	CHECK_HAS(r.err, "the file is longer than 100000 bytes");
	/* CR LF, and a mark before the first line. */
	CHECK_NUMBER(moving_import(&r, "\xef\xbb\xbflisten=YES\r\n"
		"local_enable=YES\nanonymous_enable=NO\n"), 2);
	CHECK_FILE(REPORT, CONF ":1: unrecognised variable in config file: "
		"blanks or a byte-order mark before the name");
	CHECK_FILE(NEW, "address = 0.0.0.0\n");
	CHECK_NUMBER(moving_import(&r, LOCAL "write_enable=YES\r\n"), 2);
	CHECK_FILE(REPORT, CONF ":4: bad bool value in config file: the line "
		"ends with CR and LF");
	CHECK_FILE(NEW, "permissions = elradfmwMT\n");
	moving_check_accepted();
}

/* Options of other builds: a sentence for each, and what they are for. */
static void
test_other_builds(void)
{
	static const struct {
		const char *line, *sentence;
	} rows[] = {
		{ "ssl_tlsv1_2=YES", "only in builds of Red Hat" },
		{ "address_space_limit=1", "only in builds of SUSE" },
		{ "av_enable=YES", "only in a fork of vsftpd" },
		{ "no_such=1", "no known build of vsftpd has this option" },
	};
	struct ctl_result r;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		BUFFER(text, 200);
		buffer_addf(&text, LOCAL "%s\n", rows[i].line);
		CHECK_NUMBER(moving_import(&r, buffer_text(&text)), 2);
		CHECK_FILE(REPORT, rows[i].sentence);
		CHECK_FILE(REPORT, "4 lines set an option;");
	}
	CHECK_NUMBER(moving_import(&r, LOCAL "ssl_sni_hostname=a\n"), 1);
	CHECK_FILE(REPORT, "ssl_sni_hostname=a\n      before 3.0.4 vsftpd did "
		"not start with this option; clients that ask for another");
	CHECK(files_write_text(CONF, LOCAL "utf8_filesystem=YES\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--build=debian"), 1);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--build=upstream"), 2);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--build=other"), EX_USAGE);
}

/* The former file stays if there is no room for the new one. */
static void
test_no_room(void)
{
	struct ctl_result r;
	struct statvfs st;

	CHECK(files_write_text(CONF, LOCAL));
	CHECK(mkdir(SMALL, 0700) == 0);
	if (!CHECK(world_mount(SMALL, "size=4k,nr_inodes=4")))
		return;
	CHECK(files_write_text(SMALL "/new", "mine\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", SMALL "/new",
		"--force"), EX_IOERR);
	CHECK_HAS(r.err, "cannot write " SMALL "/new: ");
	CHECK(files_same(SMALL "/new", "mine\n", 5));
	CHECK(statvfs(SMALL, &st) == 0);
	CHECK_NUMBER(st.f_files - st.f_ffree, 2);
	CHECK(umount(SMALL) == 0 && rmdir(SMALL) == 0);
}

/* A file that is mounted there, as into a container, and one whose name leaves
 * no room for a temporary one, are overwritten. */
static void
test_in_place(void)
{
	struct ctl_result r;
	BUFFER(name, 300);

	buffer_add_text(&name, "/run/");
	for (int i = 0; i < NAME_MAX; i++)
		buffer_add_char(&name, 'n');
	CHECK(files_write_text(CONF, LOCAL));
	CHECK(files_write_text(SMALL, "mine\n"));
	CHECK(files_write_text(NEW, ""));
	CHECK(mount(SMALL, NEW, NULL, MS_BIND, NULL) == 0);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", NEW, "--force"), 1);
	CHECK(umount(NEW) == 0);
	CHECK_FILE(SMALL, "# Made by sureftpd --import-vsftpd");
	CHECK(files_write_text(buffer_text(&name), "mine\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", buffer_text(&name),
		"--force"), 1);
	CHECK_FILE(buffer_text(&name), "# Made by sureftpd --import-vsftpd");
	CHECK(unlink(SMALL) == 0 && unlink(buffer_text(&name)) == 0);
}

/* An existing file is replaced with --force only, and vsftpd's own are not
 * touched. */
static void
test_output(void)
{
	struct stat before, after;
	struct ctl_result r;

	CHECK(files_write_text(CONF, LOCAL));
	CHECK(stat(CONF, &before) == 0);
	CHECK(files_write_text(NEW, "mine\n"));
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", NEW), EX_CANTCREAT);
	CHECK_HAS(r.err, NEW ": File exists; --force replaces it");
	CHECK(files_same(NEW, "mine\n", 5));
	/* Others may have read what was there, and it has another name. */
	CHECK(chmod(NEW, 0666) == 0 && link(NEW, NEW ".old") == 0);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "-O", NEW, "--force",
		"--report=json", "--report-file=" REPORT), 1);
	CHECK_TEXT(r.out, "");
	CHECK_TEXT(r.err, "");
	CHECK_FILE(NEW, "# Made by sureftpd --import-vsftpd");
	CHECK(stat(NEW, &after) == 0);
	CHECK_NUMBER(after.st_mode & 07777, 0600);
	CHECK(files_same(NEW ".old", "mine\n", 5));
	CHECK_FILE(REPORT, "\"options_read\": 3,");
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--report-file=" REPORT),
		EX_CANTCREAT);
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--report=markdown"), 1);
	CHECK_HAS(r.err, "| same | /etc/vsftpd.conf:1 | listen | YES |");
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--report=text"), 1);
	CHECK_HAS(r.err, "\nThe same:\n  /etc/vsftpd.conf:1: listen=YES\n");
	CHECK_HAS(r.err, "\nChanged by every import");
	CHECK_NUMBER(RUN(&r, "--import-vsftpd", "--report=xml"), EX_USAGE);
	CHECK(stat(CONF, &after) == 0);
	CHECK(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec &&
		files_same(CONF, LOCAL, strlen(LOCAL)));
	moving_check_accepted();
}

/* 0, if nothing that an option decides about becomes different. */
static void
test_statuses(void)
{
	struct ctl_result r;

	CHECK_NUMBER(moving_import(&r, LOCAL "session_support=YES\n"
		"write_enable=YES\nchroot_local_user=YES\n"
		"allow_writeable_chroot=YES\n"), 0);
	CHECK_FILE(REPORT, "Changed by every import");
	CHECK_FILE(REPORT, "refused 0, changed 7,");
	moving_check_accepted();
	CHECK_NUMBER(moving_import(&r, "listen=YES\nanonymous_enable=YES\n"
		"ftp_username=anna\ntilde_user_enable=YES\n"), 1);
	/* vsftpd has no anonymous users there, and no FTP. */
	CHECK_NUMBER(moving_import(&r, "listen=YES\nanonymous_enable=YES\n"
		"ftp_username=anna\n"), 1);
	CHECK_FILE(REPORT, "vsftpd refused anonymous logins, because anna can "
		"write the root directory");
	CHECK_NUMBER(moving_import(&r, "listen=YES\nanonymous_enable=YES\n"
		"ftp_username=anna\nftp_enable=NO\nhttp_enable=YES\n"
		"one_process_model=YES\n"), 1);
	CHECK_FILE(REPORT, "the server serves FTP whenever it runs");
	CHECK_NUMBER(moving_import(&r, "listen=YES\nanonymous_enable=YES\n"
		"banner_file=/none\n"), 2);
	CHECK_FILE(REPORT, CONF ":3: /none: No such file or directory");
}

/* A bad line in a user's file keeps that user out, not the server. */
static void
test_user_files(void)
{
	struct ctl_result r;

	CHECK(mkdir("/etc/users", 0755) == 0);
	CHECK(files_write_text("/etc/users/anna", "write_enable=NO\r\n"
		"no_such=1\nlocal_root=/srv\nmax_per_ip=3\n"));
	CHECK(files_write_text("/etc/users/bert", "local_umask=022\n"));
	CHECK(files_give("/etc/users/bert", "bert"));
	CHECK_NUMBER(moving_import(&r, LOCAL "write_enable=YES\n"
		"user_config_dir=/etc/users\n"), 1);
	CHECK_FILE(NEW, "[user \"anna\"]\n");
	CHECK_FILE(NEW, "permissions = elr\n");
	CHECK_FILE(NEW, "[user \"bert\"]\numask = 022\n");
	CHECK_FILE(REPORT, "/etc/users/anna:1: write_enable=NO\\x0D\n      bad "
		"bool value in config file: the line ends with CR and LF, "
		"with which vsftpd ended each session of this user");
	CHECK_FILE(REPORT, "/etc/users/anna:4: max_per_ip=3\n      vsftpd has "
		"decided about it before");
	CHECK_FILE(REPORT, "the file does not belong to root");
	CHECK_FILE(REPORT, "\n10 lines set an option;");
	moving_check_accepted();
}

static void
test_wrappers(void)
{
	struct ctl_result r;

	CHECK(files_write_text("/etc/hosts.allow", "vsftpd: 192.0.2. "
		"127.0.0.1\n"));
	CHECK(files_write_text("/etc/hosts.deny", "ALL: ALL\n"));
	CHECK_NUMBER(moving_import(&r, LOCAL "tcp_wrappers=YES\n"), 1);
	CHECK_FILE(NEW, "allow_from = 192.0.2.0/24 127.0.0.1\n");
	moving_check_accepted();
	CHECK(files_write_text("/etc/hosts.allow", "vsftpd: .example.org\n"));
	CHECK_NUMBER(moving_import(&r, LOCAL "tcp_wrappers=YES\n"), 1);
	CHECK_FILE(REPORT, ".example.org");
	CHECK_NUMBER(moving_import(&r, LOCAL), 1);
	CHECK_LACKS(files_text(NEW), "allow_from");
	/* More than fits: nobody is let in by half of a list. */
	CHECK(files_write_text("/etc/hosts.deny", ""));
	for (int n = 0; n < 200; n++)
		CHECK(files_append_text("/etc/hosts.deny", "vsftpd: "
			"192.0.2.1 192.0.2.3 192.0.2.5 192.0.2.7 192.0.2.9\n"));
	CHECK_NUMBER(moving_import(&r, LOCAL "tcp_wrappers=YES\n"), 1);
	CHECK_FILE(NEW, "allow_from = 255.255.255.255\n");
	moving_check_accepted();
}

/* listen=NO: xinetd or systemd listens for vsftpd. */
static void
test_activation(void)
{
	struct ctl_result r;

	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(REPORT, "started by another program, which was not found");
	mkdir("/etc/xinetd.d", 0755);
	CHECK(files_write_text("/etc/xinetd.d/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tport = 2121\n"
		"\tinstances = 50\n\tper_source = 5\n"
		"\tonly_from = 192.0.2.0\n}\n"));
	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(NEW, "port = 2121\n");
	CHECK_FILE(NEW, "allow_from = 192.0.2.0/24\n");
	CHECK_FILE(NEW, "max_clients = 50\nmax_per_ip = 5\n");
	moving_check_accepted();
	/* A name that cannot be expressed lets nobody in. */
	CHECK(files_write_text("/etc/xinetd.d/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tonly_from = .example.org\n"
		"}\n"));
	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(NEW, "allow_from = 255.255.255.255\n");
	CHECK_FILE(REPORT, ".example.org in /etc/xinetd.d/ftp is not a "
		"network");
	moving_check_accepted();
	/* No value means no client, all zeros mean every client. */
	CHECK(files_write_text("/etc/xinetd.d/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tonly_from =\n}\n"));
	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(NEW, "allow_from = 255.255.255.255\n");
	CHECK(files_write_text("/etc/xinetd.d/ftp", "service ftp\n{\n"
		"\tserver = /usr/sbin/vsftpd\n\tonly_from = 0.0.0.0\n"
		"\tno_access = 10.0.0.0\n}\n"));
	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(NEW, "allow_from = 0.0.0.0/0\ndeny_from = 10.0.0.0/8\n");
	moving_check_accepted();
	CHECK(unlink("/etc/xinetd.d/ftp") == 0);
	CHECK(mkdir("/etc/systemd", 0755) == 0 || errno == EEXIST);
	CHECK(mkdir("/etc/systemd/system", 0755) == 0 || errno == EEXIST);
	CHECK(files_write_text("/etc/systemd/system/vsftpd.socket",
		"[Socket]\nListenStream=192.0.2.1:990\nAccept=yes\n"));
	CHECK_NUMBER(moving_import(&r,
		"local_enable=YES\nanonymous_enable=NO\n"), 1);
	CHECK_FILE(NEW, "address = 192.0.2.1\nport = 990\n");
	CHECK_FILE(REPORT, "sureftpd.socket");
	moving_check_accepted();
}

CU_TestInfo functional_tests[] = {
	{ "files that vsftpd reads without a name", test_default_files },
	{ "files that the service names", test_service },
	{ "files that cannot be read", test_missing_files },
	{ "binary, huge and CR LF files", test_odd_files },
	{ "options of other builds and forks", test_other_builds },
	{ "what is written, and in which form", test_output },
	{ "files that cannot be replaced, but written", test_in_place },
	{ "no room for the new file", test_no_room },
	{ "exit status", test_statuses },
	{ "files of users", test_user_files },
	{ "hosts.allow and hosts.deny", test_wrappers },
	{ "xinetd and systemd", test_activation },
	CU_TEST_INFO_NULL,
};
