import sys
L=[f"k{i}" for i in range(3000)]
for s in L[:1000]: sys.intern(s)
d={s:1 for s in L}
U=["é"*i for i in range(200)]+["€"*i for i in range(200)]+["😀"*i for i in range(200)]
for u in U[::2]: u.encode("utf-8"); hash(u)
sys.getsizeof(U[5])
import builtins
for u in U[:50]:
    try: exec(f"a_{u}=1")
    except Exception: pass
    try: getattr(builtins, u)
    except Exception: pass
t="".join(L)
tt=t
tt+="x"
m=str.maketrans("abc","xyz")
