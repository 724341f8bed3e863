# dbm.dumb, and which kind of database a file is.
import dbm
import dbm.dumb
import os
import shelve
import tempfile

os.chdir(tempfile.mkdtemp())


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


print(attempt(dbm.dumb.open, "db", "w"), attempt(dbm.dumb.open, "db", "q"), dbm.whichdb("db"))
with dbm.dumb.open("db", "c") as db:
    db["key"] = "value"
    db[b"\0\xff'"] = b"x" * 600
    db["ü"] = "längs"
    db["key"] = b"other"
    db["key"] = b"y" * 1000
    print(len(db), sorted(db.keys()), b"key" in db, "ü" in db, db.get("none", 5), db["key"][:3], len(db[b"\0\xff'"]))
    print(attempt(db.__setitem__, 5, b""), attempt(db.__setitem__, "a", 5), attempt(db.__getitem__, "none"))
print(dbm.whichdb("db"), sorted(os.listdir(".")), open("db.dir", encoding="latin-1").read().splitlines())
print(os.path.getsize("db.dat"), attempt(len, db), attempt(db.keys))
with dbm.dumb.open("db", "r") as db:
    print(sorted(db), attempt(db.__setitem__, "a", "b"), attempt(db.__delitem__, "key"))
with dbm.open("db", "w") as db:
    del db["key"]
    print(attempt(db.__delitem__, "key"), sorted(db.items())[1])
print(sorted(os.listdir(".")))
with dbm.dumb.open("db", "n") as db:
    print(len(db))
print(dbm.whichdb("db"))
with shelve.Shelf(dbm.dumb.open("shelf")) as s:
    s["list"] = [1, {"a": 2}]
with shelve.Shelf(dbm.dumb.open("shelf")) as s:
    print(s["list"], list(s))
for name, start in (("gnu", b"\xce\x9aW\x13"), ("sql", b"SQLite format 3\0"), ("text", b"text"), ("short", b"a")):
    with open(name, "wb") as f:
        f.write(start)
    print(name, repr(dbm.whichdb(name)))
print(attempt(dbm.open, "text"), attempt(dbm.open, "nothing"), issubclass(dbm.error[0], Exception), dbm.error[1])
