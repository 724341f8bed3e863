# Descriptors and members called with instances of other classes, directly and from a class that they were not made for,
# often enough to be specialised; every pair of classes in an assignment of __class__.
import gc, sys
def show(name, f):
    try: print(name, f())
    except BaseException as e: print(name, type(e).__name__, e)
# descriptors of other classes, called directly
class A: pass
class B: __slots__ = ('s', '__weakref__')
class C(A): __slots__ = ('t', 'u')
class D(Exception): pass
class E(int): pass
class Fs: __slots__ = ('__dict__',)
descrs = [B.s, C.t, C.u, A.__dict__['__dict__'], A.__dict__['__weakref__'], B.__dict__['__weakref__'], Fs.__dict__['__dict__'],
   type.__dict__['__dict__'], type.__dict__['__mro__'], type.__dict__['__basicsize__'], type.__dict__['__flags__'], BaseException.__dict__['args'], BaseException.__dict__['__dict__'],
   type(lambda: 0).__dict__['__code__'], type(lambda:0).__dict__['__closure__'], type(lambda:0).__dict__['__dict__'], type(sys).__dict__['__dict__'],
   slice.start, range.stop, property.fget, complex.real, int.real, SyntaxError.msg, StopIteration.value, OSError.errno, UnicodeDecodeError.start, staticmethod.__dict__['__func__'], classmethod.__dict__['__dict__']]
objs = [A(), B(), C(), D(), E(), Fs(), 1, 'x', [], {}, type, A, lambda: 0, sys, None, slice(1), range(3), 1.5, property(), StopIteration(4), super(C, C()), object(), memoryview(b''), staticmethod(len)]
refused = 0
for i, d in enumerate(descrs):
    for j, o in enumerate(objs):
        for nm in ('__get__', '__set__', '__delete__'):
            f = getattr(d, nm, None)
            if f is None: continue
            try: r = f(o, 5) if nm != '__delete__' else f(o); r = type(r).__name__
            except BaseException as e: r = type(e).__name__ + ' ' + str(e)
            if 'at 0x' in r: r = r.split(' at 0x')[0]
            if "doesn't apply" in r: refused += 1
            else: print(i, j, nm, r)
        try:
            class T: pass
            T.x = d; T.__slots__ = ()
        except Exception as e: print(e)
print(refused, 'refused')
def probe(cls, d):
    K = type('K', (cls,), {'x': d})
    try: k = K()
    except TypeError: return 'no'
    res = []
    def get(): return k.x
    def put(): k.x = 5
    def dele(): del k.x
    for f in (get, put, dele):
        for n in range(5):
            try: r = f(); r = type(r).__name__
            except BaseException as e: r = type(e).__name__ + ' ' + str(e)
            res.append('refused' if "doesn't apply" in r else r)
    return res[::2] if res.count('refused') != 15 else 'refused'
for i, d in enumerate(descrs):
    for cls in (A, B, C, D, E, Fs, list, dict, tuple, set, type(sys), BaseException, object):
        print(i, cls.__name__, probe(cls, d))
# __class__ assignments
def cls(f):
    for a in objs:
        pass
classes = [A, B, C, D, E, Fs, type('A2', (), {}), type('B2', (), {'__slots__': ('s', '__weakref__')}), type('B3', (), {'__slots__': ('q', '__weakref__')}),
  type('A3', (A,), {}), type('L', (list,), {}), type('L2', (list,), {}), type('X2', (Exception,), {}), type('O', (), {'__slots__': ()}), type('O2', (), {'__slots__': ()}), type('W', (), {'__slots__': '__weakref__'}),
  type('DW', (), {'__slots__': ('__weakref__', '__dict__')}), type('Ad', (A,), {'__slots__': ()}), type('M', (type(sys),), {})]
for c in classes:
    for d in classes:
        try: o = c()
        except TypeError: o = c('m')
        try: o.attr = 1
        except AttributeError: pass
        try: o.s = 3
        except AttributeError: pass
        try: o.__class__ = d; r = 'ok'
        except TypeError as e: r = str(e)
        vals = []
        for n in range(3):
            for a in ('attr', 's', 'q', 't', '__dict__'):
                vals.append(repr(getattr(o, a, None))[:30])
            try: o.s = n
            except AttributeError: pass
        if r == 'ok': print(c.__name__, d.__name__, vals)
        else: print(c.__name__, d.__name__, r)
