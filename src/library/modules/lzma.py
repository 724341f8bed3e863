"""Files and data that are compressed with LZMA: the formats xz and LZMA alone, and raw data.

What stands for a file is LZMAFile; open() gives one, or a text stream over it. compress() and decompress() take data as a
whole, LZMACompressor and LZMADecompressor as it comes.
"""

__all__ = [
    "CHECK_NONE", "CHECK_CRC32", "CHECK_CRC64", "CHECK_SHA256", "CHECK_ID_MAX", "CHECK_UNKNOWN",
    "FILTER_LZMA1", "FILTER_LZMA2", "FILTER_DELTA", "FILTER_X86", "FILTER_IA64", "FILTER_ARM", "FILTER_ARMTHUMB",
    "FILTER_POWERPC", "FILTER_SPARC",
    "FORMAT_AUTO", "FORMAT_XZ", "FORMAT_ALONE", "FORMAT_RAW",
    "MF_HC3", "MF_HC4", "MF_BT2", "MF_BT3", "MF_BT4", "MODE_FAST", "MODE_NORMAL",
    "PRESET_DEFAULT", "PRESET_EXTREME",
    "LZMACompressor", "LZMADecompressor", "LZMAFile", "LZMAError",
    "open", "compress", "decompress", "is_check_supported",
]

import builtins
import io
import os

import _compression
from _lzma import *
from _lzma import _decode_filter_properties, _encode_filter_properties


class LZMAFile(_compression.BaseStream):
    """A binary file whose data is compressed on its way to another, or decompressed on its way from it."""

    def __init__(self, filename=None, mode="r", *, format=None, check=-1, preset=None, filters=None):
        """filename is a path, which is opened, or a file that has read() or write(), which is not closed with this one.

        mode is "r", "w", "a" or "x", with or without a "b". For reading, format is FORMAT_AUTO unless told otherwise,
        and check and preset cannot be given; for writing it is FORMAT_XZ, and all of them mean what they mean to
        LZMACompressor. Raw data needs filters in both directions.
        """
        self._fp = None
        self._closefp = False
        self._writes = mode not in ("r", "rb")
        if self._writes:
            if mode not in ("w", "wb", "a", "ab", "x", "xb"):
                raise ValueError(f"Invalid mode: {mode!r}")
            self._compressor = LZMACompressor(FORMAT_XZ if format is None else format, check, preset, filters)
            self._pos = 0
        else:
            if check != -1:
                raise ValueError("Cannot specify an integrity check when opening a file for reading")
            if preset is not None:
                raise ValueError("Cannot specify a preset compression level when opening a file for reading")
        if isinstance(filename, (str, bytes, os.PathLike)):
            self._fp = builtins.open(filename, mode if "b" in mode else mode + "b")
            self._closefp = True
        elif hasattr(filename, "read") or hasattr(filename, "write"):
            self._fp = filename
        else:
            raise TypeError("filename must be a str, bytes, file or PathLike object")
        if not self._writes:
            raw = _compression.DecompressReader(
                self._fp,
                LZMADecompressor,
                trailing_error=LZMAError,
                format=FORMAT_AUTO if format is None else format,
                filters=filters,
            )
            self._buffer = io.BufferedReader(raw)

    def close(self):
        """Writes what is left, and closes the file if it was opened here. More than one call does no harm."""
        if self.closed:
            return
        try:
            if self._writes:
                self._fp.write(self._compressor.flush())
                self._compressor = None
            else:
                self._buffer.close()
                self._buffer = None
        finally:
            fp, self._fp = self._fp, None
            if self._closefp:
                self._closefp = False
                fp.close()

    @property
    def closed(self):
        """Whether close() has been called."""
        return self._fp is None

    @property
    def name(self):
        self._check_not_closed()
        return self._fp.name

    @property
    def mode(self):
        return "wb" if self._writes else "rb"

    def fileno(self):
        """The descriptor of the file with the compressed data."""
        self._check_not_closed()
        return self._fp.fileno()

    def seekable(self):
        """Whether seek() can be called: where the file is read, and the other can."""
        return self.readable() and self._buffer.seekable()

    def readable(self):
        """Whether the file is read."""
        self._check_not_closed()
        return not self._writes

    def writable(self):
        """Whether the file is written."""
        self._check_not_closed()
        return self._writes

    def peek(self, size=-1):
        """Bytes that stay unread: at least one, except at the end, however many are asked for."""
        self._check_can_read()
        return self._buffer.peek(size)

    def read(self, size=-1):
        """Up to size bytes, or all there are; none at the end."""
        self._check_can_read()
        return self._buffer.read(size)

    def read1(self, size=-1):
        """Up to size bytes, with as few reads of the other file as can be."""
        self._check_can_read()
        return self._buffer.read1(io.DEFAULT_BUFFER_SIZE if size < 0 else size)

    def readline(self, size=-1):
        """A line with its end, or the first size bytes of it."""
        self._check_can_read()
        return self._buffer.readline(size)

    def write(self, data):
        """Takes bytes of some kind to be compressed, and returns how many there were.

        They may be in the other file only after close().
        """
        self._check_can_write()
        if not isinstance(data, (bytes, bytearray)):
            data = memoryview(data)
        length = len(data) if isinstance(data, (bytes, bytearray)) else data.nbytes
        self._fp.write(self._compressor.compress(data))
        self._pos += length
        return length

    def seek(self, offset, whence=io.SEEK_SET):
        """Moves to offset from the beginning, from here or from the end, and returns the new position.

        The data up to there is decompressed, and backwards from the beginning.
        """
        self._check_can_seek()
        return self._buffer.seek(offset, whence)

    def tell(self):
        """The position in the data."""
        self._check_not_closed()
        return self._pos if self._writes else self._buffer.tell()


def open(filename, mode="rb", *, format=None, check=-1, preset=None, filters=None, encoding=None, errors=None, newline=None):
    """Opens a compressed file, binary unless mode has a "t".

    The arguments up to filters are those of LZMAFile, the rest those of a text stream.
    """
    text = "t" in mode
    if text:
        if "b" in mode:
            raise ValueError(f"Invalid mode: {mode!r}")
    elif encoding is not None:
        raise ValueError("Argument 'encoding' not supported in binary mode")
    elif errors is not None:
        raise ValueError("Argument 'errors' not supported in binary mode")
    elif newline is not None:
        raise ValueError("Argument 'newline' not supported in binary mode")
    file = LZMAFile(filename, mode.replace("t", ""), format=format, check=check, preset=preset, filters=filters)
    return io.TextIOWrapper(file, io.text_encoding(encoding), errors, newline) if text else file


def compress(data, format=FORMAT_XZ, check=-1, preset=None, filters=None):
    """Compresses data as a whole; the other arguments are those of LZMACompressor."""
    compressor = LZMACompressor(format, check, preset, filters)
    return compressor.compress(data) + compressor.flush()


def decompress(data, format=FORMAT_AUTO, memlimit=None, filters=None):
    """Decompresses data as a whole, several streams one behind the other; what is none behind them does not matter.

    The other arguments are those of LZMADecompressor.
    """
    parts = []
    while True:
        decompressor = LZMADecompressor(format, memlimit, filters)
        try:
            part = decompressor.decompress(data)
        except LZMAError:
            if not parts:
                raise
            break
        parts.append(part)
        if not decompressor.eof:
            raise LZMAError("Compressed data ended before the end-of-stream marker was reached")
        data = decompressor.unused_data
        if not data:
            break
    return b"".join(parts)
