package tsgi.worker;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of JSON as the protocol needs: Java's own library has none. */
final class Json {
    private Json() {}

    static String text(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) json.append(String.format("\\u%04x", (int) c));
                    else json.append(c);
                }
            }
        }
        return json.append('"').toString();
    }

    static String list(List<String> values) {
        return values.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
    }

    /** A number, or a word such as `true`, of a flat object. */
    static String member(String object, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^,\"}]*)").matcher(object);
        return found.find() ? found.group(1) : "";
    }
}
