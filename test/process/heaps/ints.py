L=[1<<i for i in range(3000)]
L+=[-x for x in L]
L+=[i*1.5 for i in range(1000)]
L+=[complex(i,i) for i in range(100)]
del L[::3]
big=10**20000
s=str(10**4000)
