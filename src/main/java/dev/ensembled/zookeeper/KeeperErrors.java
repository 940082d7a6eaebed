package dev.ensembled.zookeeper;

import java.util.EnumSet;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** Explains a server's refusal of the sanity test, by ZooKeeper's error code, with a remedy. */
final class KeeperErrors {
    private static final Set<Code> NO_ANSWER =
            EnumSet.of(Code.CONNECTIONLOSS, Code.OPERATIONTIMEOUT, Code.REQUESTTIMEOUT, Code.SESSIONEXPIRED);

    /** For a server that grants no session: it reports no reason to its clients. */
    static final String NO_SESSION =
            "; if this persists, the server is overloaded, or a limit is reached: maxClientCnxns (for one client address),"
                    + " maxCnxns (for all clients), connectionMaxTokens or jute.maxbuffer. See the server's log";

    private KeeperErrors() {}

    /** Whether the server answered at all. */
    static boolean isAnswer(KeeperException e) {
        return !NO_ANSWER.contains(e.code());
    }

    static String describe(KeeperException e) {
        return e.code().name() + (e.getPath() == null ? "" : " at " + e.getPath()) + remedy(e.code());
    }

    private static String remedy(Code code) {
        return switch (code) {
            case NOAUTH ->
                ". An ACL denies access, and the server does not accept the current password of the super user:"
                        + " restart it, so that it reads the current digest";
            case AUTHFAILED ->
                ". The server does not support digest authentication: keep ZooKeeper's DigestAuthenticationProvider enabled";
            case SESSIONCLOSEDREQUIRESASLAUTH ->
                ". The server requires authentication that ensembled does not support: remove sessionRequireClientSASLAuth"
                        + " from spec.config, and with enforce.auth.enabled include digest in enforce.auth.schemes";
            case QUOTAEXCEEDED ->
                ". A quota covers this znode: increase or delete it, or remove enforceQuota from spec.config";
            case THROTTLEDOP -> ". The server throttles requests: check the request limits in spec.config";
            case CONNECTIONLOSS ->
                ". The server closed the connection: see its log for the reason, for example a jute.maxbuffer that is too small";
            default -> "";
        };
    }
}
