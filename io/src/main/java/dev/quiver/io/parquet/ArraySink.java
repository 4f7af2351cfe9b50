package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.parquet.kernel.ArrayDecoder;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.FixedDecoder;
import dev.quiver.io.parquet.kernel.Gather;
import dev.quiver.io.parquet.kernel.HybridDecoder;
import dev.quiver.io.parquet.kernel.Spread;
import dev.quiver.io.parquet.kernel.Utf8Text;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/// Columns of texts and byte strings.
///
/// Text from dictionary pages keeps its codes, mapped once a row group into the column's shared
/// dictionary, unless the dictionary is about as large as the column. A chunk is encoded or plain
/// as its first page is; where pages differ, the rest of the chunk follows.
final class ArraySink implements ValueSink {
    /// A dictionary of up to so many values is always worth sharing.
    private static final int SMALL_DICTIONARY = 1024;

    /// Values in a shared dictionary beyond which text comes plain.
    private static final int SHARED_SIZE_MAX = 1 << 20;

    private final FileColumn column;
    private final DataType type;
    private final boolean isText;
    private final FileErrors errors;
    private final MemoryAccount account;
    private final Scratch scratch;
    private final long groupRows;

    /// The shared dictionary; null for bytes, and for texts that come plain.
    private final @Nullable Dictionary shared;

    private @Nullable Buffer dictionary;
    private int[] dictionaryStarts = {};
    private int[] dictionaryLengths = {};
    private int[] mapping = {};
    private boolean mapped;
    private @Nullable HybridDecoder indices;
    private @Nullable ArrayDecoder decoder;

    private int rows;
    private @Nullable Buffer codes;
    private @Nullable PlainTexts texts;

    /// @param type what the column becomes: the file's type, or categorical where that is text
    /// @param shared null for bytes, and for texts that are to come plain
    ArraySink(
            FileColumn column,
            DataType type,
            long groupRows,
            @Nullable Dictionary shared,
            FileErrors errors,
            MemoryAccount account,
            Scratch scratch) {
        this.column = column;
        this.type = type;
        this.isText = DataType.isText(type);
        this.groupRows = groupRows;
        this.shared = shared;
        this.errors = errors;
        this.account = account;
        this.scratch = scratch;
    }

    /// The indices of a page into its dictionary.
    static HybridDecoder indices(Page page, boolean hasDictionary) {
        if (!hasDictionary) throw new DamagedPage("needs a dictionary that isn't there");
        if (page.bytes() == 0) return new HybridDecoder(page.data(), page.from(), page.to(), 0);
        int width = page.data().get(Layouts.BYTE, page.from());
        return new HybridDecoder(page.data(), page.from() + 1, page.to(), width);
    }

    static ArrayDecoder decoder(
            Encoding encoding,
            Page page,
            FileColumn column,
            FileErrors errors,
            MemoryAccount account) {
        MemorySegment data = page.data();
        boolean fixed = column.physical() == Type.FIXED_LEN_BYTE_ARRAY;
        return switch (encoding) {
            case PLAIN, PLAIN_DICTIONARY ->
                    fixed
                            ? fixed(page, column, account)
                            : new ArrayDecoder.Plain(data, page.from(), page.to());
            case DELTA_LENGTH_BYTE_ARRAY ->
                    new ArrayDecoder.DeltaLength(
                            data, page.from(), page.to(), page.values(), account);
            case DELTA_BYTE_ARRAY ->
                    new ArrayDecoder.DeltaPrefix(
                            data, page.from(), page.to(), page.values(), account);
            case BYTE_STREAM_SPLIT -> {
                if (!fixed) throw errors.unsupported(column.name(), "texts split by bytes");
                yield split(page, column, account);
            }
            case RLE, BIT_PACKED, DELTA_BINARY_PACKED, RLE_DICTIONARY ->
                    throw errors.unsupported(
                            column.name(),
                            "%s values encoded as %s".formatted(column.physical(), encoding));
        };
    }

    private static ArrayDecoder fixed(Page page, FileColumn column, MemoryAccount account) {
        var values = new ArrayDecoder.Fixed(page.data(), page.from(), page.to(), column.width());
        return isUuid(column) ? new ArrayDecoder.Uuids(values, account) : values;
    }

