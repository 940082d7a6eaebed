package dev.ensembled;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which packages of the daemon may import which, as their package-info says. A package that is not named here imports no
 * other.
 */
class DaemonArchitectureTest {
    private static final String DAEMON = "dev.ensembled";
    private static final String RECONCILER = "dev.ensembled.reconciler..";
    private static final String COMPOSITION_ROOT = "daemon";
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "main", "java");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(DAEMON);

    /** What people observed at asks the composition root and what it drives; the platform of a laptop probes servers. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("cli", Set.of("daemon", "kubernetes", "local", "planner", "summary")),
            Map.entry("kubernetes", Set.of("access", "leadership", "log")),
            Map.entry("leadership", Set.of("log")),
            Map.entry("health", Set.of("daemon", "driver", "forge", "git")),
            Map.entry("web", Set.of("access", "daemon", "driver", "git", "planner", "summary")),
            Map.entry("terminal", Set.of("daemon", "driver", "git")),
            Map.entry("local", Set.of("access", "log", "zookeeper")),
            Map.entry("webhook", Set.of("daemon", "git", "log", "web")),
            Map.entry("git", Set.of("backoff", "log")),
            Map.entry("forge", Set.of("backoff", "driver", "git", "log", "planner")),
            Map.entry("planner", Set.of("log")),
            Map.entry("progress", Set.of("driver", "log")),
            Map.entry("notification", Set.of("backoff", "git", "log", "progress")),
            Map.entry("metrics", Set.of("daemon", "driver", "git", "progress")),
            Map.entry("rolloutlog", Set.of("daemon", "log", "progress")),
            Map.entry("driver", Set.of("backoff", "log")));

    static Stream<String> packages() throws IOException {
        try (Stream<Path> entries = Files.list(SOURCES.resolve("dev/ensembled"))) {
            return entries
                    .filter(Files::isDirectory)
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> !name.equals(COMPOSITION_ROOT))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("packages")
    void packagesImportTheReconcilerAndDeclaredPackagesOnly(String name) {
        String[] allowed = Stream.concat(Stream.of(name), MAY_IMPORT.getOrDefault(name, Set.of()).stream())
                .map(each -> DAEMON + "." + each + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(DAEMON + "." + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(DAEMON + "..")
                        .and(not(resideInAPackage(RECONCILER)))
                        .and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Each has its entry in the package itself, and layers below it in sub-packages. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cli", "git", "kubernetes", "local"})
    void subPackagesHaveNoImportCyclesAndDoNotImportTheEntry(String name) {
        slices().matching(DAEMON + "." + name + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(DAEMON + "." + name + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DAEMON + "." + name)
                .check(CLASSES);
    }

    static Stream<Arguments> externalSystems() {
        return Stream.of(
                Arguments.of("org.eclipse.jgit..", List.of("git")),
                Arguments.of("org.apache.zookeeper..", List.of("zookeeper", "local")),
                Arguments.of("io.fabric8.kubernetes.client..", List.of("kubernetes", COMPOSITION_ROOT, "cli.target")),
                Arguments.of("picocli..", List.of("cli")));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("externalSystems")
    void librariesOfAnExternalSystemStayInTheirPackage(String library, List<String> owners) {
        String[] packages =
                owners.stream().map(name -> DAEMON + "." + name + "..").toArray(String[]::new);

        noClasses()
                .that(not(resideInAnyPackage(packages))
                        .and(not(resideInAPackage(RECONCILER)))
                        .and(not(isTheEntryPoint())))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** The class with the main method may hand its words to the command line. */
    private static DescribedPredicate<JavaClass> isTheEntryPoint() {
        return resideInAPackage(DAEMON);
    }

    @Test
    void nothingPrintsToTheConsoleButTheCommandLineAndTheTerminal() {
        noClasses()
                .that(resideInAPackage(DAEMON + "..")
                        .and(not(resideInAnyPackage(DAEMON, DAEMON + ".cli..", DAEMON + ".terminal.."))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    /** Visitors and methods of the type handle each kind, so that the compiler reports every place when a kind is added. */
    @ParameterizedTest
    @ValueSource(classes = {Step.class, Decision.class, Outcome.class, Server.class})
    void kindsOfSealedTypesAreNotDistinguishedByInstanceof(Class<?> type) {
        assertThat(CLASSES.stream()
                        .flatMap(each -> each.getInstanceofChecks().stream())
                        .filter(check -> check.getRawType().isAssignableTo(type)))
                .isEmpty();
    }

    @Test
    void everyPackageStatesItsPurposeAndItsImports() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();

            assertThat(packages).isNotEmpty().allSatisfy(each -> assertThat(each.resolve("package-info.java"))
                    .exists()
                    .content()
                    .contains("/**"));
        }
    }
}
