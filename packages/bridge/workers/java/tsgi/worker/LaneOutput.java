package tsgi.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** What leaves on a lane: frames, which {@link #flush} sends with one write. */
final class LaneOutput {
    private static final int USUAL_SIZE = 64 * 1024;

    private final FileOutputStream output;
    private byte[] buffer = new byte[USUAL_SIZE];
    private int size;

    LaneOutput(FileOutputStream output) {
        this.output = output;
    }

    synchronized void send(int kind, int id, byte[] payload) {
        begin(kind, id, payload.length);
        put(payload, 0, payload.length);
    }

    synchronized void send(int kind, int id, byte[] bytes, int at, int length) {
        begin(kind, id, length);
        put(bytes, at, length);
    }

    /** A whole response. */
    synchronized void sendResponse(int id, byte[] head, int headLength, byte[] body, int at, int length) {
        begin(Frames.RESPONSE, id, 4 + headLength + length);
        room(4);
        Frames.putU32(buffer, size, headLength);
        size += 4;
        put(head, 0, headLength);
        put(body, at, length);
    }

    synchronized void flush() {
        if (size == 0) return;
        try {
            output.write(buffer, 0, size);
        } catch (IOException closed) {
            throw new PeerGone();
        } finally {
            size = 0;
            if (buffer.length > USUAL_SIZE) buffer = new byte[USUAL_SIZE];
        }
    }

    private void begin(int kind, int id, int length) {
        room(Frames.HEADER_SIZE + length);
        Frames.putU32(buffer, size, length);
        Frames.putU32(buffer, size + 4, id);
        buffer[size + 8] = (byte) kind;
        size += Frames.HEADER_SIZE;
    }

    private void put(byte[] bytes, int at, int length) {
        room(length);
        System.arraycopy(bytes, at, buffer, size, length);
        size += length;
    }

    private void room(int length) {
        if (size + length > buffer.length) buffer = Arrays.copyOf(buffer, Math.max(size + length, buffer.length * 2));
    }
}
