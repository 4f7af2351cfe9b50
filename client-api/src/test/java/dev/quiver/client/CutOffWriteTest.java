package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.planner.source.CutOffWrites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that was killed between the two renamings of an overwritten directory.
@Timeout(30)
class CutOffWriteTest {
    record Row(long x) {}

    private final Session q = Quiver.local(Options.defaults().slots(1).quiet());

    @TempDir Path dir;

    private Path target = Path.of("");

    @BeforeEach
    void cutOff() throws IOException {
        target = dir.resolve("rows");
        rows(1, 2).write().parquet(target + "/");
        Path staging = CutOffWrites.staging(target);
        Files.createDirectories(staging.resolve("new"));
        Files.move(target, CutOffWrites.old(staging));
    }

    @AfterEach
    void close() {
        q.close();
    }

    private DataFrame rows(long... values) {
        return q.of(Row.class, java.util.Arrays.stream(values).mapToObj(Row::new).toList());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> there = Files.list(dir)) {
            return there.map(p -> p.getFileName().toString()).toList();
        }
    }

    @Test
    void a_reader_is_told_where_the_rows_are() {
        assertThatThrownBy(() -> q.read().parquet(target + "/"))
                .hasMessageContaining("a write that was to replace it was cut off")
                .hasMessageContaining("what was there before: " + dir)
                .hasMessageContaining("FILE_NOT_FOUND");
    }

    @Test
    void the_next_write_brings_them_back_first() throws IOException {
        assertThatThrownBy(() -> rows(3).write().parquet(target + "/"))
                .hasMessageContaining("is there already");

        assertThat(q.read().parquet(target + "/").count()).isEqualTo(2);
        assertThat(names()).containsExactly("rows");
    }

    @Test
    void a_write_that_adds_has_the_old_rows_and_its_own() throws IOException {
        rows(3, 4, 5).write().append().parquet(target + "/");

        assertThat(q.read().parquet(target + "/").count()).isEqualTo(5);
        assertThat(names()).containsExactly("rows");
    }
}
