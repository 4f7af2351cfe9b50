package dev.quiver.client;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.first;
import static dev.quiver.dataframe.Functions.last;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.min;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.std;
import static dev.quiver.dataframe.Functions.sum;
import static dev.quiver.dataframe.Functions.var;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many slots there are and who runs which task changes no bit of a result: not a sum of
/// floats, not the order of rows that tie, not a byte of a file.
class SameBitsTest {
    private static final long SEED = Long.getLong("seed", 61L);
    private static final int[] SLOTS = {1, 2, 3, 7};

    /// In every build each number of slots is tried either with stealing or without it, at night
    /// with both.
    private static final boolean ALL = Integer.getInteger("seeds.factor", 1) > 1;

    @TempDir private Path folder;

    @Test
    void slots_and_stealing_change_no_bit_of_a_table_or_a_file() throws IOException {
        System.out.println("SameBitsTest seed=" + SEED);
        Rubble rubble = Rubble.make(folder, new Random(SEED));
        Map<String, Bits> first = new LinkedHashMap<>();
        var differences = new TreeMap<String, List<String>>();

        for (int i = 0; i < SLOTS.length; i++)
            for (boolean stealing : new boolean[] {false, true}) {
                if (!ALL && stealing == (i % 2 == 0)) continue;
                int slots = SLOTS[i];
                String setting = "%d slots, stealing %s".formatted(slots, stealing);
                results(setting, slots, stealing, rubble)
                        .forEach((name, bits) -> {
                            Bits expected = first.computeIfAbsent(name, _ -> bits);
                            expected.difference(bits)
                                    .ifPresent(d ->
                                            differences
                                                    .computeIfAbsent(name, _ -> new ArrayList<>())
                                                    .add(setting + ": " + d));
                        });
            }

        assertThat(first)
                .hasSizeGreaterThan(30)
                .allSatisfy((_, b) -> assertThat(b.rows()).isPositive());
        assertThat(differences).isEmpty();
    }

    private Map<String, Bits> results(String setting, int slots, boolean stealing, Rubble rubble)
            throws IOException {
        var results = new LinkedHashMap<String, Bits>();
        var options = Options.defaults().slots(slots).stealing(stealing).quiet();
        try (Session session = Quiver.local(options)) {
            DataFrame read = rubble.lines(session);
            DataFrame facts = rubble.facts(session);
            DataFrame names = rubble.names(session);
            for (Map<String, DataFrame> queries :
                    List.of(
                            groups(facts),
                            orders(facts),
                            joins(facts, names),
                            rest(read, facts, names),
                            other(read, facts)))
                for (Map.Entry<String, DataFrame> query : queries.entrySet())
                    try (Table table = query.getValue().collect()) {
                        results.put(query.getKey(), Bits.of((LocalTable) table));
                    }
            writes(session, folder.resolve(setting), facts, results);
        }
        return results;
    }

    private static DataFrame aggregated(DataFrame frame, String... keys) {
        Expr[] more = {
            sum("v").as("s"),
            mean("v").as("m"),
            var("v").as("r"),
            std("w").as("d"),
            min("v").as("lo"),
            max("v").as("hi"),
            sum("amount").as("a"),
            mean("amount").as("am"),
            nUnique("name").as("u"),
            first("v").as("f"),
            last("name").as("l")
        };
        if (keys.length == 0) return frame.agg(count(), more);
        String[] others = List.of(keys).subList(1, keys.length).toArray(String[]::new);
        return frame.groupBy(keys[0], others).agg(count(), more);
    }

    private static Map<String, DataFrame> groups(DataFrame facts) {
        DataFrame finite = facts.filter(col("w").between(-1e300, 1e300));
        return Map.of(
                "aggregate", aggregated(facts),
                "aggregate of what is finite", aggregated(finite),
                "group by a skewed number", aggregated(facts, "k"),
                "group by a category and a bool", aggregated(facts, "kind", "flag"),
                "group by text", aggregated(facts, "name"),
                "group by many numbers", aggregated(facts.filter(col("id").gt(99)), "many"),
                "group by floats", facts.groupBy("v").agg(count(), sum("w"), last("id")),
                "group by an expression",
                        facts.groupBy(col("id").mod(13).as("rest")).agg(sum("w"), var("w")),
                "describe", facts.describe());
    }

