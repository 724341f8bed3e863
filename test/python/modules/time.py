# The module time: the calendar, formats, local zones of several kinds, the way back, errors, clocks.
import time
T = [0, 1, 86399, 951782400, 1700000000, 1711846800, 1711846799, 1729990800, 253402300799, -1, -86401, 4102444800, 1e9+.5, -62135596800, -2**40]
for t in T:
    try:
        g = time.gmtime(t); print(tuple(g), g.tm_zone, g.tm_gmtoff)
        print(time.strftime("%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %k %l %m %M %p %P %r %R %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %Q %", g))
        print(time.strftime("%-d|%_m|%5Y|%^a|%#Z|%010j|%-H|%3S|%_5e|%+|%Ey|%Od|%h|%n|%t|%20c|%-I|%#p|%^B|%_y|%0e", g))
        print(time.asctime(g))
    except Exception as e: print(t, type(e).__name__, e)
import posix

for z in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "EST5EDT", "CET-1CEST,M3.5.0,M10.5.0/3", "XYZ-3:30", "<+03>-3", "Nonsense", "UTC+03", "NZST-12NZDT-13,M9.5.0,M4.1.0/3", "AAA1BBB,J60,300/4"):
    posix.putenv("TZ", z)
    time.tzset()
    print(z, time.timezone, time.altzone, time.daylight, time.tzname)
    for t in T[:-2]:
        try:
            l = time.localtime(t)
            print(tuple(l), l.tm_zone, l.tm_gmtoff, time.ctime(t), time.mktime(l), time.strftime("%z %Z %s", l), time.strftime("%z %Z", tuple(l)))
        except Exception as e: print(t, type(e).__name__, e)
    for tup in ((2024,3,31,2,30,0,0,0,-1),(2024,10,27,2,30,0,0,0,0),(2024,10,27,2,30,0,0,0,1),(2024,1,1,0,0,0,0,0,1),(2024,7,1,0,0,0,0,0,0),(2024,14,40,25,61,61,0,0,-1),(1900,1,1,0,0,0,0,0,-1)):
        print(tup, time.mktime(tup))
print(time.struct_time(range(9)), time.struct_time(range(11)).tm_zone, time.struct_time.n_fields)
for f in (lambda: time.strftime(), lambda: time.strftime(3), lambda: time.mktime((1,2)), lambda: time.strftime('%Y',(1,)), lambda: time.asctime(3), lambda: time.get_clock_info(1), lambda: time.get_clock_info("x"), lambda: time.sleep('a'), lambda: time.sleep(-1), lambda: time.sleep(float('nan')), lambda: time.sleep(1e20), lambda: time.sleep(10**20), lambda: time.gmtime(1e30), lambda: time.gmtime(float('nan')), lambda: time.gmtime(10**17), lambda: time.gmtime('a'), lambda: time.strftime('a','b','c'), lambda: time.strftime("", (2000,13,1,0,0,0,0,1,0)), lambda: time.strftime("", (2000,1,32,0,0,0,0,1,0)), lambda: time.strftime("", (2000,1,1,24,0,0,0,1,0)), lambda: time.strftime("", (2000,1,1,0,0,62,0,1,0)), lambda: time.strftime("", (2000,1,1,0,0,0,-2,1,0)), lambda: time.strftime("", (2000,1,1,0,0,0,0,367,0)), lambda: time.asctime((-2**31,1,1,0,0,0,0,1,0)), lambda: time.clock_gettime(99), lambda: time.clock_getres(99), lambda: time.mktime((2**31-1,1,1,0,0,0,0,0,-1))):
  try: print(f())
  except Exception as e: print(type(e).__name__, e)
print(time.strftime("é%Y€", time.gmtime(0)), time.asctime((2**31-1,12,31,23,59,59,6,365,-1)), time.strftime("%Y %y %C %G", (-5,1,1,0,0,0,0,1,0)), time.strftime("%Y", (99,1,1,0,0,0,0,1,0)))
print(sorted(vars(time.get_clock_info("monotonic"))), time.get_clock_info("time").adjustable)
a = time.perf_counter(); time.sleep(0.05); print(0.05 <= time.perf_counter() - a < 0.5, time.process_time() > 0, time.time_ns() // 10**9 - int(time.time()) in (0, -1, 1))
