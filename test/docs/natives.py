"""Prints, as JSON, everything native that can have a text: by owner and name what it is, its signature, its __doc__."""
import sys


def classes(root):
    found = {}
    waiting = [root]
    while waiting:
        cls = waiting.pop()
        if cls not in found:
            found[cls] = True
            waiting.extend(reversed(type.__subclasses__(cls)))
    return found


DESCRIPTORS = ("method_descriptor", "classmethod_descriptor", "member_descriptor", "getset_descriptor",
               "wrapper_descriptor", "builtin_function_or_method", "staticmethod")
TABLE = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(value):
    if value is None:
        return "null"
    return '"' + "".join([TABLE.get(c, c) for c in value]) + '"'


def show(owner, name, kind, value):
    signature = getattr(value, "__text_signature__", None)
    doc = value.__doc__ if isinstance(value.__doc__, str) else None
    print("[" + ", ".join([quoted(owner), quoted(name), quoted(kind), quoted(signature), quoted(doc)]) + "]")


modules = {name: __import__(name) for name in sys.builtin_module_names}
modules["sys.monitoring"] = sys.monitoring
for cls in classes(object):
    # Classes that are not built-in may come and go; they have no entry.
    if id(cls) >= id(None):
        continue
    name = cls.__qualname__ if cls.__module__ == "builtins" else cls.__module__ + "." + cls.__qualname__
    show("type " + name, "", "type", cls)
    for attribute, value in cls.__dict__.items():
        kind = type(value).__name__
        if kind in DESCRIPTORS:
            show("type " + name, attribute, kind, value.__func__ if kind == "staticmethod" else value)
for name, module in modules.items():
    show("module " + name, "", "module", module)
    for attribute, value in vars(module).items():
        # Under another name, or in another module, it has no declaration of its own.
        if type(value).__name__ == "builtin_function_or_method" and value.__self__ is module and value.__name__ == attribute:
            show("module " + name, attribute, "builtin_function_or_method", value)
# The standard error handlers are had by asking for them only.
codecs = modules["_codecs"]
for name in ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogatepass",
             "surrogateescape"):
    handler = codecs.lookup_error(name)
    show("module _codecs", handler.__name__, "builtin_function_or_method", handler)
