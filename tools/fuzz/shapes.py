# What programs do to objects by syntax, for tools/fuzz/natives.ts: a function each, which is called until its
# instructions are specialised. The arguments are whatever the case made.

def op_add(a, b): return a + b

def op_sub(a, b): return a - b

def op_mul(a, b): return a * b if not (type(a) is int or type(b) is int) else 0

def op_mod(a, b): return a % b

def op_div(a, b): return a / b

def op_or(a, b): return a | b

def op_and(a, b): return a & b

def op_iadd(a, b):
    a += b
    return a

def op_ior(a, b):
    a |= b
    return a

def op_eq(a, b): return a == b

def op_lt(a, b): return a < b

def op_in(a, b): return a in b

def op_not(a, b): return not a

def op_neg(a, b): return -a

def op_getitem(a, b): return a[b]

def op_setitem(a, b): a[b] = b

def op_delitem(a, b): del a[b]

def op_getslice(a, b): return a[b:]

def op_getslice2(a, b): return a[1:b]

def op_setslice(a, b): a[1:3] = b

def op_setstep(a, b): a[::2] = b

def op_delslice(a, b): del a[b:]

def op_getattr(a, b): return a.f

def op_getattr_a(a, b): return a.a

def op_setattr(a, b): a.f = b

def op_setattr_a(a, b): a.a = b

def op_delattr(a, b): del a.f

def op_method(a, b): return a.f(b)

def op_classattr(a, b): return a.__class__

def op_dict(a, b): return a.__dict__

def op_call0(a, b): return a()

def op_call1(a, b): return a(b)

def op_callkw(a, b): return a(f=b)

def op_callstar(a, b): return a(*b)

def op_callstarstar(a, b): return a(**b)

def op_for(a, b):
    for x in a: b = x
    return b

def op_list(a, b): return [*a, *b]

def op_set(a, b): return {*a, b}

def op_dictbuild(a, b): return {**a, **b}

def op_tuple(a, b): return (*a,)

def op_comprehension(a, b): return [x + b for x in a if x]

def op_unpack2(a, b):
    x, y = a
    return x

def op_unpackstar(a, b):
    x, *y, z = a
    return y

def op_format(a, b): return f"{a}{b!r:>3}{a:{b}}"

def op_with(a, b):
    with a as x: return x

def op_raise(a, b): raise a

def op_raisefrom(a, b): raise ValueError from a

def op_except(a, b):
    try: raise a
    except b: return 1

def op_exceptstar(a, b):
    try: raise a
    except* b: pass

def op_yieldfrom(a, b):
    def g(): return (yield from a)
    return list(g())

def op_genthrow(a, b):
    def g():
        try: yield 1
        except ValueError: yield 2
    x = g()
    next(x)
    return x.throw(a)

def op_await(a, b):
    async def c():
        async with a as x: pass
        async for y in b: pass
        return await a
    x = c()
    try: x.send(None); x.send(b)
    finally: x.close()

def op_match(a, b):
    match a:
        case {"a": x, **y}: return x
        case [x, *y]: return y
        case Other(f=x): return x
        case int(x) | str(x): return x

def op_class(a, b):
    class C(a):
        f = b
    return C()

def op_classmeta(a, b):
    class C(metaclass=a): f = b
    return C.f

def op_super(a, b):
    class C(Other):
        def m(self): return super().f
    return C.m(a)

def op_isinstance(a, b): return isinstance(a, b)

def op_len(a, b): return len(a)

def op_is(a, b): return a is None or b is None

def op_if(a, b):
    if a: return b

def op_import(a, b):
    from sys import path
    return __import__("sys", a, b, ["path"])

def op_drop(a, b):
    a = [a, b]
    a = b = None
    gc.collect()
