package dev.quiver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CancelBenchTest {
    @TempDir Path directory;

    @Test
    void every_kind_of_work_is_cancelled_as_often_as_was_asked_for() throws IOException {
        Path out = directory.resolve("results/cancel.csv");
        List<String> arguments =
                List.of(
                        "cancel",
                        "--rows",
                        "2e4",
                        "--rounds",
                        "3",
                        "--warm-ups",
                        "1",
                        "--slots",
                        "2",
                        "--data",
                        directory.resolve("data").toString(),
                        "--out",
                        out.toString());
        assertThat(Bench.run(arguments)).isZero();
        List<String> lines = Files.readAllLines(out);
        var tries = new TreeMap<String, Integer>();
        for (String line : lines.subList(1, lines.size()))
            tries.merge(line.split(",", -1)[2], 1, Integer::sum);
        assertThat(tries.keySet())
                .contains("sort", "group-by", "gzip scan", "loop that blocks", "loop that asks");
        assertThat(tries.values()).allMatch(count -> count == 2);
    }
}
