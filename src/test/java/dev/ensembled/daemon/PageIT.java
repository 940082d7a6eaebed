package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.CheckedNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.ensembled.Ensembled;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in Debian's Chromium, while the packaged daemon rolls out a push to real servers. */
class PageIT {
    private static final String FILE = "ensembles/production/zookeeper.yaml";
    private static final String ENSEMBLE = "ensembles/zookeeper/production";
    private static final String AWAY = "away";
    private static final Path CHROMIUM = Path.of(System.getProperty("ensembled.chromium", "/usr/bin/chromium"));
    private static final Path SCREENSHOTS = Path.of(System.getProperty("ensembled.root", ".."), "target/screenshots");
    private static final int WIDTH = 1180;
    private static final int HEIGHT = 760;

    @TempDir
    Path dir;

    private LocalDaemon daemon;
    private Playwright playwright;
    private Browser browser;

    @AfterEach
    void end() throws IOException, InterruptedException {
        if (playwright != null) {
            playwright.close();
        }
        if (daemon != null) {
            daemon.killEverything();
        }
    }

    @Test
    void rollIsShownWhileItHappens() throws Exception {
        assumeThat(Files.isExecutable(CHROMIUM))
                .as("there is no " + CHROMIUM + ": install Debian's package chromium to run this test")
                .isTrue();
        daemon = LocalDaemon.start(dir);
        daemon.awaitWell("zookeeper/production", "zookeeper/dev");
        startBrowser();
        Page overview = open(ColorScheme.LIGHT, "");
        Page ensemble = open(ColorScheme.LIGHT, ENSEMBLE);
        Page dark = open(ColorScheme.DARK, ENSEMBLE);
        filterWorksWithoutScripts();
        // Given a person who types into the overview, and has closed a part of the other page
        overview.locator("#q").fill("pro");
        ensemble.locator("details.commit summary").first().click();

        // When the rollout is paused, and a change is pushed
        assertThat(run("pause", "production", "-n", "zookeeper", "--local", "--dir", dir.toString()))
                .isZero();
        daemon.push(FILE, text -> text.replaceFirst("maxClientCnxns: \\d+", "maxClientCnxns: 71")
                .replace("settle: 5s", "settle: 2s"));

        // Then the page shows the closed gate, what follows it, and the command that opens it
        ensemble.locator(".gatebox h2 code:text-is('paused')").waitFor();
        assertThat(ensemble.locator(".step.next .what").allInnerTexts()).hasSize(3);
        violatesNothing(ensemble, dark);
        String command = ensemble.locator(".gatebox .command code").innerText();
        assertThat(command).startsWith("ensembled resume production ");
        assertThat(run(command.substring(command.indexOf(' ') + 1).split(" ", -1)))
                .isZero();

        // And the rollout, with the roles that the servers themselves report
        Set<Map<Integer, String>> agreed = rolesUntilDone(ensemble, overview, dark);
        assertThat(agreed).anySatisfy(roles -> assertThat(roles).containsValue(AWAY));
        assertThat(agreed).anySatisfy(roles -> assertThat(roles).doesNotContainValue(AWAY));
        assertThat(ensemble.locator(".step.done").count()).isEqualTo(4);
        assertThat(ensemble.locator(".step.next, .step.now, .tag.old").count()).isZero();
        assertThat(ensemble.locator("table .dot.leader").count()).isEqualTo(1);
        // And none of the pages was loaded again, and what the person did is as it was
        assertThat(List.of(overview, ensemble, dark)).allSatisfy(page -> assertThat(page.evaluate("window.loadedOnce"))
                .isEqualTo(true));
        assertThat(overview.locator("#q").inputValue()).isEqualTo("pro");
        assertThat(overview.evaluate("document.activeElement.id")).isEqualTo("q");
        assertThat(ensemble.locator("details.commit").last().getAttribute("open"))
                .isNull();
        violatesNothing(overview, open(ColorScheme.DARK, ""), open(ColorScheme.DARK, "sources"));

        // And it says so when the daemon is gone
        daemon.kill();
        overview.locator("#live.lost").waitFor();
    }

    private void startBrowser() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    private Page open(ColorScheme theme, String path) throws IOException {
        Page page = browser.newContext(
                        new Browser.NewContextOptions().setColorScheme(theme).setViewportSize(WIDTH, HEIGHT))
                .newPage();
        page.navigate(daemon.web().resolve("/" + path).toString());
        page.evaluate("window.loadedOnce = true");
        page.locator("#live:text-is('live')").waitFor();
        return page;
    }

    private void filterWorksWithoutScripts() throws IOException {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false));
        Page page = context.newPage();
        page.navigate(daemon.web().toString());
        Locator names = page.locator(".ensembles tbody th");
        assertThat(names.allInnerTexts()).containsExactly("zookeeper/dev", "zookeeper/production");

        page.locator("#q").fill("DEV");
        page.locator(".filter button").click();
        assertThat(names.allInnerTexts()).containsExactly("zookeeper/dev");

        page.locator("#state").selectOption("stalled");
        page.locator(".filter button").click();
        assertThat(page.locator(".empty").innerText()).contains("No ensemble matches");
        context.close();
    }

    private static int run(String... arguments) {
        return Ensembled.commandLine().execute(arguments);
    }

    /** Returns each assignment of roles in which the page and the servers agreed; takes screenshots meanwhile. */
    private Set<Map<Integer, String>> rolesUntilDone(Page ensemble, Page overview, Page dark) throws Exception {
        Set<Map<Integer, String>> agreed = new LinkedHashSet<>();
        Page darkOverview = open(ColorScheme.DARK, "");
        List<Boolean> taken = new ArrayList<>();
        LocalDaemon.eventually("the page shows that the rollout is done", () -> {
            Map<Integer, String> shown = shown(ensemble);
            if (shown.equals(reported())) {
                agreed.add(shown);
            }
            boolean inTheMiddle = ensemble.locator(".step.done").count() == 2
                    && ensemble.locator(".server.away").count() == 1;
            if (taken.isEmpty() && inTheMiddle) {
                taken.add(true);
                screenshot(dark, "ensemble-dark");
                screenshot(ensemble, "ensemble-light");
                screenshot(overview, "overview-light");
                screenshot(darkOverview, "overview-dark");
            }
            return ensemble.locator(".title .badge.settled").count() == 1 && !shown.containsValue(AWAY);
        });
        assertThat(taken).as("a restart was seen on the page").isNotEmpty();
        return agreed;
    }

    private static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** The roles in the table of servers. */
    private static Map<Integer, String> shown(Page page) {
        Map<Integer, String> roles = new TreeMap<>();
        page.locator("section:has(#servers-title) tbody tr:not(.detail)").all().forEach(row -> {
            String mark = row.getAttribute("class");
            roles.put(Integer.parseInt(row.locator("th").innerText()), mark);
        });
        return roles;
    }

    /** The roles that the servers report. */
    private Map<Integer, String> reported() throws IOException {
        Map<Integer, String> roles = new TreeMap<>();
        for (LocalDaemon.Member member : daemon.members("production").values()) {
            roles.put(member.id(), mode(member.clientAddress()));
        }
        return roles;
    }

    private static String mode(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse(AWAY);
        } catch (IOException e) {
            return AWAY;
        }
    }

    private static void violatesNothing(Page... pages) {
        for (Page page : pages) {
            assertThat(new AxeBuilder(page).analyze().getViolations())
                    .extracting(rule -> rule.getId() + ": "
                            + rule.getNodes().stream().map(CheckedNode::getHtml).toList())
                    .as(page.url())
                    .isEmpty();
        }
    }
}
