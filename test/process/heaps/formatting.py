L=[f"{i:>10}{i!r:<5}{i*1.1:.3f}{i:,}{i:x}" for i in range(500)]
L+=["%s %d %r"%(i,i,i) for i in range(500)]
L+=["{} {a}".format(i,a=i) for i in range(100)]
r=repr([[1,2],{3:4},{5},(6,)]); a=ascii("é€😀")
b=[b"%d"%i for i in range(100)]
n=[int(str(i)*50) for i in range(100)]; f=[float(f"1.{i}") for i in range(100)]
"abc".translate(str.maketrans("a","b")); "a,b".split(","); "a\nb".splitlines(); "x".join(map(str,range(100)))
import math
[math.factorial(i) for i in range(50)]; math.fsum([0.1]*1000)
