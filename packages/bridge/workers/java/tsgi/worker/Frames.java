package tsgi.worker;

import java.nio.charset.StandardCharsets;

/** Frames (PROTOCOL.md): u32 length, u32 id, u8 kind, little-endian, then so many bytes. */
final class Frames {
    static final int PROTOCOL_VERSION = 1;
    static final int HEADER_SIZE = 9;
    static final int RESPONSE_WINDOW = 256 * 1024;

    static final int REQUEST = 1, DATA = 2, FAIL = 3, CANCEL = 4, WINDOW = 5, STOP = 6;
    static final int RESPONSE = 16, HEAD = 17, CHUNK = 18, END = 19, ERROR = 20, WANT = 21, LOG = 22, READY = 23, FAILED = 24;

    /** Flags of REQUEST. */
    static final int BODY_FOLLOWS = 1, HTTPS = 8;

    static final byte[] NOTHING = {};

    private Frames() {}

    static int u32(byte[] from, int at) {
        return from[at] & 255 | (from[at + 1] & 255) << 8 | (from[at + 2] & 255) << 16 | from[at + 3] << 24;
    }

    static void putU32(byte[] to, int at, int n) {
        to[at] = (byte) n;
        to[at + 1] = (byte) (n >> 8);
        to[at + 2] = (byte) (n >> 16);
        to[at + 3] = (byte) (n >> 24);
    }

    static byte[] u32(int n) {
        byte[] bytes = new byte[4];
        putU32(bytes, 0, n);
        return bytes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
