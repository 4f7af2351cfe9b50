package dev.quiver.client.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.client.oracle.Probes.Cell;
import dev.quiver.client.oracle.Probes.Probe;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
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

    private record Seen(Cell cell, Condition condition) {}

    @Test
    void every_operator_answers_as_duckdb_does_on_every_type() throws SQLException {
        System.out.println("OperatorMatrixTest seed=" + SEED);
        List<Probe> probes = Probes.all();
        Map<Seen, Integer> frames = cells(probes);
        var differences = new ArrayList<String>();

        try (Session session = Quiver.local(Options.defaults().slots(2).quiet());
                Connection duckdb = Answers.open()) {
            var questions = new HashMap<Probe, PreparedStatement>();
            for (Condition condition : Condition.values())
                for (int i = 0; i < FRAMES; i++) {
                    var random = new Random(SEED + 1000L * condition.ordinal() + i);
                    DataFrame t =
                            RandomFrame.make(duckdb, folder, "t", condition, random).read(session);
                    DataFrame u =
                            RandomFrame.make(duckdb, folder, "u", condition, random).read(session);
                    String frame = "%s frame %d".formatted(condition, i);
                    for (Probe probe : probes) {
                        if (i >= probe.cells().getFirst().kind().frames()) continue;
                        PreparedStatement question = questions.get(probe);
                        if (question == null) {
                            question = duckdb.prepareStatement(probe.sql());
                            questions.put(probe, question);
                        }
                        differences.addAll(compare(question, probe, t, u, frame));
                        for (Cell cell : probe.cells())
                            frames.computeIfPresent(new Seen(cell, condition), (_, n) -> n + 1);
                    }
                }
        }

        report(frames);
        assertThat(differences).isEmpty();
        assertThat(frames)
                .allSatisfy((seen, n) ->
                        assertThat(n).isGreaterThanOrEqualTo(seen.cell.kind().frames()));
    }

    private static Map<Seen, Integer> cells(List<Probe> probes) {
        var cells = new LinkedHashMap<Seen, Integer>();
        for (Probe probe : probes)
            for (Cell cell : probe.cells())
                for (Condition condition : Condition.values())
                    if (condition.appliesTo(cell.kind())) cells.put(new Seen(cell, condition), 0);
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

    private static void report(Map<Seen, Integer> frames) {
        var byOperator = new LinkedHashMap<String, Integer>();
        frames.forEach((seen, _) -> byOperator.merge(seen.cell.operator(), 1, Integer::sum));
        System.out.printf(
                "%d operators, %d cells, at least %d frames each%n",
                byOperator.size(),
                frames.size(),
                frames.values().stream().mapToInt(Integer::intValue).min().orElse(0));
        byOperator.forEach(
                (operator, cells) -> System.out.printf("  %-40s %4d cells%n", operator, cells));
    }
}
