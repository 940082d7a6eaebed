package dev.ensembled.local.process;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zookeeper.Version;

/**
 * The jars that a ZooKeeper server needs. Each is found in the daemon's own class path by one of its classes, so that this
 * works whether the daemon runs from its package, in development mode or in a test.
 */
public record ServerClassPath(List<Path> jars) {
    private static final List<String> NEEDED = List.of(
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            "org.apache.jute.Record",
            "org.slf4j.LoggerFactory",
            "org.slf4j.impl.JBossSlf4jServiceProvider",
            "org.jboss.logmanager.LogManager",
            "io.smallrye.common.constraint.Assert",
            "io.smallrye.common.cpu.ProcessorInfo",
            "io.smallrye.common.expression.Expression",
            "io.smallrye.common.function.ExceptionBiConsumer",
            "io.smallrye.common.net.CidrAddress",
            "io.smallrye.common.os.Process",
            "io.smallrye.common.ref.Reference",
            "com.codahale.metrics.Reservoir",
            "org.xerial.snappy.SnappyInputStream",
            // The AdminServer, which writes JSON and can restore snapshots.
            "org.eclipse.jetty.server.Server",
            "org.eclipse.jetty.servlet.ServletContextHandler",
            "org.eclipse.jetty.security.SecurityHandler",
            "org.eclipse.jetty.http.HttpHeader",
            "org.eclipse.jetty.io.EndPoint",
            "org.eclipse.jetty.util.StringUtil",
            "org.eclipse.jetty.util.ajax.JSON",
            "javax.servlet.Servlet",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.fasterxml.jackson.core.JsonParser",
            "com.fasterxml.jackson.annotation.JsonInclude",
            "org.apache.commons.io.IOUtils",
            // Metrics for Prometheus.
            "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
            "io.prometheus.client.CollectorRegistry",
            "io.prometheus.client.hotspot.DefaultExports",
            "io.prometheus.client.exporter.MetricsServlet",
            "io.prometheus.client.exporter.common.TextFormat",
            // Connections by Netty, and SASL, whose configuration refers to the classes of TLS.
            "io.netty.bootstrap.ServerBootstrap",
            "io.netty.buffer.ByteBuf",
            "io.netty.util.concurrent.Future",
            "io.netty.handler.ssl.SslContext",
            "io.netty.handler.codec.ByteToMessageDecoder",
            "io.netty.resolver.AddressResolver",
            "io.netty.channel.epoll.Epoll",
            "io.netty.channel.unix.Socket",
            "io.netty.internal.tcnative.SSL");

    public ServerClassPath {
        jars = List.copyOf(jars);
    }

    /**
     * Finds the jars.
     *
     * @throws IllegalStateException if the daemon was packaged without one of the jars
     */
    public static ServerClassPath find() {
        Set<Path> jars = new LinkedHashSet<>();
        NEEDED.forEach(name -> jars.add(jarOf(name)));
        return new ServerClassPath(List.copyOf(jars));
    }

    /** The only ZooKeeper version that the local platform can run. */
    public static String zooKeeperVersion() {
        return Version.getVersion();
    }

    /** Whether a class is available to the servers, in one of the jars or in the JDK. */
    public static boolean has(String name) {
        try {
            CodeSource source = Class.forName(name, false, ServerClassPath.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            return source == null
                    || find().jars().contains(Path.of(source.getLocation().toURI()));
        } catch (ClassNotFoundException | LinkageError | URISyntaxException e) {
            return false;
        }
    }

    private static Path jarOf(String name) {
        try {
            CodeSource source = Class.forName(name, false, ServerClassPath.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException(
                    "class " + name + ", which the servers need, is not in the class path of the daemon", e);
        }
    }

    /** The value of the environment variable CLASSPATH. */
    String joined() {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
