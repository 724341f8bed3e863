import gc
class N: pass
L=[]
for i in range(2000):
    a=N(); b=N(); a.b=b; b.a=a; a.l=[a]
    if i%10==0: L.append(a)
gc.collect()
gc.set_threshold(0)
for i in range(500):
    a=N(); a.me=a
gc.freeze()
for i in range(100):
    a=[]; a.append(a)
class D:
    def __del__(self): L.append(self)
for i in range(5):
    d=D(); d.d=d
del d
gc.collect()
gc.garbage.append([1])
gc.callbacks.append(lambda p,i: None)
gc.collect()
