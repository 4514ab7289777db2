package tsgi.worker;

/** Why an application cannot be loaded, where a sentence says it. */
final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    LoadFailure(String message) {
        super(message);
    }
}
