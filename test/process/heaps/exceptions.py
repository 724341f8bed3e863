errs=[]
def f(n):
    if n==0: raise ValueError("x"*n, [1,2,3])
    try: f(n-1)
    except ValueError as e: raise KeyError(n) from e
for i in range(20):
    try: f(i%5)
    except Exception as e: errs.append(e); e.add_note("hi")
try: raise ExceptionGroup("g",[ValueError(1), ExceptionGroup("h",[OSError(2,"x","y")])])
except* OSError as e: errs.append(e)
except* ValueError as e: errs.append(e)
errs += [UnicodeDecodeError("a",b"b",0,1,"c"), SyntaxError("a",("f",1,2,"t")), ImportError("a",name="b"), MemoryError(), StopIteration(3), RecursionError(), AttributeError("a",name="x",obj=errs)]
def r(): return r()
try: r()
except RecursionError as e: errs.append(e)
