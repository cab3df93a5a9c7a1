#include "http/peer.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER_GROUPS_MAX = 256, PEER_ENTRY_MAX = 16 * 1024 };

/* peer_group - the id of group "campus-<role>", (gid_t)-1 = there is none. */
static gid_t peer_group(enum role role)
{
    char name[GW_ID_MAX];
    char buffer[PEER_ENTRY_MAX];
    struct group entry;
    struct group *found = NULL;
    (void)snprintf(name, sizeof(name), "campus-%s", role_name(role));
    if (getgrnam_r(name, &entry, buffer, sizeof(buffer), &found) != 0 || !found)
        return (gid_t)-1;
    return found->gr_gid;
}

static enum role peer_role(int fd, const struct ucred *who)
{
    if (who->uid == 0 || who->uid == geteuid())
        return ROLE_ADMIN;

    gid_t groups[PEER_GROUPS_MAX];
    socklen_t size = sizeof(groups);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
        size = 0;
    size_t count = size / sizeof(groups[0]);
    for (enum role role = ROLE_ADMIN; role > ROLE_VIEWER; role--) {
        gid_t wanted = peer_group(role);
        if (wanted == (gid_t)-1)
            continue;
        if (who->gid == wanted)
            return role;
        for (size_t i = 0; i < count; i++)
            if (groups[i] == wanted)
                return role;
    }
    return ROLE_VIEWER;
}

static void peer_name(uid_t uid, char ret[GW_ACTOR_MAX])
{
    char buffer[PEER_ENTRY_MAX];
    struct passwd entry;
    struct passwd *found = NULL;
    if (getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found) == 0 && found)
        (void)snprintf(ret, GW_ACTOR_MAX, "%s", found->pw_name);
    else
        (void)snprintf(ret, GW_ACTOR_MAX, "uid-%u", (unsigned)uid);
}

int peer_identify(int fd, struct peer *ret)
{
    int domain = 0;
    socklen_t size = sizeof(domain);
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0)
        return -errno;
    *ret = (struct peer){.role = ROLE_GUARD};
    if (domain != AF_UNIX)
        return 0;

    struct ucred who;
    size = sizeof(who);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
        return -errno;
    ret->is_local = true;
    ret->role = peer_role(fd, &who);
    peer_name(who.uid, ret->actor);
    return 0;
}
