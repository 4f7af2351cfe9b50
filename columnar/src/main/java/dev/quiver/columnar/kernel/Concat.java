package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several columns of one type, end to end, as one.
public final class Concat {
    /// Rows `[from, from + rows)` of a column, which stays its owner's.
    public record Span(Column column, int from, int rows) {
        public static Span of(Column column) {
            return new Span(column, 0, column.rows());
        }
    }

    private Concat() {}

    /// One chunk out of `chunks`, which are closed, also after a failure. Each column's sources go
    /// back as soon as it is copied. The caller owns the result.
    public static Chunk chunk(Schema schema, List<Chunk> chunks, MemoryAccount account) {
        return chunks.size() == 1 ? chunks.getFirst() : copy(schema, chunks, account);
    }

    /// As [#chunk], with memory of its own also for one chunk.
    public static Chunk copy(Schema schema, List<Chunk> chunks, MemoryAccount account) {
        var sources = new ArrayList<List<Column>>();
        long rows = 0;
        for (int i = 0; i < schema.size(); i++) sources.add(new ArrayList<>());
        for (Chunk chunk : chunks) {
            for (int i = 0; i < schema.size(); i++) sources.get(i).add(chunk.column(i).retain());
            rows += chunk.rows();
            chunk.close();
        }
        var columns = new ArrayList<Column>();
        int next = 0;
        try {
            int count = rowCount(rows);
            while (next < schema.size()) {
                var spans = sources.get(next).stream().map(Span::of).toList();
                columns.add(column(schema.field(next).type(), spans, account));
                sources.get(next++).forEach(Column::close);
            }
            return new Chunk(schema, columns, count);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            for (; next < schema.size(); next++) sources.get(next).forEach(Column::close);
            throw e;
        }
    }

