package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command's words, one by one.
final class CommandTest {
    private static final String FRUIT =
            "name,weight,ripe\napple,1.5,true\n\"a, \"\"b\"\"\",,false\n";

    @TempDir private Path directory;

    @Test
    void help_and_version_answer_with_status_0() {
        for (var words : List.of(List.of("help"), List.of("--help"), List.of("help", "head"))) {
            var spoken = Spoken.by(words.toArray(String[]::new));

            assertThat(spoken.status()).as("%s", words).isZero();
            assertThat(spoken.out()).contains("Usage: quiver");
            assertThat(spoken.err()).isEmpty();
        }
        assertThat(Spoken.by("version").out()).startsWith("quiver 0.1").contains("Java 25");
    }

    @Test
    void what_is_called_wrongly_gets_status_2_and_a_hint() {
        assertUsage(List.of(), "no command", "start with 'quiver demo'");
        assertUsage(List.of("haed", "x.csv"), "unknown command 'haed'", "did you mean 'head'?");
        assertUsage(
                List.of("head", "--formt=csv", "x.csv"),
                "unknown option '--formt' of quiver head",
                "did you mean '--format'?");
        assertUsage(List.of("head"), "quiver head needs FILE", "usage: quiver head");
        assertUsage(
                List.of("head", "a", "b"), "'b' is one argument too many", "usage: quiver head");
        assertUsage(List.of("head", "--rows=0", "a"), "--rows is 0", "at least 1");
        assertUsage(List.of("head", "--rows=many", "a"), "'many'", "see 'quiver help head'");
        assertUsage(List.of("head", "--format=xml", "a"), "xml", "see 'quiver help head'");
        assertUsage(List.of("run"), "quiver run needs FILE.java|JAR", "usage: quiver run");
        assertUsage(List.of("run", "pom.xml"), "neither a source file nor a jar", ".java or .jar");
    }

    @Test
    void schema_shows_names_and_types() throws IOException {
        String file = file("fruit.csv", FRUIT);

        assertThat(Spoken.by("schema", file).out().lines().toList())
                .containsExactly("name    utf8", "weight  float64", "ripe    bool");
        assertThat(Spoken.by("schema", "--format", "csv", file).out())
                .isEqualTo("column,type\nname,utf8\nweight,float64\nripe,bool\n");
        assertThat(Spoken.by("schema", "--format", "jsonl", file).out())
                .startsWith("{\"column\":\"name\",\"type\":\"utf8\"}\n");
    }

    @Test
    void head_writes_a_table_csv_or_json_lines() throws IOException {
        String file = file("fruit.csv", FRUIT);

        var table = Spoken.by("head", file);
        var csv = Spoken.by("head", "--format", "csv", file);
        var json = Spoken.by("head", "--format", "jsonl", "-n", "2", file);

        assertThat(table.out()).contains("name", "weight", "apple", "1.5");
        assertThat(csv.out()).isEqualTo(FRUIT);
        assertThat(json.out().lines().toList())
                .containsExactly(
                        "{\"name\":\"apple\",\"weight\":1.5,\"ripe\":true}",
                        "{\"name\":\"a, \\\"b\\\"\",\"weight\":null,\"ripe\":false}");
    }

    @Test
    void head_takes_other_dialects() throws IOException {
        String tabs = file("fruit.tsv", "a\tb\n1\tNA\n");
        String bare = file("bare.txt", "1;2\n3;4\n");

        assertThat(Spoken.by("head", "--format=csv", "--nulls=NA", tabs).out())
                .isEqualTo("a,b\n1,\n");
        assertThat(Spoken.by("head", "--format=csv", "--delimiter=;", "--no-header", bare).out())
                .endsWith("1,2\n3,4\n");
    }

