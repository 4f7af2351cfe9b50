package dev.quiver.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.quiver.client.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the guide shows is what happens.
final class GuideTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(#[^)]*)?\\)");
    private static final boolean UPDATE = Boolean.getBoolean("guide.update");

    @TempDir private Path directory;

    @TestFactory
    Stream<DynamicTest> every_page_prints_what_it_says() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(Snippets.root().resolve("docs").resolve("guide"))) {
            files = listed.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(6);
        return files.stream()
                .map(Page::read)
                .map(page -> dynamicTest(page.name(), () -> prints_what_it_says(page)));
    }

    private void prints_what_it_says(Page page) throws Exception {
        List<Page.Block> blocks =
                page.blocks().stream().filter(block -> block.language().equals("java")).toList();
        Path out = Files.createDirectories(directory.resolve(page.name()));
        String name = "Guide" + page.name().toUpperCase(Locale.ROOT);
        String text = Snippets.page(name, blocks.stream().map(page::text).toList());
        Class<?> type = Snippets.compiled(out, name, Snippets.inDirectory(text, out));

        List<String> printed;
        try (Place place = Place.of(page)) {
            printed =
                    Snippets.printed(() ->
                            type.getMethod("run", Session.class).invoke(null, place.session()));
        }

        if (UPDATE) Files.writeString(page.file(), page.withOutputs(blocks, printed));
        for (int i = 0; i < blocks.size() && !UPDATE; i++) {
            assertThat(printed.get(i))
                    .as("%s:%d prints", page.file(), blocks.get(i).first())
                    .isEqualTo(Snippets.withoutBlankEdges(page.printedBy(blocks.get(i))));
        }
    }

    @Test
    void the_first_program_of_the_readme_runs_and_has_twelve_lines() throws Exception {
        Page readme = Page.read(Snippets.root().resolve("README.md"));
        String example =
                readme.blocks().stream()
                        .filter(block -> block.language().equals("java"))
                        .map(readme::text)
                        .findFirst()
                        .orElseThrow();

        Class<?> type = Snippets.compiled(directory, "Late", example);
        List<String> printed =
                Snippets.printed(() -> {
                    var constructor = type.getDeclaredConstructor();
                    constructor.setAccessible(true);
                    var main = type.getDeclaredMethod("main");
                    main.setAccessible(true);
                    return main.invoke(constructor.newInstance());
                });

        assertThat(example.lines().filter(line -> !line.isBlank())).hasSize(12);
        assertThat(printed.getFirst().lines().toList())
                .anySatisfy(line -> assertThat(line).contains("carrier", "late", "dep_delay_mean"))
                .anySatisfy(line -> assertThat(line).contains("EV"));
    }

    @Test
    void the_readme_has_exactly_two_commands_to_set_up() throws Exception {
        Page readme = Page.read(Snippets.root().resolve("README.md"));

        List<String> commands =
                readme.blocks().stream()
                        .filter(block -> block.language().equals("sh"))
                        .flatMap(block -> readme.text(block).lines())
                        .map(line -> line.replaceFirst("\\s*#.*", ""))
                        .toList();

        assertThat(commands).containsExactly("./quiver demo", "./mvnw verify");
    }

    @Test
    void every_link_between_the_documents_leads_somewhere() throws IOException {
        Path root = Snippets.root();
        try (Stream<Path> top = Files.list(root);
                Stream<Path> below = Files.find(root.resolve("docs"), 5, (path, _) -> true)) {
            Stream<Path> pages =
                    Stream.concat(top, below).filter(path -> path.toString().endsWith(".md"));
            for (Path file : pages.toList()) {
                var matcher = LINK.matcher(Files.readString(file));
                while (matcher.find()) {
                    assertThat(file.resolveSibling(matcher.group(1)))
                            .as("link of %s", root.relativize(file))
                            .exists();
                }
            }
        }
    }
}
