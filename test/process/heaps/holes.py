L=[[i] for i in range(200000)]
k=L[::4999]
del L
x=[object() for i in range(100000)]
y=x[::3333]
del x
z=["s%d"%i for i in range(100000)]
del z[1::2]
