"""Every native type and module: the names in it, their signatures, and which of them have a text."""
TYPES = """
object type int bool float complex str bytes bytearray memoryview tuple sys.version_info sys.flags sys.hash_info
sys.int_info sys.float_info sys.thread_info UnraisableHookArgs asyncgen_hooks list dict set frozenset range
slice NoneType ellipsis NotImplementedType function code cell method builtin_function_or_method builtin_method
method_descriptor classmethod_descriptor member_descriptor getset_descriptor wrapper_descriptor method-wrapper
mappingproxy property classmethod staticmethod super module types.SimpleNamespace frame traceback generator
coroutine coroutine_wrapper async_generator async_generator_asend async_generator_athrow
async_generator_wrapped_value anext_awaitable iterator callable_iterator list_iterator list_reverseiterator
tuple_iterator bytes_iterator bytearray_iterator str_iterator str_ascii_iterator range_iterator
longrange_iterator set_iterator dict_keys dict_values dict_items dict_keyiterator dict_valueiterator
dict_itemiterator dict_reversekeyiterator dict_reversevalueiterator dict_reverseitemiterator memory_iterator
managedbuffer enumerate reversed zip map filter types.GenericAlias generic_alias_iterator types.UnionType
NoDefaultType weakref.ReferenceType weakref.ProxyType weakref.CallableProxyType _buffer_wrapper BaseException
Exception ArithmeticError FloatingPointError OverflowError ZeroDivisionError AssertionError AttributeError
BufferError EOFError ImportError ModuleNotFoundError LookupError IndexError KeyError MemoryError NameError
UnboundLocalError OSError BlockingIOError ChildProcessError ConnectionError BrokenPipeError
ConnectionAbortedError ConnectionRefusedError ConnectionResetError FileExistsError FileNotFoundError
InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError
io.UnsupportedOperation ReferenceError RuntimeError NotImplementedError PythonFinalizationError RecursionError
StopAsyncIteration StopIteration SyntaxError IndentationError TabError SystemError TypeError ValueError
UnicodeError UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError Warning BytesWarning DeprecationWarning
EncodingWarning FutureWarning ImportWarning PendingDeprecationWarning ResourceWarning RuntimeWarning
SyntaxWarning UnicodeWarning UserWarning ExceptionGroup BaseExceptionGroup GeneratorExit KeyboardInterrupt
SystemExit _io._IOBase _io._RawIOBase _io.FileIO _io._BufferedIOBase _io.BytesIO _io.BufferedReader
_io.BufferedWriter _io.BufferedRandom _io._TextIOBase _io.TextIOWrapper _io.StringIO
_io.IncrementalNewlineDecoder _io._BytesIOBuffer itertools.count itertools.cycle itertools.repeat
itertools.chain itertools.islice itertools.takewhile itertools.dropwhile itertools.filterfalse itertools.starmap
itertools.accumulate itertools.compress itertools.pairwise itertools.batched itertools.zip_longest
itertools.product itertools.combinations itertools.permutations itertools.groupby itertools._grouper
"""
# What is not there, by type or module: see docs/modules.md.
MISSING = {
    "code": "__new__ co_lnotab",
    "frame": "f_trace_opcodes",
    "ExceptionGroup": "__weakref__",
    "itertools._grouper": "__new__",
    "module builtins": "_IncompleteInputError copyright credits exit help license quit",
    "module sys": "__interactivehook__ _baserepl _current_exceptions _get_cpu_count_config _git _home "
                  "activate_stack_trampoline deactivate_stack_trampoline getdlopenflags monitoring setdlopenflags",
    "module math": "__file__ erf erfc fma gamma lgamma sumprod",
    "module itertools": "_tee _tee_dataobject combinations_with_replacement tee",
    "module time": "CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME "
                   "CLOCK_TAI CLOCK_THREAD_CPUTIME_ID _STRUCT_TM_ITEMS altzone asctime clock_getres clock_gettime "
                   "clock_gettime_ns clock_settime clock_settime_ns ctime daylight get_clock_info gmtime localtime "
                   "mktime pthread_getcpuclockid strftime strptime struct_time timezone tzname tzset",
    "module _io": "BufferedRWPair",
}
PICKLING = "__reduce__ __setstate__ __sizeof__"  # of the iterators of itertools

import sys


def classes(root, found):
    if root not in found:
        found[root] = True
        for cls in type.__subclasses__(root):
            classes(cls, found)
    return found


def signature(value):
    return getattr(value, "__text_signature__", None)


def has_doc(value):
    value = value.__func__ if isinstance(value, staticmethod) else value
    return "doc" if isinstance(value.__doc__, str) else "-"


modules = {name: __import__(name) for name in "builtins sys gc math itertools time errno _io _weakref".split()}
for info in "version_info flags hash_info int_info float_info thread_info".split():
    getattr(sys, info)
found = {}
for cls in classes(object, {}):
    found.setdefault(cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}", cls)
for name in sorted(TYPES.split()):
    cls = found[name]
    print(name, signature(cls), has_doc(cls))
    gone = MISSING.get(name, "").split() + (PICKLING.split() if name.startswith("itertools.") else [])
    for attribute in sorted(set(vars(cls)) - set(gone)):
        value = vars(cls)[attribute]
        if attribute == "__doc__":
            print("   __doc__", type(value).__name__)
        elif type(value).__name__ in ("str", "tuple", "int", "NoneType"):
            print("  ", attribute)
        else:
            function = value.__func__ if isinstance(value, staticmethod) else value
            print("  ", attribute, type(value).__name__, signature(function), has_doc(value))
for name, module in modules.items():
    print("module", name, type(module.__doc__).__name__)
    for attribute in sorted(set(vars(module)) - set(MISSING.get("module " + name, "").split())):
        value = vars(module)[attribute]
        if type(value) is type(len):
            print("  ", attribute, signature(value), has_doc(value))
        elif attribute != "__loader__" and (type(value) is type or not attribute.startswith("_")):
            print("  ", attribute)
