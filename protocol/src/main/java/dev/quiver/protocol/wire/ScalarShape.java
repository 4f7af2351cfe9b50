package dev.quiver.protocol.wire;

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
import org.jspecify.annotations.Nullable;

/// A value of some column, of whichever class [dev.quiver.expression.Values] gives it, or one of a
/// user's class. The class stands before it.
final class ScalarShape implements Shape {
    private static final int LIST_NULL = 0;

    private final Foreign foreign;

    ScalarShape(Foreign foreign) {
        this.foreign = foreign;
    }

    /// What stands before a value: codes in order, from 0.
    private enum Kind {
        BOOL(0),
        LONG(1),
        INT(2),
        DOUBLE(3),
        TEXT(4),
        BINARY(5),
        BIG_INTEGER(6),
        DECIMAL(7),
        DATE(8),
        TIME(9),
        TIMESTAMP(10),
        INSTANT(11),
        DURATION(12),
        LIST(13),
        FOREIGN(14);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    /// All kinds, as text.
    static String description() {
        return Arrays.toString(KINDS);
    }

    private static void kind(Kind kind, WireOutput out) {
        out.putByte(kind.code);
    }

    @Override
    public void write(Object value, WireOutput out) {
        switch (value) {
            case Boolean bool -> {
                kind(Kind.BOOL, out);
                out.putByte(bool ? 1 : 0);
            }
            case Long number -> {
                kind(Kind.LONG, out);
                out.putLong(number);
            }
            case Integer number -> {
                kind(Kind.INT, out);
                out.putLong(number);
            }
            case Double number -> {
                kind(Kind.DOUBLE, out);
                out.putFixed(Double.doubleToRawLongBits(number));
            }
            case String text -> {
                kind(Kind.TEXT, out);
                out.putText(text);
            }
            case byte[] bytes -> {
                kind(Kind.BINARY, out);
                out.putBytes(bytes);
            }
            case BigInteger number -> {
                kind(Kind.BIG_INTEGER, out);
                out.putBytes(number.toByteArray());
            }
            case BigDecimal number -> {
                kind(Kind.DECIMAL, out);
                out.putLong(number.scale());
                out.putBytes(number.unscaledValue().toByteArray());
            }
            default -> writeOther(value, out);
        }
    }

    private void writeOther(Object value, WireOutput out) {
        switch (value) {
            case LocalDate date -> {
                kind(Kind.DATE, out);
                out.putLong(date.toEpochDay());
            }
            case LocalTime time -> {
                kind(Kind.TIME, out);
                out.putLong(time.toNanoOfDay());
            }
            case LocalDateTime timestamp -> {
                kind(Kind.TIMESTAMP, out);
                out.putLong(timestamp.toLocalDate().toEpochDay());
                out.putLong(timestamp.toLocalTime().toNanoOfDay());
            }
            case Instant instant -> {
                kind(Kind.INSTANT, out);
                out.putLong(instant.getEpochSecond());
                out.putLong(instant.getNano());
            }
            case Duration duration -> {
                kind(Kind.DURATION, out);
                out.putLong(duration.getSeconds());
                out.putLong(duration.getNano());
            }
            case List<?> list -> {
                kind(Kind.LIST, out);
                out.putUnsigned(list.size());
                for (Object element : list) {
                    out.putByte(element == null ? LIST_NULL : 1);
                    if (element != null) write(element, out);
                }
            }
            default -> {
                kind(Kind.FOREIGN, out);
                out.putBytes(foreign.write(value));
            }
        }
    }

    @Override
    public Object read(WireInput in) {
        return switch (KINDS[in.takeIndex(KINDS.length)]) {
            case BOOL -> in.takeBoolean();
            case LONG -> in.takeLong();
            case INT -> in.takeInt();
            case DOUBLE -> Double.longBitsToDouble(in.takeFixed());
            case TEXT -> in.takeText();
            case BINARY -> in.takeBytes();
            case BIG_INTEGER -> bigInteger(in);
            case DECIMAL -> {
                int scale = in.takeInt();
                yield new BigDecimal(bigInteger(in), scale);
            }
            case DATE -> LocalDate.ofEpochDay(in.takeLong());
            case TIME -> LocalTime.ofNanoOfDay(in.takeLong());
            case TIMESTAMP -> {
                LocalDate date = LocalDate.ofEpochDay(in.takeLong());
                yield LocalDateTime.of(date, LocalTime.ofNanoOfDay(in.takeLong()));
            }
            case INSTANT -> {
                long seconds = in.takeLong();
                yield Instant.ofEpochSecond(seconds, in.takeInt());
            }
            case DURATION -> {
                long seconds = in.takeLong();
                yield Duration.ofSeconds(seconds, in.takeInt());
            }
            case LIST -> list(in);
            case FOREIGN -> foreign.read(in.takeBytes());
        };
    }

    private static BigInteger bigInteger(WireInput in) {
        byte[] bytes = in.takeBytes();
        if (bytes.length == 0) throw in.malformed("a number without digits");
        return new BigInteger(bytes);
    }

    private List<@Nullable Object> list(WireInput in) {
        in.enter();
        int count = in.takeCount();
        var list = new ArrayList<@Nullable Object>();
        for (int i = 0; i < count; i++) list.add(in.takeBoolean() ? read(in) : null);
        in.leave();
        return list;
    }
}
