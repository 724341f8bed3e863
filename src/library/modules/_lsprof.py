"""What cProfile is made of: a profiler that sys.monitoring tells of calls and returns, of Python's functions and native ones.

For each function there is an entry, for each that another calls one in that one's; of the calls that are under way there is a
stack of contexts. An entry is a list: the function's code or name, how often it was called, how often by itself, seconds (or
units of the timer) with and without what it called, how many calls of it are under way, and the entries of what it calls.
"""

import sys
from collections import namedtuple
from time import perf_counter_ns
from types import BuiltinFunctionType, MethodDescriptorType, ModuleType

__all__ = ["Profiler", "profiler_entry", "profiler_subentry"]

profiler_entry = namedtuple(
    "profiler_entry", ["code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"], module="_lsprof"
)
profiler_subentry = namedtuple(
    "profiler_subentry", ["code", "callcount", "reccallcount", "totaltime", "inlinetime"], module="_lsprof"
)

_CODE, _COUNT, _RECURSIVE, _TOTAL, _INLINE, _LEVEL, _CALLS = range(7)

# Fields of a context.
_ENTRY, _KEY, _BEGIN, _BELOW = range(4)

_monitoring = sys.monitoring
_events = _monitoring.events
_MISSING = _monitoring.MISSING
_TOOL = _monitoring.PROFILER_ID

_CALLBACKS = [
    (_events.PY_START, "_pystart_callback"),
    (_events.PY_RESUME, "_pystart_callback"),
    (_events.PY_THROW, "_pystart_callback"),
    (_events.PY_RETURN, "_pyreturn_callback"),
    (_events.PY_YIELD, "_pyreturn_callback"),
    (_events.PY_UNWIND, "_pyreturn_callback"),
    (_events.CALL, "_ccall_callback"),
    (_events.C_RETURN, "_creturn_callback"),
    (_events.C_RAISE, "_creturn_callback"),
]


class _Unraisable:
    """Has an exception reported that nobody can be given: as an object is that fails while it goes."""

    def __init__(self, error):
        self.error = error

    def __del__(self):
        raise self.error


def _builtin(function, receiver):
    """The native function that a call of `function` is one of, None where it is none."""
    if type(function) is BuiltinFunctionType:
        return function
    if type(function) is MethodDescriptorType and receiver is not _MISSING:
        try:
            bound = function.__get__(receiver, type(receiver))
        except TypeError:
            return None
        return bound if type(bound) is BuiltinFunctionType else None
    return None


def _name(function):
    """What a native function is called, without itself: it may belong to an object."""
    owner = function.__self__
    if owner is None or isinstance(owner, ModuleType):
        module = function.__module__
        if module is not None and module != "builtins":
            return f"<{module}.{function.__name__}>" if owner is None else f"<built-in method {module}.{function.__name__}>"
        return f"<built-in method builtins.{function.__name__}>"
    method = getattr(type(owner), function.__name__, None)
    if method is not None:
        return repr(method)
    return f"<built-in method {function.__name__}>"


