package tsgi.worker;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What arrives on a lane. Whichever thread waits for something reads, and the others wait for it: with one thread, as is
 * usual, nothing is handed over.
 */
final class LaneInput {
    /** A frame: its payload is {@code data} from {@code start} to {@code end}. Called with the lock held. */
    interface Receiver {
        void take(int kind, int id, byte[] data, int start, int end);
    }

    private static final int RECEIVE_SIZE = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FileInputStream input;
    private final Receiver receiver;
    private byte[] buffer = new byte[RECEIVE_SIZE];
    /** Bytes in the buffer, which begin a frame. */
    private int size;
    private boolean reading;
    private boolean ended;

    LaneInput(FileInputStream input, Receiver receiver) {
        this.input = input;
        this.receiver = receiver;
    }

    /** Makes a change that another thread may wait for. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is a value, and reads meanwhile.
     *
     * @param value is called with the lock held, and returns null where there is none yet
     * @throws PeerGone where nothing can arrive any more
     */
    <T> T await(Supplier<T> value) {
        lock.lock();
        try {
            for (;;) {
                T found = value.get();
                if (found != null) return found;
                if (ended) throw new PeerGone();
                if (reading) changed.awaitUninterruptibly();
                else read();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a value for some time, while other threads read.
     *
     * @return null where there was none in time
     */
    <T> T await(Supplier<T> value, long milliseconds) {
        long left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
        lock.lock();
        try {
            for (;;) {
                T found = value.get();
                if (found != null || left <= 0) return found;
                if (ended) throw new PeerGone();
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            // By the application, of its own thread: the lane has no use for it.
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads what comes next, unless another thread does already. So the end of a lane is seen while its thread is in a handler.
     *
     * @return whether more can arrive
     */
    boolean readOnce() {
        lock.lock();
        try {
            if (!reading && !ended) read();
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        reading = true;
        lock.unlock();
        int got = -1;
        try {
            got = input.read(buffer, size, buffer.length - size);
        } catch (IOException broken) {
            // As its end.
        }
        lock.lock();
        reading = false;
        if (got < 0) ended = true;
        else takeAll(got);
        changed.signalAll();
    }

    private void takeAll(int got) {
        size += got;
        int at = 0;
        while (size - at >= Frames.HEADER_SIZE) {
            int start = at + Frames.HEADER_SIZE;
            int end = start + Frames.u32(buffer, at);
            if (end > size) {
                if (end - at > buffer.length) {
                    buffer = Arrays.copyOfRange(buffer, at, at + Math.max(end - at, buffer.length));
                    size -= at;
                    return;
                }
                break;
            }
            receiver.take(buffer[at + 8], Frames.u32(buffer, at + 4), buffer, start, end);
            at = end;
        }
        if (at == 0) return;
        size -= at;
        if (buffer.length > RECEIVE_SIZE && size <= RECEIVE_SIZE) buffer = Arrays.copyOfRange(buffer, at, at + RECEIVE_SIZE);
        else System.arraycopy(buffer, at, buffer, 0, size);
    }
}
