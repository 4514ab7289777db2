import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The exercises as a servlet has them, without a framework. */
@WebServlet("/*")
@MultipartConfig
public class ServletExercises extends HttpServlet {
    private static final String TEXT = "text/plain;charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    private static final int PAUSE = 150;
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 320;
    /** Bytes of an upload after which it is refused. */
    private static final int ENOUGH = 256 * 1024;

    private interface View {
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    private final Map<String, View> views = Map.ofEntries(
        Map.entry("GET /text", text(200, "Hello, World!\n")),
        Map.entry("GET /json", (request, response) -> json(response, Map.of("message", "Hello, World!"))),
        Map.entry("GET /query", (request, response) -> json(response, Map.of("q", request.getParameter("q")))),
        Map.entry("GET /query/all", (request, response) -> json(response, List.of(request.getParameterValues("tag")))),
        Map.entry("GET /field", (request, response) -> json(response, Map.of("value", request.getHeader("x-tag")))),
        Map.entry("GET /cookies", (request, response) -> json(response, cookies(request))),
        Map.entry("GET /cookies/set", ServletExercises::setCookies),
        Map.entry("POST /form", (request, response) -> json(response, form(request))),
        Map.entry("POST /multipart", (request, response) -> json(response, uploaded(request))),
        Map.entry("POST /upload", (request, response) -> json(response, Map.of("bytes", count(request, Long.MAX_VALUE)))),
        Map.entry("POST /refuse", ServletExercises::refuse),
        Map.entry("POST /early", text(403, "no")),
        Map.entry("POST /echo", ServletExercises::echo),
        Map.entry("GET /stream", (request, response) -> stream(response, TEXT, PAUSE, "one\n", "two\n", "three\n")),
        Map.entry("GET /download", ServletExercises::download),
        Map.entry("GET /events", (request, response) -> stream(response, "text/event-stream", PAUSE, "data: 1\n\n", "data: 2\n\n")),
        Map.entry("DELETE /item", (request, response) -> response.setStatus(204)),
        Map.entry("GET /cached", ServletExercises::cached),
        Map.entry("GET /old", ServletExercises::old),
        Map.entry("GET /error", (request, response) -> { throw new IllegalStateException("secret"); }),
        Map.entry("GET /error/late", ServletExercises::failLate),
        Map.entry("GET /hang", this::hang),
        Map.entry("GET /link", (request, response) -> send(response, 200, request.getContextPath() + "/text")),
        Map.entry("GET /large", ServletExercises::large),
        Map.entry("GET /slow", ServletExercises::slow));

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        // Without it, forms are ISO-8859-1 (Servlet 6.0 §3.12).
        request.setCharacterEncoding("UTF-8");
        String method = request.getMethod();
        String path = request.getPathInfo();
        View view = views.get((method.equals("HEAD") ? "GET" : method) + " " + path);
        if (view != null) {
            view.answer(request, response);
        } else if (path.startsWith("/greet/")) {
            send(response, 200, "Hello, " + path.substring("/greet/".length()) + "!");
        } else if (path.equals("/text")) {
            response.setHeader("Allow", "GET, HEAD");
            send(response, 405, "method not allowed");
        } else {
            send(response, 404, "not found");
        }
    }

    private static View text(int status, String content) {
        return (request, response) -> send(response, status, content);
    }

    private static void send(HttpServletResponse response, int status, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(TEXT);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static void json(HttpServletResponse response, Object value) throws IOException {
        response.setContentType("application/json");
        response.getOutputStream().write(text(value).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> text(entry.getKey()) + ":" + text(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) return list.stream().map(ServletExercises::text).collect(Collectors.joining(",", "[", "]"));
        if (value instanceof Number) return value.toString();
        return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\r", "\\r").replace("\n", "\\n") + '"';
    }

    private static Map<String, String> cookies(HttpServletRequest request) {
        Map<String, String> values = new LinkedHashMap<>();
        if (request.getCookies() == null) return values;
        for (Cookie cookie : request.getCookies()) {
            values.put(cookie.getName(), URLDecoder.decode(cookie.getValue().replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        return values;
    }

    private static void setCookies(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.addCookie(new Cookie("a", "1"));
        response.addCookie(new Cookie("b", "2"));
        send(response, 200, "set");
    }

    private static Map<String, String> form(HttpServletRequest request) {
        Map<String, String> values = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, given) -> values.put(name, given[0]));
        return values;
    }

    private static Map<String, Object> uploaded(HttpServletRequest request) throws IOException, ServletException {
        Map<String, Object> values = new LinkedHashMap<>(form(request));
        for (Part part : request.getParts()) {
            if (part.getSubmittedFileName() == null) continue;
            byte[] bytes = part.getInputStream().readAllBytes();
            long sum = 0;
            for (byte b : bytes) sum += b & 255;
            values.put("filename", part.getSubmittedFileName());
            values.put("size", bytes.length);
            values.put("sum", sum & 0xffffffffL);
        }
        return values;
    }

    private static long count(HttpServletRequest request, long enough) throws IOException {
        InputStream input = request.getInputStream();
        byte[] buffer = new byte[PIECE];
        long size = 0;
        for (int got; size < enough && (got = input.read(buffer)) >= 0;) size += got;
        return size;
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        count(request, ENOUGH);
        send(response, 413, "too large");
    }

    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(BYTES);
        request.getInputStream().transferTo(response.getOutputStream());
    }

    private static void stream(HttpServletResponse response, String kind, int pause, String... parts) throws IOException {
        response.setContentType(kind);
        boolean isFirst = true;
        for (String part : parts) {
            if (!isFirst) pause(pause);
            isFirst = false;
            response.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
            response.flushBuffer();
        }
    }

    private static void download(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(BYTES);
        OutputStream output = response.getOutputStream();
        byte[] piece = new byte[PIECE];
        for (int i = 0; i < PIECES; i++) {
            Arrays.fill(piece, (byte) i);
            output.write(piece);
        }
    }

    private static void cached(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("ETag", "\"v1\"");
        if ("\"v1\"".equals(request.getHeader("If-None-Match"))) response.setStatus(304);
        else send(response, 200, "cached");
    }

    private static void old(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Location", request.getContextPath() + "/text");
        send(response, 303, "");
    }

    private static void failLate(HttpServletRequest request, HttpServletResponse response) throws IOException {
        stream(response, TEXT, 0, "partial");
        pause(50);
        throw new IllegalStateException("secret: the body fails");
    }

    /** Streams nothing more until the client has left, and reports that to the log, where the kit reads it. */
    private void hang(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            stream(response, TEXT, 0, "waiting");
            for (;;) {
                pause(50);
                response.flushBuffer();
            }
        } finally {
            getServletContext().log("observed " + request.getParameter("case") + " left");
        }
    }

    private static void large(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Large", "a".repeat(8000));
        send(response, 200, "large");
    }

    private static void slow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        pause(Integer.parseInt(request.getParameter("ms")));
        send(response, 200, "slow");
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
