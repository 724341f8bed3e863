# ZoneInfo of _zoneinfo, out of the files of zones that are written here.
import _zoneinfo
import gc
import io
import sys
import weakref
import zoneinfo
from datetime import datetime, time, timedelta, timezone
from _zoneinfo import ZoneInfo


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__module__}.{type(e).__name__}: {e}"


def number(n, size):
    return n.to_bytes(size, "big", signed=True)


def tzif(changes, ways, text=b""):
    """The bytes of a file: changes are (time, way), ways (offset, summer, name)."""
    names = b"".join(name + b"\0" for _, _, name in ways)
    at = [names.index(name + b"\0") for _, _, name in ways]

    def part(size):
        return (
            b"TZif2" + b"\0" * 15 + b"".join(number(n, 4) for n in (0, 0, 0, len(changes), len(ways), len(names)))
            + b"".join(number(t, size) for t, _ in changes) + bytes(w for _, w in changes)
            + b"".join(number(o, 4) + bytes([s, i]) for (o, s, _), i in zip(ways, at)) + names
        )

    first = b"TZif2" + b"\0" * 15 + b"".join(number(n, 4) for n in (0, 0, 0, 0, 1, 1)) + b"\0" * 6 + b"\0"
    return first + part(8) + b"\n" + text + b"\n"


def zone(*args, key=None):
    return ZoneInfo.from_file(io.BytesIO(tzif(*args)), key=key)


print("-- names")
print(ZoneInfo, ZoneInfo.__base__, ZoneInfo.__basicsize__, sorted(k for k in ZoneInfo.__dict__ if k not in ("__doc__", "__module__", "__getattribute__")))
cet = [(0, 0, b"LMT"), (3600, 0, b"CET"), (7200, 1, b"CEST")]
changes = [(-2000000000, 1), (1000000000, 2), (1010000000, 1), (1020000000, 2), (1030000000, 1)]
europe = zone(changes, cet, b"CET-1CEST,M3.5.0,M10.5.0/3", key="Here/There")
print(repr(europe), str(europe), europe.key, sys.getsizeof(europe), attempt(setattr, europe, "key", 1))
print(repr(zone([], [(3600, 0, b"CET")])).split(" at ")[0], attempt(str, zone([], [(3600, 0, b"CET")], b"CET-1")).split(" at ")[0])
print(attempt(europe.__reduce__).partition(".")[2], attempt(ZoneInfo), attempt(ZoneInfo, 1), attempt(ZoneInfo, "../x"), attempt(ZoneInfo.from_file, 1), attempt(ZoneInfo, "/x"))

print("-- times")


def row(z, dt):
    dt = dt.replace(tzinfo=z)
    other = dt.replace(fold=1)
    utc = dt.replace(tzinfo=timezone.utc)
    return str(dt), dt.tzname(), str(dt.dst()), str(other.utcoffset()), str(attempt(utc.astimezone, z)), attempt(lambda: utc.astimezone(z).fold)


def around(z, *stamps):
    for stamp in stamps:
        base = datetime(1970, 1, 1) + timedelta(seconds=stamp)
        for offset in (-7201, -7200, -3601, -3600, -1, 0, 1, 3599, 3600, 7199, 7200):
            print(*row(z, base + timedelta(seconds=offset)))


around(europe, *[t for t, _ in changes])
around(europe, 1711846800, 1729990800)
for year in (1, 1900, 2001, 2010, 2024, 2037, 2500, 9998):
    print([row(europe, datetime(year, month, 15))[1:3] for month in range(1, 13)])
for text in (
    b"EST5EDT,M3.2.0,M11.1.0", b"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", b"IST-1GMT0,M10.5.0,M3.5.0/1", b"AAA-1BBB-3,J60/2:30:15,300/0", b"CCC3DDD,0/0,J365/25", b"EEE-22FFF,M1.1.0/167,M12.5.6/-167",
    b"AEST-10AEDT,M10.1.0,M4.1.0/3", b"GGG0HHH,M2.5.0,J366", b"UTC0", b"<+1030>-10:30:15<+11>-11,M10.1.0,M4.1.0", b"WGT3WGST,M3.5.0/-2,M10.5.0/-1",
):
    z = attempt(zone, [], [(0, 0, b"XXX")], text)
    if isinstance(z, str):
        print(text, z)
        continue
    print(text, [row(z, datetime(year, month, day, 1))[1:4] for year in (2023, 2024) for month in (1, 2, 3, 4, 10, 11, 12) for day in (1, 15, 28)])
    print([str(datetime(2024, month, 28, 23, tzinfo=timezone.utc).astimezone(z)) for month in range(1, 13)])
