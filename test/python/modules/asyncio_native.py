# Futures and tasks of _asyncio: states, callbacks, cancelling, errors, and what they tell their loop when they die.
import asyncio
import _asyncio
import contextvars
import gc

print(asyncio.Future is _asyncio.Future, asyncio.Task.__mro__[1] is _asyncio.Future)


def attempt(f, *args):
    try:
        return f(*args)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


async def futures():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    print(fut._state, fut.done(), attempt(fut.result), attempt(fut.exception))
    order = []
    fut.add_done_callback(lambda f: order.append(1))
    fut.add_done_callback(order.append)
    fut.add_done_callback(order.append)
    print(len(fut._callbacks), fut.remove_done_callback(order.append), len(fut._callbacks))
    print(fut.set_result(7), attempt(fut.set_result, 8), await fut, fut._callbacks)
    await asyncio.sleep(0)
    print(order)
    fut = loop.create_future()
    fut.set_exception(KeyError)
    print(attempt(fut.result), fut._log_traceback, attempt(setattr, fut, "_log_traceback", True))
    fut = loop.create_future()
    stop = StopIteration(1)
    fut.set_exception(stop)
    print(attempt(fut.result), fut.exception().__cause__ is stop)
    fut = loop.create_future()
    print(fut.cancel("why"), fut.cancel(), fut.cancelled(), repr(attempt(fut.result)), fut._cancel_message)
    print(attempt(loop.create_future().set_exception, 3))

    class Twice:
        def __eq__(self, other):
            if len(fut._callbacks or ()) > 2:
                fut._callbacks[1:].clear()
                fut.__init__(loop=loop)
            return False

    fut = loop.create_future()
    for _ in range(4):
        fut.add_done_callback(Twice())
    print(fut.remove_done_callback(print), fut._callbacks)
    it = iter(loop.create_future())
    print(next(it)._state, attempt(next, it))
    print(attempt(it.throw, 3), attempt(it.throw, ValueError("thrown")), it.close(), attempt(next, it))


async def tasks():
    loop = asyncio.get_running_loop()

    async def add(n):
        await asyncio.sleep(0)
        return n + 1

    t = asyncio.create_task(add(1), name="adder")
    print(t.get_name(), asyncio.current_task() is t, t in asyncio.all_tasks(), t._coro.__name__)
    print(await t, t.get_stack(), attempt(t.set_result, 1))

    async def stubborn():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError as e:
            print("asked", e.args, asyncio.current_task().cancelling())
            asyncio.current_task().uncancel()
        return "went on"

    t = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    print(t._fut_waiter is not None, t.cancel("stop"), await t, t.cancelled(), t.cancelling())
    t = asyncio.create_task(asyncio.sleep(100))
    print(t.cancel("early"), t._must_cancel)
    print(repr(await asyncio.gather(t, return_exceptions=True)))

    class Yields:
        def __init__(self, value):
            self.value = value

        def __await__(self):
            yield self.value

    async def awaits(o):
        await Yields(o)

    for bad in (5, (i for i in ())):
        r = await asyncio.gather(awaits(bad), return_exceptions=True)
        print(type(r[0]).__name__, str(r[0]).split("<")[0])

    async def itself():
        await asyncio.current_task()

    r = await asyncio.gather(itself(), return_exceptions=True)
    print(type(r[0]).__name__, str(r[0]).split("<")[0])

    v = contextvars.ContextVar("v", default=0)

    async def sets():
        v.set(v.get() + 1)
        return v.get()

    c = contextvars.copy_context()
    print(await asyncio.create_task(sets(), context=c), await asyncio.create_task(sets(), context=c), v.get(), c[v])
    loop.set_task_factory(asyncio.eager_task_factory)
    t = asyncio.create_task(add(5))
    done = asyncio.create_task(sets())
    print(t.done(), done.done(), done.result(), await t)
    loop.set_task_factory(None)


def deaths():
    told = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: told.append((context["message"], sorted(context))))
    fut = loop.create_future()
    fut.set_exception(ValueError("nobody asked"))
    del fut
    task = loop.create_task(asyncio.sleep(100))
    loop.run_until_complete(asyncio.sleep(0))
    task._log_destroy_pending, keep = True, task._coro
    del task
    loop._ready.clear()
    loop._scheduled.clear()
    gc.collect()
    print(told[0])
    loop.close()
    print(attempt(asyncio.Future), attempt(_asyncio.Future.__new__(_asyncio.Future).get_loop))
    print(attempt(asyncio.Task, 3), attempt(asyncio.get_running_loop))
    keep.close()


def entering():
    loop, one, two = "loop", "one", "two"
    print(_asyncio._enter_task(loop, one), attempt(_asyncio._enter_task, loop, two))
    print(attempt(_asyncio._leave_task, loop, two), _asyncio.current_task(loop))
    print(_asyncio._swap_current_task(loop, two), _asyncio._leave_task(loop, two), attempt(_asyncio._leave_task, loop, two))


asyncio.run(futures())
asyncio.run(tasks())
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    deaths()
entering()
