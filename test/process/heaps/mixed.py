import sys
big=[bytes(i) for i in range(0,300000,30011)]+[bytearray(i) for i in range(0,300000,30011)]+["x"*i for i in range(0,300000,30011)]+[(1,)*i for i in range(0,30000,3001)]+[[1]*i for i in range(0,30000,3001)]
del big[::2]
s=[{j for j in range(i)} for i in range(0,5000,500)]
u=["é"*100000, "€"*100000, "😀"*100000]
for x in u: x.encode()
t=tuple(range(21)); [tuple(range(i)) for i in range(30)]
m=[[None]*40 for i in range(3000)]
del m[500:2900]
