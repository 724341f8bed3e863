"""decimal: objects, contexts, signals, errors, subclasses, pickles, sizes; what runs Python in the middle."""
import copy, decimal, gc, math, pickle, sys
from decimal import *
from fractions import Fraction
def t(f,*a,**k):
    try: r=repr(f(*a,**k))
    except BaseException as e: r=f"{type(e).__name__}: {e}"
    print(r)
D=Decimal
print(decimal.HAVE_THREADS,decimal.HAVE_CONTEXTVAR,MAX_PREC,MAX_EMAX,MIN_EMIN,MIN_ETINY,decimal.__version__,decimal.__libmpdec_version__)
k=Context(); print(DefaultContext); print(BasicContext); print(ExtendedContext); print(k.flags)
for e in Clamped,Rounded,Inexact,Subnormal,Underflow,Overflow,DivisionByZero,FloatOperation,InvalidOperation,DecimalException,decimal.ConversionSyntax,decimal.DivisionImpossible,decimal.DivisionUndefined,decimal.InvalidContext: print(e,e.__bases__)
for v in "1","-0","1e5","  12_3.5 ","1__0","_1","1e","e5",".","","+","0x1","1.2.3","NaN","snan12","nan0012","-inf","InfinitY","infinit","1E9999999999999999999","1E-9999999999999999999","0E9999999999999999999","\u0661\u0662.\u0663","1\u00a0","1\0","\ud800",12,-5,True,10**50,-10**25,0.5,-0.0,1e300,5e-324,float("inf"),float("-inf"),float("nan"),(0,(1,2),3),[1,[4,5],-1],(1,(),"F"),(0,(1,2),"n"),(1,(3,),"N"),(0,(0,0,1),0),(2,(1,),0),(0,(10,),0),(0,"12",0),(0,(1,),"x"),(0,(1,),1.5),(0,(1,)),("0",(1,),0),(0,[1,2],1),None,b"1",1j,[],Fraction(1,2): t(D,v)
t(D); t(D,1,None); t(D,"x",Context(traps=[])); t(D,1,2); t(D,value="7")
t(D.from_float,0.1); t(D.from_float,3); t(D.from_float,"1"); t(D.from_float,float("-nan"))
c=Context(prec=3)
for v in "1234.5","NaN12345",12345,0.123456789,D("9.9999"),(0,(1,2,3,4),0),None,b"": t(c.create_decimal,v)
t(c.create_decimal); t(c.create_decimal,1,2); t(c.create_decimal_from_float,0.1234567); t(c.create_decimal_from_float,"a")
for a in "prec","Emax","Emin","rounding","capitals","clamp","traps","flags","foo":
    for v in 5,0,-1,"ROUND_UP","x",10**18,-10**18,10**30,1.5,None,[],{},[Inexact]: t(setattr,c,a,v)
    t(delattr,c,a)
print(c)
t(Context,prec=0); t(Context,prec="1"); t(Context,rounding=3); t(Context,flags=[Inexact,Rounded]); t(Context,traps=[ValueError]); t(Context,traps={}); t(Context,traps=dict.fromkeys(k.traps,True)); t(Context,9,"ROUND_UP",-5,5,0,1,[],[Overflow]); t(Context,1,2,3)
f=c.flags; f[Inexact]=1; print(f[Inexact],len(f),list(f)[:2],Inexact in f,f=={1:2}, f==c.flags, f==f.copy()); t(f.__getitem__,ValueError); t(f.__delitem__,Inexact); t(f.__setitem__,"a",1); t(hash,f); t(f.get,Inexact); t(f.pop,Inexact); print(type(f).__mro__[:3],type(f).__module__)
t(type(f)().__len__); t(repr,type(f)())
class Odd:
    def __bool__(self): raise KeyError("odd")
t(f.__setitem__,Inexact,Odd()); t(Context,traps={**k.traps,Inexact:Odd()})
with localcontext() as l:
    l.prec=5; print(D(1)/3, getcontext() is l)
    with localcontext(BasicContext,prec=7,rounding=ROUND_UP) as m: print(D(1)/3,m)
    print(D(2)/3)
print(D(2)/3); t(localcontext,1); t(localcontext,prec=0); t(setcontext,1)
setcontext(DefaultContext); print(getcontext() is DefaultContext, getcontext()==DefaultContext); setcontext(Context(prec=28))
getcontext().traps[FloatOperation]=True
t(D,0.5); t(lambda:D(1)<0.5); t(lambda:D("0.5")==0.5); t(getcontext().create_decimal,0.5); print(getcontext().flags[FloatOperation]); getcontext().traps[FloatOperation]=False
for op in "a+b","a-b","a*b","a/b","a//b","a%b","divmod(a,b)","a**b","a<b","a==b","a>=b":
    for a,b in (D(3),2),(7,D(2)),(D(3),2.5),(D(1),"x"),(None,D(1)),(D(3),Fraction(3,2)),(D("0.5"),Fraction(1,2)),(Fraction(1,3),D(1)),(D(1),1+0j),(D(2),3j),(D("NaN"),1),(D("sNaN"),1),(D(5),0),(0,D(0)),(D("Inf"),Fraction(1,2)),(D("1e999999"),D("1e999999")): t(eval,op,{"a":a,"b":b,"divmod":divmod})
