package tsgi.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where Tomcat unpacks what it serves. A process that is killed leaves its folder behind, and the next one deletes it. */
final class TemporaryFolder {
    private static final String PREFIX = "tsgi-servlet-";

    private TemporaryFolder() {}

    static Path create() throws IOException {
        deleteLeftBehind();
        return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException inUse) {
            // The next one tries again.
        }
    }

    /** Made by a process of this user, for itself alone: nobody else can put anything into it while it is deleted. */
    private static boolean isOurs(Path folder) throws IOException {
        PosixFileAttributes of = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return of.isDirectory()
            && of.owner().getName().equals(System.getProperty("user.name"))
            && of.permissions().equals(PosixFilePermissions.fromString("rwx------"));
    }

    private static void deleteLeftBehind() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                String[] parts = folder.getFileName().toString().substring(PREFIX.length()).split("-");
                if (parts[0].matches("\\d{1,9}") && isOurs(folder) && ProcessHandle.of(Long.parseLong(parts[0])).isEmpty()) delete(folder);
            }
        } catch (IOException unreadable) {
            // They stay.
        }
    }
}
