package tsgi.worker;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Adapter;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.ErrorState;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.OutputBuffer;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.DispatchType;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Answers the requests of one lane by Tomcat's container, as AjpProcessor and Http11Processor do for theirs. */
final class RequestProcessor extends AbstractProcessor implements InputBuffer, OutputBuffer {
    /** Where a request of Tomcat's has its processor. */
    static final int NOTE = 20;

    private static final Log LOG = LogFactory.getLog(RequestProcessor.class);
    private static final int WANT = 64 * 1024;

    private final Lane lane;
    private final Executor threads;
    private final ResponseHead head = new ResponseHead();
    private String prefix = "";
    private boolean isClosed = true;

    // The body of the request.
    private ByteBuffer input = ByteBuffer.allocate(0);
    private boolean follows;
    private boolean inputEnded;

    // The response. While it has not begun, it may become one frame with its body.
    private boolean begun;
    private boolean ended;
    private long written;
    private long surplus;
    private byte[] held = new byte[8 * 1024];
    private int heldSize;
    private Throwable raised;
    private String report;

    RequestProcessor(Lane lane, Adapter adapter, Executor threads) {
        super(adapter);
        this.lane = lane;
        this.threads = threads;
        request.setInputBuffer(this);
        response.setOutputBuffer(this);
        request.setNote(NOTE, this);
    }

    /** What stands before the path that the application sees. */
    String prefix() {
        return prefix;
    }

    /** An error of the application that it has no page for. */
    void raised(Throwable error) {
        raised = error;
    }

    /** A report of Tomcat's about an error of the application, for the log where the bridge is not going to have it. */
    void hold(String text) {
        report = text;
    }

    /** Answers a request, however long its own threads take. */
    void answer(int id, byte[] payload) {
        begun = ended = false;
        written = surplus = heldSize = 0;
        raised = null;
        report = null;
        try {
            int flags = payload[0];
            int length = Frames.u32(payload, 1);
            follows = (flags & Frames.BODY_FOLLOWS) != 0;
            inputEnded = false;
            input = ByteBuffer.wrap(payload, 5 + length, payload.length - 5 - length);
            prefix = RequestHead.read(payload, 5, 5 + length, (flags & Frames.HTTPS) != 0, request);
            SocketEvent event = SocketEvent.OPEN_READ;
            while (process(null, event) == SocketState.LONG) event = nextEvent();
        } catch (IOException | RuntimeException error) {
            raised = error;
        } finally {
            end();
        }
    }

