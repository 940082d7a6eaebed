package dev.ensembled.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.web.Access.Request;
import dev.ensembled.web.Access.Verdict;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
    private static final Access CLOSED = new Access(false, false, Set.of());
    private static final Access METRICS = new Access(false, true, Set.of());
    private static final Access OPEN = new Access(true, false, Set.of("ensembled.ensembled.svc"));

    @ParameterizedTest
    @CsvSource({
        "/q/health/live,         PROBE",
        "/q/health/ready,        PROBE",
        "/q/health/started,      PROBE",
        "/q/health/well,         FOR_LOOPBACK_ONLY",
        "/q/health,              FOR_LOOPBACK_ONLY",
        "/q/health/,             FOR_LOOPBACK_ONLY",
        "/q/health/live/,        FOR_LOOPBACK_ONLY",
        "//q/health/live,        FOR_LOOPBACK_ONLY",
        "/q/health/group/well,   FOR_LOOPBACK_ONLY",
        "/q/health/live/../well, FOR_LOOPBACK_ONLY",
        "/q/health/%6Cive,       FOR_LOOPBACK_ONLY",
        "/,                      FOR_LOOPBACK_ONLY",
        "/page.css,              FOR_LOOPBACK_ONLY",
        "/sources,               FOR_LOOPBACK_ONLY",
        "/events,                FOR_LOOPBACK_ONLY",
        "/ensembles/a/b,         FOR_LOOPBACK_ONLY",
        "/api/ensembles,         FOR_LOOPBACK_ONLY",
        "/api/fetch,             FOR_LOOPBACK_ONLY",
        "/no-such-thing,         FOR_LOOPBACK_ONLY",
        "/api/v1/plan,           SERVE",
        "/api/v1,                FOR_LOOPBACK_ONLY",
        "/api/v1x/plan,          FOR_LOOPBACK_ONLY",
    })
    void otherMachinesGetProbesAndWhatRequiresAToken(String path, Verdict verdict) {
        assertThat(CLOSED.verdict(new Request(false, "GET", path, "10.244.1.5:8080", "")))
                .isEqualTo(verdict);
        assertThat(CLOSED.verdict(new Request(false, "GET", path, "localhost:8080", "")))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics,               SERVE",
        "/metrics/,              FOR_LOOPBACK_ONLY",
        "/metrics/../,           FOR_LOOPBACK_ONLY",
        "/q/metrics,             FOR_LOOPBACK_ONLY",
        "/,                      FOR_LOOPBACK_ONLY",
        "/q/health/live,         PROBE",
    })
    void otherMachinesGetMetricsIfTheSettingsOpenThem(String path, Verdict verdict) {
        assertThat(METRICS.verdict(new Request(false, "GET", path, "10.244.1.5:8080", "")))
                .isEqualTo(verdict);
        assertThat(CLOSED.verdict(new Request(false, "GET", "/metrics", "10.244.1.5:8080", "")))
                .isEqualTo(Verdict.FOR_LOOPBACK_ONLY);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,              SERVE",
        "localhost:8080,         SERVE",
        "LOCALHOST:1,            SERVE",
        "127.0.0.1:8080,         SERVE",
        "[::1]:8080,             SERVE",
        "[::1],                  SERVE",
        "'',                     UNKNOWN_HOST",
        "evil.example,           UNKNOWN_HOST",
        "evil.example:8080,      UNKNOWN_HOST",
        "localhost.evil.example, UNKNOWN_HOST",
        "127.0.0.1.evil.example, UNKNOWN_HOST",
        "localhost@evil,         UNKNOWN_HOST",
        "localhost.,             UNKNOWN_HOST",
        "10.0.0.1:8080,          UNKNOWN_HOST",
        "[::2]:8080,             UNKNOWN_HOST",
        "ensembled.ensembled.svc,UNKNOWN_HOST",
    })
    void loopbackServerAnswersAtItsOwnNamesOnly(String host, Verdict verdict) {
        assertThat(CLOSED.verdict(new Request(true, "GET", "/", host, ""))).isEqualTo(verdict);
        assertThat(CLOSED.verdict(new Request(true, "GET", "/q/health/live", host, "")))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "10.244.1.5:8080,              SERVE",
        "[fd00::5]:8080,               SERVE",
        "ensembled.ensembled.svc:8080, SERVE",
        "localhost:8080,               SERVE",
        "evil.example:8080,            UNKNOWN_HOST",
        "10.244.1.5.evil.example,      UNKNOWN_HOST",
        "'',                           UNKNOWN_HOST",
    })
    void openServerAnswersAtItsAddressesAndConfiguredNames(String host, Verdict verdict) {
        assertThat(OPEN.verdict(new Request(false, "GET", "/", host, ""))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                        SERVE",
        "http://localhost:8080,     SERVE",
        "https://localhost:8080,    SERVE",
        "http://localhost:8081,     OTHER_SITE",
        "https://evil.example,      OTHER_SITE",
        "null,                      OTHER_SITE",
    })
    void requestsFromOtherSitesAreRefused(String origin, Verdict verdict) {
        assertThat(CLOSED.verdict(new Request(true, "POST", "/api/fetch", "localhost:8080", origin)))
                .isEqualTo(verdict);
    }
}
