# States of decoders of line ends that are none, given and taken.
import _io

class Index:
    def __index__(self): return 3

class Decoder:
    def __init__(self, state): self.state = state
    def getstate(self): return self.state
    def setstate(self, state): print("set", state)

STATES = [(), (1,), (b"", 5, 6), (b"", "x"), (b"", 1.5), (b"", True), (b"", 2**64 + 1), (b"", -1), (b"", 2**200), (b"", 2**63),
          (b"", Index()), (None, 6), 5, [b"", 1], None]

for state in STATES:
    decoder = _io.IncrementalNewlineDecoder(None, True)
    try: print(decoder.setstate(state), decoder.getstate())
    except TypeError as e: print(e)
    decoder = _io.IncrementalNewlineDecoder(Decoder(state), True)
    try: print(decoder.getstate())
    except TypeError as e: print(e)
    try: print(decoder.setstate(state))
    except TypeError as e: print(e)
