package dev.quiver.io.rows;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.MemoryRefused;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Makes one column of a chunk value by value. Holds counted memory from the first value to
/// [#finish] or [#close]; starts again after [#finish].
public abstract sealed class ColumnAppender implements AutoCloseable
        permits FixedAppender, BoolAppender, TextAppender, ListAppender, StructAppender {
    /// What the appenders of one reader share.
    ///
    /// @param account pays for the columns
    record Context(MemoryAccount account, ScanDictionaries dictionaries) {}

    private static final int ROWS_FIRST = 1024;

    private final Field field;
    private final MemoryAccount account;
    private @Nullable Buffer validity;
    private int rows;

    ColumnAppender(Field field, Context context) {
        this.field = field;
        this.account = context.account();
    }

    /// The appender of a column of any type.
    static ColumnAppender of(Field field, Context context) {
        return of(field, field.name(), context);
    }

    /// @param path names the dictionary; empty for text that stays plain, as in lists, whose values
    ///   no kernel compares
    static ColumnAppender of(Field field, String path, Context context) {
        return switch (field.type()) {
            case DataType.Bool _ -> new BoolAppender(field, context);
            case DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _ ->
                    new TextAppender(field, path, context);
            case DataType.ListOf list -> new ListAppender(field, list, path, context);
            case DataType.Struct struct -> new StructAppender(field, struct, path, context);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    new FixedAppender(field, context);
        };
    }

    public final Field field() {
        return field;
    }

    /// Rows so far.
    public final int rows() {
        return rows;
    }

    final MemoryAccount account() {
        return account;
    }

    /// Appends null.
    public final void appendNull() {
        Buffer bits = validity;
        if (bits == null || Validity.bytes(rows + 1) > bits.capacityBytes()) bits = grownValidity();
        putNothing();
        Validity.set(bits.segment(), rows, false);
        rows++;
    }

    private Buffer grownValidity() {
        Buffer old = validity;
        long bytes = Validity.bytes(Math.max(ROWS_FIRST, rows * 2));
        Buffer grown = account.allocate(bytes);
        grown.segment().fill((byte) -1);
        if (old != null) {
            MemorySegment.copy(old.segment(), 0, grown.segment(), 0, old.capacityBytes());
            old.close();
        }
        validity = grown;
        return grown;
    }

    /// Counts the value that was put.
    final void appended() {
        rows++;
    }

    /// Takes the rows from `count` on away.
    public final void cut(int count) {
        Buffer bits = validity;
        if (bits != null) {
            int known = (int) Math.min(rows, bits.capacityBytes() * 8);
            for (int row = count; row < known; row++) Validity.set(bits.segment(), row, true);
        }
        cutValues(count);
        rows = count;
    }

    /// The column; the caller owns it.
    public final Column finish() {
        Column column = column(rows, takeValidity());
        rows = 0;
        return column;
    }

    private @Nullable Buffer takeValidity() {
        Buffer bits = validity;
        if (bits == null) return null;
        long bytes = Validity.bytes(rows);
        if (bytes > bits.capacityBytes()) bits = grownValidity();
        validity = null;
        if (Validity.countOnes(bits.segment(), rows) < rows) return fitted(bits, bytes);
        bits.close();
        return null;
    }

    /// A buffer of at least `bytes` that begins with the first `kept` bytes of `old`, and has room
    /// for as much again.
    final Buffer grown(@Nullable Buffer old, long kept, long bytes) {
        if (old == null) return account.allocate(Math.max(bytes, ROWS_FIRST));
        if (bytes <= old.capacityBytes()) return old;
        return account.grow(old, kept, Math.max(bytes, old.capacityBytes() * 2));
    }

    /// Takes `buffer` over; gives a smaller one where `bytes` would leave most of it empty, and
    /// there is room to copy.
    final Buffer fitted(Buffer buffer, long bytes) {
        if (bytes * 2 > buffer.capacityBytes() || buffer.capacityBytes() <= ROWS_FIRST)
            return buffer;
        try {
            Buffer smaller = account.allocate(bytes);
            MemorySegment.copy(buffer.segment(), 0, smaller.segment(), 0, bytes);
            buffer.close();
            return smaller;
        } catch (MemoryRefused _) {
            return buffer;
        }
    }

    /// Puts what stands where a row is null.
    abstract void putNothing();

    abstract void cutValues(int count);

    /// About the bytes that the values take so far.
    public abstract long bytes();

    /// Gives the values away.
    ///
    /// @param bits taken over
    abstract Column column(int count, @Nullable Buffer bits);

    abstract void closeValues();

    @Override
    public final void close() {
        if (validity != null) validity.close();
        validity = null;
        rows = 0;
        closeValues();
    }
}
