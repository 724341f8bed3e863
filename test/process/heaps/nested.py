x=None
for i in range(20000): x=[x]
y=()
for i in range(5000): y=(y,i)
d={}
for i in range(3000): d={"d":d}
del y
