"""Modules from files: .pyc files written, read, checked and damaged, namespaces, archives, what is no path or no source."""
import importlib.util
import os
import shutil
import sys
import tempfile
import zipfile
import zipimport

folder = tempfile.mkdtemp()
sys.path.insert(0, folder)
sys.dont_write_bytecode = False
sys.pycache_prefix = None


def write(name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    sys.path_importer_cache.clear()
    return path


def shown(o):
    return str(o).replace(folder, "HERE")


def load(name):
    sys.modules.pop(name, None)
    try:
        m = __import__(name, fromlist=["x"])
        print(name, shown(getattr(m, "x", m)))
    except BaseException as e:
        print(name, type(e).__name__, shown(e), getattr(e, "name", None), shown(getattr(e, "path", None)))


# Written, found, older than its source, checked by a hash.
source = write("mod.py", "x = 1\n")
load("mod")
m = sys.modules["mod"]
cached = importlib.util.cache_from_source(source)
print(shown(m.__file__), shown(m.__cached__), m.__cached__ == cached, type(m.__loader__).__name__, shown(m.__spec__.origin))
with open(cached, "rb") as f:
    data = f.read()
print(data[:4] == importlib.util.MAGIC_NUMBER, data[4:8], len(data) > 16)
write("mod.py", "x = 22\n")
load("mod")
print(os.listdir(os.path.dirname(cached)))
import py_compile

for mode in py_compile.PycInvalidationMode:
    write("hashed.py", "x = 'first'\n")
    py_compile.compile(os.path.join(folder, "hashed.py"), invalidation_mode=mode)
    stat = os.stat(os.path.join(folder, "hashed.py"))
    write("hashed.py", "x = 'later'\n")
    os.utime(os.path.join(folder, "hashed.py"), ns=(stat.st_atime_ns, stat.st_mtime_ns))
    print(mode.name, end=" ")
    load("hashed")

# Without a source, cut short, foreign.
with open(cached, "rb") as f:
    data = f.read()
for cut in (0, 3, 7, 15, 16, 17, 30, len(data) - 1):
    write("cut.pyc", data[:cut])
    print(cut, end=" ")
    load("cut")
write("whole.pyc", data)
load("whole")
write("alien.pyc", b"\x42\x0d\x0d\x0a" + data[4:])
load("alien")
write("odd.pyc", data[:4] + b"\x08\0\0\0" + data[8:])
load("odd")
write("nocode.pyc", data[:16] + b"N")
load("nocode")
# Damage in __pycache__ is repaired where the source is there.
with open(cached, "wb") as f:
    f.write(data[:9])
load("mod")

# Sources that are none.
write("nul.py", "x = 1\0\n")
load("nul")
write("latin.py", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n")
load("latin")
write("undeclared.py", b"x = '\xe9'\n")
load("undeclared")
write("marked.py", b"\xef\xbb\xbfx = 'mark'\n")
load("marked")

# Names and circles.
write("self.py", "import sys\nsys.modules[__name__] = 42\n")
load("self")
write("gone.py", "import sys\ndel sys.modules[__name__]\n")
load("gone")
write("ring1.py", "import ring2\nx = 1\n")
write("ring2.py", "from ring1 import x\n")
load("ring1")
write("ring3.py", "import ring4\nx = 1\n")
write("ring4.py", "import ring3\nring3.x\n")
load("ring3")
write("fails.py", "x = 1\nraise ValueError('half way')\n")
load("fails")
print("fails" in sys.modules)
write("space/leaf.py", "x = 'in a namespace'\n")
load("space.leaf")
print(shown(sys.modules["space"]))
for name in ["space..leaf", "space.", ".space", "space/leaf", "./mod", "a b", "", "mod.x"]:
    load(name)

# What stands in sys.path.
for entry in (3, b"/nowhere", None, "/nowhere", os.path.join(folder, "mod.py"), 1.5):
    sys.path.insert(0, entry)
    print(shown(repr(entry)), end=" ")
    load("nosuch")
    del sys.path[0]

# Archives.
archive = os.path.join(folder, "pack.zip")
with zipfile.ZipFile(archive, "w") as z:
    z.writestr("zipped.py", "x = __file__\n")
    z.writestr("zpack/__init__.py", "x = __path__\n")
    z.writestr("zpack/leaf.py", "x = __name__, type(__loader__).__name__\n")
    z.writestr("zwrong.py", "x = (\n")
    z.writestr("zcode.pyc", data)
sys.path.insert(0, archive)
for name in ["zipped", "zpack", "zpack.leaf", "zpack.no", "zwrong", "zcode"]:
    load(name)
importer = zipimport.zipimporter(archive)
print(shown(importer), importer.is_package("zpack"), shown(importer.get_filename("zipped")))
print(importer.get_data("zwrong.py"), repr(importer.get_source("zipped")))
for damaged in (b"", b"PK\3\4 and nothing", b"x" * 100):
    path = write("bad.zip", damaged)
    try:
        zipimport.zipimporter(path)
    except zipimport.ZipImportError as e:
        print(shown(e))
with open(archive, "rb") as f:
    whole = f.read()
for at in (0, 30, len(whole) - 60, len(whole) - 10):
    path = write("worse.zip", whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])
    try:
        i = zipimport.zipimporter(path)
        print(at, shown(i.load_module("zipped").x) if at else i.get_source("zipped"))
    except Exception as e:
        print(at, type(e).__name__, shown(e))
shutil.rmtree(folder)
