# seen: blocks are left over (Zone, datetime.time, dict, dict keys, getset_descriptor)
# What a datetime refers to is not seen by the collector, in CPython 3.13 neither: a cycle through its time zone stays.
import _datetime

class Zone(_datetime.tzinfo): pass

Zone.time = _datetime.time(tzinfo=Zone())
