package tsgi.worker;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.Collections;
import java.util.IdentityHashMap;

/** Stacks for people: those of the application, without what called it. */
final class Stacks {
    private Stacks() {}

    /** As `printStackTrace` writes it. */
    static String textOf(Throwable error) {
        StringBuilder text = new StringBuilder();
        write(text, "", error, Collections.newSetFromMap(new IdentityHashMap<>()));
        return text.toString();
    }

    private static void write(StringBuilder text, String before, Throwable error, Set<Throwable> written) {
        text.append(before).append(error).append('\n');
        if (!written.add(error)) return;
        writeFrames(text, error.getStackTrace());
        for (Throwable suppressed : error.getSuppressed()) write(text, "Suppressed: ", suppressed, written);
        if (error.getCause() != null) write(text, "Caused by: ", error.getCause(), written);
    }

    /** Where the application was called, or the worker is. */
    private static boolean isOurs(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.startsWith("org.apache.catalina.") || name.startsWith("org.apache.coyote.") || name.startsWith("tsgi.worker.");
    }

    /** The threads of this process that are in the application's code. */
    static String ofThreads() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            StackTraceElement[] frames = entry.getValue();
            if (!Arrays.stream(frames).takeWhile(frame -> !isOurs(frame)).anyMatch(Stacks::isApplication)) continue;
            text.append("Thread ").append(entry.getKey().getName()).append('\n');
            writeFrames(text, frames);
        }
        return text.toString();
    }

    private static void writeFrames(StringBuilder text, StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            if (isOurs(frame)) break;
            text.append("\tat ").append(frame.getClassName()).append('.').append(frame.getMethodName());
            text.append('(').append(frame.getFileName()).append(':').append(frame.getLineNumber()).append(")\n");
        }
    }

    private static boolean isApplication(StackTraceElement frame) {
        // Those of Java are in modules with a name.
        return frame.getModuleName() == null && !frame.getClassName().startsWith("org.apache.") && !frame.getClassName().startsWith("jakarta.");
    }
}