    @Test
    void describe_counts_each_column() throws IOException {
        var spoken = Spoken.by("describe", "--format=csv", file("fruit.csv", FRUIT));

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.out().lines().skip(1).toList())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("weight,").contains("1.5"));
    }

    @Test
    void profile_proposes_a_gate_and_counts_rows_that_break_one() throws IOException {
        String fruit = file("fruit.csv", FRUIT);
        String strict = file("strict.yaml", "rules:\n  - notNull: weight\n");

        var proposed = Spoken.by("profile", fruit);
        var broken = Spoken.by("profile", fruit, "--against", strict);
        String own = file("own.yaml", proposed.out());
        var unbroken = Spoken.by("profile", fruit, "--against", own);

        assertThat(proposed.out()).contains("rules:\n  - type: {column: name, type: utf8}\n");
        assertThat(broken.out()).contains("notNull", "weight", "1");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(unbroken.out()).isEqualTo("no row breaks a rule\n");
        assertThat(unbroken.status()).isZero();
    }

    @Test
    void profile_tells_how_a_file_differs_from_an_earlier_one() throws IOException {
        String before = file("before.csv", "id,color\n1,red\n2,green\n");
        String after = file("after.csv", "id,color\n1,red\n2,blue-green\n");
        String profile = file("before.json", Spoken.by("profile", before, "--json").out());

        var same = Spoken.by("profile", before, "--since", profile);
        var other = Spoken.by("profile", after, "--since", profile);
        var both = Spoken.by("profile", after, "--json", "--since", profile);

        assertThat(same.out()).isEqualTo("nothing is different\n");
        assertThat(same.status()).isZero();
        assertThat(other.out()).isEqualTo("color has up to 10 letters, had up to 5\n");
        assertThat(other.status()).isEqualTo(1);
        assertThat(both.err()).contains("more than one of --against, --json and --since");
    }

    @Test
    void files_that_cannot_be_read_get_status_1_and_three_parts() throws IOException {
        byte[] gzip = gzip("a\n" + "1\n".repeat(9999));
        Path cut = directory.resolve("cut.csv.gz");
        Files.write(cut, Arrays.copyOf(gzip, gzip.length / 2));

        assertFailed(List.of("head", "nope.csv"), "nope.csv", "FILE_NOT_FOUND");
        assertFailed(List.of("schema", directory + "/*.parquet"), "parquet", "FILE_NOT_FOUND");
        assertFailed(List.of("describe", cut.toString()), "cut.csv.gz", "FILE_CORRUPT");
        assertFailed(
                List.of("head", file("text.parquet", "no parquet at all, but long enough")),
                "text.parquet",
                "FILE_CORRUPT");
        assertFailed(
                List.of("describe", file("ragged.csv", "a,b\n1,2\n3\n")), "ragged.csv", "BAD_ROW");
    }

    @Test
    void config_shows_values_and_where_they_came_from() throws IOException {
        Path file = Path.of(file("quiver.yaml", "slots: 3\nlog:\n  level: info\n"));

        var settings = Settings.defaults().withFile(file);
        var spoken = Spoken.by("config");

        assertThat(settings.all())
                .extracting(s -> s.key().text() + " " + s.value() + " " + s.origin())
                .contains(
                        "slots 3 quiver.yaml", "log.level info quiver.yaml", "memory auto default");
        assertThat(spoken.out()).contains("slots", "memory", "(default)");
    }

    static void assertUsage(List<String> words, String what, String hint) {
        var spoken = Spoken.by(words.toArray(String[]::new));

        System.out.println(spoken.err());
        assertThat(spoken.status()).as("%s: %s", words, spoken.err()).isEqualTo(2);
        assertThat(spoken.err()).contains(what, hint, "(USAGE_INVALID)", "fix: ");
        assertThat(spoken.out()).isEmpty();
    }

    static void assertFailed(List<String> words, String what, String code) {
        var spoken = Spoken.by(words.toArray(String[]::new));

        System.out.println(spoken.err());
        assertThat(spoken.status()).as("%s: %s", words, spoken.err()).isEqualTo(1);
        assertThat(spoken.err()).contains(what, "(" + code + ")", "fix: ");
    }

    private String file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text).toString();
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var stream = new GZIPOutputStream(bytes)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
