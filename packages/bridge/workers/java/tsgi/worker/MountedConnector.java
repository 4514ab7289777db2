package tsgi.worker;

import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ProtocolHandler;

/** A connector whose requests say what stands before the application's paths, which Tomcat knows for its own contexts alone. */
final class MountedConnector extends Connector {
    MountedConnector(ProtocolHandler protocol) {
        super(protocol);
    }

    /** None; Tomcat starts no connector whose port is below 0. */
    @Override
    public int getPortWithOffset() {
        return 0;
    }

    @Override
    public Request createRequest() {
        return new MountedRequest(this);
    }

    private static final class MountedRequest extends Request {
        MountedRequest(Connector connector) {
            super(connector);
        }

        @Override
        public String getContextPath() {
            return prefix() + super.getContextPath();
        }

        @Override
        public String getRequestURI() {
            return prefix() + super.getRequestURI();
        }

        private String prefix() {
            return coyoteRequest.getNote(RequestProcessor.NOTE) instanceof RequestProcessor processor ? processor.prefix() : "";
        }
    }
}