    private SocketEvent nextEvent() {
        SocketEvent event = lane.nextEvent(() -> timeoutAsync(System.currentTimeMillis()));
        if (event == SocketEvent.ERROR && lane.isClientGone() && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) == null) {
            request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, new ClientGone());
        }
        return event;
    }

    /** One end for each request, whatever became of it. */
    private void end() {
        Throwable error = raised != null ? raised : getErrorState().isError() ? whatBroke() : null;
        if (report != null && (error == null || lane.isClientGone() || ended)) lane.log(report);
        if (!ended) {
            if (lane.isClientGone()) lane.send(Frames.END, Frames.NOTHING);
            else if (error != null) lane.send(Frames.ERROR, Frames.utf8(Stacks.textOf(error)));
            else lane.send(Frames.END, Frames.NOTHING);
        }
        if (surplus > 0) lane.log("the application wrote " + surplus + " bytes more than its Content-Length says; they were not sent\n");
        isClosed = true;
        input = ByteBuffer.allocate(0);
        recycle();
        request.recycle();
        response.recycle();
    }

    private Throwable whatBroke() {
        Object error = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        return error instanceof Throwable thrown ? thrown : new IOException("the response was broken off");
    }

    // Requests.

    @Override
    protected SocketState service(SocketWrapperBase<?> none) {
        request.setRequestThread();
        request.setStartTimeNanos(System.nanoTime());
        isClosed = false;
        try {
            getAdapter().service(request, response);
        } catch (Exception error) {
            setErrorState(ErrorState.CLOSE_NOW, error);
        }
        return isAsync() && !getErrorState().isError() ? SocketState.LONG : SocketState.CLOSED;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        if (!fill()) return -1;
        handler.setByteBuffer(input.slice());
        int size = input.remaining();
        input.position(input.limit());
        return size;
    }

    /** Whether there are bytes of the body; waits for them. */
    private boolean fill() throws IOException {
        if (input.hasRemaining()) return true;
        if (!follows || inputEnded) return false;
        input = ByteBuffer.wrap(lane.want(WANT));
        inputEnded = !input.hasRemaining();
        return !inputEnded;
    }

    @Override
    public int available() {
        return input.remaining();
    }

    @Override
    protected int available(boolean doRead) {
        try {
            if (doRead) fill();
        } catch (IOException error) {
            setErrorState(ErrorState.CLOSE_NOW, error);
        }
        return input.remaining();
    }

    @Override
    protected boolean isRequestBodyFullyRead() {
        return !input.hasRemaining() && (!follows || inputEnded);
    }

    /** The thread of the lane has nothing else to do than to wait for the body. */
    @Override
    protected boolean isReadyForRead() {
        return available(true) > 0;
    }

    @Override
    protected void registerReadInterest() {}

    @Override
    protected void setRequestBody(ByteChunk body) {
        input = ByteBuffer.wrap(body.getBytes(), body.getStart(), body.getLength());
        follows = false;
    }

    @Override
    protected void disableSwallowRequest() {}

    /** The server sends 100 when the body is wanted. */
    @Override
    protected void ack(ContinueResponseTiming timing) {}

    @Override
    protected void earlyHints() {}

    // Responses.

    @Override
    protected void prepareResponse() {
        try {
            head.write(response);
        } catch (IllegalArgumentException error) {
            setErrorState(ErrorState.CLOSE_NOW, error);
            raised = error;
        }
    }

    @Override
    public int doWrite(ByteBuffer bytes) throws IOException {
        if (!response.isCommitted()) response.commit();
        int length = bytes.remaining();
        if (!getErrorState().isIoAllowed() || lane.isClientGone()) throw new ClientGone();
        long declared = response.getContentLengthLong();
        int size = declared < 0 ? length : (int) Math.min(length, Math.max(0, declared - written));
        surplus += length - size;
        byte[] array = arrayOf(bytes, size);
        int at = bytes.hasArray() ? bytes.arrayOffset() + bytes.position() : 0;
        bytes.position(bytes.limit());
        written += size;
        if (!begun && declared == size && size <= Frames.RESPONSE_WINDOW) {
            // It is whole.
            lane.sendResponse(head.bytes, head.size, array, at, size);
            lane.flush();
            ended = true;
        } else if (!ended && size > 0) {
            begin();
            lane.chunk(array, at, size);
        }
        return length;
    }

    private static byte[] arrayOf(ByteBuffer bytes, int size) {
        if (bytes.hasArray()) return bytes.array();
        byte[] array = new byte[size];
        bytes.duplicate().get(array);
        return array;
    }

    private void begin() {
        if (begun) return;
        begun = true;
        lane.send(Frames.HEAD, java.util.Arrays.copyOf(head.bytes, head.size));
    }

    @Override
    protected void flush() throws IOException {
        if (lane.isClientGone()) throw new ClientGone();
        if (ended || raised != null || !getErrorState().isIoAllowed()) return;
        begin();
        if (written == 0) lane.send(Frames.CHUNK, Frames.NOTHING);
        lane.flush();
    }

    @Override
    protected void finishResponse() {
        if (ended || raised != null || lane.isClientGone() || !getErrorState().isIoAllowed()) return;
        if (begun) lane.send(Frames.END, Frames.NOTHING);
        else lane.sendResponse(head.bytes, head.size, Frames.NOTHING, 0, 0);
        ended = true;
        lane.flush();
    }

    @Override
    public long getBytesWritten() {
        return written;
    }

    @Override
    protected void setSwallowResponse() {
        // What follows is not sent: see isIoAllowed.
    }

    /** Writing waits for room, so that it is always possible. */
    @Override
    protected boolean isReadyForWrite() {
        return true;
    }

    @Override
    protected boolean flushBufferedWrite() {
        return false;
    }

    @Override
    protected boolean isTrailerFieldsReady() {
        return true;
    }

    // Asynchronous requests.

    @Override
    protected void processSocketEvent(SocketEvent event, boolean dispatch) {
        lane.post(event);
    }

    @Override
    protected void executeDispatches() {
        for (var dispatches = getIteratorAndClearDispatches(); dispatches != null && dispatches.hasNext();) {
            DispatchType next = dispatches.next();
            lane.post(next.getSocketStatus());
        }
    }

    @Override
    protected void execute(Runnable work) {
        threads.execute(work);
    }

    @Override
    protected SocketState dispatchEndRequest() {
        return SocketState.CLOSED;
    }

    @Override
    public void pause() {}

    @Override
    protected ServletConnection getServletConnection() {
        return new LaneConnection(request.protocol().toString(), "https".equals(request.scheme().toString()));
    }

    @Override
    protected Log getLog() {
        return LOG;
    }
}
