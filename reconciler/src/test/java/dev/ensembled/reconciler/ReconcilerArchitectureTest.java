package dev.ensembled.reconciler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which packages of the reconciler may depend on which, as the package-info of each one says. */
class ReconcilerArchitectureTest {
    private static final String RECONCILER = "dev.ensembled.reconciler";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(RECONCILER);

    static Stream<Arguments> packages() {
        return Stream.of(
                Arguments.of("spec", new String[] {}),
                Arguments.of("accept", new String[] {"spec"}),
                Arguments.of("observed", new String[] {"spec"}),
                // Servers report a membership, and the spec asks for one, in the same type.
                Arguments.of("desired", new String[] {"spec", "observed"}),
                Arguments.of("plan", new String[] {"spec", "desired", "observed"}),
                Arguments.of("rollout", new String[] {"spec", "desired", "observed", "plan"}),
                Arguments.of("report", new String[] {"spec", "desired", "observed", "plan", "rollout"}),
                Arguments.of("history", new String[] {"spec", "observed", "plan", "rollout"}),
                Arguments.of(
                        "cycle", new String[] {"spec", "desired", "observed", "plan", "rollout", "report", "history"}),
                Arguments.of(
                        "forecast",
                        new String[] {"spec", "desired", "observed", "plan", "rollout", "report", "history", "cycle"}),
                Arguments.of("commitplan", new String[] {"spec", "accept", "observed", "plan", "rollout", "forecast"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packages")
    void packagesImportOnlyPackagesEarlierInTheDataFlow(String name, String[] allowed) {
        String[] importable = Stream.concat(Stream.of(name), Arrays.stream(allowed))
                .map(each -> RECONCILER + "." + each + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(RECONCILER + "." + name + "..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(RECONCILER + "..")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(importable))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyClassIsInAListedPackage() {
        String[] known =
                packages().map(each -> RECONCILER + "." + each.get()[0] + "..").toArray(String[]::new);

        classes()
                .that()
                .haveSimpleNameNotEndingWith("package-info")
                .should()
                .resideInAnyPackage(known)
                .check(CLASSES);
    }

    @Test
    void reconcilerUsesOnlyTheJdkJacksonTheFabric8ModelAndACalendar() {
        classes()
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                                RECONCILER + "..",
                                "java..",
                                "com.fasterxml.jackson..",
                                "org.yaml.snakeyaml..",
                                // A computation on the calendar only.
                                "com.cronutils..",
                                "io.fabric8.kubernetes.api.model..",
                                "io.fabric8.kubernetes.model..",
                                "io.fabric8.crd.generator.annotation..",
                                "io.fabric8.generator.annotation..")
                        .or(DescribedPredicate.describe("are arrays or primitives", type -> type.getBaseComponentType()
                                .isPrimitive())))
                .check(CLASSES);
    }

    @Test
    void reconcilerImportsTheKubernetesModelAndNoClient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.fabric8.crdv2..")
                .check(CLASSES);
    }

    @Test
    void reconcilerDoesNoInputOrOutputExceptItsOwnResources() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.sql..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile|PrintStream)")
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
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
    void packagesHaveNoImportCycles() {
        slices().matching(RECONCILER + ".(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching(RECONCILER + ".spec.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageStatesItsPurpose() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("basedir", "."), "src", "main", "java"))) {
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