    /// Values of one width are put together first.
    private static ArrayDecoder split(Page page, FileColumn column, MemoryAccount account) {
        var bytes = new FixedDecoder.Split(page.data(), page.from(), page.to(), column.width());
        var values = new ArrayDecoder.Joined(bytes, column.width(), account);
        return isUuid(column) ? new ArrayDecoder.Uuids(values, account) : values;
    }

    private static boolean isUuid(FileColumn column) {
        return column.physical() == Type.FIXED_LEN_BYTE_ARRAY && DataType.isText(column.type());
    }

    @Override
    public void dictionary(Page page) {
        int size = page.values();
        long least = column.width() == 0 ? 4 : column.width();
        if (size * least > page.bytes())
            throw new DamagedPage(
                    "is a dictionary of %d values in %d bytes".formatted(size, page.bytes()));
        var starts = new int[size];
        var lengths = new int[size];
        try (ArrayDecoder values = decoder(Encoding.PLAIN, page, column, errors, account)) {
            keepDictionary(values.read(size, starts, lengths), starts, lengths);
        }
    }

    private void keepDictionary(MemorySegment data, int[] starts, int[] lengths) {
        int size = starts.length;
        if (isText) checkText(data, starts, lengths, size);
        long end = size == 0 ? 0 : (long) starts[size - 1] + lengths[size - 1];
        Buffer copy = account.allocate(end + ColumnPages.SLACK_BYTES);
        MemorySegment.copy(data, 0, copy.segment(), 0, end);
        if (dictionary != null) dictionary.close();
        dictionary = copy;
        dictionaryStarts = starts;
        dictionaryLengths = lengths;
        mapped = false;
    }

    private static void checkText(MemorySegment data, int[] starts, int[] lengths, int count) {
        for (int i = 0; i < count; i++)
            if (!Utf8Text.isValid(data, starts[i], (long) starts[i] + lengths[i]))
                throw new DamagedPage("has a text that isn't UTF-8");
    }

    @Override
    public void page(Page page) {
        indices = null;
        if (decoder != null) decoder.close();
        decoder = null;
        Encoding encoding = page.encoding();
        if (encoding == Encoding.PLAIN_DICTIONARY || encoding == Encoding.RLE_DICTIONARY)
            indices = indices(page, dictionary != null);
        else decoder = decoder(encoding, page, column, errors, account);
    }

    @Override
    public void begin(int count) {
        rows = count;
    }

    @Override
    public void values(int row, int count, int present, @Nullable Buffer validity) {
        if (codes == null && texts == null) {
            if (isEncoded()) codes = account.allocate(rows * 4L);
            else texts = new PlainTexts(account, rows);
        }
        if (indices == null) plainValues(row, count, present, validity);
        else codedValues(indices, row, count, present, validity);
    }

    /// Whether the chunk that begins becomes codes.
    private boolean isEncoded() {
        if (shared == null) return false;
        if (!(type instanceof DataType.Utf8)) return true;
        return indices != null && share(shared);
    }

    /// Maps the row group's dictionary into the shared one if that is worth it.
    private boolean share(Dictionary target) {
        if (mapped) return true;
        int size = dictionaryStarts.length;
        long bytes = 0;
        for (int length : dictionaryLengths) bytes += length;
        boolean open = type instanceof DataType.Utf8;
        if (open && size > SMALL_DICTIONARY && (long) size * 2 > groupRows) return false;
        if (open && target.size() + size > SHARED_SIZE_MAX) return false;
        if (open && !target.staysSmallWith(size, bytes)) return false;
        if (!target.hasRoomFor(size, bytes)) {
            if (open) return false;
            throw full(target);
        }
        MemorySegment data = Objects.requireNonNull(dictionary).segment();
        mapping = add(target, data, dictionaryStarts, dictionaryLengths, size);
        mapped = true;
        return true;
    }

