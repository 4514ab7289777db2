"""What the exercise applications in Python send and count: the same for all, so that they differ in their framework alone."""
import time

HELLO = 'Hello, World!\n'
LARGE = 'a' * 8000
PAUSE = 0.15
PIECE = 64 * 1024
PIECES = 320
# Bytes of an upload after which it is refused.
ENOUGH = 256 * 1024


def lines():
    yield b'one\n'
    time.sleep(PAUSE)
    yield b'two\n'
    time.sleep(PAUSE)
    yield b'three\n'


def pieces():
    for piece in range(PIECES):
        yield bytes([piece % 256]) * PIECE


def events():
    yield b'data: 1\n\n'
    time.sleep(PAUSE)
    yield b'data: 2\n\n'


def partial():
    yield b'partial'
    time.sleep(0.05)
    raise RuntimeError('secret: the body fails')


def waiting(observe):
    """Streams nothing more until the client has left. Without bytes to send, a server looks for that when it is given none."""
    try:
        yield b'waiting'
        while True:
            time.sleep(0.05)
            yield b''
    finally:
        observe()


def observer(errors, case):
    """Reports that a client has left: to the log, where the kit reads it."""
    return lambda: errors.write(f'observed {case} left\n')


def count(stream, enough=float('inf')):
    size = 0
    while size < enough:
        part = stream.read(65536)
        if not part:
            break
        size += len(part)
    return size
