# The loop of tools/fuzz/natives.ts, after hostile.py, shapes.py and the recipes. It finds what can be called by walking
# the types and modules, and makes one call after another.
#
# The clock is the line to the host: each reading of time.time() gives the number of a case, from which all that happens
# in it follows, or in parts of a second, or 2 ** 53 at the end. In the mode that lets allocations fail, the host counts them from
# a short sleep before the call to one after it.

def excluded(name):
    for n in EXCLUDED:
        if name == n or (n[-1:] == "*" and name.startswith(n[:-1])): return True
    return False

def walk():
    # All are imported before their types are asked for.
    modules = [__import__(name) for name in sys.builtin_module_names] + [sys.monitoring]
    types = {}
    def visit(t):
        if t in types: return
        types[t] = None
        for s in type.__subclasses__(t): visit(s)
    visit(object)
    # Types that this program or the library made have no native members of their own; the runtime's lie below None.
    for t in [t for t in types if id(t) >= id(None)]: del types[t]
    targets = []
    def add(name, receiver, call):
        if not excluded(name): targets.append((name, receiver, call))
    for t in types:
        where = f"{t.__module__}.{t.__qualname__}"
        add(where, None, t)
        for name, v in t.__dict__.items():
            kind = type(v).__name__
            full = f"{where}.{name}"
            if kind in ("getset_descriptor", "member_descriptor"):
                add(full + ".__get__", t, v.__get__)
                add(full + ".__set__", t, v.__set__)
                add(full + ".__delete__", t, v.__delete__)
            elif kind in ("wrapper_descriptor", "method_descriptor"):
                add(full, t, v)
            elif callable(v) or kind in ("classmethod", "staticmethod", "classmethod_descriptor"):
                add(full, type if name == "__new__" else None, getattr(t, name))
    for m in modules:
        for name, v in list(m.__dict__.items()):
            if type(v).__name__ == "builtin_function_or_method" or callable(v) and not isinstance(v, type):
                add(f"{m.__name__}.{name}", None, v)
    targets.sort(key=lambda t: t[0])
    return targets