    /// The shared codes of values: hashes first, then one lock for all.
    private static int[] add(
            Dictionary target, MemorySegment data, int[] starts, int[] lengths, int count) {
        var hashes = new long[count];
        for (int i = 0; i < count; i++) hashes[i] = Hashing.bytes(data, starts[i], lengths[i]);
        var result = new int[count];
        synchronized (target) {
            for (int i = 0; i < count; i++)
                result[i] = target.add(data, starts[i], lengths[i], hashes[i]);
        }
        return result;
    }

    private QuiverException full(Dictionary target) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "the categorical column has too many different values: %d so far"
                        .formatted(target.size()),
                List.of("file: " + errors.path(), "column: " + column.name()),
                "read it as utf8");
    }

    private void codedValues(
            HybridDecoder from, int row, int count, int present, @Nullable Buffer validity) {
        from.read(scratch.codes, present);
        Gather.check(scratch.codes, present, dictionaryStarts.length);
        if (codes != null && shared != null && share(shared)) {
            Gather.codes(mapping, scratch.codes, present, codes.segment(), row * 4L);
            if (present < count && validity != null)
                Spread.values(codes.segment(), 4, validity.segment(), row, count, present);
            return;
        }
        if (codes != null) toPlain(row, validity);
        for (int i = 0; i < present; i++) {
            scratch.starts[i] = dictionaryStarts[scratch.codes[i]];
            scratch.lengths[i] = dictionaryLengths[scratch.codes[i]];
        }
        MemorySegment data = Objects.requireNonNull(dictionary).segment();
        Objects.requireNonNull(texts)
                .append(data, scratch.starts, scratch.lengths, row, count, present, validity);
    }

    private void plainValues(int row, int count, int present, @Nullable Buffer validity) {
        if (decoder == null) throw new DamagedPage("comes before any values");
        MemorySegment data = decoder.read(present, scratch.starts, scratch.lengths);
        if (isText) checkText(data, scratch.starts, scratch.lengths, present);
        if (codes != null && shared != null) {
            long bytes = 0;
            for (int i = 0; i < present; i++) bytes += scratch.lengths[i];
            boolean small =
                    !(type instanceof DataType.Utf8) || shared.staysSmallWith(present, bytes);
            if (small && shared.hasRoomFor(present, bytes)) {
                int[] found = add(shared, data, scratch.starts, scratch.lengths, present);
                MemorySegment.copy(found, 0, codes.segment(), Layouts.INT, row * 4L, present);
                if (present < count && validity != null)
                    Spread.values(codes.segment(), 4, validity.segment(), row, count, present);
                return;
            }
            if (!(type instanceof DataType.Utf8)) throw full(shared);
            toPlain(row, validity);
        }
        Objects.requireNonNull(texts)
                .append(data, scratch.starts, scratch.lengths, row, count, present, validity);
    }

    /// Turns the codes of the first `count` rows into texts: the rest of the chunk can't be
    /// encoded.
    private void toPlain(int count, @Nullable Buffer validity) {
        Buffer old = Objects.requireNonNull(codes);
        var plain = new PlainTexts(account, rows);
        texts = plain;
        try (DictionaryValues values = Objects.requireNonNull(shared).pin()) {
            for (int row = 0; row < count; row++) {
                boolean valid = Validity.isValid(validity, row);
                int code = valid ? old.segment().get(Layouts.INT, row * 4L) : 0;
                int start = valid ? values.start(code) : 0;
                int length = valid ? values.end(code) - start : 0;
                plain.append(values.data(), start, length, row);
            }
        }
        old.close();
        codes = null;
    }

    @Override
    public Column end(@Nullable Buffer validity) {
        if (texts != null) {
            Column column = texts.build(type, validity);
            texts = null;
            return column;
        }
        Buffer made = Objects.requireNonNull(codes);
        codes = null;
        Dictionary target = Objects.requireNonNull(shared);
        return new DictionaryColumn(type, rows, made, target, target.pin(), validity);
    }

    @Override
    public void close() {
        if (dictionary != null) dictionary.close();
        if (decoder != null) decoder.close();
        if (codes != null) codes.close();
        if (texts != null) texts.close();
        dictionary = null;
        decoder = null;
        codes = null;
        texts = null;
    }
}
