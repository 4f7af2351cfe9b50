package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Texts as int32 codes into a dictionary: an encoding of utf8, the only layout of categorical and
/// enumerations.
///
/// The column pins the dictionary's values as they were when it was made: codes are below
/// `values().size()`. Two columns can be compared by code when they have the same [Dictionary].
/// Codes say nothing about order, and a value may get another code in another run: order, buckets
/// and ties use values or their hashes.
public final class DictionaryColumn implements Column {
    private final DataType type;
    private final int rows;
    private final Buffer codes;
    private final Dictionary dictionary;
    private final DictionaryValues values;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the buffers and the pinned values over.
    ///
    /// @param codes `rows` int32; 0 where the row is null
    /// @param values a snapshot of `dictionary` ([Dictionary#pin]) that holds every code
    public DictionaryColumn(
            DataType type,
            int rows,
            Buffer codes,
            Dictionary dictionary,
            DictionaryValues values,
            @Nullable Buffer validity) {
        this.type = type;
        this.rows = rows;
        this.codes = codes;
        this.dictionary = dictionary;
        this.values = values;
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
        if (codes.capacityBytes() < rows * 4L)
            throw new IllegalArgumentException(
                    "%d codes in %d bytes".formatted(rows, codes.capacityBytes()));
    }

    /// The codes: int32 of row `i` at byte `4 * i`; 0 where the row is null.
    public MemorySegment codes() {
        return codes.segment();
    }

    /// The codes' buffer, still this column's own.
    public Buffer codesBuffer() {
        return codes;
    }

    public int code(int row) {
        return codes.segment().get(Layouts.INT, row * 4L);
    }

    public Dictionary dictionary() {
        return dictionary;
    }

    /// The dictionary's values as pinned by this column.
    public DictionaryValues values() {
        return values;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public @Nullable Buffer validity() {
        return validity;
    }

    @Override
    public int nullCount() {
        return nullCount;
    }

    @Override
    public DictionaryColumn retain() {
        codes.retain();
        values.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public DictionaryColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new DictionaryColumn(
                type, count, codes.slice(from * 4L, count * 4L), dictionary, values.retain(), bits);
    }

    @Override
    public long bytes() {
        return rows * 4L + (validity == null ? 0 : Validity.bytes(rows));
    }

    @Override
    public void close() {
        codes.close();
        values.close();
        if (validity != null) validity.close();
    }
}
