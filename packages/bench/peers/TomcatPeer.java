import jakarta.servlet.Servlet;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Tomcat as its users embed it, on a port of its own: java TomcatPeer.java PORT APPLICATION (a .war, or a class). */
public final class TomcatPeer {
    private TomcatPeer() {}

    public static void main(String[] arguments) throws Exception {
        Path base = Files.createTempDirectory("tsgi-bench-tomcat-");
        Files.createDirectory(base.resolve("webapps"));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", "8");
        // Not before it can answer.
        connector.setProperty("bindOnInit", "false");
        // As many requests on a connection as the load sends.
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        String application = arguments[1];
        if (application.endsWith(".war")) {
            Context context = tomcat.addWebapp("", new File(application).getAbsolutePath());
            ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        } else {
            Context context = tomcat.addContext("", base.toString());
            Servlet servlet = (Servlet) Class.forName(application).getDeclaredConstructor().newInstance();
            Tomcat.addServlet(context, "application", servlet).setAsyncSupported(true);
            context.addServletMappingDecoded("/*", "application");
        }
        tomcat.start();
        tomcat.getServer().await();
    }
}