t(pow,D(3),5,7); t(pow,3,D(5),D(7)); t(pow,D(3),-5,7); t(pow,D(3),5,0); t(pow,D("1.5"),5,7); t(pow,D(3),5,"x"); t(pow,D(10),D("1E+3"),D(97)); t(getcontext().power,2,10); t(getcontext().power,a=2,b=10,modulo=7)
for v in "3.7","-3.5","2.5","NaN","-sNaN","Infinity","1E+20","123456789012345678901234567890.5","0E-5","-0":
    d=D(v)
    for g in int,float,complex,round,math.floor,math.ceil,math.trunc,bool,str,repr,hash if not d.is_nan() else str,D.as_tuple,D.as_integer_ratio,D.adjusted,D.number_class,D.to_eng_string,D.normalize,D.logb,D.is_normal,D.radix,D.canonical,D.conjugate,lambda d:(d.real,d.imag): t(g,d)
    t(round,d,2); t(round,d,-1); t(round,d,1.5); t(round,d,10**30)
print(hash(D("1.5"))==hash(1.5)==hash(Fraction(3,2)),hash(D(10)**30)==hash(10**30),hash(D("1E+1000000")),hash(D("-1E-1000000")),hash(D("Inf"))==hash(math.inf))
class S(D):
    def __add__(self,o): return "S"
s=S("1.50"); s.x=1; print(repr(s),s+1,1+s,-s,type(-s),type(S.from_float(0.5)),S(s) is s,D(s) is s,type(D(s)),copy.copy(s).x,type(copy.deepcopy(s)),pickle.loads(pickle.dumps(s)).__class__)
for p in range(6): print(pickle.loads(pickle.dumps(D("-1.50E+7"),p)),pickle.loads(pickle.dumps(c,p)).prec)
print(copy.copy(c)==c,copy.copy(c).prec,c.copy().flags==c.flags,c.__reduce__())
print(sys.getsizeof(D(1)),sys.getsizeof(c),sys.getsizeof(c.flags),D(1).__sizeof__(),D(10**60).__sizeof__(),gc.is_tracked(D(1)),D.__basicsize__,Context.__basicsize__)
class C(Context):
    def __init__(self,*a,**k): super().__init__(*a,**k); self.extra=1
k=C(prec=4); setcontext(k); print(D(1)/3,getcontext() is k,k.extra,k.copy().__class__); setcontext(Context())

print(format(D("1234567.891"),",.2f"),f"{D(5):010}",f"{D('-5'):<8}|",f"{D('0.00001'):z.2f}",f"{D(3):é^9}",f"{D('sNaN123'):%}")
mk=lambda a: "".join(map(chr,a))
for sep,dot,gr in (",",".",[3,2,0]),("'","٫",[1]),("","x",[]),("..",".",[127]),("aaaaa",".",[3]),(",","",[3]),("\u2008","\u00b7",[3,127]): t(D("-12345678.9").__format__,"020n",dict(decimal_point=dot,thousands_sep=sep,grouping=mk(gr)))
t(D(1).__format__); t(D(1).__format__,1); t(D(1).__format__,"",1); t(D(1).__format__,"n",dict(decimal_point=1))
for m in "exp","ln","log10","sqrt","next_plus","logical_invert":
    for v in "0","1","-1","2","1E-30","Inf","-Inf","NaN9","1000","0.0001","10": t(getattr(D(v),m))
with localcontext(prec=400): print(D(2).sqrt(),D(3).ln(),D("0.1").exp(),D(7).log10(),D(2)**D("0.3"),D(1)/7)
with localcontext(prec=28,Emax=MAX_EMAX,Emin=MIN_EMIN) as l: t(lambda:D("1E+999999999999999999")*10); t(lambda:D("1E+500000000000000000")**2); t(lambda:D(2)**D("1E+20")); t(lambda:D("0.5")**D("1E+20")); t(lambda:D(10)**D(10)**17); t(D("2E+18").exp); t(D("-2.3E+18").exp); t(D("1E+999999999999999999").ln)
with localcontext(prec=MAX_PREC,Emax=MAX_EMAX,Emin=MIN_EMIN,traps=[]) as l: print(D(4)/2,D(9).sqrt(),D(1)/8,D(3)*5,D(7)//2,D("1E+3")+1)
a=D(7)**3000
with localcontext(prec=6000,traps=[Inexact]): n=D(7)**3000; print(int(n)==7**3000, D(7**3000)==n, n*n//n==n, (n*n).sqrt()==n, str(n)==str(7**3000), len(str(n*n)))
with localcontext(prec=30000): x=D(3)**30000; y=x*x; print(y/x==x, hash(y)==hash(3**60000), len(str(y)))
