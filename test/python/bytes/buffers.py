# Classes that lend bytes: __buffer__ and __release_buffer__.
class B:
    def __init__(self): self.b = bytearray(b"hello"); self.n = 0
    def __buffer__(self, flags): print("get", flags); self.n += 1; return memoryview(self.b)
    def __release_buffer__(self, v): print("release", type(v)); self.n -= 1; v.release()
b = B()
m = memoryview(b); print(m.tolist(), b.n, m.obj is b); m[0] = 72; m.release(); print(b.b, b.n)
print(bytes(b), b"x" + bytes(b), bytearray(b))
class C(bytearray):
    def __release_buffer__(self, v): print("C", v.tolist(), len(v))
c = C(b"abcd"); m = memoryview(c); m.release(); c.append(3); print(c)
try: print(c)
except ValueError as e: print(e)
class D:
    def __buffer__(self, f): return 3
class E:
    def __buffer__(self, f): 1/0
for k in D, E, object:
    try: memoryview(k())
    except Exception as e: print(type(e), e)
m = b"abc".__buffer__(0); print(m.tobytes(), m.obj, m.shape, m.format)
x = bytearray(b"ab"); m = x.__buffer__(1)
try: x.append(1)
except BufferError as e: print(e)
x.__release_buffer__(m); x.append(1); print(x)
try: x.__release_buffer__(3)
except TypeError as e: print(e)
try: b"q".__buffer__(1)
except BufferError as e: print(e)
