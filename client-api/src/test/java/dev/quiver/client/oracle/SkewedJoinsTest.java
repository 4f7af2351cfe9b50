package dev.quiver.client.oracle;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Joins of two sides that are exchanged answer as DuckDB does, whatever the exchange found and
/// however its buckets are read because of that.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SkewedJoinsTest {
    private static final int FILES = 8;
    private static final int PROBED = 650_000;
    private static final int BUILT = 400_000;

    /// Little enough that tables of such sides aren't made once for all.
    private static final String MEMORY = "48 MB";

    private Path folder = Path.of("");
    private Connection duckdb;

    @BeforeAll
    void open(@TempDir Path directory) throws SQLException {
        folder = directory;
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
        probed("skewed", "case when i % 20 < 13 then 7 else i % 300000 end");
        probed("one_key", "7");
        probed("no_skew", "i % 300000");
        probed("with_nulls", "case when i % 20 < 13 then null else i % 300000 end");
        make("built", BUILT, "i", "i % 97");
        make("few_built", BUILT, "case when i < 60 then i else null end", "i % 97");
    }

    @AfterAll
    void close() throws SQLException {
        duckdb.close();
    }

    private void probed(String name, String key) throws SQLException {
        make(name, PROBED, key, "i / 7.0");
    }

    private void make(String name, int rows, String key, String value) throws SQLException {
        try (Statement sql = duckdb.createStatement()) {
            sql.execute(
                    "create table %s as select (%s)::bigint k, i::bigint id, (%s)::double v from range(%d) t(i)"
                            .formatted(name, key, value, rows));
            for (int file = 0; file < FILES; file++)
                sql.execute(
                        "copy (select * from %s where id %% %d = %d order by id) to '%s' (format parquet)"
                                .formatted(name, FILES, file, path(name, "" + file)));
        }
    }

    private Path path(String name, String file) {
        return folder.resolve(name + "-" + file + ".parquet");
    }

    private DataFrame read(Session session, String name) {
        return session.read().parquet(path(name, "*").toString());
    }

    private static DataFrame joined(DataFrame probed, DataFrame built, How how) {
        return probed.join(built.select(col("k"), col("v").as("w")), how, On.keys("k"));
    }

    @Test
    void skewed_buckets_are_split_and_answer_as_duckdb_does() throws SQLException {
        var differences = new ArrayList<String>();

        try (Session session = session(2)) {
            for (How how : How.values()) compare(session, "skewed", "built", how, differences);
            compare(session, "one_key", "built", How.INNER, differences);
            compare(session, "one_key", "built", How.ANTI, differences);
            compare(session, "with_nulls", "built", How.LEFT, differences);
            compare(session, "with_nulls", "built", How.SEMI, differences);
            compare(session, "skewed", "few_built", How.LEFT, differences);
        }

        assertThat(differences).isEmpty();
    }

    private static Session session(int slots) {
        return Quiver.local(Options.defaults().slots(slots).memory(MEMORY).quiet());
    }

    private void compare(
            Session session, String probed, String built, How how, List<String> differences)
            throws SQLException {
        boolean both = how == How.INNER || how == How.LEFT;
        DataFrame rows = joined(read(session, probed), read(session, built), how);
        DataFrame sums =
                both
                        ? rows.agg(count(), sum("id").as("i"), sum("w").as("w"))
                        : rows.agg(count(), sum("id").as("i"));
        String sql =
                "select count(*), sum(p.id)%s from %s p %s join (select k, v w from %s) b on p.k = b.k"
                        .formatted(both ? ", sum(b.w)" : "", probed, how, built);
        List<String> expected = Answers.duckdb(duckdb, sql);
        try (Table table = sums.collect()) {
            List<String> actual = Answers.quiver(table);
            if (!actual.equals(expected))
                differences.add("%s: %s, not %s".formatted(sql, actual, expected));
        }
    }

    @Test
    void what_was_decided_is_told_and_changes_neither_order_nor_bits() {
        Map<Integer, List<Long>> bits = new LinkedHashMap<>();
        Map<Integer, List<String>> decided = new LinkedHashMap<>();

        for (int slots : new int[] {1, 3}) {
            try (Session session = session(slots)) {
                DataFrame skewed =
                        joined(read(session, "skewed"), read(session, "built"), How.INNER);
                DataFrame small = joined(read(session, "no_skew"), fewer(session), How.LEFT);
                bits.put(slots, bits(skewed));
                decided.put(slots, List.of(decision(skewed), decision(small)));
                assertThat(skewed.explain())
                        .contains("who reads which slices is decided by what is found in: 0, 1");
            }
        }

        assertThat(bits.get(3)).hasSizeGreaterThan(PROBED / 2).isEqualTo(bits.get(1));
        assertThat(decided.get(3))
                .isEqualTo(decided.get(1))
                .containsExactly("8 buckets in 10 tasks, 1 split in 3", "32 buckets in 9 tasks");
    }

    /// Few rows where many are expected.
    private DataFrame fewer(Session session) {
        DataFrame built = read(session, "built");
        DataFrame few = built.filter(col("id").lt(90).or(col("id").lt(91)).or(col("id").lt(92)));
        return few.union(few, few, few);
    }

    /// Ids of rows in their order, and the bits of sums of floats.
    private static List<Long> bits(DataFrame rows) {
        var bits = new ArrayList<Long>();
        try (Table table = rows.select("id").collect()) {
            for (Row row : table.rows()) bits.add(row.getLong("id"));
        }
        try (Table table = rows.agg(sum("v").as("v"), sum("w").as("w")).collect()) {
            bits.add(Double.doubleToRawLongBits(table.row(0).getDouble("v")));
            bits.add(Double.doubleToRawLongBits(table.row(0).getDouble("w")));
        }
        return bits;
    }

    private static String decision(DataFrame joined) {
        return joined.analyze().steps().stream()
                .map(Analysis.Step::operator)
                .filter(operator -> operator.contains("buckets"))
                .collect(Collectors.joining("; "));
    }
}
