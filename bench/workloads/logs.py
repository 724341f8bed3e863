# Module logging: messages that nobody wants, messages that are formatted and written.
import io
import logging
import zlib

SMALL, SIZE = 20, 12000


def work(n):
    stream = io.StringIO()
    logger = logging.getLogger("bench.logs")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(message)s"))
    logger.addHandler(handler)
    for i in range(n):
        logger.debug("nobody sees number %d", i)
        logger.info("number %d of %s", i, "many")
        if logger.isEnabledFor(logging.DEBUG):
            raise AssertionError
        if i % 5 == 0:
            logger.warning("a plain text")
    logger.removeHandler(handler)
    out = stream.getvalue()
    return len(out), zlib.crc32(out.encode())


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
