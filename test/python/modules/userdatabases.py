# pwd and grp: what they take, and who is there on every Unix.
import copy, grp, pwd, sys


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


root = pwd.getpwuid(0)
print(type(root), root.pw_name, root.pw_uid, root.pw_gid, len(root))
print(root == pwd.getpwnam("root"), root in pwd.getpwall(), tuple(root) == root)
print(root.__reduce__() == (pwd.struct_passwd, (tuple(root), {})), copy.copy(root) == root)
print(pwd.struct_passwd.n_fields, pwd.struct_passwd.n_sequence_fields, pwd.struct_passwd.__match_args__)
print(root.__replace__(pw_name="other").pw_name)
print(sys.getsizeof(root))
for uid in (-1, 2**32, -2, 4294967294, 1.5, "0", None, 2**70, -(2**70)):
    print(uid, tries(pwd.getpwuid, uid))
print(tries(pwd.getpwnam, "nobody here"), tries(pwd.getpwnam, "a\0b"), tries(pwd.getpwnam, 1), tries(pwd.getpwnam, b"root"))
print(tries(pwd.getpwnam), tries(pwd.getpwnam, "root", 1), tries(pwd.getpwall, 1), tries(pwd.getpwuid))
print(tries(pwd.getpwnam, "\ud800"), tries(pwd.getpwnam, "\udc80"))
print(tries(pwd.struct_passwd, ()), tries(pwd.struct_passwd, range(7)))

group = grp.getgrgid(0)
print(type(group), group.gr_name, group.gr_gid, type(group.gr_mem), len(group))
print(group == grp.getgrnam("root"), group in grp.getgrall(), grp.getgrgid(id=0) == group, grp.getgrnam(name="root") == group)
for gid in (-1, 2**32, -2, 4294967294, 1.5, "0", None, 2**70, -(2**70)):
    print(gid, tries(grp.getgrgid, gid))
print(tries(grp.getgrnam, "nobody here"), tries(grp.getgrnam, "a\0b"), tries(grp.getgrnam, 1), tries(grp.getgrnam))
print(tries(grp.struct_group, ()), grp.struct_group(("a", "x", 1, [])))
print(grp.struct_group.__match_args__, all(type(g.gr_mem) is list for g in grp.getgrall()))
