package dev.quiver.client.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.oracle.Probes.Cell;
import dev.quiver.client.oracle.Probes.Probe;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every operator on every type under every condition answers as DuckDB does, on random frames.
///
/// The cells are generated from the operators, types and conditions; a cell that was seen on fewer
/// than [Kind#frames] frames fails the test, so that none can be lost.
final class OperatorMatrixTest {
    private static final int FRAMES = 20;
    private static final long SEED = Long.getLong("seed", 20_261_121L);

    @TempDir private Path folder;

    @Test
    void every_operator_answers_as_duckdb_does_on_every_type() throws Exception {
        System.out.println("OperatorMatrixTest seed=" + SEED);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var conditions = new ArrayList<Future<?>>();
            for (Condition condition : Condition.values())
                conditions.add(
                        threads.submit(() -> {
                            compareAll(condition);
                            return true;
                        }));
            for (Future<?> condition : conditions) condition.get();
        }
    }

    private void compareAll(Condition condition) throws SQLException, IOException {
        Path own = Files.createDirectory(folder.resolve(condition.name()));
        List<Probe> probes = Probes.all();
        Map<Cell, Integer> frames = cells(probes, condition);
        var differences = new ArrayList<String>();

        try (Session session = Quiver.local(Options.defaults().slots(2).quiet());
                Connection duckdb = Answers.open()) {
            var questions = new HashMap<Probe, PreparedStatement>();
            for (int i = 0; i < FRAMES; i++) {
                var random = new Random(SEED + 1000L * condition.ordinal() + i);
                DataFrame t = RandomFrame.make(duckdb, own, "t", condition, random).read(session);
                DataFrame u = RandomFrame.make(duckdb, own, "u", condition, random).read(session);
                String frame = "%s frame %d".formatted(condition, i);
                for (Probe probe : probes) {
                    if (i >= probe.cells().getFirst().kind().frames()) continue;
                    PreparedStatement question = questions.get(probe);
                    if (question == null) {
                        question = duckdb.prepareStatement(probe.sql());
                        questions.put(probe, question);
                    }
                    differences.addAll(compare(question, probe, t, u, frame));
                    for (Cell cell : probe.cells()) frames.computeIfPresent(cell, (_, n) -> n + 1);
                }
            }
        }

        report(frames, condition);
        assertThat(differences).isEmpty();
        assertThat(frames)
                .isNotEmpty()
                .allSatisfy(
                        (cell, n) -> assertThat(n).isGreaterThanOrEqualTo(cell.kind().frames()));
    }

    private static Map<Cell, Integer> cells(List<Probe> probes, Condition condition) {
        var cells = new LinkedHashMap<Cell, Integer>();
        for (Probe probe : probes)
            for (Cell cell : probe.cells())
                if (condition.appliesTo(cell.kind())) cells.put(cell, 0);
        return cells;
    }

    private static List<String> compare(
            PreparedStatement question, Probe probe, DataFrame t, DataFrame u, String frame)
            throws SQLException {
        List<String> expected = Answers.duckdb(question);
        List<String> actual;
        try (Table table = probe.query().of(t, u).collect()) {
            actual = Answers.quiver(table);
        } catch (RuntimeException e) {
            return List.of("%s, %s: %s".formatted(frame, probe.sql(), e));
        }
        if (!probe.ordered()) {
            expected = expected.stream().sorted().toList();
            actual = actual.stream().sorted().toList();
        }
        if (expected.equals(actual)) return List.of();
        return List.of(
                "%s, %s\n  %s".formatted(frame, probe.sql(), firstDifference(expected, actual)));
    }

    static String firstDifference(List<String> expected, List<String> actual) {
        if (expected.size() != actual.size())
            return "duckdb has %d rows, quiver %d".formatted(expected.size(), actual.size());
        int row = 0;
        while (expected.get(row).equals(actual.get(row))) row++;
        return "row %d\n  duckdb %s\n  quiver %s"
                .formatted(row, expected.get(row), actual.get(row));
    }

    private static void report(Map<Cell, Integer> frames, Condition condition) {
        var byOperator = new LinkedHashMap<String, Integer>();
        frames.forEach((cell, _) -> byOperator.merge(cell.operator(), 1, Integer::sum));
        System.out.printf(
                "%s: %d operators, %d cells, at least %d frames each%n",
                condition,
                byOperator.size(),
                frames.size(),
                frames.values().stream().mapToInt(Integer::intValue).min().orElse(0));
    }
}
