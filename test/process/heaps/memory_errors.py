L=[]
for i in range(50):
    try: raise MemoryError("x")
    except MemoryError as e: L.append(e)
try: x=[0]*(1<<29)
except MemoryError as e: L.append(e)
try: b=bytearray(1<<30)
except MemoryError as e: L.append(e)
del L[:25]
try: "a"*(1<<31)
except (MemoryError,OverflowError) as e: L.append(e)
