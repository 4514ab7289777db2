package tsgi.worker;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import sun.misc.Signal;

/** Runs a servlet application for @tsgi/bridge (PROTOCOL.md): java tsgi.worker.Main APPLICATION SETTINGS. */
public final class Main {
    /** After standard input, output and error. */
    private static final int FIRST_LANE = 3;

    /** Makes this process write the stacks of its threads: one that no JVM has a use for. */
    private static final String STACK_SIGNAL = "USR1";

    /** For the end of the application, in milliseconds. */
    private static final long STOP_LIMIT = 10_000;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String settings = arguments[1];
        // Who serves decides when this process ends; a terminal and a service manager signal all of a group.
        for (String signal : List.of("INT", "TERM", "HUP")) Signal.handle(new Signal(signal), ignored -> {});
        Signal.handle(new Signal(STACK_SIGNAL), ignored -> System.err.print(Stacks.ofThreads()));

        List<String> classPath = Stream.of(System.getProperty("tsgi.classPath", "").split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty()).toList();
        List<Lane> lanes = new ArrayList<>();
        int count = Integer.parseInt(Json.member(settings, "lanes"));
        for (int i = 0; i < count; i++) lanes.add(new Lane(FIRST_LANE + i));
        LaneWatch.start(lanes);
        Lane first = lanes.get(0);

        ServerLog log = ServerLog.install();
        Application application = load(first, name, settings, classPath, log);
        Executor threads = Executors.newCachedThreadPool(work -> daemon(work, "tsgi-async"));
        CountDownLatch running = new CountDownLatch(count);
        first.announce(Frames.READY, "{\"pid\":" + ProcessHandle.current().pid()
            + ",\"version\":" + Json.text(System.getProperty("java.version"))
            + ",\"files\":" + Json.list(Application.files(name, classPath)) + "}");
        for (int i = 0; i < count; i++) {
            Lane lane = lanes.get(i);
            lane.serve(new RequestProcessor(lane, application.adapter(), threads));
            daemon(() -> serve(lane, running), "tsgi-lane-" + i).start();
        }
        running.await();
        daemon(Main::endLate, "tsgi-end").start();
        application.stop();
        System.exit(0);
    }

    private static Application load(Lane lane, String name, String settings, List<String> classPath, ServerLog log) {
        String version = Json.member(settings, "protocol");
        String error;
        try {
            if (version.equals(Integer.toString(Frames.PROTOCOL_VERSION))) return new Application(name, log);
            error = "this worker speaks version " + Frames.PROTOCOL_VERSION + " of the protocol, got " + version;
        } catch (LoadFailure failure) {
            error = failure.getMessage();
        } catch (Throwable failure) {
            error = Stacks.textOf(failure);
        }
        lane.announce(Frames.FAILED, "{\"error\":" + Json.text(error.stripTrailing())
            + ",\"files\":" + Json.list(Application.files(name, classPath)) + "}");
        // Threads that the application started are not waited for.
        Runtime.getRuntime().halt(3);
        throw new IllegalStateException();
    }

    private static void serve(Lane lane, CountDownLatch running) {
        try {
            lane.run();
            running.countDown();
        } catch (Throwable error) {
            // Such as that there is no memory: nobody would answer on this lane any more.
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** What the application does at its end may hang, and who started this process may be gone. */
    private static void endLate() {
        try {
            Thread.sleep(STOP_LIMIT);
        } catch (InterruptedException interrupted) {
            // Then it ends now.
        }
        Runtime.getRuntime().halt(1);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