    private static Map<String, DataFrame> orders(DataFrame facts) {
        DataFrame few = facts.select("id", "v", "w", "kind", "k");
        return Map.of(
                "sort with ties", few.sort("k"),
                "sort floats", few.sort(desc("v"), asc("kind")),
                "sort text", facts.select("id", "name", "amount").sort(asc("name"), desc("amount")),
                "top rows with ties", few.topK(3_000, asc("k")),
                "top floats", few.topK(500, desc("v"), desc("kind")),
                "sort and limit", few.filter(col("k").gt(1)).sort("kind").limit(700));
    }

    private static Map<String, DataFrame> joins(DataFrame facts, DataFrame names) {
        DataFrame left = facts.select("id", "name", "v", "many");
        DataFrame right = facts.filter(col("k").eq(7)).select("many", "w", "kind");
        return Map.of(
                "inner join", left.join(names, How.INNER, On.keys("name")),
                "left join", left.join(names, How.LEFT, On.keys("name")),
                "semi join", left.join(names, How.SEMI, On.keys("name")),
                "anti join", left.join(names, How.ANTI, On.keys("name")),
                "join of large sides", left.join(right, How.INNER, On.keys("many")).limit(90_000),
                "join on two keys",
                        facts.select("k", "kind", "v")
                                .join(
                                        facts.select("k", "kind", "w").topK(2_000, desc("k")),
                                        How.INNER,
                                        On.keys("k", "kind"))
                                .limit(20_000),
                "group of a join",
                        facts.join(names, How.LEFT, On.keys("name"))
                                .groupBy("weight", "flag")
                                .agg(count(), sum("v"), mean("w"), var("w"), nUnique("many")),
                "first of a sorted join",
                        aggregated(facts.join(names, How.INNER, On.keys("name")).sort("w"), "kind"),
                "join of groups",
                        facts.groupBy("many")
                                .agg(sum("v"))
                                .join(facts.groupBy("many").agg(std("w")), How.INNER, "many"));
    }

    private static Map<String, DataFrame> rest(DataFrame read, DataFrame facts, DataFrame names) {
        DataFrame few = facts.select("id", "v", "name");
        return Map.of(
                "scan", read.withColumn("x", col("v").multiply(col("w")).plus(0.1)),
                "distinct", facts.select("k", "kind", "flag").distinct(),
                "distinct floats", facts.select("v").distinct(),
                "limit", facts.limit(777),
                "limit behind a filter", read.filter(col("k").gt(3)).limit(5_000),
                "union", few.union(few.filter(col("v").lt(0)), few.limit(10)),
                "group of a union",
                        few.union(few).groupBy("name").agg(sum("v"), mean("v")).limit(100_000),
                "names", names);
    }

    private static Map<String, DataFrame> other(DataFrame read, DataFrame facts) {
        return Map.of(
                "lines, grouped", aggregated(read, "k", "kind"),
                "lines, sorted", read.sort(asc("amount")).select("id", "amount"),
                "persisted and grouped", aggregated(facts.persist(), "flag"),
                "fill and drop nulls",
                        facts.fillNull(-0.0, "v").dropNull("name").groupBy("name").agg(sum("v")));
    }

    private static void writes(Session session, Path to, DataFrame facts, Map<String, Bits> results)
            throws IOException {
        DataFrame sorted = facts.filter(col("k").ne(7)).sort(desc("w"));
        sorted.write().csv(to.resolve("one.csv").toString());
        sorted.write().parquet(to.resolve("one.parquet").toString());
        sorted.write().compression("gzip").csv(to.resolve("csv") + "/");
        facts.write().compression("zstd").parquet(to.resolve("parquet") + "/");
        sorted.write().partitionBy("kind").csv(to.resolve("csv by kind").toString());
        facts.write().partitionBy("flag").parquet(to.resolve("parquet by flag").toString());
        Bits.ofFiles(to).forEach((name, bits) -> results.put("file " + name, bits));
        try (Table table =
                aggregated(session.read().parquet(to.resolve("parquet") + "/"), "name").collect()) {
            results.put("groups of what was written", Bits.of((LocalTable) table));
        }
    }
}
