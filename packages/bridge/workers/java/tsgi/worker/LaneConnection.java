package tsgi.worker;

import jakarta.servlet.ServletConnection;

/** What is known here of the connection of a request: the server has it. */
record LaneConnection(String protocol, boolean secure) implements ServletConnection {
    @Override
    public String getConnectionId() {
        return "";
    }

    @Override
    public String getProtocol() {
        return protocol.toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String getProtocolConnectionId() {
        return "";
    }

    @Override
    public boolean isSecure() {
        return secure;
    }
}
