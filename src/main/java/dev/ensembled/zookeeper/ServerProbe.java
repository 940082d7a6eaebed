package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads the state of servers by the four-letter words {@code mntr}, {@code srvr} and {@code conf}. It opens no session,
 * because the creation of a session is a write. {@code conf} is read instead of {@code /zookeeper/config}: it prints
 * the committed membership that the server uses, with its version.
 *
 * <p>One server takes at most two seconds, and so do many servers at once. A server that cannot be read in that time,
 * or whose answers cannot be used, is {@link Server.Unknown}, with a text that says what to do. This class is
 * thread-safe.
 */
public final class ServerProbe implements AutoCloseable {
    private static final Duration ONE_SERVER = Duration.ofSeconds(2);
    /**
     * A little more than the time for one server, so that the reason of that server is reported and not only the
     * timeout.
     */
    private static final Duration ALL_SERVERS = ONE_SERVER.plusMillis(250);

    private static final int THREADS = 32;

    private final Clock clock;
    private final SteadySince steadySince = new SteadySince();
    private final ThreadPoolExecutor pool;

    public ServerProbe(Clock clock) {
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> daemon(work, number));
        this.pool.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable work, AtomicInteger number) {
        Thread thread = new Thread(work, "server-probe-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Reads the state of one server. */
    public Server ask(HostPort server) {
        return askAll(Map.of(0, server)).get(0);
    }

    /** Reads the state of all servers at the same time; the result has an entry for each key. */
    public Map<Integer, Server> askAll(Map<Integer, HostPort> servers) {
        long end = System.nanoTime() + ALL_SERVERS.toNanos();
        Map<Integer, Future<Server>> asked = new TreeMap<>();
        servers.forEach((id, address) -> asked.put(id, pool.submit(() -> read(address))));
        Map<Integer, Server> answers = new TreeMap<>();
        asked.forEach((id, answer) -> answers.put(id, await(answer, end, servers.get(id))));
        return answers;
    }

    private static Server await(Future<Server> answer, long end, HostPort address) {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return noResponse(address);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Server.Unknown("reading " + address + " was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading " + address + " failed", e.getCause());
        }
    }

    private Server read(HostPort address) {
        long end = System.nanoTime() + ONE_SERVER.toNanos();
        try {
            String mntr = FourLetterWords.ask(address, "mntr", until(end));
            Optional<Server> unusable = ServerResponses.unusable(mntr);
            if (unusable.isPresent()) {
                return unusable.get();
            }
            Instant now = clock.instant();
            String srvr = FourLetterWords.ask(address, "srvr", until(end));
            Optional<Server> decided = ServerResponses.decidedBy(mntr, srvr);
            if (decided.isPresent()) {
                return decided.get();
            }
            String conf = FourLetterWords.ask(address, "conf", until(end));
            return steadySince.steady(address, ServerResponses.serving(mntr, srvr, conf, now));
        } catch (SocketTimeoutException e) {
            return noResponse(address);
        } catch (NoRouteToHostException e) {
            return new Server.Unknown("no route to " + address + ": check the network and network policies");
        } catch (UnknownHostException e) {
            return new Server.Unknown("cannot resolve the host name of " + address + ": check DNS");
        } catch (ConnectException e) {
            return refusedOrUnreachable(address, e);
        } catch (SocketException e) {
            // An answer that the server sent before it closed the connection is lost with the reset that follows our
            // request.
            return new Server.Unknown("connection closed without a response (" + e.getMessage() + ")", true);
        } catch (IOException e) {
            return new Server.Unknown(
                    "reading " + address + " failed: " + e.getMessage() + "; if this persists, see the server's log");
        }
    }

    /** Only a refused connection proves that nothing listens; an unreachable network is a ConnectException too. */
    private static Server refusedOrUnreachable(HostPort address, ConnectException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.startsWith("Connection refused")
                ? new Server.Down("connection refused by " + address)
                : new Server.Unknown(address + " is unreachable: " + reason + "; check the network");
    }

    private static Server noResponse(HostPort address) {
        return new Server.Unknown("no response from " + address + " within " + ONE_SERVER.toSeconds()
                + " s: the server may be paused, overloaded or disconnected; check its process and its node");
    }

    private static Duration until(long end) {
        return Duration.ofNanos(end - System.nanoTime());
    }

    /** Ends the threads; reads that are in progress end within their deadline. */
    @Override
    public void close() {
        pool.shutdownNow();
    }

    /**
     * Keeps {@code since} the same from one read to the next while a server stays in its role. It is computed from an
     * uptime, so each read would move it by some milliseconds, and each change of the status is a write.
     */
    private static final class SteadySince {
        private static final int MAX_SERVERS = 10_000;
        private static final Duration JITTER = Duration.ofMillis(1_500);
        private final Map<HostPort, Server.Serving> last = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<HostPort, Server.Serving> eldest) {
                return size() > MAX_SERVERS;
            }
        };

        synchronized Server steady(HostPort address, Server answer) {
            return answer.serving().map(now -> steady(address, now)).orElse(answer);
        }

        private Server steady(HostPort address, Server.Serving now) {
            Server.Serving before = last.get(address);
            boolean same = before != null
                    && before.role() == now.role()
                    && Duration.between(before.since(), now.since()).abs().compareTo(JITTER) < 0;
            if (!same) {
                last.put(address, now);
                return now;
            }
            return new Server.Serving(
                    now.role(),
                    now.zxid(),
                    now.membership(),
                    now.syncedFollowers(),
                    now.syncedObservers(),
                    now.learners(),
                    now.dataBytes(),
                    before.since(),
                    now.version(),
                    now.settings());
        }
    }
}
