package io.snowline.server;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.snowline.id.GeneratorBuilder;
import java.time.Instant;

/** The borders between modules. */
@AnalyzeClasses(packages = "io.snowline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String SUPPORT = "io.snowline.coordination.support..";

    private static final String[] CORE = {
        "io.snowline.id..",
        "io.snowline.lease..",
        "io.snowline.time..",
        "io.snowline.coordination",
        "io.snowline.coordination.support..",
        "io.snowline.coordination.local.."
    };

    @ArchTest
    static final ArchRule CORE_DEPENDS_ON_THE_JDK_ALONE = classes()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "java..",
                            "javax.crypto..",
                            "javax.net.ssl..",
                            "org.jspecify..",
                            "com.google.errorprone.annotations..")
                    .or(resideInAnyPackage(CORE)));

    @ArchTest
    static final ArchRule TIME_KNOWS_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("io.snowline.time..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.snowline.coordination..", "io.snowline.lease..", "io.snowline.id..");

    @ArchTest
    static final ArchRule THE_SPI_KNOWS_NEITHER_THE_ENGINE_NOR_TIME_NOR_IDS = noClasses()
            .that()
            .resideInAnyPackage("io.snowline.coordination", "io.snowline.coordination.support..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.snowline.lease..", "io.snowline.time..", "io.snowline.id..");

    @ArchTest
    static final ArchRule BACKENDS_KNOW_NEITHER_THE_ENGINE_NOR_IDS = noClasses()
            .that()
            .resideInAPackage("io.snowline.coordination.*..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.snowline.lease..", "io.snowline.id..");

    @ArchTest
    static final ArchRule THE_ENGINE_DOES_NOT_KNOW_IDS = noClasses()
            .that()
            .resideInAPackage("io.snowline.lease..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.snowline.id..");

    @ArchTest
    static final ArchRule THE_ENGINE_IS_NOT_USED_FROM_OUTSIDE_OF_CORE = noClasses()
            .that()
            .resideOutsideOfPackages(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.snowline.lease..");

    @ArchTest
    static final ArchRule PACKAGES_OF_CORE_ARE_FREE_OF_CYCLES = slices().matching(
                    "io.snowline.(time|coordination|lease|id)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_SERVER_ARE_FREE_OF_CYCLES =
            slices().matching("io.snowline.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_AUDIT_KNOWS_LAYOUTS_ALONE = noClasses()
            .that()
            .resideInAPackage("io.snowline.audit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.snowline.coordination..", "io.snowline.lease..", "io.snowline.server..");

    @ArchTest
    static final ArchRule THE_CLIENT_DEPENDS_ON_IDS_AND_THE_JDK = classes()
            .that()
            .resideInAPackage("io.snowline.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net.ssl..",
                    "org.jspecify..",
                    "com.google.errorprone.annotations..",
                    "io.snowline.client..",
                    "io.snowline.id..",
                    "io.snowline.time..",
                    SUPPORT);

    /** Whoever sets the clock must not make a client drop ranges, or keep them. */
    @ArchTest
    static final ArchRule THE_CLIENT_READS_NO_WALL_CLOCK = noClasses()
            .that()
            .resideInAPackage("io.snowline.client..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_CLIENT = noClasses()
            .that()
            .resideOutsideOfPackage("io.snowline.client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.snowline.client..");

    @ArchTest
    static final ArchRule THE_CONFIGURATION_KNOWS_NO_FRAMEWORK = classes()
            .that()
            .resideInAPackage("io.snowline.config..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..",
                    "io.dropwizard.util..",
                    "org.apache.commons.text..",
                    "io.snowline.config..",
                    "io.snowline.id..",
                    "io.snowline.time..",
                    "io.snowline.coordination",
                    SUPPORT);

    @ArchTest
    static final ArchRule THE_BUNDLE_ALONE_STARTS_GENERATORS = noClasses()
            .that()
            .resideInAPackage("io.snowline.server..")
            .and()
            .resideOutsideOfPackage("io.snowline.server.cli..") // creates namespaces
            .should()
            .dependOnClassesThat()
            .areAssignableTo(GeneratorBuilder.class);

    @ArchTest
    static final ArchRule NEITHER_SERVER_NOR_BUNDLE_NAMES_A_BACKEND = noClasses()
            .that()
            .resideInAnyPackage("io.snowline.server..", "io.snowline.dropwizard..", "io.snowline.config..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.snowline.coordination.*..")
                    .and(not(resideInAPackage(SUPPORT)))
                    .or(resideInAnyPackage(
                            "redis.clients..",
                            "org.apache.curator..",
                            "org.apache.zookeeper..",
                            "io.etcd..",
                            "io.grpc..",
                            "io.netty..")));

    @ArchTest
    static final ArchRule COORDINATORS_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.snowline.coordination.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage(SUPPORT));

    @ArchTest
    static final ArchRule COORDINATORS_DO_NOT_KNOW_THE_SERVER = noClasses()
            .that()
            .resideOutsideOfPackage("io.snowline.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.snowline.server..");

    /** A process would still believe what it had stored in a file, after others have moved on. */
    @ArchTag("T07")
    @ArchTest
    static final ArchRule WHAT_ISSUES_IDS_KEEPS_NO_FILES_OF_ITS_OWN = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.snowline.id..",
                    "io.snowline.lease..",
                    "io.snowline.coordination..",
                    "io.snowline.dropwizard..",
                    "io.snowline.server.issuing..")
            .and()
            .resideOutsideOfPackages("io.snowline.coordination.local..", SUPPORT) // the latter reads passwords and keys
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.FileChannel"
                    + "|java\\.io\\.(FileOutputStream|FileWriter|RandomAccessFile)|java\\.util\\.prefs\\..*");

    @ArchTag("T38")
    @ArchTest
    static final ArchRule CORE_KNOWS_NO_TIME_ZONE = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.time\\.(Zone|Local|Offset|Year|Month).*"
                    + "|java\\.util\\.(.*TimeZone|.*Calendar|Date)|java\\.text\\..*");
}
