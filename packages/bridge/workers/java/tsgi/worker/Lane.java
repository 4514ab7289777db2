package tsgi.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.apache.tomcat.util.net.SocketEvent;

/** A lane: a socket and the thread that answers what arrives on it, in order. */
final class Lane {
    /** How often a request that waits for its own threads looks at its time limit and says that it waits, in milliseconds. */
    private static final long PULSE = 1000;

    private static final class Arrived {
        final int id;
        final byte[] payload;
        boolean isCancelled;

        Arrived(int id, byte[] payload) {
            this.id = id;
            this.payload = payload;
        }
    }

    private static final Arrived STOPPED = new Arrived(0, Frames.NOTHING);
    private static final byte[] NO_DATA = {};

    private static final ThreadLocal<Lane> OF_THREAD = new ThreadLocal<>();

    private final LaneInput input;
    private final LaneOutput output;
    private final ArrayDeque<Arrived> requests = new ArrayDeque<>();
    private final ArrayDeque<byte[]> data = new ArrayDeque<>();
    private final ArrayDeque<SocketEvent> events = new ArrayDeque<>();
    private volatile String failure;
    private volatile int window;
    private boolean stopping;
    private volatile boolean clientGone;
    private volatile RequestProcessor processor;
    /** The request at work; 0 is none. */
    private volatile int current;
    /** Of the last request that began. */
    private volatile long begun;

    Lane(int descriptor) {
        input = new LaneInput(Descriptors.input(descriptor), this::take);
        output = new LaneOutput(Descriptors.output(descriptor));
    }

    /** The lane of this thread, where it answers a request. */
    static Lane ofThread() {
        Lane lane = OF_THREAD.get();
        return lane == null || lane.current == 0 ? null : lane;
    }

    // What the worker does with it.

    /** Answers requests until it is stopped, or until nobody is there to ask. */
    void run() {
        OF_THREAD.set(this);
        try {
            for (Arrived request; (request = input.await(this::next)) != STOPPED;) {
                if (request.isCancelled) output.send(Frames.END, request.id, Frames.NOTHING);
                else processor.answer(request.id, request.payload);
                current = 0;
                output.flush();
            }
        } catch (PeerGone gone) {
            // Its worker ends as well.
        }
    }

    private Arrived next() {
        Arrived request = requests.poll();
        if (request == null) return stopping ? STOPPED : null;
        data.clear();
        events.clear();
        failure = null;
        clientGone = false;
        window = Frames.RESPONSE_WINDOW;
        current = request.id;
        begun++;
        return request;
    }

    /** Gives it who answers its requests. */
    void serve(RequestProcessor requests) {
        processor = requests;
    }

    boolean isServing() {
        return processor != null;
    }

    /** See {@link RequestProcessor#hold}. */
    void hold(String report) {
        processor.hold(report);
    }

    /** The number of the request that is at work, 0 where none is: another one each time. */
    long atWork() {
        return current == 0 ? 0 : begun;
    }

    /** Reads meanwhile, from another thread: see {@link LaneInput#readOnce}. */
    boolean readOnce() {
        return input.readOnce();
    }

    // What requests and their responses do with it. These may be called by threads of an asynchronous servlet.

    void send(int kind, byte[] payload) {
        output.send(kind, current, payload);
    }

    void sendResponse(byte[] head, int headLength, byte[] body, int at, int length) {
        output.sendResponse(current, head, headLength, body, at, length);
    }

    void flush() {
        output.flush();
    }

    void log(String text) {
        output.send(Frames.LOG, current, Frames.utf8(text));
        // What comes next may be the end of this process.
        output.flush();
    }

    /** Reports of the worker itself. */
    void announce(int kind, String payload) {
        output.send(kind, 0, Frames.utf8(payload));
        output.flush();
    }

    /** Bytes of the body of the request at work; none at its end. */
    byte[] want(int bytes) throws IOException {
        output.send(Frames.WANT, current, Frames.u32(bytes));
        output.flush();
        byte[] found = input.await(this::nextData);
        if (found != NO_DATA) return found;
        throw clientGone ? new ClientGone() : new IOException(failure);
    }

    private byte[] nextData() {
        byte[] found = data.poll();
        return found == null && (failure != null || clientGone) ? NO_DATA : found;
    }

    /** Sends bytes of the body, as there is room for them. */
    void chunk(byte[] bytes, int at, int length) throws ClientGone {
        for (int sent = 0; sent < length;) {
            int part = Math.min(takeRoom(length - sent), length - sent);
            if (part == 0) throw new ClientGone();
            output.send(Frames.CHUNK, current, bytes, at + sent, part);
            sent += part;
        }
        output.flush();
    }

    /** How many bytes may be sent, of so many; 0 where the client has left. */
    private int takeRoom(int wanted) {
        if (window <= 0) output.flush();
        return input.await(() -> {
            if (clientGone) return 0;
            if (window <= 0) return null;
            int part = Math.min(window, wanted);
            window -= part;
            return part;
        });
    }

    boolean isClientGone() {
        return clientGone;
    }

    /** Hands an event of an asynchronous request to the thread of the lane. */
    void post(SocketEvent event) {
        input.change(() -> events.add(event));
    }

    /**
     * The next event of an asynchronous request: ERROR where its client leaves.
     *
     * @param pulse is run each second until there is one
     */
    SocketEvent nextEvent(Runnable pulse) {
        boolean knew = clientGone;
        for (;;) {
            SocketEvent event = input.await(() -> {
                SocketEvent next = events.poll();
                return next == null && clientGone && !knew ? SocketEvent.ERROR : next;
            }, PULSE);
            if (event != null) return event;
            // It waits because the application wants it to: that is no hang.
            log("");
            pulse.run();
        }
    }

    // Frames that arrive.

    private void take(int kind, int id, byte[] from, int start, int end) {
        if (kind == Frames.REQUEST) {
            requests.add(new Arrived(id, Arrays.copyOfRange(from, start, end)));
        } else if (kind == Frames.STOP) {
            stopping = true;
        } else if (kind == Frames.CANCEL && id != current) {
            for (Arrived request : requests) if (request.id == id) request.isCancelled = true;
        } else if (id == current) {
            switch (kind) {
                case Frames.DATA -> data.add(Arrays.copyOfRange(from, start, end));
                case Frames.WINDOW -> window += Frames.u32(from, start);
                case Frames.CANCEL -> clientGone = true;
                case Frames.FAIL -> failure = new String(from, start, end - start, StandardCharsets.UTF_8);
                default -> { }
            }
        }
    }
}
