package dev.quiver.io.jdbc;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Puts rows into a table of PostgreSQL's by `COPY … FROM STDIN` in its binary format; the types of
/// the table are those of [TableTypes].
///
/// Source: PostgreSQL documentation, "COPY", section "Binary Format".
final class CopySink implements RowSink {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] SIGNATURE =
            "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private final CopyIn copy;
    private final CopyBuffer buffer;

    /// @param table as SQL
    CopySink(Connection connection, String table, Schema schema) throws SQLException {
        List<String> names =
                schema.names().stream().map(name -> TableQuery.quoted(name, "\"")).toList();
        this.copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY %s (%s) FROM STDIN (FORMAT binary)"
                                        .formatted(table, String.join(", ", names)));
        this.buffer = new CopyBuffer(copy, BUFFER_BYTES);
        buffer.bytes(SIGNATURE, SIGNATURE.length);
        buffer.putInt(0);
        buffer.putInt(0);
    }

    @Override
    public void append(Chunk chunk) throws SQLException {
        var fields = new ArrayList<Field>();
        for (Column column : chunk.columns()) fields.add(field(column));
        Field[] all = fields.toArray(Field[]::new);
        Column[] columns = chunk.columns().toArray(Column[]::new);
        for (int row = 0; row < chunk.rows(); row++) {
            buffer.putShort(all.length);
            for (int i = 0; i < all.length; i++) {
                if (columns[i].isNull(row)) buffer.putInt(-1);
                else all[i].put(row);
            }
        }
    }

    /// Writes the field of a row that isn't null.
    private interface Field {
        void put(int row) throws SQLException;
    }

    private Field field(Column column) {
        return switch (column) {
            case BoolColumn bool ->
                    row -> {
                        buffer.putInt(1);
                        buffer.putByte(bool.get(row) ? 1 : 0);
                    };
            case VariableColumn text ->
                    row -> buffer.field(text.data(), text.start(row), text.length(row));
            case DictionaryColumn text -> {
                MemorySegment data = text.values().data();
                yield row -> {
                    int code = text.code(row);
                    int start = text.values().start(code);
                    buffer.field(data, start, text.values().end(code) - start);
                };
            }
            case FixedColumn fixed -> fixed(fixed);
            default -> throw new IllegalStateException(column.type() + " into a table");
        };
    }

    private Field fixed(FixedColumn column) {
        MemorySegment values = column.values();
        return switch (column.type()) {
            case DataType.Int(var bits, var signed) -> integer(column, signed ? bits : bits * 2);
            case DataType.FloatingPoint(var bits) -> floating(column, bits);
            case DataType.Decimal(var precision, var scale) -> {
                if (precision > DataType.Decimal.PRECISION_64_MAX)
                    yield row -> numeric(ColumnValues.get(column, row));
                var digits = new CopyDecimal(scale);
                yield row -> digits.put(values.get(Layouts.LONG, row * 8L), buffer);
            }
            case DataType.Date _ ->
                    row -> {
                        buffer.putInt(4);
                        buffer.putInt(values.get(Layouts.INT, row * 4L) - CopyRow.EPOCH_DAYS);
                    };
            case DataType.Timestamp(var unit, _) ->
                    row -> {
                        buffer.putInt(8);
                        long micros = micros(values.get(Layouts.LONG, row * 8L), unit);
                        buffer.putLong(Math.subtractExact(micros, CopyRow.EPOCH_MICROS));
                    };
            case DataType.Time(var unit) ->
                    row -> {
                        buffer.putInt(8);
                        buffer.putLong(micros(values.get(Layouts.LONG, row * 8L), unit));
                    };
            default -> throw new IllegalStateException(column.type() + " into a table");
        };
    }

    /// Nanoseconds are cut: PostgreSQL has none.
    private static long micros(long units, DataType.TimeUnit unit) {
        long perSecond = DataType.TimeUnit.MICRO.perSecond();
        return unit == DataType.TimeUnit.NANO
                ? Math.floorDiv(units, 1000)
                : Math.multiplyExact(units, perSecond / unit.perSecond());
    }

    /// @param room the bits of the signed type that holds them all
    private Field integer(FixedColumn column, int room) {
        if (room > 64) return row -> numeric(ColumnValues.get(column, row));
        int bytes = Math.max(2, room / 8);
        return row -> {
            long value = (Long) java.util.Objects.requireNonNull(ColumnValues.get(column, row));
            buffer.putInt(bytes);
            switch (bytes) {
                case 2 -> buffer.putShort((int) value);
                case 4 -> buffer.putInt((int) value);
                default -> buffer.putLong(value);
            }
        };
    }

    private Field floating(FixedColumn column, int bits) {
        MemorySegment values = column.values();
        return switch (bits) {
            case 64 ->
                    row -> {
                        buffer.putInt(8);
                        buffer.putLong(
                                Double.doubleToRawLongBits(values.get(Layouts.DOUBLE, row * 8L)));
                    };
            case 32 ->
                    row -> {
                        buffer.putInt(4);
                        buffer.putInt(Float.floatToRawIntBits(values.get(Layouts.FLOAT, row * 4L)));
                    };
            default ->
                    row -> {
                        buffer.putInt(4);
                        float value = Float.float16ToFloat(values.get(Layouts.SHORT, row * 2L));
                        buffer.putInt(Float.floatToRawIntBits(value));
                    };
        };
    }

    private void numeric(@org.jspecify.annotations.Nullable Object value) throws SQLException {
        BigDecimal number =
                value instanceof BigInteger whole ? new BigDecimal(whole) : (BigDecimal) value;
        CopyDecimal.put(java.util.Objects.requireNonNull(number), buffer);
    }

    @Override
    public void finish() throws SQLException {
        buffer.putShort(-1);
        buffer.flush();
        copy.endCopy();
    }

    @Override
    public long bytes() {
        return buffer.sent();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) copy.cancelCopy();
    }

    /// What is sent next, big-endian.
    static final class CopyBuffer {
        private final CopyIn copy;
        private byte[] bytes;
        private MemorySegment segment;
        private int length;
        private long sent;

        CopyBuffer(CopyIn copy, int capacity) {
            this.copy = copy;
            this.bytes = new byte[capacity];
            this.segment = MemorySegment.ofArray(bytes);
        }

        private int room(int count) throws SQLException {
            if (length + count > bytes.length) {
                flush();
                if (count > bytes.length) {
                    bytes = Arrays.copyOf(bytes, count);
                    segment = MemorySegment.ofArray(bytes);
                }
            }
            int at = length;
            length += count;
            return at;
        }

        void putByte(int value) throws SQLException {
            int at = room(1);
            bytes[at] = (byte) value;
        }

        void putShort(int value) throws SQLException {
            int at = room(2);
            segment.set(Layouts.SHORT, at, Short.reverseBytes((short) value));
        }

        void putInt(int value) throws SQLException {
            int at = room(4);
            segment.set(Layouts.INT, at, Integer.reverseBytes(value));
        }

        void putLong(long value) throws SQLException {
            int at = room(8);
            segment.set(Layouts.LONG, at, Long.reverseBytes(value));
        }

        void bytes(byte[] from, int count) throws SQLException {
            int at = room(count);
            System.arraycopy(from, 0, bytes, at, count);
        }

        /// A length and so many bytes.
        void field(MemorySegment data, long from, int count) throws SQLException {
            putInt(count);
            int at = room(count);
            MemorySegment.copy(data, Layouts.BYTE, from, bytes, at, count);
        }

        void flush() throws SQLException {
            copy.writeToCopy(bytes, 0, length);
            sent += length;
            length = 0;
        }

        long sent() {
            return sent + length;
        }
    }
}
