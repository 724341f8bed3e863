"""What is left in gc.garbage at the end is warned of and, with DEBUG_UNCOLLECTABLE, shown."""
import gc
import warnings


class Node:
    def __repr__(self):
        return f"Node({gc is not None})"

    def __del__(self):
        print("end of", self)


warnings.simplefilter("always")
node = Node()
gc.garbage.append([node])
node.ring = gc.garbage
del node
gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
