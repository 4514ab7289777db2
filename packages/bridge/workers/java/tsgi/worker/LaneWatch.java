package tsgi.worker;

import java.util.List;

/**
 * Reads lanes whose threads are in a handler for long, so that the end of a lane is seen, and with it that of the process
 * which started this one; also while the application is loaded.
 */
final class LaneWatch {
    /** How long a handler runs unwatched, in milliseconds. */
    private static final long TICK = 250;

    /** For requests that are being answered and for what the application does at its exit, in milliseconds. */
    private static final long GRACE = 2000;

    private LaneWatch() {}

    static void start(List<Lane> lanes) {
        for (Lane lane : lanes) {
            Thread thread = new Thread(() -> watch(lane), "tsgi-lane-watch");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Ends this process when the one that started it has gone, whatever the application does meanwhile. */
    private static void watch(Lane lane) {
        boolean isOpen = true;
        // Until the application is loaded, nobody else reads.
        for (long seen = 0; isOpen;) {
            long now = lane.atWork();
            if (!lane.isServing() || now != 0 && now == seen) isOpen = lane.readOnce();
            else pause(TICK);
            seen = now;
        }
        if (lane.isServing()) pause(GRACE);
        Runtime.getRuntime().halt(1);
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            // Nobody has a reason to.
        }
    }
}
