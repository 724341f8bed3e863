fs=[]
for i in range(100):
    ns={}
    exec(compile(f"def f{i}(a,b=1,*c,d=2,**e):\n  x={i}\n  def g(): return x+a\n  return g\n", f"file{i}", "exec"), ns)
    fs.append(ns[f"f{i}"]); fs.append(fs[-1](1))
for f in fs[::2]: f.attr=1; f.__doc__="d"; f.__annotations__
for k in range(3000): fs[0](k)()
def hot(n):
    t=0
    for i in range(n): t+=i*2 if i%3 else len([i])
    return t
hot(3000)
c=hot.__code__
list(c.co_lines()); list(c.co_positions()); c.co_code; c.co_varnames; c.co_consts; c.co_cellvars
c2=c.replace(co_name="zz")
lam=[lambda x=i: x for i in range(200)]