TARGETS = walk()
SHAPES = [(n, f) for n, f in globals().items() if n[:3] == "op_"]
NSHAPES = len(SHAPES)
NTARGETS = len(TARGETS)
ARGUMENTS = [i for i, (s, r, f) in enumerate(RECIPES) if not r]
SMALL = [i for i, (s, r, f) in enumerate(RECIPES) if s in ("0", "1", "2", "5", "True", "Index()", "Int()", "Arith()", "IntSub(3)", "None", "-1")]
# Two of three arguments are hostile.
HOSTILE = [n for n, c in list(globals().items()) if isinstance(c, type) and c.__module__ == "__main__"] + ["act"]
HOT = [i for i in ARGUMENTS if any(n in RECIPES[i][0] for n in HOSTILE)]
ARGUMENTS += HOT * (2 * len(ARGUMENTS) // len(HOT))
NARGUMENTS = len(ARGUMENTS)
KEYWORDS = []

def instances():
    found = {}
    for i, (source, r, f) in enumerate(RECIPES):
        STATE[1] = LIMIT
        try: o = f()
        except BaseException: continue
        for t in type(o).__mro__: found.setdefault(t, []).append(i)
    return found

RECEIVERS = instances()

def keywords(call):
    text = getattr(call, "__text_signature__", None)
    if type(text) is not str: return None
    return [p.split("=")[0].strip("$/*() ") for p in text.strip("()").split(",") if p.split("=")[0].strip("$/*() ").isidentifier()]

for name, receiver, call in TARGETS: KEYWORDS.append(keywords(call) or None)

def case(n):
    """What the case does: (name, callable, recipes of positional arguments, keyword or None, seed, how often)."""
    seed = n % 1048573 + 1
    n, kind = divmod(n, 16)
    if kind < 5:
        n, t = divmod(n, NSHAPES)
        name, call = SHAPES[t]
        n, a = divmod(n, NARGUMENTS)
        n, b = divmod(n, NARGUMENTS)
        return name, call, [ARGUMENTS[a], ARGUMENTS[b]], None, seed, 4
    n, t = divmod(n, NTARGETS)
    name, receiver, call = TARGETS[t]
    n, count = divmod(n, 4)
    args = []
    if receiver is not None:
        fits = RECEIVERS.get(receiver)
        if fits and kind != 15:
            n, a = divmod(n, len(fits))
            args.append(SMALL[a % len(SMALL)] if name in SLOW else fits[a])
        else: count += 1
    pool = SMALL if name in SLOW else ARGUMENTS
    size = len(pool)
    for i in range(count):
        n, a = divmod(n, size)
        args.append(pool[a])
    word = None
    words = KEYWORDS[t]
    if words and kind > 12:
        n, a = divmod(n, len(words))
        word = words[a]
    return name, call, args, word, seed, 1

def explain(n):
    name, call, args, word, seed, times = case(n)
    print("-- the case --")
    print(name)
    print(word or "")
    print(seed)
    print(times)
    for a in args: print(RECIPES[a][0])

def settle(name):
    """No function that a case has set is called in the next one."""
    if sys.gettrace() is not None: sys.settrace(None)
    if sys.getprofile() is not None: sys.setprofile(None)
    if name[:14] == "sys.monitoring":
        m = sys.monitoring
        for tool in range(6):
            for event in range(17): m.register_callback(tool, 1 << event, None)
            if m.get_tool(tool) is not None:
                m.set_events(tool, 0)
                m.free_tool_id(tool)

# How often the loop has failed since it came to a case.
FAILURES = [0]

def loop():
    clock = lambda read=time.time: round(read() * 2 ** 20)
    makers = [f for s, r, f in RECIPES]
    state = STATE
    victims = VICTIMS
    failures = FAILURES
    n = clock()
    while n < 2 ** 53:
        failures[0] = 0
        name, call, chosen, word, seed, times = case(int(n))
        TARGET[0] = call
        while times:
            times -= 1
            state[0] = seed
            state[1] = LIMIT
            args = None
            armed = False
            try:
                args = [makers[i]() for i in chosen]
                victims[:] = args
                state[1] = 0
                armed = True
                arm()
                if word is None: r = call(*args)
                elif args: r = call(*args[:-1], **{word: args[-1]})
                else: r = call()
            except BaseException: pass
            if armed: disarm()
            # What the case made goes while it can still act.
            r = None
            victims.clear()
            args = None
        state[1] = LIMIT
        settle(name)
        n = clock()

# What outlives the cases that have it as an argument.
LASTING = [c for c in globals().values() if type(c) in (type, Meta, MetaLie) and c.__module__ == "__main__"]
LASTING += [f for f in globals().values() if type(f) is type(act)] + [sys.monitoring, sys.implementation]
ATTRIBUTES = [dict(o.__dict__) for o in LASTING]
OF_FUNCTIONS = ["__annotations__", "__defaults__", "__doc__", "__kwdefaults__", "__module__", "__name__", "__qualname__"]
FUNCTIONS = [(f, {n: getattr(f, n) for n in OF_FUNCTIONS}) for f in LASTING if type(f) is type(act)]
# The collector looks for no cycles through the names of classes, which may be of a subclass of str.
NAMES = [(c, c.__name__, c.__qualname__) for c in LASTING if isinstance(c, type)]
# They take any object for the name of their module.
BUILTINS = [(f, f.__module__) for f in gc.get_objects() if type(f) is type(len)]

def run():
    # A collection that a case asks for looks at what cases have made.
    gc.freeze()
    while True:
        # What a case has left to trace the loop may raise in it, and what it has left to profile it in the next call.
        try:
            loop()
            break
        except BaseException:
            FAILURES[0] += 1
            if FAILURES[0] > 20: raise
            # What profiles the call that is to let allocations work again fails as they do; but it is gone then.
            try: disarm()
            except BaseException: pass
            try: VICTIMS.clear()
            except BaseException: VICTIMS.clear()
    # What cases have left as attributes goes: there may be cycles that the collector does not see (known/datetime.py).
    for o, attributes in zip(LASTING, ATTRIBUTES):
        of = type if isinstance(o, type) else object
        for name in list(o.__dict__):
            try:
                # This one cannot be deleted.
                if name == "__type_params__": of.__setattr__(o, name, ())
                elif name not in attributes: of.__delattr__(o, name)
                elif o.__dict__[name] is not attributes[name]: of.__setattr__(o, name, attributes[name])
            except BaseException: pass
    for f, attributes in FUNCTIONS:
        for name, v in attributes.items(): object.__setattr__(f, name, v)
    for c, name, qualname in NAMES:
        type.__setattr__(c, "__name__", name)
        type.__setattr__(c, "__qualname__", qualname)
    for f, module in BUILTINS: f.__module__ = module
    # What was warned of is kept, to be warned of once.
    globals().pop("__warningregistry__", None)
    sys.modules["_warnings"]._onceregistry.clear()
    if "typing" in sys.modules:
        for clear in sys.modules["typing"]._cleanups: clear()
    if "_asyncio" in sys.modules: sys.modules["_asyncio"]._current_tasks.clear()
    # Nor does it see or break those of some instances and of properties (known/instance.py, known/property.py).
    for o in gc.get_objects():
        try:
            if isinstance(o, property): property.__init__(o)
            elif type(o).__module__ == "__main__": object.__getattribute__(o, "__dict__").clear()
        except BaseException: pass
    gc.unfreeze()

if EXPLAIN is None: run()
else: explain(EXPLAIN)
