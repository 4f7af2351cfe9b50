package dev.quiver.testkit;

import static dev.quiver.dataframe.Functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GeneratedRowsTest {
    private static final Schema EVERY_TYPE =
            Schema.of(
                    Field.of("id", DataType.INT64),
                    Field.of("flag", DataType.BOOL),
                    Field.of("tiny", DataType.UINT8),
                    Field.of("large", DataType.UINT64),
                    Field.of("ratio", DataType.FLOAT32),
                    Field.of("price", DataType.decimal(8, 2)),
                    Field.of("wide", DataType.decimal(30, 20)),
                    Field.of("day", DataType.DATE),
                    Field.of("at", DataType.TIMESTAMP),
                    Field.of("instant", DataType.TIMESTAMP_UTC),
                    Field.of(
                            "seconds",
                            new DataType.Timestamp(DataType.TimeUnit.SECOND, Optional.empty())),
                    Field.of("time", DataType.TIME),
                    Field.of("took", DataType.DURATION),
                    Field.of("email", DataType.UTF8),
                    Field.of("home_city", DataType.UTF8),
                    Field.of("word", DataType.UTF8),
                    Field.of("kind", DataType.CATEGORICAL),
                    Field.of("size", new DataType.Enumeration(List.of("S", "M", "L"))),
                    Field.of("bytes", DataType.BINARY),
                    Field.of("tags", new DataType.ListOf(Field.of("element", DataType.UTF8))),
                    Field.of(
                            "place",
                            new DataType.Struct(
                                    List.of(
                                            Field.of("city", DataType.UTF8),
                                            Field.of("floor", DataType.INT32)))));

    @RegisterExtension final PipelineTest test = new PipelineTest();

    private static List<String> rows(DataFrame frame) {
        var rows = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) rows.add(row.toString());
        }
        return rows;
    }

    @Test
    void every_type_has_values_that_fit() {
        DataFrame generated = test.generated(EVERY_TYPE, 20_000, 1);

        assertThat(generated.schema()).isEqualTo(EVERY_TYPE);
        assertThat(generated.count()).isEqualTo(20_000);
        assertThat(generated.select("id").distinct().count()).isEqualTo(20_000);
        assertThat(generated.dropNull().count()).isEqualTo(20_000);
        assertThat(generated.filter(col("email").str().contains("@")).count()).isEqualTo(20_000);
    }

    @Test
    void the_same_seed_makes_the_same_rows_and_another_makes_others() {
        Schema some = EVERY_TYPE.select(List.of("id", "email", "price", "at"));

        List<String> first = rows(test.generated(some, 500, 7));

        assertThat(rows(test.generated(some, 500, 7))).isEqualTo(first);
        assertThat(rows(test.generated(some, 500, 8))).isNotEqualTo(first);
    }

    @Test
    void values_and_nulls_can_be_said() {
        Schema schema = EVERY_TYPE.select(List.of("id", "email", "word"));
        GeneratedRows rows =
                GeneratedRows.of(schema)
                        .column("word", faker -> faker.options().option("yes", "no"))
                        .nulls("email", 0.5);

        DataFrame frame = rows.frame(test.session(), 2_000);

        assertThat(frame.filter(col("email").isNull()).count()).isBetween(850L, 1_150L);
        assertThat(frame.filter(col("word").isIn("yes", "no")).count()).isEqualTo(2_000);
        assertThatThrownBy(() -> rows.nulls("mail", 0.5)).isInstanceOf(ColumnNotFound.class);
        assertThatThrownBy(() -> rows.nulls("email", 2)).hasMessageContaining("0 to 1");
    }

    @Test
    void a_column_keeps_its_values_when_another_one_comes() {
        Schema one = EVERY_TYPE.select(List.of("price"));
        Schema two = EVERY_TYPE.select(List.of("email", "price"));

        DataFrame alone = test.generated(one, 100, 3);
        DataFrame beside = test.generated(two, 100, 3).select("price");

        assertThat(rows(beside)).isEqualTo(rows(alone));
    }
}
