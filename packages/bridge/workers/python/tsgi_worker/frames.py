"""Frames (PROTOCOL.md): u32 length, u32 id, u8 kind, little-endian, then the payload."""
import struct

PROTOCOL_VERSION = 1

# To a worker.
REQUEST, DATA, FAIL, CANCEL, WINDOW, STOP = 1, 2, 3, 4, 5, 6
# From a worker.
RESPONSE, HEAD, CHUNK, END, ERROR, WANT, LOG, READY, FAILED = 16, 17, 18, 19, 20, 21, 22, 23, 24

HEADER = struct.Struct('<IIB')
U32 = struct.Struct('<I')
# Of a REQUEST: flags and the length of the environ.
REQUEST_HEAD = struct.Struct('<BI')
# Of a RESPONSE: its header, and the length of the head.
RESPONSE_HEADER = struct.Struct('<IIBI')

# Flags of a REQUEST.
BODY_FOLLOWS, MULTIPROCESS, RUN_ONCE, HTTPS = 1, 2, 4, 8

# Bytes of a response that may be sent before the other side grants more.
RESPONSE_WINDOW = 256 * 1024


def frame(kind, id, payload):
    return HEADER.pack(len(payload), id, kind) + payload
