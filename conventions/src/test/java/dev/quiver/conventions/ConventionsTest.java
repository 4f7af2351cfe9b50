package dev.quiver.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The conventions over the whole tree.
final class ConventionsTest {
    private static final Path ROOT = Repository.root();
    private static final ModuleTable TABLE = ModuleTable.QUIVER;

    @SuppressWarnings("NullAway.Init") // read once for all tests
    private static List<JavaSource> sources;

    @BeforeAll
    static void parse_every_source_once() {
        sources = JavaSource.all();
        assertThat(sources).as("sources found under %s", ROOT).hasSizeGreaterThan(100);
    }

    @Test
    void the_root_pom_lists_the_modules_in_the_order_of_the_table() {
        assertThat(Poms.modules(ROOT)).isEqualTo(TABLE.modules());
    }

    @Test
    void a_pom_names_only_modules_of_its_row() {
        for (String module : TABLE.modules()) {
            assertThat(TABLE.visible(module))
                    .as("%s/pom.xml: modules of Quiver that it depends on", module)
                    .containsAll(Poms.dependencies(ROOT, module));
        }
    }

    @Test
    void classes_use_only_the_modules_above_theirs() {
        Violation.assertNone(Layering.violations(TABLE, classesByModule()));
    }

    @Test
    void state_machines_are_pure() {
        classesByModule()
                .forEach((module, classes) ->
                        Violation.assertNone(Purity.violations(module, classes)));
    }

    @Test
    void files_and_methods_are_short() {
        Violation.assertNone(CodeLimits.violations(sources));
    }

    @Test
    void type_names_say_what_a_thing_is() {
        Violation.assertNone(Names.violations(sources));
    }

    @Test
    void every_test_runs() {
        Violation.assertNone(SkippedTests.violations(sources));
    }

    @Test
    void no_file_holds_a_path_of_one_machine() {
        Violation.assertNone(MachinePaths.violations(Repository.texts(".*")));
    }

    @Test
    void every_package_says_what_it_is_for_and_takes_no_null() {
        for (var source : sources) {
            if (!source.path().contains("/src/main/java/")) continue;
            Path about = ROOT.resolve(source.path()).resolveSibling("package-info.java");
            assertThat(about).exists();
            assertThat(about).content().startsWith("///").contains("@NullMarked");
        }
    }

    /// The directory of each module's compiled classes; the modules built before this one have it.
    private static Map<String, Path> classesByModule() {
        var directories = new LinkedHashMap<String, Path>();
        for (String module : TABLE.modules()) {
            Path classes = ROOT.resolve(module).resolve("target").resolve("classes");
            if (Files.isDirectory(classes)) directories.put(module, classes);
        }
        assertThat(directories).as("compiled modules").containsKeys("core", "scheduler", "worker");
        return directories;
    }
}
