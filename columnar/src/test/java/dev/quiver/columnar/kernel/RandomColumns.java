package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Seeded random values of every simple type, and columns of them in every encoding.
final class RandomColumns implements AutoCloseable {
    static final DataType ENUM =
            new DataType.Enumeration(List.of("low", "mid", "high", "Ångström"));

    static final List<DataType> TYPES =
            List.of(
                    DataType.BOOL,
                    DataType.INT8,
                    DataType.INT32,
                    DataType.INT64,
                    DataType.UINT64,
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.decimal(10, 2),
                    DataType.decimal(30, 3),
                    DataType.DATE,
                    DataType.TIMESTAMP,
                    DataType.TIMESTAMP_UTC,
                    DataType.UTF8,
                    DataType.BINARY,
                    DataType.CATEGORICAL,
                    ENUM);

    private static final String[] WORDS = {
        "",
        "a",
        "ab",
        "zebra",
        "Zürich",
        "日本",
        "😀 smile",
        "seven77",
        "eight888",
        "nine99999",
        "a text that is longer than sixteen bytes",
        "a text that is longer than sixteen bytez"
    };

    private final Random random;
    private final MemoryAccount account;
    private final List<Dictionary> dictionaries = new ArrayList<>();

    RandomColumns(Random random, MemoryAccount account) {
        this.random = random;
        this.account = account;
    }

    /// The seed of `-Dseed=`, or a new one, printed.
    static long seed(String test) {
        String given = System.getProperty("seed", "");
        long seed = given.isBlank() ? new Random().nextLong() : Long.parseLong(given);
        System.out.printf("%s: -Dseed=%d%n", test, seed);
        return seed;
    }

    /// @param domain how many different values there are, about
    /// @param nulls from 0 to 1
    List<@Nullable Object> values(DataType type, int rows, int domain, double nulls) {
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < rows; i++)
            values.add(random.nextDouble() < nulls ? null : value(type, random.nextInt(domain)));
        return values;
    }

    private Object value(DataType type, int n) {
        return switch (type) {
            case DataType.Bool _ -> n % 2 == 0;
            case DataType.Int(var bits, var signed) -> integer(bits, signed, n);
            case DataType.FloatingPoint _ ->
                    switch (n % 7) {
                        case 0 -> Double.NaN;
                        case 1 -> 0.0;
                        case 2 -> -0.0;
                        case 3 -> n * -0.25;
                        case 4 -> Double.POSITIVE_INFINITY;
                        default -> n * 1.5;
                    };
            case DataType.Decimal(var precision, var scale) ->
                    precision > 18
                            ? new BigDecimal(
                                    new BigInteger("123456789012345678901234")
                                            .multiply(BigInteger.valueOf(n - 3)),
                                    scale)
                            : BigDecimal.valueOf(n * 37L - 100, scale);
            case DataType.Date _ -> LocalDate.of(1969, 12, 20).plusDays(n);
            case DataType.Timestamp(_, var zone) -> {
                var time = Instant.parse("1969-12-31T23:59:59.999990Z").plusNanos(n * 1000L);
                yield zone.isPresent()
                        ? time
                        : LocalDateTime.ofInstant(time, java.time.ZoneOffset.UTC);
            }
            case DataType.Utf8 _, DataType.Categorical _ ->
                    n < WORDS.length ? WORDS[n] : "word" + n * 7919;
            case DataType.Enumeration(var categories) -> categories.get(n % categories.size());
            case DataType.Binary _ -> new byte[] {(byte) n, (byte) 0xFF, (byte) (n >> 8)};
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    private static Object integer(int bits, boolean signed, int n) {
        if (!signed && bits == 64)
            return n % 5 == 0
                    ? new BigInteger("18446744073709551615").subtract(BigInteger.valueOf(n))
                    : BigInteger.valueOf(n);
        return bits == 8 ? (long) (byte) n : n * 3L - 50;
    }

    /// A column of these values; text may come out encoded with one of a few dictionaries.
    Column column(DataType type, List<? extends @Nullable Object> values) {
        boolean plain = type.equals(DataType.UTF8) && random.nextBoolean();
        if (!DataType.isText(type) || plain) return ColumnBuilder.column(type, account, values);
        if (dictionaries.isEmpty() || random.nextInt(4) == 0)
            dictionaries.add(new Dictionary(account));
        Dictionary dictionary = dictionaries.get(random.nextInt(dictionaries.size()));
        return ColumnBuilder.encodedColumn(type, account, dictionary, values);
    }

    /// A value as one that equals by Quiver's rule: one zero, byte strings by content.
    static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof Double number && number == 0.0) return 0.0;
        if (value instanceof byte[] bytes) return Arrays.toString(bytes);
        return value;
    }

    /// Compares two values that aren't null, in the order of the type.
    static int compare(DataType type, Object a, Object b) {
        if (type instanceof DataType.Enumeration(var categories))
            return Integer.compare(categories.indexOf(a), categories.indexOf(b));
        if (a instanceof byte[] x) return Arrays.compareUnsigned(x, (byte[]) b);
        if (a instanceof String x)
            return Arrays.compareUnsigned(
                    x.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    ((String) b).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        @SuppressWarnings("unchecked")
        var left = (Comparable<Object>) java.util.Objects.requireNonNull(comparable(a));
        return left.compareTo(java.util.Objects.requireNonNull(comparable(b)));
    }

    @Override
    public void close() {
        dictionaries.forEach(Dictionary::close);
    }
}
