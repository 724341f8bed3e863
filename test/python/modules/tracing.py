# Programs that are watched: sys.settrace, sys.setprofile, sys.monitoring, f_lineno, f_locals.
import sys

first = sys._getframe().f_lineno


def line(frame):
    return frame.f_lineno - first


def tracer(frame, event, arg):
    shown = arg[0].__name__ if event == "exception" else arg
    print(event, line(frame), frame.f_code.co_name, shown)
    return tracer


def numbers():
    yield 1
    yield 2


def work(n):
    t = 0
    for i in range(n):
        t += i
    for x in numbers():
        t += x
    while t > 2: t -= 2
    try:
        raise ValueError(1)
    except ValueError as e:
        t += 1
    finally:
        t += 1
    return [
        t
        for t in (1, 2)
    ]


sys.settrace(tracer)
work(2)
sys.settrace(None)


def profiler(frame, event, arg):
    print("profile", event, frame.f_code.co_name, getattr(arg, "__name__", arg))


sys.setprofile(profiler)
len([1])
[3, 1].sort()
sorted([2, 1], key=abs)
"".join(x for x in "ab")
work(1)
try:
    int("x")
except ValueError:
    pass
sys.setprofile(None)


def opcodes(frame, event, arg):
    frame.f_trace_opcodes = True
    frame.f_trace_lines = False
    if event == "opcode":
        seen.append(frame.f_lasti)
    return opcodes


def small(a):
    b = a + 1
    return b


seen = []
sys.settrace(opcodes)
small(1)
sys.settrace(None)
print(seen)


def jumping(frame, event, arg):
    global target
    if event == "line" and target and line(frame) == target[0]:
        to, target = target[1], None
        try:
            frame.f_lineno = to + first
        except ValueError as e:
            print("ValueError:", e)
    return jumping


def jumped(out):
    out.append(1)
    for i in (1, 2):
        out.append("loop")
    try:
        out.append(2)
    except KeyError:
        out.append("handler")
    with open("/dev/null"):
        out.append(3)
    out.append(4)
    return out


start = jumped.__code__.co_firstlineno - first
import warnings

warnings.simplefilter("ignore")
for pair in (1, 4), (1, 3), (3, 4), (4, 7), (4, 9), (9, 1), (4, 40), (10, 4), (1, -20):
    target = [start + n for n in pair]
    sys.settrace(jumping)
    try:
        print(pair, jumped([]))
    except Exception as e:
        print(pair, type(e).__name__, e)
    sys.settrace(None)
try:
    sys._getframe().f_lineno = 1
except ValueError as e:
    print(e)

# Tools.
monitoring = sys.monitoring
E = monitoring.events
names = {getattr(E, n): n for n in vars(E)}
monitoring.use_tool_id(1, "one")
monitoring.use_tool_id(2, "two")
for bad in (
    lambda: monitoring.use_tool_id(1, "again"),
    lambda: monitoring.use_tool_id(9, "x"),
    lambda: monitoring.use_tool_id(3, 3),
    lambda: monitoring.set_events(3, 1),
    lambda: monitoring.set_events(1, E.C_RETURN),
    lambda: monitoring.set_events(1, 1 << 20),
    lambda: monitoring.register_callback(1, 3, print),
    lambda: monitoring.set_local_events(1, 1, 1),
    lambda: monitoring.set_local_events(1, work.__code__, E.RAISE),
):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)


def told(name):
    def callback(code, *rest):
        if code.co_name in ("work", "numbers"):
            log.append((name, code.co_name, *(r if isinstance(r, int) else type(r).__name__ for r in rest)))
        return monitoring.DISABLE if disable and name in ("LINE", "JUMP", "BRANCH", "CALL") else None

    return callback


for disable in False, True:
    for event, name in names.items():
        if event:
            monitoring.register_callback(1, event, told(name))
    log = []
    monitoring.restart_events()
    monitoring.set_events(1, E.NO_EVENTS + sum(e for e in names if e < E.C_RETURN))
    print(hex(monitoring.get_events(1)), monitoring.get_tool(1), monitoring._all_events())
    work(2)
    monitoring.set_events(1, 0)
    for entry in log:
        print(*entry)
monitoring.register_callback(2, E.LINE, lambda code, n: log.append(n - first))
log = []
monitoring.set_local_events(2, work.__code__, E.LINE | E.PY_START)
print(monitoring.get_local_events(2, work.__code__), monitoring.get_local_events(1, work.__code__))
work(1)
print(log)
monitoring.set_local_events(2, work.__code__, 0)


def failing(code, where):
    raise RuntimeError("in a tool")


monitoring.register_callback(2, E.PY_START, failing)
monitoring.set_local_events(2, work.__code__, E.PY_START)
try:
    work(1)
except RuntimeError as e:
    print(e)
monitoring.set_local_events(2, work.__code__, 0)
monitoring.free_tool_id(1)
monitoring.free_tool_id(2)
print(monitoring.get_tool(1), monitoring.get_events(1))


# The variables of a frame.
def variables(a):
    b = 2
    c = lambda: a
    p = sys._getframe().f_locals
    p["b"] = 5
    p["a"] = 9
    p["new"] = 1
    print(b, c(), len(p), list(p), "new" in p, p.get("zz", 3), p == sys._getframe().f_locals)
    for bad in (lambda: p["zz"], lambda: p.__delitem__("b"), lambda: p.update(1), lambda: p.get(), lambda: p[[]]):
        try:
            bad()
        except Exception as e:
            print(type(e).__name__, e)
    del bad
    p |= {"b": 7}
    p.update({"b": 8, "d": 9})
    print(b, p.setdefault("e", 1), p.setdefault("b", 0), list(reversed(p)), list(locals()))
    p["c"] = None
    del p
    return sys._getframe().f_locals


p = variables(1)
print(p, type(p), p | {"x": 1}, {"y": 2} | p, p == p.copy(), p != {}, p.items(), p.keys(), p.values())
