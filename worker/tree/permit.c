/*
 * permit.c - checks what an account may do to a name.
 *
 * Runs in: session.
 */
#include "common/base.h"

#include "worker/tree/permit.h"

#include "common/settings/settings.h"
#include "worker/tree/name_rules.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

void
tree_init(struct tree *t, const struct identity *identity)
{
	*t = (struct tree){
		.resolver = { .home = identity->client_home,
			.jailed = identity->jail[0] != '\0' },
		.user = {
			.uid = identity->uid,
			.gid = identity->gid,
			.groups = identity->groups,
			.ngroups = identity->ngroups,
			.permissions = identity->permissions,
			.inside = identity->permissions,
			.world_readable_only =
				identity->settings->world_readable_only,
		},
		.settings = identity->settings,
	};
	/* In a jail all links lead to something inside it, unless their
	 * directory is moved out of it. */
	if (!t->resolver.jailed || t->settings->symlinks == SYMLINKS_DENY)
		t->resolver.links = t->settings->symlinks;
	t->resolver.careful = t->resolver.links != SYMLINKS_FOLLOW ||
		name_rules_exist(t->settings);
	t->resolver.names_links = t->resolver.jailed && !t->resolver.careful;
	t->resolver.careful |= t->resolver.jailed;
}

void
tree_use_quota(struct tree *t, struct quota *quota)
{
	t->quota = quota;
	t->hidden.quota = quota;
	/* A link may lead into quota_root, or out of it, or to another file
	 * system. */
	t->resolver.careful = true;
	t->resolver.names_links = false;
}

void
tree_use_rules(struct tree *t, const struct rules *rules)
{
	t->rules = rules->count > 0 ? rules : NULL;
	t->resolver.careful |= t->rules != NULL;
	t->resolver.names_links &= t->rules == NULL;
}

void
tree_find_home(struct tree *t)
{
	if (name_rules_exist(t->settings) ||
	    t->resolver.links != SYMLINKS_FOLLOW)
		target_find_home(&t->resolver);
}

bool
tree_permits(const struct tree *t, uint32_t permission)
{
	uint32_t any = t->rules != NULL ? t->rules->any : t->user.permissions;

	return (any & permission) == permission;
}

static uint32_t
permissions_in(const struct tree *t, int dir)
{
	return t->rules != NULL ? rules_permissions(t->rules, dir) :
		t->user.permissions;
}

struct fact_user
tree_user_in(const struct tree *t, int dir)
{
	struct fact_user user = t->user;

	user.permissions = permissions_in(t, dir);
	return user;
}

bool
tree_may_read(const struct tree *t, int fd)
{
	struct stat st;

	return !t->settings->world_readable_only ||
		(fstat(fd, &st) == 0 && (st.st_mode & S_IROTH) != 0);
}

bool
tree_checks_uploads(const struct tree *t)
{
	const char *program = t->settings->upload_check;

	return program != NULL && *program != '\0';
}

void
tree_user_on_mount(struct fact_user *user, int dir)
{
	const uint32_t reading = PERMISSION_enter | PERMISSION_list |
		PERMISSION_retrieve;
	struct statvfs fs;

	if (fstatvfs(dir, &fs) < 0 || !(fs.f_flag & ST_RDONLY))
		return;
	user->permissions &= reading;
	user->inside &= reading;
}

void
tree_user_inside(const struct tree *t, struct fact_user *user, int dir,
	const char *name)
{
	if (t->rules == NULL)
		return;
	int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	user->inside = fd < 0 ? 0 : permissions_in(t, fd);
	if (fd >= 0)
		close(fd);
}

static int
check_letters(const struct tree *t, const struct target *at,
	uint32_t permission)
{
	uint32_t permissions = permissions_in(t,
		at->has_place ? at->place : at->dir);

	return (permissions & permission) == permission ? 0 :
		-permissions_errno(permission);
}

/* These operations act on the name itself, even if it is a link; all others on
 * what it leads to. */
#define ABOUT_NAMES (PERMISSION_delete | PERMISSION_rename | \
	PERMISSION_make_directory)

static const char *
below(const char *directory, const char *path)
{
	size_t len = directory != NULL ? strlen(directory) : 0;

	if (len > 1 && strncmp(path, directory, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0'))
		return path + len;
	return NULL;
}

/* Patterns do not apply to components above the home directory. */
static const char *
below_home(const struct tree *t, const char *path)
{
	const char *rest = below(t->resolver.home, path);

	if (rest == NULL)
		rest = below(t->resolver.home_found, path);
	return rest != NULL ? rest : path;
}

/* Check the path sent by the client and the one resolved by the kernel, so that
 * patterns cannot be avoided by a link or a working directory. */
static int
check_names(const struct tree *t, const struct target *at)
{
	int error = name_rules_check(t->settings, below_home(t, at->path));
	BUFFER(path, 2 * PATH_MAX);

	if (error < 0)
		return error;
	target_path(at, &path);
	return name_rules_check(t->settings,
		below_home(t, buffer_text(&path)));
}

#define MAKES_FILES (PERMISSION_store | PERMISSION_append)

int
tree_permit(struct tree *t, const struct target *at, uint32_t permission)
{
	int error = check_letters(t, at, permission);

	if (error == 0 && at->dir >= 0)
		error = tree_permit_directory(t, at->dir);
	if (error == 0 && name_rules_exist(t->settings))
		error = check_names(t, at);
	if (error == 0 && (permission & MAKES_FILES))
		error = name_rules_check_new(t->settings, at->name);
	if (error == 0 && (permission & PERMISSION_retrieve))
		error = name_rules_check_download(t->settings, at->name);
	return error;
}

int
tree_enter(struct tree *t, struct target *at, const char *path,
	uint32_t permission)
{
	int error = target_resolve(&t->resolver, at, path);

	if (error == 0 && t->resolver.careful && !(permission & ABOUT_NAMES))
		error = target_follow(&t->resolver, at);
	return error < 0 ? error : tree_permit(t, at, permission);
}

int
tree_enter_link(struct tree *t, struct target *at, const char *path,
	uint32_t permission)
{
	int error = target_resolve(&t->resolver, at, path);

	return error < 0 ? error : tree_permit(t, at, permission);
}

/* Entries of /proc look like plain files.  The process could read and write its
 * own memory, and root's processes have the same memory layout.  The device of
 * the last file or directory that passed is cached. */
bool
tree_is_process_data(struct tree *t, dev_t device, int fd)
{
	struct statfs fs;

	if (t->has_files && device == t->files_device)
		return false;
	if (fstatfs(fd, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC)
		return true;
	t->files_device = device;
	t->has_files = true;
	return false;
}

/* A session could list its own map_files: their names are the addresses of its
 * memory. */
int
tree_permit_directory(struct tree *t, int dir)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return -errno;
	return tree_is_process_data(t, st.st_dev, dir) ? -EACCES : 0;
}
