"""Special methods that fail while they are looked up, and one that takes another away."""
def booh(self): raise KeyError("booh")
ops = dict(__repr__=repr, __hash__=hash, __str__=str, __iter__=iter, __contains__=lambda o: 1 in o, __bool__=bool, __len__=len, __add__=lambda o:o+1, __radd__=lambda o:1+o, __neg__=lambda o:-o, __getitem__=lambda o:o[1], __call__=lambda o:o(), __index__=lambda o: [1,2][o], __next__=next, __lt__=lambda o:o<1, __await__=lambda o:0, __format__=format, __setitem__=lambda o: o.__setitem__, __reversed__=reversed,__enter__=lambda o: exec('with o: pass'),__dir__=dir,__sizeof__=lambda o: __import__('sys').getsizeof(o), __length_hint__=lambda o:__import__('operator').length_hint(o), __int__=int, __float__=float, __complex__=complex, __abs__=abs, __round__=round, __bytes__=bytes, __eq__=lambda o:o==1, __instancecheck__=lambda o:isinstance(1,o), __missing__=lambda o:o, __getattr__=lambda o:o.foo, __getattribute__=lambda o:o.foo, __setattr__=lambda o:setattr(o,'a',1), __delattr__=lambda o:delattr(o,'a'), __iadd__=lambda o:exec('o+=1', {}, {'o':o}), __fspath__=lambda o:__import__('os').fspath(o), __get__=lambda o:type('X',(),{'a':o})().a, __set__=lambda o:setattr(type('X',(),{'a':o})(),'a',1), __pow__=lambda o:pow(o,2), __matmul__=lambda o:o@1, __divmod__=lambda o:divmod(o,1), __aiter__=lambda o:aiter(o), __anext__=anext, __buffer__=memoryview, __del__=lambda o:1)
import sys
sys.unraisablehook=lambda u: print('unraisable', u.exc_value, u.err_msg)
for n, f in ops.items():
    X = type('X', (), {n: property(booh)})
    x = X()
    try: r = f(x); r = r if isinstance(r,(int,bool)) and n!='__hash__' else str(r).split(' at ')[0]
    except BaseException as e: r=type(e).__name__+str(e)
    print(n, r)
    del x
for n in '__init__','__new__':
    X = type('X', (), {n: property(booh)})
    try: X()
    except BaseException as e: print(n, type(e), e)
import gc
class Descriptor(object):
    counter = 0
    def __get__(self, obj, objtype=None):
        def getter(name):
            self.counter += 1
            raise AttributeError(name)
        return getter
descr = Descriptor()
class A(object):
    __getattribute__ = descr
class B(object):
    __getattr__ = descr
class C(object):
    __getattribute__ = descr
    __getattr__ = descr
for X in A,B,C:
    try: X().attr
    except Exception as e: print(type(e), e)
    print(descr.counter)
class Evil(object):
    def __getattr__(self, name):
        raise AttributeError(name + " of __getattr__")
    def __getattribute__(self, name):
        del Evil.__getattr__
        gc.collect()
        raise AttributeError(name)
try: Evil().attr
except AttributeError as e: print(repr(e))
class Half(Evil):
    def __getattr__(self, name): return name
    def __getattribute__(self, name):
        del Half.__getattr__
        raise AttributeError(name)
print(Half().attr)
