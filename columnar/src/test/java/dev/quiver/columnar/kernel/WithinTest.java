package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.Ordering;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Bounds of random columns beside the order of single values.
final class WithinTest {
    private final long seed =
            System.getProperty("seed", "").isEmpty()
                    ? new Random().nextLong()
                    : Long.parseLong(System.getProperty("seed"));
    private final Random random = new Random(seed);

    @Test
    void columns_are_within_bounds_when_each_of_their_values_is() {
        System.out.println("WithinTest -Dseed=" + seed);
        for (int round = 0; round < 2000; round++) {
            agrees(DataType.INT64, () -> (long) random.nextInt(-5, 6));
            agrees(DataType.INT32, () -> (long) random.nextInt(-5, 6));
            agrees(DataType.DATE, () -> LocalDate.ofEpochDay(random.nextInt(-5, 6)));
            agrees(
                    new DataType.Decimal(9, 1),
                    () -> BigDecimal.valueOf(random.nextInt(-50, 60), 1));
            agrees(DataType.FLOAT64, this::number);
        }
    }

    private Object number() {
        return switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> Double.POSITIVE_INFINITY;
            case 3 -> Double.NEGATIVE_INFINITY;
            default -> (double) random.nextInt(-5, 6);
        };
    }

    private Optional<Object> maybe(Supplier<Object> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private void agrees(DataType type, Supplier<Object> value) {
        Optional<Object> low = maybe(value);
        Optional<Object> high = maybe(value);
        var values = new ArrayList<@Nullable Object>();
        int rows = random.nextInt(1, 5);
        for (int i = 0; i < rows; i++) values.add(random.nextInt(4) == 0 ? null : value.get());
        Comparator<Object> order = Ordering.of(type);
        boolean expected =
                values.stream()
                        .allMatch(v ->
                                v == null
                                        || (low.isEmpty() || order.compare(v, low.get()) >= 0)
                                                && (high.isEmpty()
                                                        || order.compare(v, high.get()) <= 0));

        try (var pool = new MemoryPool(1 << 20);
                MemoryAccount account = pool.account(new Owner("test", "Within", -1));
                var column =
                        (FixedColumn) ColumnBuilder.of(type, account).appendAll(values).build()) {
            assertThat(Within.of(type, low, high).holds(column))
                    .as("%s of %s from %s to %s", values, type, low, high)
                    .isEqualTo(expected);
        }
        assertThat(List.of(type)).allMatch(Within::knows);
    }
}
