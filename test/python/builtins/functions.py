"""What the functions of builtins return, and the messages of what they refuse."""
import sys
def t(f,*a,**k):
    try: print(f(*a,**k))
    except BaseException as e: print(type(e).__name__, e)
t(abs,-3); t(abs,"x"); t(bin,10); t(bin,-10); t(oct,8); t(hex,255); t(hex,1.5); t(chr,8364); t(chr,-1); t(chr,1<<40); t(chr,1114112); t(chr,"a")
t(ord,"a"); t(ord,b"a"); t(ord,"ab"); t(ord,1); t(ord,bytearray(b"z")); t(divmod,7,3); t(divmod,-7,3); t(divmod,1); t(divmod,1,0); t(pow,2,10); t(pow,2,10,7); t(pow,2,-1,7); t(pow,base=2,exp=3); t(pow,2)
t(round,2.5); t(round,3.5); t(round,2.567,2); t(round,1234,-2); t(round,"x"); t(round,2.5,None); t(round,number=2.4,ndigits=1)
t(all,[]); t(all,[1,0]); t(any,[]); t(any,[0,1]); t(all,1); t(any,[1],2)
t(sum,[1,2,3]); t(sum,[0.1]*10); t(sum,[1,2.5,3]); t(sum,["a"]); t(sum,["a"],""); t(sum,[[1],[2]],[]); t(sum,[1e16,1,-1e16]); t(sum,[2**62,2**62]); t(sum,[True,True]); t(sum,[b""],b""); t(sum); t(sum,1); t(sum,[1],start=5); t(sum,[1],2,3); t(sum, iterable=[1])
t(min,1,2); t(min,[]); t(min,[],default=3); t(min,[3,1,2],key=lambda x:-x); t(max,"a","b","c"); t(max); t(max,1,2,default=3); t(max,1); t(max,[1,"a"]); t(min,[1,2],foo=1); t(max,None,key=None)
t(sorted,[3,1,2]); t(sorted,[3,1,2],reverse=True); t(sorted,"bca",key=ord); t(sorted); t(sorted,[1],[2]); t(sorted,1); t(sorted,[1],foo=2)
t(iter,1); t(iter,1,2); t(next,iter([])); t(next,iter([]),5); t(next,1); t(next); t(next,iter([1]))
t(getattr,1,"x"); t(getattr,1,"real"); t(getattr,1,"x",7); t(getattr,1); t(getattr,1,2); t(hasattr,1,"real"); t(hasattr,1,"zz"); t(setattr,1,"x",2); t(delattr,1,"x"); t(hasattr,1,1)
t(isinstance,1,int); t(isinstance,1,(str,int)); t(isinstance,1,1); t(isinstance,1,int|str); t(issubclass,bool,int); t(issubclass,1,int); t(issubclass,int,1)
t(callable,len); t(callable,1); t(hash,1); t(hash,[]); t(len,[1]); t(len,1); t(repr,"a'"); t(ascii,"é"); t(format,1.5,".3f"); t(format,1,"x"); t(format,"a",5); t(format,[1],"x")
t(vars,1); t(dir,1,2); t(vars); t(len); t(len,1,2); t(id); t(callable)
class A:
    z=1
    def __init__(self): self.q=1
    def __dir__(self): return ["b","a"]
t(vars,A()); t(dir,A())
t(lambda *a: eval(compile(*a)),"1+1","f","eval"); t(compile,"1+","f","eval"); t(compile,"1","f","bad"); t(compile,1,"f","exec"); t(compile,"a\0b","f","exec"); t(compile,"x","f","exec",1<<30); t(compile,"x","f","exec",0,0,5); t(compile,"x"); t(compile,"x","f",3); t(compile,"x",1.5,"exec")
t(eval,"1+1"); t(eval," \t1+1"); t(eval,"x",{"x":5}); t(eval,"y",{"x":5}); t(eval,"x",{},{"x":6}); t(eval,"x",1); t(eval,"x",{},1); t(eval,1); t(eval,"a b"); t(eval,compile("x","f","eval"),{"x":9})
t(exec,"print(5)"); t(exec,"a=1",1); t(exec,"a=1",{},1); t(exec,1); g={}; t(exec,"a=1",g); print(sorted(g)); t(exec,"a",{},closure=()); t(exec,(lambda:0).__code__,{},closure=1)
def outer():
    v=1
    def inner(): return v
    return inner
t(exec,outer().__code__); t(exec,outer().__code__,closure=outer().__closure__); t(eval,outer().__code__)
t(__import__,""); t(__import__,1); t(__import__,"zzz"); t(__import__,"sys"); t(__import__,"x",level=-1); t(__import__,"x",level=1); t(__import__,"x",{"__package__":""},level=1); t(__import__,"sys.x")
t(print,1,2,sep="-",end="!\n"); t(print,1,sep=1); t(print,1,end=2); t(print,1,file=3); t(print,x=1); t(print,"a",flush=1)
t(__build_class__); t(__build_class__,1,2); t(__build_class__,lambda:0,2)
t(input,1,2); t(breakpoint) if 0 else None
t(map); t(filter,1)
