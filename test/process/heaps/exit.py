import sys
x=[1,2,3]
def f():
    loc=[object()]
    sys.exit(0)
f()
