package tsgi.worker;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** Hands an error that the application has no page for to the server, which has pages for errors of its own. */
public final class ErrorValve extends ErrorReportValve {
    public ErrorValve() {
        setShowReport(false);
        setShowServerInfo(false);
    }

    @Override
    protected void report(Request request, Response response, Throwable error) {
        if (error != null && response.getContentWritten() == 0
            && request.getCoyoteRequest().getNote(RequestProcessor.NOTE) instanceof RequestProcessor processor) {
            processor.raised(error);
        } else {
            super.report(request, response, error);
        }
    }
}
