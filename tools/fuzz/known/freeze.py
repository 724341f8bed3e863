# seen: blocks are left over
# What gc.freeze() set aside is not given back when the process is taken down: the permanent generation is not cleared.
import gc
gc.freeze()
