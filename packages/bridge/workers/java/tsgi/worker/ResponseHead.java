package tsgi.worker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.coyote.Response;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;

/** The head of a response as bytes of a frame: status and fields, with NUL between them. */
final class ResponseHead {
    byte[] bytes = new byte[1024];
    int size;

    /**
     * @throws IllegalArgumentException where a field would split the response
     */
    void write(Response response) {
        size = 0;
        put(Integer.toString(response.getStatus()));
        MimeHeaders fields = response.getMimeHeaders();
        for (int i = 0; i < fields.size(); i++) field(fields.getName(i), fields.getValue(i));
        if (response.getContentType() != null) field("content-type", response.getContentType());
        if (response.getContentLanguage() != null) field("content-language", response.getContentLanguage());
        if (response.getContentLengthLong() >= 0 && hasContent(response.getStatus())) field("content-length", Long.toString(response.getContentLengthLong()));
    }

    /** Tomcat counts no bytes for the others, and HTTP wants no length there (RFC 9110 §8.6). */
    private static boolean hasContent(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 304;
    }

    private void field(MessageBytes name, MessageBytes value) {
        field(name.toString(), value.toString());
    }

    private void field(String name, String value) {
        if (splits(name) || splits(value)) {
            throw new IllegalArgumentException(
                "a header field must not contain CR, LF or NUL; got " + Json.text(name) + ": " + Json.text(value));
        }
        room(1);
        bytes[size++] = 0;
        put(name);
        room(1);
        bytes[size++] = 0;
        put(value);
    }

    private static boolean splits(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) return true;
        }
        return false;
    }

    private void put(String text) {
        // One byte for each character; what has none becomes `?`, as with Tomcat.
        byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
        room(latin1.length);
        System.arraycopy(latin1, 0, bytes, size, latin1.length);
        size += latin1.length;
    }

    private void room(int length) {
        if (size + length > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
    }
}
