package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.when;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.operator.CsvFormat;
import dev.quiver.planner.ListEngine.Row;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Frames of random verbs over small random tables.
final class RandomFrames {
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("k", DataType.INT64),
                    Field.of("n", DataType.INT64),
                    Field.of("s", DataType.UTF8));

    private final Random random;
    private final Fixtures.Session session = new Fixtures.Session();
    final Map<String, List<Row>> tables = new HashMap<>();
    final Map<String, Schema> schemas = new HashMap<>();

    RandomFrames(long seed) {
        this.random = new Random(seed);
    }

    DataFrame frame(int depth) {
        if (depth == 0) return leaf();
        DataFrame input = frame(depth - 1);
        return switch (random.nextInt(12)) {
            case 0, 1 -> input.filter(condition(input));
            case 2 ->
                    input.withColumn(
                            random.nextBoolean() ? "x" + depth : name(input), value(input));
            case 3 -> selected(input);
            case 4 -> grouped(input);
            case 5 -> sorted(input);
            case 6 -> input.limit(random.nextInt(8));
            case 7 -> input.distinct();
            case 8, 9 -> joined(input, depth);
            case 10 -> input.union(input.filter(condition(input)));
            default -> input.topK(random.nextInt(6), asc(name(input)), desc(name(input)));
        };
    }

    private DataFrame leaf() {
        String name = "t" + tables.size();
        int rowCount = random.nextInt(10);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < rowCount; i++) {
            rows.add(
                    new Row(
                            List.of(
                                    maybe((long) random.nextInt(4)),
                                    maybe((long) random.nextInt(-9, 10)),
                                    maybe("abc".substring(random.nextInt(3))))));
        }
        LogicalPlan plan = leaf(name, 1L + random.nextInt(1000));
        tables.put(plan.label(), rows);
        schemas.put(plan.label(), SCHEMA);
        return Frames.frame(plan, session);
    }

    private LogicalPlan leaf(String name, long size) {
        var file = new InputFile("/" + name, size * Fixtures.MB, 0, true, size * 1000);
        return switch (random.nextInt(3)) {
            case 0 ->
                    new LogicalPlan.ScanCsv(
                            new CsvInput(name, List.of(file), CsvFormat.DEFAULT, SCHEMA, 0),
                            SCHEMA,
                            Origin.UNKNOWN);
            case 1 -> {
                var group = new ParquetInput.RowGroup(size * 1000, size * Fixtures.MB);
                var parquet = new ParquetInput.ParquetFile(file, List.of(group, group));
                yield new LogicalPlan.ScanParquet(
                        new ParquetInput(name, List.of(parquet), SCHEMA, 0),
                        SCHEMA,
                        Optional.empty(),
                        Origin.UNKNOWN);
            }
            default ->
                    new LogicalPlan.Held(
                            List.of("kept", "rows", "small").get(random.nextInt(3)),
                            name,
                            SCHEMA,
                            RowOrder.SOURCE,
                            Origin.UNKNOWN);
        };
    }

    private Optional<Object> maybe(Object value) {
        return random.nextInt(5) == 0 ? Optional.empty() : Optional.of(value);
    }

    private String name(DataFrame frame) {
        List<String> names = frame.schema().names();
        return names.get(random.nextInt(names.size()));
    }

    private Optional<String> number(DataFrame frame) {
        List<String> names =
                frame.schema().fields().stream()
                        .filter(f -> f.type().equals(DataType.INT64))
                        .map(Field::name)
                        .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(names.get(random.nextInt(names.size())));
    }

    private Expr value(DataFrame frame) {
        Expr number = number(frame).map(n -> col(n)).orElse(lit(3));
        return switch (random.nextInt(6)) {
            case 0 -> number.plus(random.nextInt(5));
            case 1 -> number.multiply(number);
            case 2 -> when(condition(frame)).then(number).otherwise(lit(7));
            case 3 -> col(name(frame));
            case 4 -> lit(2).multiply(21);
            default -> number.fillNull(0);
        };
    }

    private Expr condition(DataFrame frame) {
        Expr number = number(frame).map(n -> col(n)).orElse(lit(3));
        return switch (random.nextInt(7)) {
            case 0 -> number.gt(random.nextInt(-3, 5));
            case 1 -> number.lt(number.plus(1)).or(number.isNull());
            case 2 -> col(name(frame)).isNotNull();
            case 3 -> number.isIn(1, 2, 3);
            case 4 -> condition(frame).and(condition(frame));
            case 5 -> condition(frame).not();
            default -> number.eq(random.nextInt(4));
        };
    }

    private DataFrame selected(DataFrame input) {
        if (random.nextBoolean()) return input.select(name(input));
        return input.select(
                col(name(input)).as("p"), value(input).as("q"), col(name(input)).as("r"));
    }

    private DataFrame grouped(DataFrame input) {
        String number = number(input).orElse(name(input));
        boolean isNumber = input.schema().type(number).equals(DataType.INT64);
        Expr total = isNumber ? col(number).sum() : col(number).max();
        Expr different = col(name(input)).nUnique().as("different");
        return switch (random.nextInt(4)) {
            case 0 -> input.agg(count().as("rows"), total.as("total"), different);
            case 1 -> input.groupBy(col(name(input)).as("g")).agg(different);
            case 2 ->
                    input.groupBy(col(name(input)).as("g"))
                            .agg(
                                    total.filter(condition(input)).as("total"),
                                    count().plus(1).as("more"));
            default ->
                    input.groupBy(col(name(input)).as("g"), value(input).as("h"))
                            .agg(count().as("rows"), col(name(input)).min().as("least"));
        };
    }

    private DataFrame sorted(DataFrame input) {
        return input.sort(desc(name(input)).nullsFirst(), asc(name(input)));
    }

    private DataFrame joined(DataFrame input, int depth) {
        DataFrame other = random.nextBoolean() ? leaf() : frame(depth / 2);
        String left = name(input);
        DataType type = input.schema().type(left);
        List<String> partners =
                other.schema().fields().stream()
                        .filter(f -> f.type().equals(type))
                        .map(Field::name)
                        .toList();
        if (partners.isEmpty()) return input;
        String right = partners.get(random.nextInt(partners.size()));
        DataFrame renamed = other;
        for (String name : other.schema().names()) {
            if (input.schema().has(name + "_right"))
                renamed = renamed.rename(name, name + "_" + depth);
        }
        if (!renamed.schema().has(right)) return input;
        List<How> hows = List.of(How.values());
        How how = hows.get(random.nextInt(hows.size()));
        return input.join(renamed, how, On.pair(left, right)).limit(40);
    }
}
