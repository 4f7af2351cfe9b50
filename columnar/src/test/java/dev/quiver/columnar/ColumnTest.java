package dev.quiver.columnar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ColumnTest {
    private final MemoryPool pool = new MemoryPool(64 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Columns", -1));

    @AfterEach
    void nothing_is_left() {
        pool.close();
    }

    @Test
    void values_of_every_type_come_back_as_they_went_in() {
        var struct =
                new DataType.Struct(
                        List.of(Field.of("x", DataType.INT32), Field.of("y", DataType.UTF8)));
        check(DataType.BOOL, true, null, false);
        check(DataType.INT8, -128L, null, 127L);
        check(DataType.UINT8, 0L, 255L);
        check(DataType.INT16, -32768L, 32767L);
        check(DataType.INT32, null, (long) Integer.MIN_VALUE);
        check(DataType.UINT32, 4294967295L);
        check(DataType.INT64, Long.MIN_VALUE, Long.MAX_VALUE);
        check(DataType.UINT64, new BigInteger("18446744073709551615"), BigInteger.ZERO);
        check(DataType.FLOAT16, 0.5, Double.NaN);
        check(DataType.FLOAT32, 0.25, Double.POSITIVE_INFINITY);
        check(DataType.FLOAT64, Math.PI, null, -0.0, Double.NaN);
        check(DataType.decimal(10, 2), new BigDecimal("-12345678.90"), null);
        check(DataType.decimal(38, 3), new BigDecimal("-12345678901234567890123456789012345.678"));
        check(DataType.DATE, LocalDate.of(1969, 12, 31), LocalDate.of(2024, 2, 29));
        check(DataType.TIMESTAMP, LocalDateTime.parse("1969-12-31T23:59:59.999999"), null);
        check(DataType.TIMESTAMP_UTC, Instant.parse("2013-01-01T10:00:00Z"));
        check(DataType.TIME, LocalTime.of(23, 59, 59, 1000));
        check(DataType.DURATION, Duration.ofSeconds(-5, 1000));
        check(DataType.UTF8, "", "Zürich", null, "a longer text than eight bytes");
        check(new DataType.ListOf(Field.of("e", DataType.INT64)), List.of(1L, 2L), null, List.of());
        check(struct, Arrays.asList(1L, null), List.of(2L, "b"));
    }

    @Test
    void a_slice_at_64s_shares_memory_and_outlives_the_whole() {
        List<Object> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) texts.add(i % 7 == 0 ? null : "value" + i);
        Column whole = ColumnBuilder.column(DataType.UTF8, account, texts);

        Column part = whole.slice(128, 50);
        whole.close();

        assertThat(ColumnValues.list(part)).isEqualTo(texts.subList(128, 178));
        assertThat(part.nullCount()).isEqualTo(7);
        assertThatThrownBy(() -> part.slice(3, 5)).hasMessageContaining("not at 64s");
        part.close();
    }

    @Test
    void encoded_text_keeps_its_values_while_the_dictionary_grows() {
        var dictionary = new Dictionary(account);
        DictionaryColumn first =
                ColumnBuilder.encodedColumn(
                        DataType.CATEGORICAL,
                        account,
                        dictionary,
                        Arrays.asList("b", null, "a", "b"));
        for (int i = 0; i < 100_000; i++) dictionary.add("new" + i);
        dictionary.close();

        assertThat(ColumnValues.list(first)).isEqualTo(Arrays.asList("b", null, "a", "b"));
        assertThat(first.values().size()).isEqualTo(2);
        first.close();
    }

    @Test
    void a_dictionary_gives_equal_texts_one_code_whoever_adds_them() throws InterruptedException {
        var dictionary = new Dictionary(account);
        var begin = new CountDownLatch(1);
        List<Thread> threads =
                IntStream.range(0, 4)
                        .mapToObj(t ->
                                Thread.ofPlatform().start(() -> addTexts(dictionary, begin, t)))
                        .toList();

        begin.countDown();
        for (Thread thread : threads) thread.join();

        try (var values = dictionary.pin()) {
            assertThat(values.size()).isEqualTo(5000);
            for (int code = 0; code < values.size(); code++)
                assertThat(dictionary.find(values.get(code))).isEqualTo(code);
        }
        assertThat(dictionary.find("absent")).isEqualTo(-1);
        dictionary.close();
    }

    @Test
    void a_refused_growth_leaves_a_dictionary_as_it_was() {
        try (var small = new MemoryPool(256 << 10)) {
            var dictionary = new Dictionary(small.account(new Owner("test", "Dictionary", -1)));
            int added = 0;
            try {
                while (true) {
                    dictionary.add("text number " + added);
                    added++;
                }
            } catch (dev.quiver.error.MemoryRefused refused) {
                assertThat(refused).hasMessageContaining("Dictionary of test");
            }

            assertThat(dictionary.size()).isEqualTo(added);
            for (int code = 0; code < added; code++)
                assertThat(dictionary.find("text number " + code)).isEqualTo(code);
            assertThat(dictionary.find("text number " + added)).isEqualTo(-1);
            dictionary.close();
        }
    }

    private static void addTexts(Dictionary dictionary, CountDownLatch begin, int thread) {
        try {
            begin.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        for (int i = 0; i < 5000; i++) dictionary.add("text" + (i * 7 + thread) % 5000);
    }

    @Test
    void a_chunk_refuses_columns_that_are_not_its_schemas() {
        Column numbers = ColumnBuilder.column(DataType.INT64, account, List.of(1L, 2L));

        assertThatThrownBy(() ->
                        new Chunk(Schema.of(Field.of("x", DataType.FLOAT64)), List.of(numbers), 2))
                .hasMessageContaining("column 'x': 2 rows of int64, expected 2 of float64");
        numbers.close();
    }

    private void check(DataType type, Object... values) {
        try (Column column = ColumnBuilder.column(type, account, Arrays.asList(values))) {
            assertThat(ColumnValues.list(column)).isEqualTo(Arrays.asList(values));
            assertThat(column.type()).isEqualTo(type);
        }
    }

    @Test
    void what_a_type_has_no_value_for_is_told() {
        record Case(DataType type, long units) {}
        for (Case wrong :
                List.of(
                        new Case(new DataType.Time(DataType.TimeUnit.MILLI), 268_436_856),
                        new Case(new DataType.Time(DataType.TimeUnit.NANO), -1),
                        new Case(
                                new DataType.Timestamp(
                                        DataType.TimeUnit.SECOND, Optional.of("UTC")),
                                Long.MAX_VALUE),
                        new Case(
                                new DataType.Timestamp(DataType.TimeUnit.SECOND, Optional.empty()),
                                Long.MIN_VALUE))) {
            Buffer values = account.allocate(8);
            values.segment().set(Layouts.LONG, 0, wrong.units);
            try (var column = new FixedColumn(wrong.type, 1, values, null)) {
                assertThatThrownBy(() -> ColumnValues.get(column, 0))
                        .isInstanceOfSatisfying(
                                QuiverException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_VALUE));
            }
        }
    }
}
