"""Saves the memory of a real CPython 3.13 (Linux, with a shared library) as an image that `vitrine heap` reads.

usage: python3.13 dump_cpython.py IMAGE [EXPECTATIONS] [SCRIPT ARGS...]

Runs SCRIPT, then forks and reads the child, in which nothing moves any more. EXPECTATIONS gets, as JSON, what CPython
says of many of its objects: address, name of the type, and a value or a length. Pass "-" for none.
"""
import bisect
import ctypes
import gc
import json
import os
import re
import runpy
import signal
import struct
import sys

TYPES = """PyBaseObject_Type PyType_Type PyLong_Type PyBool_Type PyFloat_Type PyComplex_Type PyUnicode_Type PyBytes_Type
PyByteArray_Type PyMemoryView_Type PyTuple_Type PyList_Type PyDict_Type PySet_Type PyFrozenSet_Type PyRange_Type
PySlice_Type PyFunction_Type PyCode_Type PyCell_Type PyMethod_Type PyCFunction_Type PyProperty_Type PyModule_Type
PyGen_Type""".split()


def mappings(pid):
    found = []
    for line in open(f"/proc/{pid}/maps"):
        m = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)", line)
        found.append((int(m[1], 16), int(m[2], 16), m[3], m[4]))
    return found


def find_obmalloc(maps, read):
    """The words of obmalloc's state: 32 pairs of links to pools, where an empty pair points 16 bytes before itself."""
    starts = [m[0] for m in maps]

    def mapped(address):
        i = bisect.bisect_right(starts, address) - 1
        return i >= 0 and address < maps[i][1] and "w" in maps[i][2]

    libraries = [i for i, m in enumerate(maps) if re.search(r"libpython3|python3\.13$", m[3])]
    for start, end, access, _ in maps[libraries[0] : libraries[-1] + 2]:
        if "w" not in access:
            continue
        data = read(start, end - start)
        words = struct.unpack(f"<{len(data) // 8}Q", data)
        row = 0
        for k, word in enumerate(words):
            at = start + 8 * k
            pool = word % 16384 == 0 and mapped(word)
            row = row + 1 if pool or word in (at - 16, at - 24) else 0
            base = k - 63
            # Then come the arena table and the number of its entries.
            if row >= 64 and mapped(words[k + 1]) and 0 < words[k + 2] & 0xFFFFFFFF < 1 << 20:
                return words[base : base + 150]
    raise SystemExit("no obmalloc state found")


def expectations():
    """What CPython says of its objects."""
    seen = {}
    todo = gc.get_objects()
    for o in list(todo):
        todo.extend(r for r in gc.get_referents(o) if not gc.is_tracked(r))
    for o in todo:
        t = type(o)
        value = None
        if t is int:
            value = str(o) if abs(o) < 1 << 120 else None
        elif t is str and len(o) <= 48:
            value = o
        elif t in (list, tuple, dict, set, frozenset):
            value = len(o)
        seen[id(o)] = [id(o), t.__name__, value]
    return list(seen.values())


def main():
    image, wanted, *script = sys.argv[1:] + ["-"] * (len(sys.argv) < 3)
    if script:
        sys.argv = script
        runpy.run_path(script[0], run_name="__main__")
    gc.collect()
    expected = expectations() if wanted != "-" else []
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)

        def read(address, length):
            memory.seek(address)
            return memory.read(length)

        maps = mappings(pid)
        words = find_obmalloc(maps, read)
        mgmt = words[64:]
        runs, parts, statics = [], [], []
        for start, end, access, name in maps:
            if "r" not in access or "x" in access or name.startswith("[v") or "locale" in name:
                continue
            try:
                data = read(start, end - start)
            except OSError:
                continue
            runs.append([start, len(data)])
            parts.append(data)
            if "python" in name or name.endswith(".so") or not name:
                statics.append([start, end])
        types = {n: ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, n)) for n in TYPES}
        header = {
            "fingerprint": "cpython",
            "end": max(a + n for a, n in runs),
            "runs": runs,
            "program": [f"CPython {sys.version.split()[0]}", *script],
            "roots": {
                "arenaSize": 1 << 20,
                "poolSize": 1 << 14,
                "arenas": mgmt[0],
                "arenaObjects": mgmt[1] & 0xFFFFFFFF,
                "arenasTaken": mgmt[4 + 65 + 1],
                "arenasHighwater": mgmt[4 + 65 + 2],
                "rawBlocks": mgmt[4 + 65 + 3],
                "debugHooks": os.environ.get("PYTHONMALLOC", "") in ("debug", "pymalloc_debug"),
                "serialNumbers": False,
                "generations": [],
                "types": types,
                "statics": statics,
                "parts": [],
                "machine": False,
            },
        }
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    text = json.dumps(header).encode()
    with open(image, "wb") as out:
        out.write(b"VITRHEAP" + struct.pack("<II", len(text), 1) + text)
        for data in parts:
            out.write(data)
    if wanted != "-":
        with open(wanted, "w") as out:
            json.dump(expected, out)


main()
