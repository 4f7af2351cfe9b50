package dev.quiver.schema;

import java.util.List;
import java.util.Optional;

/// The type of a column: what its values are, never how a chunk encodes them.
///
/// Printed forms are those of the text syntax: `int64`, `decimal(10,2)`, `timestamp[us, UTC]`.
@SuppressWarnings(
        "ClassInitializationDeadlock") // no default methods: a record doesn't initialise it
public sealed interface DataType {
    /// Three-valued logic's two values.
    record Bool() implements DataType {
        @Override
        public String toString() {
            return "bool";
        }
    }

    /// A whole number of 8, 16, 32 or 64 bits.
    record Int(int bits, boolean signed) implements DataType {
        public Int {
            if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
                throw new IllegalArgumentException("int of %d bits".formatted(bits));
        }

        @Override
        public String toString() {
            return (signed ? "int" : "uint") + bits;
        }
    }

    /// An IEEE 754 binary number of 16, 32 or 64 bits.
    record FloatingPoint(int bits) implements DataType {
        public FloatingPoint {
            if (bits != 16 && bits != 32 && bits != 64)
                throw new IllegalArgumentException("float of %d bits".formatted(bits));
        }

        @Override
        public String toString() {
            return "float" + bits;
        }
    }

    /// A decimal number of `precision` digits, `scale` of them behind the point. Held in 64 bits up
    /// to 18 digits, in 128 beyond.
    record Decimal(int precision, int scale) implements DataType {
        /// Digits that fit a 64-bit integer.
        public static final int PRECISION_64_MAX = 18;

        /// Digits that fit a 128-bit integer.
        public static final int PRECISION_MAX = 38;

        public Decimal {
            if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision)
                throw new IllegalArgumentException(
                        "decimal(%d,%d): 1 <= precision <= 38, 0 <= scale <= precision"
                                .formatted(precision, scale));
        }

        @Override
        public String toString() {
            return "decimal(%d,%d)".formatted(precision, scale);
        }
    }

    /// A day of the proleptic Gregorian calendar, as days since 1970-01-01.
    record Date() implements DataType {
        @Override
        public String toString() {
            return "date";
        }
    }

    /// A point in time (with a zone: an instant) or a wall-clock reading (without), counted in
    /// `unit` since 1970-01-01T00:00.
    record Timestamp(TimeUnit unit, Optional<String> zone) implements DataType {
        @Override
        public String toString() {
            return zone.map(z -> "timestamp[%s, %s]".formatted(unit, z))
                    .orElse("timestamp[%s]".formatted(unit));
        }
    }

    /// A time of day, counted in `unit` since midnight.
    record Time(TimeUnit unit) implements DataType {
        @Override
        public String toString() {
            return "time[%s]".formatted(unit);
        }
    }

    /// A length of time, counted in `unit`.
    record Duration(TimeUnit unit) implements DataType {
        @Override
        public String toString() {
            return "duration[%s]".formatted(unit);
        }
    }

    /// Text. A chunk may hold it dictionary-encoded; the type doesn't say.
    record Utf8() implements DataType {
        @Override
        public String toString() {
            return "utf8";
        }
    }

    /// Bytes.
    record Binary() implements DataType {
        @Override
        public String toString() {
            return "binary";
        }
    }

    /// Text from an open set of values, always dictionary-encoded.
    record Categorical() implements DataType {
        @Override
        public String toString() {
            return "categorical";
        }
    }

    /// Text from a declared set of values, ordered as declared.
    record Enumeration(List<String> categories) implements DataType {
        public Enumeration {
            categories = List.copyOf(categories);
        }

        @Override
        public String toString() {
            return "enum(" + String.join(", ", categories) + ")";
        }
    }

    /// A list of values of one type.
    record ListOf(Field element) implements DataType {
        @Override
        public String toString() {
            return "list<%s>".formatted(element.type());
        }
    }

    /// Named values beside each other.
    record Struct(List<Field> fields) implements DataType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String toString() {
            return "struct<%s>"
                    .formatted(
                            String.join(
                                    ", ",
                                    fields.stream().map(f -> f.name() + ": " + f.type()).toList()));
        }
    }

    /// The unit of a timestamp, time or duration.
    enum TimeUnit {
        SECOND("s", 1L),
        MILLI("ms", 1_000L),
        MICRO("us", 1_000_000L),
        NANO("ns", 1_000_000_000L);

        private final String symbol;
        private final long perSecond;

        TimeUnit(String symbol, long perSecond) {
            this.symbol = symbol;
            this.perSecond = perSecond;
        }

        /// How many of this unit make a second.
        public long perSecond() {
            return perSecond;
        }

        @Override
        public String toString() {
            return symbol;
        }
    }

    DataType BOOL = new Bool();
    DataType INT8 = new Int(8, true);
    DataType INT16 = new Int(16, true);
    DataType INT32 = new Int(32, true);
    DataType INT64 = new Int(64, true);
    DataType UINT8 = new Int(8, false);
    DataType UINT16 = new Int(16, false);
    DataType UINT32 = new Int(32, false);
    DataType UINT64 = new Int(64, false);
    DataType FLOAT16 = new FloatingPoint(16);
    DataType FLOAT32 = new FloatingPoint(32);
    DataType FLOAT64 = new FloatingPoint(64);
    DataType DATE = new Date();

    /// Microseconds of wall-clock time.
    DataType TIMESTAMP = new Timestamp(TimeUnit.MICRO, Optional.empty());

    /// Microseconds, an instant.
    DataType TIMESTAMP_UTC = new Timestamp(TimeUnit.MICRO, Optional.of("UTC"));

    DataType TIME = new Time(TimeUnit.MICRO);
    DataType DURATION = new Duration(TimeUnit.MICRO);
    DataType UTF8 = new Utf8();
    DataType BINARY = new Binary();
    DataType CATEGORICAL = new Categorical();

    static DataType decimal(int precision, int scale) {
        return new Decimal(precision, scale);
    }

    /// Whether values are text: utf8, categorical or an enumeration.
    static boolean isText(DataType type) {
        return type instanceof Utf8 || type instanceof Categorical || type instanceof Enumeration;
    }

    /// Whether values are text from an open set: utf8 or categorical, which differ in layout alone.
    static boolean isOpenText(DataType type) {
        return type instanceof Utf8 || type instanceof Categorical;
    }

    static boolean isNumeric(DataType type) {
        return type instanceof Int || type instanceof FloatingPoint || type instanceof Decimal;
    }

    static boolean isTemporal(DataType type) {
        return type instanceof Date
                || type instanceof Timestamp
                || type instanceof Time
                || type instanceof Duration;
    }
}
