package tsgi.worker;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.coyote.Request;

/** Fills a request of Tomcat's from an environ (PROTOCOL.md, "Requests"). */
final class RequestHead {
    /** Names of fields by their keys. Capped, since clients make names up. */
    private static final Map<String, String> NAMES = new ConcurrentHashMap<>();
    private static final int MAX_NAMES = 1024;

    private RequestHead() {}

    /**
     * @param from which stays as it is while the request is answered: its parts are not copied
     * @return the prefix of the application's paths (SCRIPT_NAME)
     */
    static String read(byte[] from, int at, int end, boolean isHttps, Request request) {
        String prefix = "";
        long length = -1;
        for (int key = at; key < end;) {
            int keyEnd = indexOfNul(from, key, end);
            int value = Math.min(keyEnd + 1, end);
            int valueEnd = indexOfNul(from, value, end);
            int size = valueEnd - value;
            String name = text(from, key, keyEnd);
            switch (name) {
                case "REQUEST_METHOD" -> request.setMethod(text(from, value, valueEnd));
                case "SCRIPT_NAME" -> prefix = size == 0 ? "" : text(from, value, valueEnd);
                // An empty path is that of the root (RFC 9110 §4.2.3); below a prefix, Tomcat knows no other.
                case "PATH_INFO" -> {
                    if (size == 0) request.requestURI().setString("/");
                    else request.requestURI().setBytes(from, value, size);
                }
                case "QUERY_STRING" -> {
                    if (size > 0) request.queryString().setBytes(from, value, size);
                }
                case "SERVER_NAME" -> {
                    request.serverName().setBytes(from, value, size);
                    request.localName().setBytes(from, value, size);
                }
                case "SERVER_PORT" -> {
                    int port = Integer.parseInt(text(from, value, valueEnd));
                    request.setServerPort(port);
                    request.setLocalPort(port);
                }
                case "SERVER_PROTOCOL" -> request.protocol().setBytes(from, value, size);
                case "REMOTE_ADDR" -> {
                    request.remoteAddr().setBytes(from, value, size);
                    request.remoteHost().setBytes(from, value, size);
                }
                case "REMOTE_PORT" -> {
                    if (size > 0) request.setRemotePort(Integer.parseInt(text(from, value, valueEnd)));
                }
                case "CONTENT_LENGTH" -> {
                    length = Long.parseLong(text(from, value, valueEnd));
                    request.getMimeHeaders().addValue("content-length").setBytes(from, value, size);
                }
                case "CONTENT_TYPE" -> request.getMimeHeaders().addValue("content-type").setBytes(from, value, size);
                default -> {
                    String field = NAMES.get(name);
                    if (field == null) field = learn(name);
                    if (!field.isEmpty()) request.getMimeHeaders().addValue(field).setBytes(from, value, size);
                }
            }
            key = valueEnd + 1;
        }
        request.setContentLength(length);
        request.scheme().setString(isHttps ? "https" : "http");
        return prefix;
    }

    private static String learn(String key) {
        String name = key.startsWith("HTTP_") ? key.substring(5).toLowerCase(Locale.ROOT).replace('_', '-') : "";
        if (NAMES.size() < MAX_NAMES) NAMES.put(key, name);
        return name;
    }

    private static int indexOfNul(byte[] in, int from, int end) {
        int at = from;
        while (at < end && in[at] != 0) at++;
        return at;
    }

    private static String text(byte[] from, int at, int end) {
        return new String(from, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
