package dev.holdfast.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The import directions of CONTRIBUTING.md, checked on the compiled classes of all modules. It reads them from the
 * folders beside it, so it needs the whole project compiled: {@code mvn verify} in the root, or {@code mvn compile}
 * there before this module's tests alone.
 */
class ArchitectureTest {

    private static final String ROOT_PACKAGE = "dev.holdfast.session";

    /** What each package of ours may use of ours besides itself; packages not listed are free within their module. */
    private static final Map<String, Set<String>> PACKAGES = Map.of(
            ROOT_PACKAGE + ".spi", Set.of(),
            ROOT_PACKAGE + ".codec", Set.of(),
            ROOT_PACKAGE + ".codec.json", Set.of(ROOT_PACKAGE + ".codec"),
            ROOT_PACKAGE + ".memory", Set.of(ROOT_PACKAGE + ".spi"));

    private static final Path PROJECT = project();
    private static final Map<String, JavaClasses> MODULES = compiledModules();

    @Test
    @DisplayName("the modules of the root pom are the folders that hold one")
    void modulesAreFolders() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECT)) {
            assertThat(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(listedModules());
        }
    }

    @Test
    @DisplayName("demo, benchmarks → store-*, session-http → session-api; store-compliance → session-api")
    void modulesImportOneWay() {
        Map<String, String> homes = new TreeMap<>();
        MODULES.forEach((module, classes) -> classes.forEach(type -> homes.put(type.getName(), module)));

        assertThat(dependencies(MODULES.values(), (from, to) -> {
                    String user = homes.getOrDefault(from.getName(), "");
                    String used = homes.get(to.getName());
                    return used == null || used.equals(user) || mayUse(user, used);
                }))
                .isEmpty();
    }

    private static boolean mayUse(String user, String used) {
        return switch (user) {
            case "session-api" -> false;
            case "demo", "benchmarks" ->
                used.equals("session-api")
                        || used.equals("session-http")
                        || (used.startsWith("store-") && !(user.equals("demo") && used.equals("store-compliance")));
            default -> used.equals("session-api");
        };
    }

    @Test
    @DisplayName("each package lives in one module")
    void packagesAreNotSplit() {
        Map<String, Set<String>> homes = new TreeMap<>();
        MODULES.forEach((module, classes) -> classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.isEmpty())
                .forEach(name ->
                        homes.computeIfAbsent(name, key -> new TreeSet<>()).add(module)));

        assertThat(homes)
                .isNotEmpty()
                .allSatisfy((name, modules) -> assertThat(modules).as(name).hasSize(1));
    }

    @Test
    @DisplayName(
            "session-api needs nothing but the JDK; JSpecify's annotations are not needed at run time, Micrometer and Jackson only if used")
    void sessionApiNeedsTheJdkOnly() {
        Set<String> jdk = ModuleFinder.ofSystem().findAll().stream()
                .filter(module -> module.descriptor().name().startsWith("java."))
                .flatMap(module -> module.descriptor().exports().stream())
                .map(exported -> exported.source())
                .collect(Collectors.toSet());

        assertThat(dependencies(
                        List.of(classesOf("session-api")),
                        (from, to) -> to.isPrimitive()
                                || jdk.contains(to.getPackageName())
                                || to.getPackageName().equals("org.jspecify.annotations")
                                || (to.getPackageName().startsWith("tools.jackson.")
                                        && from.getPackageName().equals(ROOT_PACKAGE + ".codec.json"))
                                || (to.getPackageName().startsWith("io.micrometer.core.instrument")
                                        && from.getPackageName().equals(ROOT_PACKAGE + ".metrics"))
                                || to.getPackageName().startsWith(ROOT_PACKAGE)))
                .isEmpty();
    }

    @Test
    @DisplayName("in session-api the SPI and the codec stand alone, and the in-memory store sees the SPI only")
    void packagesImportOneWay() {
        JavaClasses classes = classesOf("session-api");
        assertThat(PACKAGES.keySet()).allMatch(classes::containPackage, "a package of session-api");

        assertThat(dependencies(List.of(classes), (from, to) -> {
                    Set<String> allowed = PACKAGES.get(from.getPackageName());
                    return allowed == null
                            || !to.getPackageName().startsWith(ROOT_PACKAGE)
                            || to.getPackageName().equals(from.getPackageName())
                            || allowed.contains(to.getPackageName());
                }))
                .isEmpty();
    }

    @Test
    @DisplayName("transports know no servlet; only the servlet package does")
    void transportsKnowNoServlet() {
        assertThat(dependencies(
                        MODULES.values(),
                        (from, to) -> !to.getPackageName().startsWith("jakarta.servlet")
                                || !from.getPackageName().startsWith(ROOT_PACKAGE)
                                || from.getPackageName().startsWith(ROOT_PACKAGE + ".http.servlet")))
                .isEmpty();
    }

    @Test
    @DisplayName("in session-http only tokens see Nimbus, and only mini-programs see Jackson and the stand-in's server")
    void optionalLibrariesStayApart() {
        Map<String, String> homes = Map.of(
                "com.nimbusds.", ROOT_PACKAGE + ".http.token",
                "tools.jackson.", ROOT_PACKAGE + ".http.wechat",
                "com.sun.net.httpserver", ROOT_PACKAGE + ".http.wechat.standin");
        assertThat(dependencies(
                        List.of(classesOf("session-http")),
                        (from, to) -> homes.entrySet().stream()
                                .allMatch(home -> !to.getPackageName().startsWith(home.getKey())
                                        || from.getPackageName().equals(home.getValue()))))
                .isEmpty();
    }

    /** Lists the dependencies that are not allowed, each with the line of code it stands in. */
    private static Set<String> dependencies(Collection<JavaClasses> all, BiPredicate<JavaClass, JavaClass> allowed) {
        return all.stream()
                .flatMap(JavaClasses::stream)
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use ->
                        !allowed.test(use.getOriginClass(), use.getTargetClass().getBaseComponentType()))
                .map(Dependency::getDescription)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JavaClasses classesOf(String module) {
        JavaClasses classes = MODULES.get(module);
        assertThat(classes).as(module).isNotEmpty();
        return Objects.requireNonNull(classes);
    }

    private static Map<String, JavaClasses> compiledModules() {
        // Names are all it compares; reading the libraries' classes would take most of the time.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        Map<String, JavaClasses> modules = new TreeMap<>();
        for (String module : listedModules()) {
            Path classes = PROJECT.resolve(module).resolve("target/classes");
            boolean hasCode = Files.exists(PROJECT.resolve(module).resolve("src/main/java"));
            assertThat(!hasCode || Files.exists(classes))
                    .as("%s is not compiled: run `mvn compile` in %s first", module, PROJECT)
                    .isTrue();
            modules.put(module, new ClassFileImporter().importPath(classes));
        }
        return modules;
    }

    private static List<String> listedModules() {
        try {
            return Pattern.compile("<module>([^<]+)</module>")
                    .matcher(Files.readString(PROJECT.resolve("pom.xml")))
                    .results()
                    .map((MatchResult module) -> module.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(".mvn"))) {
            folder = Objects.requireNonNull(folder.getParent(), "the project's root");
        }
        return folder;
    }
}
