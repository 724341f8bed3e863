"""decimal: random operations in random contexts, formats and conversions, the same in every run."""
import warnings
from decimal import *
warnings.simplefilter("ignore")
N=240
x=11
def rnd(n):
    global x
    x=(x*6364136223846793005+1442695040888963407)%2**64
    return (x>>33)%n
R=[ROUND_CEILING,ROUND_FLOOR,ROUND_UP,ROUND_DOWN,ROUND_HALF_UP,ROUND_HALF_DOWN,ROUND_HALF_EVEN,ROUND_05UP]
def digits():
    k=rnd(10)
    n=[1,2,3,5,9,10,18,27,40,100][k]
    t=rnd(5)
    if t==0: s='9'*n
    elif t==1: s='1'+'0'*(n-1)
    elif t==2: s='5'+'0'*(n-1)
    else: s=''.join(str(rnd(10)) for _ in range(rnd(n)+1))
    return s
def num(small=False):
    k=rnd(40)
    if k==0: return Decimal(['NaN','sNaN','Infinity','-Infinity','NaN123','-sNaN9999999999999','-NaN'][rnd(7)])
    if k<3: return Decimal(('-' if rnd(2) else '')+'0E'+str(rnd(30)-15))
    e=rnd(9)
    exp=[0,-len(str(x))//2,rnd(20)-10,rnd(100)-50,rnd(2000)-1000,-rnd(8),0,-5,3][e]
    if small: exp=-rnd(12)
    return Decimal(('-' if rnd(2) else '')+digits()+'E'+str(exp))
def ctx():
    c=Context(prec=[1,2,3,5,9,16,28,34,50,100][rnd(10)], rounding=R[rnd(8)], Emin=-[0,1,10,99,999,999999][rnd(6)], Emax=[0,1,10,99,999,999999][rnd(6)], clamp=rnd(2), capitals=rnd(2), traps=[])
    return c
def show(v): return repr(v) if not isinstance(v,tuple) else '('+', '.join(map(show,v))+')'
un="abs exp ln log10 minus next_minus next_plus normalize plus to_integral to_integral_exact to_integral_value sqrt logb logical_invert number_class to_sci_string to_eng_string is_normal is_subnormal copy_abs copy_negate create_decimal".split()
bi="add compare compare_signal divide divide_int divmod max max_mag min min_mag multiply next_toward quantize remainder remainder_near subtract power compare_total compare_total_mag copy_sign logical_and logical_or logical_xor rotate same_quantum scaleb shift".split()
def logi(): return Decimal(''.join(str(rnd(2)) for _ in range(rnd(30)+1)))
def run(c,f,*a):
    try: r=show(getattr(c,f)(*a))
    except Exception as e: r=type(e).__name__+str(e)
    fl=[s.__name__ for s,v in c.flags.items() if v]
    c.clear_flags()
    setcontext(Context())
    print(f,[str(i) for i in a],c.prec,c.rounding[6:],c.Emin,c.Emax,c.clamp,'->',r,fl)
for i in range(N):
    c=ctx()
    k=rnd(10)
    if k<3:
        f=un[rnd(len(un))]
        a=num(f in('exp','ln','log10')) if f!='logical_invert' else logi()
        if f=='exp' and a.is_finite() and a and a.adjusted()>6: continue
        run(c,f,a)
    elif k<9:
        f=bi[rnd(len(bi))]
        a,b=num(f=='power'),num(f=='power')
        if f.startswith('logical'): a,b=logi(),logi()
        if f in('rotate','shift','scaleb') and rnd(4): b=Decimal(rnd(60)-30)
        if f=='power':
            if rnd(2): b=Decimal(rnd(60)-30)
            elif b.is_finite() and b.adjusted()>4: continue
        if f=='quantize' and rnd(2): b=Decimal((0,(1,),rnd(20)-10))
        if f=='next_toward' and rnd(4)==0: b=a
        run(c,f,a,b)
    else:
        if rnd(2): run(c,'fma',num(),num(),num())
        else: run(c,'power',Decimal(rnd(10**6)-5*10**5),Decimal(rnd(1000)),Decimal(rnd(10**5)-50000))
fm=['','g','e','f','%','.3f','.0f','.5e','10.2f','+.2f',' ,.4f','010.3f','<20','^20.2g','*=15,.1f','x>12','08,','020,.3f','.10g','.1g','E','G','F','z.1f','z','-z.2f','#','n','.5n',',.0%','015,.2e','_<5','=+12','.0e','.30f','1','01','00','N','.','abc','<010','>0','0<8','\0<8','\0^9.2f','é^9',',,','.3','5.','_']
for i in range(N//3):
    c=ctx(); setcontext(c)
    a=num(); s=fm[rnd(len(fm))]
    if a.is_finite() and abs(a.adjusted())>300 : continue
    try: r=repr(format(a,s))
    except Exception as e: r=type(e).__name__+str(e)
    setcontext(Context())
    print('format',a,repr(s),c.rounding,r)
setcontext(Context(traps=[InvalidOperation]))
for i in range(N//3):
    a=num(); setcontext(Context(traps=[InvalidOperation]))
    for f in [lambda:hash(a) if not a.is_qnan() else 0,lambda:int(a) if abs(a.adjusted())<200 else 0,lambda:float(a),lambda:complex(a),lambda:round(a),lambda:round(a,rnd(5)),lambda:a.as_tuple(),lambda:a.as_integer_ratio() if abs(a.adjusted())<200 else 0,lambda:a.__floor__() if abs(a.adjusted())<200 else 0,lambda:a.__ceil__() if abs(a.adjusted())<200 else 0,lambda:a==float(a),lambda:a<1.5,lambda:a.adjusted(),lambda:str(a),lambda:a.to_eng_string(),lambda:-a,lambda:+a,lambda:bool(a),lambda:a//3,lambda:7%a,lambda:3**a if a.adjusted()<3 else 0,lambda:divmod(a,10),lambda: a>num(), lambda:a==num(), lambda:a==3+0j]:
        try: r=repr(f())
        except Exception as e: r=type(e).__name__+str(e)
        print(a,r)
