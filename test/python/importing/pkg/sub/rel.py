from ..other import y as parent
