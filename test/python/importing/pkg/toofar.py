from .. import other
from ...pkg import x
