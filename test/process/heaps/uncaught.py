class MyErr(Exception):
    def __init__(s,*a): s.p=a
def f(n):
    x={"n":n}
    if n: f(n-1)
    raise MyErr(1,2)
f(20)
