package tsgi.worker;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.coyote.Adapter;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** The application in a Tomcat without a port: a `.war`, its unpacked folder, or a class. */
final class Application {
    /** More files than these are no sources of one application. */
    private static final int MAX_FILES = 5000;

    private final Tomcat tomcat = new Tomcat();
    private final PortlessProtocol protocol = new PortlessProtocol();
    private final Path base;
    private final Context context;

    /**
     * Loads and starts an application.
     *
     * @param name of a file that ends in `.war`, of a folder with WEB-INF in it, or of a class
     * @throws LoadFailure where the reason can be said in a sentence
     */
    Application(String name, ServerLog log) throws Exception {
        requireTomcat();
        base = TemporaryFolder.create();
        Files.createDirectory(base.resolve("webapps"));
        tomcat.setBaseDir(base.toString());
        tomcat.setConnector(new MountedConnector(protocol));
        ((StandardHost) tomcat.getHost()).setErrorReportValveClass(ErrorValve.class.getName());
        context = isWebApplication(name) ? webApplication(name) : ofClass(name);
        tomcat.start();
        requireStarted(name, log.loaded());
    }

    private static void requireTomcat() throws LoadFailure {
        String version = ServerInfo.getServerNumber();
        if (!version.startsWith("10.1.")) throw new LoadFailure("expected Tomcat 10.1, got " + version);
    }

    static boolean isWebApplication(String name) {
        return name.endsWith(".war") || new File(name, "WEB-INF").isDirectory();
    }

    private Context webApplication(String name) throws LoadFailure {
        File file = new File(name).getAbsoluteFile();
        if (!file.exists()) throw new LoadFailure("there is no file " + file);
        Context context = tomcat.addWebapp("", file.toString());
        // A web application has what it needs. The class path has Tomcat, and folders that take long to search.
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        return context;
    }

    private Context ofClass(String name) throws Exception {
        Class<?> type = load(name);
        Context context = tomcat.addContext("", new File(".").getAbsolutePath());
        if (ServletContainerInitializer.class.isAssignableFrom(type)) {
            context.addServletContainerInitializer((ServletContainerInitializer) type.getDeclaredConstructor().newInstance(), null);
            return context;
        }
        if (!Servlet.class.isAssignableFrom(type)) {
            throw new LoadFailure("expected a jakarta.servlet.Servlet or a jakarta.servlet.ServletContainerInitializer, got "
                + name + ", which extends " + type.getSuperclass().getName());
        }
        Wrapper wrapper = Tomcat.addServlet(context, "application", name);
        WebServlet annotation = type.getAnnotation(WebServlet.class);
        // Without an annotation there is nothing that would forbid it.
        wrapper.setAsyncSupported(annotation == null || annotation.asyncSupported());
        wrapper.setLoadOnStartup(1);
        for (String pattern : patterns(annotation)) context.addServletMappingDecoded(pattern, "application");
        if (annotation != null) {
            for (WebInitParam parameter : annotation.initParams()) wrapper.addInitParameter(parameter.name(), parameter.value());
        }
        return context;
    }

    private static String[] patterns(WebServlet annotation) {
        if (annotation == null) return new String[] {"/*"};
        String[] patterns = annotation.urlPatterns().length > 0 ? annotation.urlPatterns() : annotation.value();
        return patterns.length > 0 ? patterns : new String[] {"/*"};
    }

    private static Class<?> load(String name) throws LoadFailure {
        try {
            return Class.forName(name, false, Application.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new LoadFailure("there is no class " + name + " on the class path: " + System.getProperty("tsgi.classPath", ""));
        } catch (NoClassDefFoundError | UnsupportedClassVersionError wrong) {
            throw new LoadFailure(name + " cannot be loaded: " + wrong);
        }
    }

    /** Tomcat starts without an application that failed. */
    private void requireStarted(String name, String said) throws Exception {
        if (context.getState() == LifecycleState.STARTED) {
            // A servlet that throws in init() is loaded again with its first request, unless it was to be loaded here.
            if (!isWebApplication(name) && context.findChild("application") instanceof Wrapper wrapper) wrapper.load();
            System.err.print(said);
            return;
        }
        throw new LoadFailure(said.isEmpty() ? name + " did not start" : said);
    }

    Adapter adapter() {
        return protocol.getAdapter();
    }

    /** Ends it: servlets are destroyed. */
    void stop() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException error) {
            System.err.print(Stacks.textOf(error));
        } finally {
            TemporaryFolder.delete(base);
        }
    }

    /** Files whose change makes another application. */
    static List<String> files(String name, List<String> classPath) {
        List<String> files = new ArrayList<>();
        if (isWebApplication(name)) add(files, new File(name).toPath());
        else for (String entry : classPath) add(files, Path.of(entry));
        return files;
    }

    private static void add(List<String> files, Path root) {
        if (Files.isRegularFile(root)) {
            files.add(root.toAbsolutePath().normalize().toString());
            return;
        }
        try (Stream<Path> found = Files.walk(root)) {
            found.filter(Application::isSource).limit(MAX_FILES).forEach(file -> files.add(file.toAbsolutePath().normalize().toString()));
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            // Then nobody watches it.
        }
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".class") || name.endsWith(".jar") || name.endsWith(".xml")
            || name.endsWith(".properties") || name.endsWith(".jsp"));
    }
}
