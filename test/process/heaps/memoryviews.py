b=bytearray(range(200))
m=[memoryview(b), memoryview(b)[5:100:3], memoryview(b).cast("I"), memoryview(bytes(100)).cast("H"), memoryview(b).toreadonly(), memoryview(memoryview(b))]
hash(memoryview(bytes(10)))
t=m[4].tolist()
m[1].release()
it=iter(m[0]); next(it)
s=b[10:20]
c=bytes(m[4])
x=bytearray(); x.extend(b); del x[:50]
