# Functions whose code is damaged, and the loop that does it, for tools/fuzz/bytecode.ts.

import time

class Manager:
    def __enter__(self): return self
    def __exit__(self, *a): return True

def arithmetic(a=3, b=4): return a * b - a // b + (a < b) * 2

def loops(n=4):
    s = 0
    for i in range(n):
        if i == 2: continue
        s += i
    else: s = -s
    return s, [x for x in range(n) if x], {x: x for x in "ab"}, {1, n}

def handlers(x=0):
    try: return 1 / x
    except ZeroDivisionError as e: r = [e]
    except (TypeError, ValueError): r = 2
    finally: r = 3
    with Manager() as m: raise KeyError(r)
    return m

def groups():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e: r = e
    except* TypeError: r = 2
    return r

def closure(a=1):
    b = [a]
    def inner(c=2, *, d: int = 3):
        nonlocal b
        b = a + c + d
        return lambda: b
    return inner()()

def generator(n=3):
    x = yield n
    try: y = yield [x]
    except ValueError: y = 5
    yield from (i for i in range(y or 2))
    return n

async def coroutine(a=None):
    async with a as b: pass
    async for c in b: await c
    return [d async for d in a]

def matches(x={"a": [1, 2]}):
    match x:
        case {"a": [y, *z], **rest}: return y, z, rest
        case Manager(a=1) | (1, _): return 1
        case str(): return 2

def calls(*a, **k): return print and dict(*a, **k, x=1), str(a, *[]) if len(a) > 3 else "".join(f"{a!r:>{9}}{k}" for _ in a)

class Body: x: int = 1

def names():
    global G
    G = 1
    del G
    import sys
    from sys import path as p
    class C(Manager):
        y: int = 2
        def m(self): return super().__init__()
    C().m()
    t = [1, 2, 3, 4]
    t[1:2] = t[::2]
    del t[0]
    a, (b, *c) = t.pop(), t
    assert a, b
    return c

FUNCTIONS = [arithmetic, loops, handlers, groups, closure, generator, coroutine, matches, calls, names]
CODES = [f.__code__ for f in FUNCTIONS] + [c for f in FUNCTIONS for c in f.__code__.co_consts if hasattr(c, "co_code")]
CODES += [c for k in CODES for c in k.co_consts if hasattr(c, "co_code")]
FUNCTION = type(arithmetic)
ITEMS = [None, 1, True, "text", (), ("a", "b"), (1,), arithmetic.__code__, closure.__code__.co_consts, 1.5, b"bytes", frozenset()]
STATE = [1]
EXTENDED_ARG = 71
FOR_ITER = 72
JUMP_BACKWARD = 77
JUMP_BACKWARD_NO_INTERRUPT = 78
SEND = 104
END_SEND = 12

def rnd(n):
    s = STATE[0] = (STATE[0] * 1103515245 + 12345) % 2147483648
    return s // 65536 % n

def damaged(data):
    data = bytearray(data)
    for i in range(1 + rnd(3)):
        if not data: break
        at = rnd(len(data))
        what = rnd(6)
        if what == 0: data[at] = rnd(256)
        elif what == 1: data[at] = (data[at] + rnd(5) - 2) % 256
        elif what == 2: data[at & ~1] = rnd(119)
        elif what == 3:
            # An instruction in the place of another of the same size.
            other = rnd(len(data)) & ~1
            data[at & ~1:(at & ~1) + 2] = data[other:other + 2]
        elif what == 4:
            other = rnd(len(data)) & ~1
            at &= ~1
            data[at:at + 2], data[other:other + 2] = data[other:other + 2], data[at:at + 2]
        else: data[at | 1 if at | 1 < len(data) else at] = rnd(8)
    return bytes(data)

def change(code):
    what = rnd(10)
    if what < 6: return {"co_code": damaged(code.co_code)}
    if what == 6: return {"co_exceptiontable": damaged(code.co_exceptiontable)}
    if what == 7: return {"co_linetable": damaged(code.co_linetable)}
    if what == 8:
        consts = list(code.co_consts)
        if consts: consts[rnd(len(consts))] = ITEMS[rnd(len(ITEMS))]
        return {"co_consts": tuple(consts[:rnd(9)]) if rnd(4) == 0 else tuple(consts)}
    n = rnd(6)
    return [
        {"co_stacksize": rnd(12)}, {"co_flags": code.co_flags ^ 1 << rnd(10)}, {"co_argcount": rnd(4)},
        {"co_kwonlyargcount": rnd(3)}, {"co_names": code.co_names[:rnd(4)]}, {"co_posonlyargcount": rnd(3)},
    ][n]

def ends(code):
    """Whether the code comes to an end: jumps lead back only to where an iterator gives the next, no handler to itself."""
    data = code.co_code
    arg = 0
    for i in range(0, len(data), 2):
        arg = arg << 8 | data[i + 1]
        if data[i] == EXTENDED_ARG: continue
        if data[i] in (JUMP_BACKWARD, JUMP_BACKWARD_NO_INTERRUPT):
            to = i + (4 if data[i] == JUMP_BACKWARD else 2) - 2 * arg
            while data[to] == EXTENDED_ARG: to += 2
            if data[to] not in (FOR_ITER, SEND, END_SEND): return False
        arg = 0
    table = code.co_exceptiontable
    numbers = []
    n = 0
    for b in table:
        n = n << 6 | b & 63
        if not b & 64:
            numbers.append(n)
            n = 0
    for k in range(0, len(numbers) - 3, 4):
        if numbers[k] <= numbers[k + 2] < numbers[k] + numbers[k + 1]: return False
    return True

def use(f, code):
    r = f() if rnd(2) else f(*[Manager(), 2, [3]][:code.co_argcount])
    if hasattr(r, "send"):
        for v in None, 1, None:
            try: r.send(v)
            except StopIteration: break
        r.throw(ValueError)
        r.close()
    repr(r)

def run():
    accepted = 0
    clock = lambda read=time.time: round(read() * 2 ** 20)
    n = clock()
    while n < 2 ** 53:
        STATE[0] = int(n) % 2147483647
        try:
            code = CODES[rnd(len(CODES))]
            code = code.replace(**change(code))
            if rnd(3) == 0: code = code.replace(**change(code))
            accepted += 1
            list(code.co_positions()), list(code.co_lines())
            if not ends(code): raise ValueError
            cells = tuple([(lambda: n).__closure__[0] for _ in code.co_freevars])
            f = FUNCTION(code, {"__builtins__": BUILTINS, "__name__": "m"}, None, (1, 2), cells)
            for i in range(3): use(f, code)
        except BaseException as e: e = None
        r = f = None
        n = clock()
    print("accepted", accepted)

import builtins
BUILTINS = {k: v for k, v in builtins.__dict__.items() if k not in ("print", "input", "open", "exit", "quit")}
run()