    /// Rows `[from, from + count)` of a chunk, which share its memory where `from` is a multiple of
    /// 64. The caller owns the result.
    public static Chunk range(Chunk chunk, int from, int count, MemoryAccount account) {
        if (from == 0 && count == chunk.rows()) return chunk.retain();
        if ((from & 63) == 0) return chunk.slice(from, count);
        var columns = new ArrayList<Column>();
        try {
            for (Column column : chunk.columns())
                columns.add(column(column.type(), List.of(new Span(column, from, count)), account));
            return new Chunk(chunk.schema(), columns, count);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    /// Text without its dictionary. The caller owns the result.
    ///
    /// @throws QuiverException UNSUPPORTED for more than 2 GiB
    public static VariableColumn plain(DictionaryColumn column, MemoryAccount account) {
        int rows = column.rows();
        Buffer validity = column.validity();
        if (validity != null) validity.retain();
        try {
            return plain(
                    DataType.UTF8, List.of(new Span(column, 0, rows)), rows, validity, account);
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    private static int rowCount(long rows) {
        if (rows <= 1 << 30) return (int) rows;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "a partition of %d rows, more than %d".formatted(rows, 1 << 30),
                List.of(),
                "read the input in more, smaller files");
    }

    /// The spans' rows in order; the caller owns the column.
    ///
    /// Text stays encoded when all spans are: as codes of the one dictionary that they share, else
    /// of a new one. Plain and encoded utf8 together come out plain.
    public static Column column(DataType type, List<Span> spans, MemoryAccount account) {
        int rows = rowCount(spans.stream().mapToLong(Span::rows).sum());
        if (rows == 0) return Nulls.column(type, 0, account);
        Buffer validity = validity(spans, rows, account);
        try {
            return switch (spans.getFirst().column()) {
                case FixedColumn _ -> fixed(type, spans, rows, validity, account);
                case BoolColumn _ -> bools(spans, rows, validity, account);
                case VariableColumn _, DictionaryColumn _ ->
                        text(type, spans, rows, validity, account);
                case ListColumn first -> lists(first.type(), spans, rows, validity, account);
                case StructColumn first -> structs(first.type(), spans, rows, validity, account);
            };
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    private static @Nullable Buffer validity(List<Span> spans, int rows, MemoryAccount account) {
        if (spans.stream().allMatch(s -> s.column().nullCount() == 0)) return null;
        Buffer bits = account.allocate(Validity.bytes(rows));
        long at = 0;
        for (Span span : spans) {
            Buffer source = span.column().validity();
            if (source == null) Bits.fill(bits.segment(), at, span.rows());
            else Bits.copy(source.segment(), span.from(), bits.segment(), at, span.rows());
            at += span.rows();
        }
        return bits;
    }

    private static Column fixed(
            DataType type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        long width = FixedColumn.width(type);
        Buffer values = account.allocate(rows * width);
        long at = 0;
        for (Span span : spans) {
            account.checkpoint();
            var source = ((FixedColumn) span.column()).values();
            long bytes = span.rows() * width;
            MemorySegment.copy(source, span.from() * width, values.segment(), at, bytes);
            at += bytes;
        }
        return new FixedColumn(type, rows, values, validity);
    }

    private static Column bools(
            List<Span> spans, int rows, @Nullable Buffer validity, MemoryAccount account) {
        Buffer values = account.allocate(Validity.bytes(rows));
        long at = 0;
        for (Span span : spans) {
            var source = ((BoolColumn) span.column()).values();
            Bits.copy(source, span.from(), values.segment(), at, span.rows());
            at += span.rows();
        }
        return new BoolColumn(rows, values, validity);
    }

    private static Column text(
            DataType type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        boolean encoded = spans.stream().allMatch(s -> s.column() instanceof DictionaryColumn);
        if (encoded) return codes(type, spans, rows, validity, account);
        return plain(type, spans, rows, validity, account);
    }

    private static VariableColumn plain(
            DataType type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        long total = 0;
        for (Span span : spans) total += textBytes(span);
        if (total > Integer.MAX_VALUE - 64) throw tooMuchText(total);
        Buffer offsets = account.allocate((rows + 1) * 4L);
        Buffer bytes;
        try {
            bytes = account.allocate(total + VariableColumn.PADDING_BYTES);
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
        int row = 0;
        int at = 0;
        for (Span span : spans) {
            account.checkpoint();
            at =
                    switch (span.column()) {
                        case VariableColumn source ->
                                copyPlain(source, span, offsets, bytes, row, at);
                        case DictionaryColumn source ->
                                decode(source, span, offsets, bytes, row, at);
                        case Column other -> throw new IllegalStateException("not text: " + other);
                    };
            row += span.rows();
        }
        offsets.segment().set(Layouts.INT, rows * 4L, at);
        return new VariableColumn(type, rows, offsets, bytes, validity);
    }

    static QuiverException tooMuchText(long bytes) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "a partition with %d bytes of text in one column, more than 2 GiB".formatted(bytes),
                List.of(),
                "read the input in more, smaller files, or drop the column before");
    }

    private static long textBytes(Span span) {
        if (span.column() instanceof VariableColumn source)
            return source.end(span.from() + span.rows() - 1) - (long) source.start(span.from());
        var coded = (DictionaryColumn) span.column();
        long total = 0;
        for (int i = span.from(); i < span.from() + span.rows(); i++)
            if (!coded.isNull(i))
                total += coded.values().end(coded.code(i)) - coded.values().start(coded.code(i));
        return total;
    }

    private static int copyPlain(
            VariableColumn source, Span span, Buffer offsets, Buffer bytes, int row, int at) {
        int first = source.start(span.from());
        int last = source.end(span.from() + span.rows() - 1);
        MemorySegment.copy(source.data(), first, bytes.segment(), at, last - (long) first);
        MemorySegment from = source.offsets();
        MemorySegment to = offsets.segment();
        int shift = at - first;
        for (int i = 0; i < span.rows(); i++)
            to.set(
                    Layouts.INT,
                    (row + i) * 4L,
                    from.get(Layouts.INT, (span.from() + i) * 4L) + shift);
        return at + last - first;
    }

    private static int decode(
            DictionaryColumn source, Span span, Buffer offsets, Buffer bytes, int row, int at) {
        DictionaryValues values = source.values();
        int end = at;
        for (int i = 0; i < span.rows(); i++) {
            offsets.segment().set(Layouts.INT, (row + i) * 4L, end);
            if (source.isNull(span.from() + i)) continue;
            int code = source.code(span.from() + i);
            int length = values.end(code) - values.start(code);
            MemorySegment.copy(values.data(), values.start(code), bytes.segment(), end, length);
            end += length;
        }
        return end;
    }

    private static Column codes(
            DataType type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        var first = (DictionaryColumn) spans.getFirst().column();
        boolean shared =
                spans.stream()
                        .allMatch(s ->
                                ((DictionaryColumn) s.column()).dictionary() == first.dictionary());
        if (!shared) return unified(type, spans, rows, validity, account);
        Buffer codes = account.allocate(rows * 4L);
        long at = 0;
        DictionaryValues longest = first.values();
        for (Span span : spans) {
            account.checkpoint();
            var source = (DictionaryColumn) span.column();
            MemorySegment.copy(
                    source.codes(), span.from() * 4L, codes.segment(), at, span.rows() * 4L);
            at += span.rows() * 4L;
            if (source.values().size() > longest.size()) longest = source.values();
        }
        return new DictionaryColumn(
                type, rows, codes, first.dictionary(), longest.retain(), validity);
    }

    private static Column unified(
            DataType type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        Buffer codes = account.allocate(rows * 4L);
        try (var dictionary = new Dictionary(account)) {
            var mappings = new IdentityHashMap<Dictionary, int[]>();
            long at = 0;
            for (Span span : spans) {
                account.checkpoint();
                var source = (DictionaryColumn) span.column();
                int[] mapping = mappings.get(source.dictionary());
                if (mapping == null || mapping.length < source.values().size()) {
                    mapping = dictionary.addAll(source.values());
                    mappings.put(source.dictionary(), mapping);
                }
                for (int i = span.from(); i < span.from() + span.rows(); i++, at += 4)
                    codes.segment()
                            .set(Layouts.INT, at, source.isNull(i) ? 0 : mapping[source.code(i)]);
            }
            return new DictionaryColumn(type, rows, codes, dictionary, dictionary.pin(), validity);
        } catch (RuntimeException | Error e) {
            codes.close();
            throw e;
        }
    }

    private static Column lists(
            DataType.ListOf type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        var elements = new ArrayList<Span>();
        Buffer offsets = account.allocate((rows + 1) * 4L);
        int row = 0;
        int end = 0;
        for (Span span : spans) {
            var source = (ListColumn) span.column();
            if (span.rows() == 0) continue;
            int first = source.start(span.from());
            for (int i = 0; i < span.rows(); i++)
                offsets.segment()
                        .set(Layouts.INT, row++ * 4L, end + source.start(span.from() + i) - first);
            int count = source.end(span.from() + span.rows() - 1) - first;
            elements.add(new Span(source.elements(), first, count));
            end = Math.addExact(end, count);
        }
        offsets.segment().set(Layouts.INT, row * 4L, end);
        try {
            Column all = column(type.element().type(), elements, account);
            return new ListColumn(type, rows, offsets, all, validity);
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
    }

    private static Column structs(
            DataType.Struct type,
            List<Span> spans,
            int rows,
            @Nullable Buffer validity,
            MemoryAccount account) {
        var fields = new ArrayList<Column>();
        try {
            for (int f = 0; f < type.fields().size(); f++) {
                int field = f;
                var parts =
                        spans.stream()
                                .map(s ->
                                        new Span(
                                                ((StructColumn) s.column()).fields().get(field),
                                                s.from(),
                                                s.rows()))
                                .toList();
                fields.add(column(type.fields().get(f).type(), parts, account));
            }
            return new StructColumn(type, rows, fields, validity);
        } catch (RuntimeException | Error e) {
            fields.forEach(Column::close);
            throw e;
        }
    }
}
