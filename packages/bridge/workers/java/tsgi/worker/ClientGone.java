package tsgi.worker;

import java.io.IOException;

/** For what still reads or writes when the client has left. */
final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone() {
        super("the client has left");
    }
}
