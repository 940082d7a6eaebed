package dev.ensembled.zookeeper;

import java.util.EnumSet;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** Explains a server's refusal of the sanity test, by ZooKeeper's error code, with a remedy. */
final class Refusal {
    private static final Set<Code> NO_ANSWER =
            EnumSet.of(Code.CONNECTIONLOSS, Code.OPERATIONTIMEOUT, Code.REQUESTTIMEOUT, Code.SESSIONEXPIRED);

    /** For a server that grants no session: it reports no reason to its clients. */
    static final String OF_SESSIONS =
            "; if it stays so, it is overloaded, or a limit is used up or too small: maxClientCnxns of one client address,"
                    + " maxCnxns of all, connectionMaxTokens, jute.maxbuffer. Its log tells which";

    private Refusal() {}

    /** Whether the server answered at all. */
    static boolean isAnswer(KeeperException e) {
        return !NO_ANSWER.contains(e.code());
    }

    static String words(KeeperException e) {
        return e.code().name() + (e.getPath() == null ? "" : " at " + e.getPath()) + help(e.code());
    }

    private static String help(Code code) {
        return switch (code) {
            case NOAUTH ->
                ". An ACL keeps it off, and the server does not take the password of the super user that ensembled has:"
                        + " its restart gives it the present one";
            case AUTHFAILED ->
                ". The server takes no login by digest: leave ZooKeeper's DigestAuthenticationProvider on";
            case SESSIONCLOSEDREQUIRESASLAUTH ->
                ". The server wants a login that ensembled does not have: take sessionRequireClientSASLAuth out of"
                        + " spec.config, and with enforce.auth.enabled have digest among enforce.auth.schemes";
            case QUOTAEXCEEDED ->
                ". A quota covers this znode: raise or delete it, or take enforceQuota out of spec.config";
            case THROTTLEDOP -> ". The server throttles requests: see the limits of requests in spec.config";
            case CONNECTIONLOSS ->
                ". The server closed the connection: its log tells why, such as a jute.maxbuffer that is too small";
            default -> "";
        };
    }
}
