import circ_a
from circ_a import x
y = 2
