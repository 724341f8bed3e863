from . import other
__all__ = ["other", "sub"]
