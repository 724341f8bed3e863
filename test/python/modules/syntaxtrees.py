# The classes of syntax trees, and the rules by which nodes are made.
import _ast
import warnings

warnings.simplefilter('always')
warnings.showwarning = lambda m, c, *a, **k: print(c.__name__, m)
A = _ast.AST
print(A.__basicsize__, A.__dictoffset__, A.__weakrefoffset__, A.__doc__, A.__module__, A.__text_signature__)
print(sorted(A.__dict__), A.__init__.__text_signature__)
for n, c in _ast.__dict__.items():
    if isinstance(c, type) and c is not A and not n.startswith("__"):
        print(n, c.__base__, c.__basicsize__, c.__dictoffset__, c.__weakrefoffset__)
        print(*(f"  {k}: {v!r}\n" for k, v in c.__dict__.items()), sep="")
    elif n.startswith("Py"):
        print(n, c)
def t(f,*a,**k):
    try: print(f(*a,**k))
    except Exception as e: print(type(e).__name__, e)
def d(f,*a,**k):
    try: x=f(*a,**k); print(sorted(x.__dict__), sorted(x.__reduce__()[2] if len(x.__reduce__()) > 2 else []), x.__reduce__()[:2])
    except Exception as e: print(type(e).__name__, e)
N=_ast.Name
d(N); d(N,'x'); d(N,'x',3,4); d(N,id='x',ctx=_ast.Load()); d(N,'x',id=3); d(N,foo=3); d(N,'x',lineno=3)
d(_ast.FunctionDef,'x'); d(_ast.Load); d(_ast.Load,1); d(A); d(A,1); d(A,x=1); d(_ast.BinOp)
class B(A): _fields=('a','b')
d(B); d(B,1); d(B,1,2); d(B,a=1,c=2)
class C(A): _fields=('a','b'); _field_types={'a':int}
d(C); d(C,1)
class D(_ast.Name): pass
d(D); d(D,'x')
print(_ast.Load() is _ast.Load(), _ast.Name('x').ctx is _ast.Name('y').ctx)
import copy, pickle
x=_ast.BinOp(_ast.Name('x'),_ast.Add(),_ast.Constant(3),lineno=3)
y=copy.deepcopy(x); print(sorted(y.__dict__), y.left.id)
z=pickle.loads(pickle.dumps(x)); print(z.left.id)
del A._fields
d(N,'x')
t(lambda: A.x)
A.x=3
print(N.x); del A.x
A._fields=()
match x:
    case _ast.BinOp(_ast.Name(i),_ast.Add()): print(i)
x.x=x
import ast
print(ast.dump(z), ast.AST is A)
