package dev.quiver.planner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListingTest {
    @TempDir Path base;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name :
                List.of(
                        "b.csv",
                        "a.csv",
                        ".hidden.csv",
                        "_part.csv",
                        "notes.md",
                        "in/x 1.csv",
                        "in/deep/y.csv.gz",
                        "odd[1]/z.csv",
                        "out/month=1/p.csv")) {
            Path file = base.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x\n1\n");
        }
        Files.createDirectories(base.resolve("empty"));
    }

    private List<String> list(String... paths) {
        return new FileListing("CSV", List.of(".csv", ".csv.gz"), base, false)
                .list(List.of(paths)).stream().map(p -> base.relativize(p).toString()).toList();
    }

    private String told(String path) {
        String message =
                String.valueOf(assertThrows(QuiverException.class, () -> list(path)).getMessage());
        return message.replace(base.toString(), "BASE");
    }

    @Test
    void a_file_a_directory_and_a_pattern_mean_files() {
        assertThat(list("b.csv")).containsExactly("b.csv");
        assertThat(list("in")).containsExactly("in/x 1.csv");
        assertThat(list("*.csv")).containsExactly("a.csv", "b.csv");
        assertThat(list("{b,a}.csv")).containsExactly("a.csv", "b.csv");
        assertThat(list("in/**.gz")).containsExactly("in/deep/y.csv.gz");
        assertThat(list("odd[1]/z.csv")).containsExactly("odd[1]/z.csv");
        assertThat(list(base.resolve("a.csv").toString(), "*.csv"))
                .containsExactly("a.csv", "b.csv");
    }

    @Test
    void a_missing_file_is_told_with_what_is_there() {
        assertThat(told("in/x1.csv"))
                .isEqualTo(
                        """
                        no file 'in/x1.csv'   (FILE_NOT_FOUND)
                          looked in: BASE/in
                          has: deep, x 1.csv
                          fix: did you mean 'x 1.csv'? relative paths start at BASE\
                        """);
        assertThat(told("nowhere/deeper/a.csv")).contains("looked in: BASE\n");
    }

    @Test
    void a_pattern_without_matches_is_told() {
        assertThat(told("in/*.parquet"))
                .isEqualTo(
                        """
                        no file matches 'in/*.parquet'   (FILE_NOT_FOUND)
                          looked in: BASE/in
                          has: deep, x 1.csv
                          fix: check the pattern: * stands for letters of one name, ** for any \
                        folders\
                        """);
        assertThat(told("in/[a.csv")).startsWith("'in/[a.csv' is not a pattern");
    }

    @Test
    void a_directory_without_such_files_is_told() {
        assertThat(told("empty"))
                .isEqualTo(
                        """
                        no CSV file in the directory 'empty'   (FILE_NOT_FOUND)
                          looked for: *.csv, *.csv.gz
                          has: nothing
                          fix: name the files, or use a pattern such as 'empty/*.csv'\
                        """);
    }

    @Test
    void partition_folders_are_not_read_without_their_column() {
        assertThat(told("out"))
                .startsWith(
                        "'out' has partition folders, whose column reading would lose"
                                + "   (UNSUPPORTED)");
        assertThat(list("out/month=1")).containsExactly("out/month=1/p.csv");
        assertThat(new FileListing("CSV", List.of(".csv"), base, true).list(List.of("out")))
                .containsExactly(base.resolve("out/month=1/p.csv"));
    }
}
