package tsgi.worker;

/** The other side has closed a lane. An Error, so that no application takes it for one of its own. */
final class PeerGone extends Error {
    private static final long serialVersionUID = 1;

    PeerGone() {
        super("the other end of the lane is closed", null, false, false);
    }
}
