"""Prints, as JSON lines, what CPython's native texts are like: owner, name, kind, the signature that stands in the C
string (null: none), and how long the text after it is (null: there is no string). The texts themselves are not printed.

usage: python3.13 -I -S tools/oracle/doc_facts.py [MODULE ...]
"""
import ctypes, json, sys


def pointer(address): return ctypes.c_void_p.from_address(address).value


def raw(value, kind):
    """The C string of a native object, bytes or None."""
    offset, doc = {"method_descriptor": (40, 24), "classmethod_descriptor": (40, 24), "member_descriptor": (40, 32),
                   "getset_descriptor": (40, 24), "wrapper_descriptor": (40, 32),
                   "builtin_function_or_method": (16, 24), "staticmethod": (16, 24)}[kind]
    return text(pointer(pointer(id(value) + offset) + doc))


def text(address): return None if address is None else ctypes.string_at(address).decode()


def show(owner, name, kind, doc, called):
    signature = None
    if doc is not None and kind not in ("member_descriptor", "getset_descriptor", "module"):
        end = doc.find(")\n--\n\n")
        paragraph = doc.find("\n\n")
        if doc.startswith(called + "(") and end >= 0 and not 0 <= paragraph < end:
            signature, doc = doc[len(called):end + 1], doc[end + 6:]
    print(json.dumps([owner, name, kind, signature, None if doc is None else len(doc)]))


def classes(root, found):
    if root not in found:
        found[root] = True
        for cls in type.__subclasses__(root): classes(cls, found)
    return found


modules = {}
for name in sys.argv[1:]:
    # An owner may be a type that is no module.
    try: modules[name] = __import__(name)
    except ImportError: pass
for cls in classes(object, {}):
    name = cls.__qualname__ if cls.__module__ == "builtins" else cls.__module__ + "." + cls.__qualname__
    show("type " + name, "", "type", text(pointer(id(cls) + 176)), name.rpartition(".")[2])
    for attribute, value in cls.__dict__.items():
        kind = type(value).__name__
        if kind == "staticmethod": value = value.__func__
        if kind == "staticmethod" and type(value).__name__ != "builtin_function_or_method": continue
        if kind == "staticmethod" or kind.endswith("_descriptor") or kind == "builtin_function_or_method":
            show("type " + name, attribute, kind, raw(value, kind), attribute)
for name, module in modules.items():
    show("module " + name, "", "module", module.__doc__, name)
    for attribute, value in vars(module).items():
        if type(value).__name__ == "builtin_function_or_method":
            show("module " + name, attribute, "builtin_function_or_method", raw(value, "builtin_function_or_method"),
                 value.__name__)
class Shared: pass
for name in "__dict__", "__weakref__":
    show("shared", name, "getset_descriptor", raw(Shared.__dict__[name], "getset_descriptor"), name)
