package dev.quiver.client;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.dataframe.Batch;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.Table;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.TypeMismatch;
import dev.quiver.error.Unavailable;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MapBatchesTest {
    record Sale(
            String shop,
            long pieces,
            @Nullable Double price,
            boolean card,
            @Nullable LocalDate day) {}

    private static final Schema ID = Schema.of(Field.of("id", DataType.INT64));

    private final Session q = Quiver.local(Options.defaults().slots(2).memory("1GB").quiet());

    @AfterEach
    void close() {
        q.close();
    }

    private long held() {
        return ((OpenSession) q).store().pool().usedBytes();
    }

    private DataFrame sales() {
        return q.of(
                Sale.class,
                List.of(
                        new Sale("Oslo", 3, 1.5, true, LocalDate.of(2024, 5, 1)),
                        new Sale("Rome", 2, null, false, null),
                        new Sale("Oslo", 5, 2.0, true, LocalDate.of(1969, 12, 31))));
    }

    private record Numbered(long id) {}

    private DataFrame numbers(int count) {
        return q.of(Numbered.class, IntStream.range(0, count).mapToObj(Numbered::new).toList());
    }

    private static QuiverException refusal(DataFrame frame) {
        return catchThrowableOfType(QuiverException.class, () -> frame.collect().close());
    }

    @Test
    void a_function_of_columns_makes_a_column() {
        Schema makes =
                Schema.of(Field.of("shop", DataType.UTF8), Field.of("paid", DataType.FLOAT64));

        DataFrame paid =
                sales().mapBatches(
                                makes,
                                batch -> {
                                    long[] pieces = batch.longs("pieces");
                                    double[] paying = batch.doubles("price", 0);
                                    for (int i = 0; i < paying.length; i++) paying[i] *= pieces[i];
                                    return batch.with("paid", paying);
                                });

        assertThat(paid.schema()).isEqualTo(makes);
        try (Table table = paid.collect()) {
            assertThat(table.strings("shop")).containsExactly("Oslo", "Rome", "Oslo");
            assertThat(table.doubles("paid")).containsExactly(4.5, 0, 10);
        }
    }

    @Test
    void columns_of_every_kind_come_as_arrays_and_go_as_arrays() {
        DataFrame same =
                sales().mapBatches(batch ->
                        batch.with("shop", batch.strings("shop"))
                                .with("pieces", batch.longs("pieces"))
                                .with("price", batch.values("price"))
                                .with("card", batch.booleans("card"))
                                .with("day", batch.values("day")));

        assertThat(same.toList(Sale.class)).isEqualTo(sales().toList(Sale.class));
    }

    @Test
    void dates_are_days_and_nulls_are_told() {
        var seen = new AtomicReference<String>();

        sales().mapBatches(
                        batch -> {
                            seen.set(
                                    Arrays.toString(batch.longs("day", -99))
                                            + Arrays.toString(batch.nulls("day")));
                            return batch.with("day", new long[] {0, 1, 2});
                        })
                .select("day")
                .collect()
                .close();

        assertThat(seen.get()).isEqualTo("[19844, -99, -1][false, true, false]");
    }

    @Test
    void narrow_types_keep_their_width_and_refuse_what_does_not_fit() {
        Schema makes =
                Schema.of(
                        Field.of("i8", new DataType.Int(8, true)),
                        Field.of("u16", new DataType.Int(16, false)),
                        Field.of("f32", new DataType.FloatingPoint(32)),
                        Field.of("d", new DataType.Decimal(5, 2)),
                        Field.of("u64", new DataType.Int(64, false)));
        Fn<Batch, Batch> good =
                batch ->
                        batch.with("i8", new long[] {-128, 0, 127})
                                .with("u16", new long[] {0, 65_535, 7})
                                .with("f32", new double[] {0.5, -1, Double.NaN})
                                .with(
                                        "d",
                                        List.of(
                                                new BigDecimal("1.5"),
                                                BigDecimal.TEN,
                                                BigDecimal.ONE))
                                .with(
                                        "u64",
                                        List.of(
                                                BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
                                                1,
                                                2L));

        try (Table table = sales().mapBatches(makes, good).collect()) {
            assertThat(table.row(0).toString()).contains("-128", "1.50", "18446744073709551615");
            assertThat(table.longs("u16")).containsExactly(0, 65_535, 7);
        }
        QuiverException wide =
                refusal(sales().mapBatches(makes, b -> b.with("i8", new long[] {0, 0, 128})));
        QuiverException precise =
                refusal(
                        sales().mapBatches(
                                        makes,
                                        b ->
                                                b.with(
                                                        "d",
                                                        Collections.nCopies(
                                                                3, new BigDecimal("0.001")))));

        assertThat(wide).hasMessageContaining("128 in row 2 is no int8");
        assertThat(precise).isInstanceOf(TypeMismatch.class).hasMessageContaining("0.001");
    }

    @Test
    void rows_can_become_fewer_and_more() {
        DataFrame odd =
                numbers(40_000)
                        .mapBatches(batch -> {
                            long[] ids = batch.longs("id");
                            var keep = new boolean[ids.length];
                            for (int i = 0; i < ids.length; i++) keep[i] = ids[i] % 2 == 1;
                            return batch.filter(keep);
                        });
        DataFrame twice =
                numbers(40_000)
                        .mapBatches(batch -> {
                            long[] ids = batch.longs("id");
                            var doubled = new long[ids.length * 2];
                            for (int i = 0; i < doubled.length; i++) doubled[i] = ids[i / 2];
                            return batch.ofRows(doubled.length).with("id", doubled);
                        });

        assertThat(odd.count()).isEqualTo(20_000);
        assertThat(odd.agg(sum("id")).scalar(Long.class)).contains(400_000_000L);
        assertThat(twice.filter(col("id").lt(10)).count()).isEqualTo(20);
        try (Table table = twice.collect()) {
            assertThat(table.longs("id")).isSorted().hasSize(80_000);
        }
    }

    @Test
    void a_batch_without_rows_is_allowed() {
        DataFrame none =
                numbers(10).mapBatches(batch -> batch.filter(new boolean[batch.rowCount()]));

        assertThat(none.count()).isZero();
    }

    @Test
    void what_a_function_made_and_did_not_return_goes_back() {
        DataFrame numbers = numbers(40_000);
        long before = held();

        long rows =
                numbers.mapBatches(
                                batch -> {
                                    var zeros = new long[batch.rowCount()];
                                    batch.with("id", zeros).with("id", zeros);
                                    return batch.with("id", zeros).filter(batch.nulls("id"));
                                })
                        .count();

        assertThat(rows).isZero();
        assertThat(held()).isEqualTo(before);
    }

    @Test
    void a_filter_above_stays_above() {
        DataFrame changed =
                numbers(10)
                        .mapBatches(batch -> batch.with("id", new long[batch.rowCount()]))
                        .filter(col("id").eq(0));

        assertThat(changed.count()).isEqualTo(10);
    }

    @Test
    void a_column_that_was_promised_and_is_missing_is_named() {
        Schema makes = Schema.of(Field.of("score", DataType.FLOAT64));

        QuiverException missing = refusal(numbers(3).mapBatches(makes, batch -> batch));
        QuiverException unknown =
                refusal(numbers(3).mapBatches(makes, batch -> batch.with("scores", new double[3])));
        QuiverException type =
                refusal(
                        numbers(3)
                                .mapBatches(
                                        Schema.of(Field.of("id", DataType.FLOAT64)),
                                        batch -> batch));

        assertThat(missing).hasMessageContaining("made no column 'score'");
        assertThat(unknown).hasMessageContaining("scores").hasMessageContaining("'score'");
        assertThat(type).hasMessageContaining("is int64, and was to be float64");
    }

    @Test
    void wrong_numbers_of_values_and_wrong_classes_are_refused() {
        QuiverException few =
                refusal(numbers(3).mapBatches(batch -> batch.with("id", new long[2])));
        QuiverException text =
                refusal(numbers(3).mapBatches(batch -> batch.with("id", List.of(1, 2, "x"))));
        QuiverException array =
                refusal(numbers(3).mapBatches(batch -> batch.with("id", new double[3])));
        QuiverException read =
                refusal(sales().mapBatches(batch -> batch.with("pieces", batch.longs("shop"))));

        assertThat(few).hasMessageContaining("2 values for column 'id' of a batch of 3 rows");
        assertThat(text)
                .hasMessageContaining("row 2 of column 'id' is x (String), which is no int64");
        assertThat(array).hasMessageContaining("is to be int64, not floating-point numbers");
        assertThat(read.fix()).isEqualTo("use strings(\"shop\")");
    }

    @Test
    void a_null_in_an_array_without_nulls_is_refused_with_the_way_out() {
        QuiverException error =
                refusal(sales().mapBatches(batch -> batch.with("price", batch.doubles("price"))));

        assertThat(error.code()).isEqualTo(ErrorCode.BAD_VALUE);
        assertThat(error.fix()).contains("doubles(\"price\", Double.NaN)");
    }

    @Test
    void a_function_that_throws_fails_the_query_with_its_rows() {
        QuiverException error =
                refusal(
                        numbers(3)
                                .mapBatches(batch -> {
                                    throw new java.io.IOException("the model is gone");
                                }));

        assertThat(error)
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("the model is gone")
                .hasMessageContaining("rows 0 to 2");
        assertThat(error.getCause()).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void a_function_that_returns_null_is_told_what_to_return() {
        @SuppressWarnings("NullAway") // what users do
        Fn<Batch, Batch> wrong = batch -> null;

        assertThat(refusal(numbers(3).mapBatches(wrong))).hasMessageContaining("returned null");
    }

    @Test
    void a_batch_that_outlives_its_function_says_so() {
        var kept = new AtomicReference<@Nullable Batch>();
        numbers(3)
                .mapBatches(batch -> {
                    kept.set(batch);
                    return batch;
                })
                .collect()
                .close();

        Batch old = java.util.Objects.requireNonNull(kept.get());

        assertThatThrownBy(() -> old.longs("id")).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> old.with("id", new long[3])).isInstanceOf(Unavailable.class);
        assertThat(refusal(numbers(3).mapBatches(batch -> old)))
                .hasMessageContaining("a batch of another call");
    }

    @Test
    void a_sorted_frame_keeps_its_order() {
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        DataFrame sorted = numbers(50_000).sort(dev.quiver.dataframe.Functions.desc("id"));

        try (Table table =
                sorted.mapBatches(
                                batch -> {
                                    seen.add((long) batch.rowCount());
                                    return batch;
                                })
                        .head(3)) {
            assertThat(table.longs("id")).containsExactly(49_999, 49_998, 49_997);
        }
        assertThat(seen).isNotEmpty();
    }

    @Test
    void functions_travel_in_a_strict_session() {
        try (Session strict = Quiver.local(Options.defaults().slots(1).strict().quiet())) {
            long offset = 7;

            DataFrame shifted =
                    strict.of(Numbered.class, List.of(new Numbered(1)))
                            .mapBatches(
                                    ID,
                                    batch ->
                                            batch.with(
                                                    "id",
                                                    Arrays.stream(batch.longs("id"))
                                                            .map(id -> id + offset)
                                                            .toArray()));

            assertThat(shifted.scalar(Long.class)).contains(8L);
        }
    }
}
