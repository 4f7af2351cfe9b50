package dev.quiver.io.csv;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.MemoryRefused;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.operator.CsvText;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Makes one column of a chunk out of fields, a batch of rows at a time. Holds counted memory
/// between [#begin] and [#finish] or [#close].
sealed interface ColumnParser extends AutoCloseable permits FixedParser, BoolParser, TextParser {
    /// What parsers of one reader share.
    record Context(
            Window window,
            NullTokens nulls,
            CsvText text,
            CsvTrouble trouble,
            Diversion diversion,
            MemoryAccount account,
            ScanDictionaries dictionaries) {}

    /// The parser for a field.
    ///
    /// @throws dev.quiver.error.QuiverException UNSUPPORTED for types that CSV can't hold
    static ColumnParser of(Field field, Context context) {
        return switch (field.type()) {
            case DataType.Bool _ -> new BoolParser(field, context);
            case DataType.Utf8 _, DataType.Categorical _, DataType.Enumeration _ ->
                    new TextParser(field, context);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    new FixedParser(field, context);
            case DataType.Binary _, DataType.ListOf _, DataType.Struct _ ->
                    throw CsvTrouble.unsupported(field);
        };
    }

    /// Starts a column of at most `capacity` rows.
    void begin(int capacity);

    /// Adds a batch.
    ///
    /// @throws dev.quiver.error.QuiverException BAD_VALUE
    void parse(Fields fields);

    /// The column; the caller owns it.
    Column finish(int rows);

    @Override
    void close();

    /// A bitmap where all rows hold a value.
    static Buffer allValid(MemoryAccount account, int capacity) {
        Buffer bits = account.allocate(Validity.bytes(capacity));
        Validity.fill(bits.segment(), capacity);
        return bits;
    }

    /// Takes `buffer` over; gives a smaller one where `bytes` would leave most of it empty, and
    /// there is room to copy.
    static Buffer fitted(MemoryAccount account, Buffer buffer, long bytes) {
        if (bytes * 2 > buffer.capacityBytes() || buffer.capacityBytes() <= 1024) return buffer;
        Buffer smaller;
        try {
            smaller = account.allocate(bytes);
        } catch (MemoryRefused e) {
            return buffer;
        }
        MemorySegment.copy(buffer.segment(), 0, smaller.segment(), 0, bytes);
        buffer.close();
        return smaller;
    }

    /// Takes `bits` over; null when no row of them is null.
    static @Nullable Buffer validityOrNone(MemoryAccount account, Buffer bits, int rows) {
        if (Validity.countOnes(bits.segment(), rows) < rows)
            return fitted(account, bits, Validity.bytes(rows));
        bits.close();
        return null;
    }
}