class Profiler:
    """Profiler(timer=None, timeunit=0.0, subcalls=True, builtins=True)

    A profiler. timer returns the time: seconds, or ints that are timeunit seconds each. subcalls is whether it is kept who
    calls what, builtins whether native functions count.
    """

    def __init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True):
        timeunit = float(timeunit)
        self._timer = timer
        self._unit = timeunit
        self._subcalls = bool(subcalls)
        self._builtins = bool(builtins)
        self._enabled = False
        self._in_timer = False
        self._entries = {}
        self._stack = []
        # The clock's nanoseconds, seconds of a timer without a unit, or its units.
        self._factor = 1e-9 if timer is None else timeunit or 1.0

    def _now(self):
        if self._timer is None:
            return perf_counter_ns()
        self._in_timer = True
        try:
            now = self._timer()
            if self._unit:
                if not isinstance(now, int):
                    raise TypeError(f"'{type(now).__name__}' object cannot be interpreted as an integer")
            elif not isinstance(now, (int, float)):
                raise TypeError(f"must be real number, not {type(now).__name__}")
            return now
        except BaseException as error:
            _Unraisable(error)
            return 0
        finally:
            self._in_timer = False

    def _enter(self, key):
        """`key`: a code object, or the name of a native function."""
        entries = self._entries
        entry = entries.get(key)
        if entry is None:
            entry = entries[key] = [key, 0, 0, 0, 0, 0, {}]
        stack = self._stack
        if stack and self._subcalls:
            calls = stack[-1][_ENTRY][_CALLS]
            below = calls.get(key)
            if below is None:
                below = calls[key] = [entry[_CODE], 0, 0, 0, 0, 0, None]
            below[_LEVEL] += 1
        entry[_LEVEL] += 1
        context = [entry, key, 0, 0]
        stack.append(context)
        context[_BEGIN] = self._now()

    def _leave(self, key):
        if not self._stack:
            return
        if key in self._entries:
            self._stop()
        else:
            self._stack.pop()

    def _stop(self):
        total = self._now()
        stack = self._stack
        if not stack:
            return
        context = stack.pop()
        total -= context[_BEGIN]
        inline = total - context[_BELOW]
        ended = [context[_ENTRY]]
        if stack:
            stack[-1][_BELOW] += total
            below = stack[-1][_ENTRY][_CALLS].get(context[_KEY]) if self._subcalls else None
            if below is not None:
                ended.append(below)
        for entry in ended:
            entry[_LEVEL] -= 1
            if entry[_LEVEL] == 0:
                entry[_TOTAL] += total
            else:
                entry[_RECURSIVE] += 1
            entry[_INLINE] += inline
            entry[_COUNT] += 1

    def _pystart_callback(self, code, offset, *rest):
        if self._enabled and (self._builtins or code is not _DISABLE):
            self._enter(code)

    def _pyreturn_callback(self, code, offset, value):
        if self._enabled:
            self._leave(code)

    def _ccall_callback(self, code, offset, function, receiver):
        if self._enabled and self._builtins:
            native = _builtin(function, receiver)
            if native is not None:
                self._enter(_name(native))

    def _creturn_callback(self, code, offset, function, receiver):
        if self._enabled and self._builtins:
            native = _builtin(function, receiver)
            if native is not None:
                self._leave(_name(native))

    def enable(self, subcalls=None, builtins=None):
        """enable(subcalls=True, builtins=True)

        Begins to collect; what is not given stays as it is.
        """
        if subcalls is not None:
            self._subcalls = bool(subcalls)
        if builtins is not None:
            self._builtins = bool(builtins)
        try:
            _monitoring.use_tool_id(_TOOL, "cProfile")
        except ValueError:
            raise ValueError("Another profiling tool is already active") from None
        events = 0
        for event, name in _CALLBACKS:
            _monitoring.register_callback(_TOOL, event, getattr(self, name))
            events |= event
        self._enabled = True
        _monitoring.set_events(_TOOL, events)

    def disable(self):
        """disable()

        Ends collecting.
        """
        if self._in_timer:
            raise RuntimeError("cannot disable profiler in external timer")
        if not self._enabled:
            return
        # What is called from here on is not the program's.
        self._enabled = False
        _monitoring.set_events(_TOOL, 0)
        for event, _ in _CALLBACKS:
            _monitoring.register_callback(_TOOL, event, None)
        _monitoring.free_tool_id(_TOOL)
        while self._stack:
            self._stop()

    def clear(self):
        """clear()

        Forgets what has been collected.
        """
        if self._in_timer:
            raise RuntimeError("cannot clear profiler in external timer")
        self._entries.clear()
        self._stack.clear()

    def getstats(self):
        """getstats() -> list of profiler_entry objects

        What has been collected: of each function its code, or a str for a native one, how often it was called, how often by
        itself, the seconds with and without what it called, and of that a list of profiler_subentry objects, or None.
        """
        factor = self._factor

        def figures(entry):
            code = entry[_CODE] if entry[_CODE] is not _DISABLE else "<method 'disable' of '_lsprof.Profiler' objects>"
            return code, entry[_COUNT], entry[_RECURSIVE], entry[_TOTAL] * factor, entry[_INLINE] * factor

        stats = []
        for entry in self._entries.values():
            if entry[_COUNT] == 0:
                continue
            calls = [profiler_subentry(*figures(below)) for below in entry[_CALLS].values() if below[_COUNT]]
            stats.append(profiler_entry(*figures(entry), calls or None))
        return stats


#: This call is under way when collecting ends. It counts as what it is to a program: a native method.
_DISABLE = Profiler.disable.__code__
