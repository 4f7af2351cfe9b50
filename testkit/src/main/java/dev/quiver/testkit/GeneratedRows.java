package dev.quiver.testkit;

import dev.quiver.client.Session;
import dev.quiver.dataframe.Batch;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.datafaker.Faker;
import org.jspecify.annotations.Nullable;

/// Made-up rows of a schema, the same for the same seed.
///
/// ```java
/// DataFrame customers =
///         GeneratedRows.of(Schema.of(Field.of("id", DataType.INT64), Field.of("email", DataType.UTF8)))
///                 .seed(7)
///                 .column("plan", faker -> faker.options().option("free", "paid"))
///                 .nulls("email", 0.1)
///                 .frame(test.session(), 1_000);
/// ```
///
/// What isn't said follows from type and name: `id` counts from 1, texts called `email`, `city`,
/// `first_name`, `phone` and the like look like that, others are words; times lie in 2016 to 2025.
/// The texts are Datafaker's. Immutable.
public final class GeneratedRows {
    private record Column(
            Field field, @Nullable Function<Faker, @Nullable Object> values, double nulls) {}

    private record Numbered(long row) {}

    private final List<Column> columns;
    private final long seed;
    private final Locale locale;

    private GeneratedRows(List<Column> columns, long seed, Locale locale) {
        this.columns = List.copyOf(columns);
        this.seed = seed;
        this.locale = locale;
    }

    /// Rows of these columns, with seed 0 and English texts.
    public static GeneratedRows of(Schema schema) {
        return new GeneratedRows(
                schema.fields().stream().map(field -> new Column(field, null, 0)).toList(),
                0,
                Locale.ENGLISH);
    }

    /// Other rows for another seed.
    public GeneratedRows seed(long other) {
        return new GeneratedRows(columns, other, locale);
    }

    /// Names, addresses and words of another language.
    public GeneratedRows locale(Locale other) {
        return new GeneratedRows(columns, seed, other);
    }

    /// A column's values, of the classes that [dev.quiver.expression.Values] lists; null is null.
    public GeneratedRows column(String name, Function<Faker, @Nullable Object> values) {
        return with(name, column -> new Column(column.field(), values, column.nulls()));
    }

    /// Makes about this share of a column's values null.
    ///
    /// @param share from 0 to 1
    public GeneratedRows nulls(String name, double share) {
        if (!(share >= 0 && share <= 1))
            throw new IllegalArgumentException("a share of nulls of " + share + ": 0 to 1");
        return with(name, column -> new Column(column.field(), column.values(), share));
    }

    private GeneratedRows with(String name, Function<Column, Column> change) {
        int index = schema().indexOf(name, "the generated rows");
        var changed = new ArrayList<>(columns);
        changed.set(index, change.apply(columns.get(index)));
        return new GeneratedRows(changed, seed, locale);
    }

    private Schema schema() {
        return new Schema(columns.stream().map(Column::field).toList());
    }

    /// A frame of that many rows, which holds them until the session is closed.
    public DataFrame frame(Session session, int rows) {
        Map<String, List<@Nullable Object>> values = values(rows);
        List<Numbered> numbers = IntStream.range(0, rows).mapToObj(Numbered::new).toList();
        return session.of(Numbered.class, numbers)
                .mapBatches(schema(), batch -> filled(batch, values))
                .persist();
    }

    private static Batch filled(Batch batch, Map<String, List<@Nullable Object>> values) {
        long[] rows = batch.longs("row");
        Batch filled = batch;
        for (var column : values.entrySet()) {
            var some = new ArrayList<@Nullable Object>(rows.length);
            for (long row : rows) some.add(column.getValue().get((int) row));
            filled = filled.with(column.getKey(), some);
        }
        return filled;
    }

    private Map<String, List<@Nullable Object>> values(int rows) {
        var values = new HashMap<String, List<@Nullable Object>>();
        for (Column column : columns) {
            // a source of its own, so that another column doesn't change this one's values
            long own = seed * 31 + column.field().name().hashCode();
            var faker = new Faker(locale, new Random(own));
            var random = new Random(own);
            Function<Faker, @Nullable Object> given = column.values();
            var made = new MadeUpValues(column.field(), faker, random);
            var all = new ArrayList<@Nullable Object>(rows);
            for (int row = 0; row < rows; row++) {
                Object value = given == null ? made.value(row) : given.apply(faker);
                all.add(random.nextDouble() < column.nulls() ? null : value);
            }
            values.put(column.field().name(), all);
        }
        return values;
    }
}
