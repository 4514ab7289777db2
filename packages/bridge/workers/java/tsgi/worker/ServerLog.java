package tsgi.worker;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Where java.util.logging writes, and with it Tomcat and ServletContext.log: the log of the server; from threads that answer no
 * request, standard error, which the server logs as well.
 */
final class ServerLog extends Handler {
    /** Kept, since java.util.logging forgets the levels of loggers that nobody holds. */
    private static final Logger TOMCAT = Logger.getLogger("org.apache");
    private static final Logger SESSION_IDS = Logger.getLogger("org.apache.catalina.util.SessionIdGeneratorBase");
    private static final Logger CONTEXTS = Logger.getLogger("org.apache.catalina.core.ContainerBase");

    private final SimpleFormatter formatter = new SimpleFormatter();
    /** While the application is loaded: what Tomcat says went wrong. */
    private StringBuilder loading = new StringBuilder();

    private ServerLog() {}

    /** Takes the place of the console, unless the user has configured the logging. */
    static ServerLog install() {
        ServerLog log = new ServerLog();
        if (System.getProperty("java.util.logging.config.file") != null || System.getProperty("java.util.logging.config.class") != null) {
            return log;
        }
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(log);
        // How Tomcat starts and stops is of no interest; what applications log by it is.
        TOMCAT.setLevel(Level.WARNING);
        SESSION_IDS.setLevel(Level.SEVERE);
        CONTEXTS.setLevel(Level.INFO);
        return log;
    }

    /** What went wrong so far, and the end of collecting it. */
    synchronized String loaded() {
        String text = loading.toString();
        loading = null;
        return text;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) return;
        String text = textOf(record);
        synchronized (this) {
            if (loading != null && record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                loading.append(text);
                return;
            }
        }
        Lane lane = Lane.ofThread();
        if (lane == null) System.err.print(text);
        else if (isReport(record)) lane.hold(text);
        else lane.log(text);
    }

    /** Tomcat logs an error of a servlet that the server is going to log as well. */
    private static boolean isReport(LogRecord record) {
        return record.getThrown() != null && String.valueOf(record.getSourceClassName()).startsWith("org.apache.catalina.core.Standard");
    }

    private String textOf(LogRecord record) {
        String level = record.getLevel() == Level.INFO ? "" : record.getLevel().getName() + ": ";
        String text = level + formatter.formatMessage(record) + "\n";
        return record.getThrown() == null ? text : text + Stacks.textOf(record.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