for text in (b"A", b"AAA", b"1", b"AAA1BBB", b"AAA1BBB,", b"AAA1BBB,M1.1.1", b"AAA1BBB,M13.1.1,M1.1.1", b"AAA1BBB,M1.6.1,M1.1.1", b"AAA1BBB,M1.1.7,M1.1.1", b"AAA1BBB,J0,J1", b"AAA1BBB,366,1", b"AAA25", b"AAA1BBB,M1.1.1/168,M1.1.1", b"AAA1BBB,M1.1.1,M1.1.1x", b"<AAA1", b"<A A>1", b"AAA1:5", b"AAA1BBB25,J1,J2", b"AAA1BBB,M1.1,M1.1.1", b"\xff1", b"AAA+1", b"AAA-0"):
    print(text, attempt(lambda: zone([], [(0, 0, b"XXX")], text).utcoffset(datetime(2024, 1, 1))))

print("-- kinds of zones")
fixed = zone([], [(3600, 0, b"ONE")], b"ONE-1")
print(fixed.utcoffset(None), fixed.dst(None), fixed.tzname(None), time(1, tzinfo=fixed), europe.utcoffset(None), europe.dst(None), europe.tzname(None), time(1, tzinfo=europe))
summer = zone([(0, 1)], [(3600, 1, b"S"), (7200, 1, b"T")])
print([row(summer, datetime(1970, 1, d)) for d in (1, 2)], zone([], [(5, 1, b"S")]).dst(datetime(1, 1, 1)))
print(attempt(zone, [], []), attempt(zone, [(0, 4)], cet), attempt(ZoneInfo.from_file, io.BytesIO(b"")), attempt(ZoneInfo.from_file, io.BytesIO(b"TZif2" + b"\0" * 200)))
print(attempt(europe.utcoffset, 1), attempt(europe.tzname, "a"), attempt(europe.fromutc, 1), attempt(europe.fromutc, datetime(2024, 1, 1)))


class Sub(datetime):
    pass


print(europe.utcoffset(Sub(2024, 7, 1)), repr(Sub(2024, 10, 27, 1, tzinfo=timezone.utc).astimezone(europe)), Sub(2024, 10, 27, 1, tzinfo=timezone.utc).astimezone(europe).fold)

print("-- caches")
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(f"{folder}/Z")
    for i in range(12):
        with open(f"{folder}/Z/{i}", "wb") as f:
            f.write(tzif([], [(i * 3600, 0, b"Z%d" % i)], b"UTC0"))
    zoneinfo.reset_tzpath(to=(folder,))
    a = ZoneInfo("Z/1")
    print(repr(a), str(a), a.key, ZoneInfo("Z/1") is a, ZoneInfo(key="Z/1") is a, ZoneInfo.no_cache("Z/1") is a, a.__reduce__()[1], ZoneInfo.no_cache("Z/2").__reduce__()[1])
    print(a.__reduce__()[0]("Z/1", 1) is a, ZoneInfo._unpickle("Z/1", 0) is a)
    r = weakref.ref(a)
    del a
    print(r() is not None, ZoneInfo("Z/1") is r())
    for i in range(2, 9):
        ZoneInfo(f"Z/{i}")
    print(r() is not None, ZoneInfo("Z/1") is r())
    for i in range(2, 10):
        ZoneInfo(f"Z/{i}")
    print(r())
    a = ZoneInfo("Z/3")
    ZoneInfo.clear_cache(only_keys=["Z/3", "Z/5", "Q"])
    print(ZoneInfo("Z/3") is a, attempt(ZoneInfo.clear_cache, only_keys=1), attempt(ZoneInfo.clear_cache, 1), ZoneInfo.clear_cache())

    class Mine(ZoneInfo):
        pass

    m = Mine("Z/3")
    print(repr(m), Mine("Z/3") is m, ZoneInfo("Z/3") is m, type(Mine._weak_cache).__name__, Mine.no_cache("Z/3") is m, m.__reduce__()[1])
    r = weakref.ref(m)
    del m
    print(r(), Mine.clear_cache(), repr(Mine.from_file(io.BytesIO(tzif([], [(0, 0, b"A")])), "k")))
    ZoneInfo.clear_cache()
zoneinfo.reset_tzpath()
del europe, fixed, summer, z
