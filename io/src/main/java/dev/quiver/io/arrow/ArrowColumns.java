package dev.quiver.io.arrow;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.Nulls;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.FieldNode;
import org.jspecify.annotations.Nullable;

/// Makes columns out of the buffers of a batch.
final class ArrowColumns {
    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final int VIEW_BYTES = 16;
    private static final int VIEW_INLINE_BYTES = 12;
    private static final int ROWS_MAX = 1 << 28;
    private static final int BYTES_MAX = Integer.MAX_VALUE - 64;

    private final ArrowBody body;
    private final ArrowTrouble trouble;
    private final ArrowDictionaries dictionaries;
    private final MemoryAccount account;

    ArrowColumns(
            ArrowBody body,
            ArrowTrouble trouble,
            ArrowDictionaries dictionaries,
            MemoryAccount account) {
        this.body = body;
        this.trouble = trouble;
        this.dictionaries = dictionaries;
        this.account = account;
    }

    /// Leaves a field's buffers out.
    void skip(ArrowField field) {
        body.nextNode();
        body.skip(field.buffers());
        if (field.layout() == ArrowField.Layout.VIEWS) body.skip(body.nextVariadic());
        field.children().forEach(this::skip);
    }

    /// The column of the next field; the caller owns it.
    Column next(ArrowField field) throws IOException {
        FieldNode node = body.nextNode();
        if (node.length() < 0 || node.length() > ROWS_MAX)
            throw trouble.corrupt("a batch of %d rows".formatted(node.length()));
        int rows = (int) node.length();
        if (field.layout() == ArrowField.Layout.NULLS && !field.isEncoded())
            return Nulls.column(field.type(), rows, account);
        Buffer validity = validity(rows, node.nullCount());
        var held = new ArrayList<Buffer>();
        if (validity != null) held.add(validity);
        try {
            return column(field, rows, validity, held);
        } catch (IOException | RuntimeException | Error e) {
            held.forEach(Buffer::close);
            throw e;
        }
    }

    private @Nullable Buffer validity(int rows, long nulls) throws IOException {
        if (nulls == 0 || rows == 0) {
            body.skip(1);
            return null;
        }
        Buffer bits = body.next((rows + 7) / 8, Validity.bytes(rows)).buffer();
        return bits;
    }

    /// @param held what goes back when the column isn't made
    private Column column(ArrowField field, int rows, @Nullable Buffer validity, List<Buffer> held)
            throws IOException {
        if (field.isEncoded()) return encoded(field, rows, validity, held);
        return switch (field.layout()) {
            case BOOLS -> {
                Buffer bits = load((rows + 7) / 8, Validity.bytes(rows), held).buffer();
                yield new BoolColumn(rows, bits, validity);
            }
            case FIXED -> {
                Buffer values = load((long) rows * field.width(), 0, held).buffer();
                yield new FixedColumn(field.type(), rows, values, validity);
            }
            case INTEGERS -> integers(field, rows, validity, held);
            case MILLIS -> days(field, rows, validity, held);
            case BYTES -> {
                Buffer offsets = load((rows + 1) * 4L, 4, rows, held);
                var data = load(0, VariableColumn.PADDING_BYTES, held);
                checkOffsets(offsets.segment(), rows, data.bytes());
                yield new VariableColumn(field.type(), rows, offsets, data.buffer(), validity);
            }
            case BYTES_LARGE -> {
                Buffer offsets = narrowOffsets(rows, held);
                var data = load(0, VariableColumn.PADDING_BYTES, held);
                checkOffsets(offsets.segment(), rows, data.bytes());
                yield new VariableColumn(field.type(), rows, offsets, data.buffer(), validity);
            }
            case VIEWS -> views(field, rows, validity, held);
            case BYTES_FIXED -> {
                Buffer offsets = evenOffsets(rows, field.width(), held);
                long bytes = (long) rows * field.width();
                Buffer data = load(bytes, VariableColumn.PADDING_BYTES, held).buffer();
                yield new VariableColumn(field.type(), rows, offsets, data, validity);
            }
            case LISTS -> lists(field, rows, load((rows + 1) * 4L, 4, rows, held), validity);
            case LISTS_LARGE -> lists(field, rows, narrowOffsets(rows, held), validity);
            case LISTS_FIXED ->
                    lists(field, rows, evenOffsets(rows, field.width(), held), validity);
            case STRUCTS -> structs(field, rows, validity);
            case NULLS -> throw new IllegalStateException("made before");
        };
    }

    private ArrowBody.Loaded load(long needed, long padding, List<Buffer> held) throws IOException {
        ArrowBody.Loaded loaded = body.next(needed, padding);
        held.add(loaded.buffer());
        return loaded;
    }

    /// Offsets, which a batch without rows may leave out.
    private Buffer load(long needed, int width, int rows, List<Buffer> held) throws IOException {
        ArrowBody.Loaded loaded = body.next(rows == 0 ? 0 : needed, width);
        held.add(loaded.buffer());
        if (rows == 0) loaded.segment().set(Layouts.INT, 0, 0);
        return loaded.buffer();
    }

    private Buffer made(long bytes, List<Buffer> held) {
        Buffer buffer = account.allocate(bytes);
        held.add(buffer);
        return buffer;
    }

    /// Closes a buffer that was only needed on the way.
    private static void done(Buffer buffer, List<Buffer> held) {
        held.remove(buffer);
        buffer.close();
    }

    private void checkOffsets(MemorySegment offsets, int rows, long end) {
        int before = offsets.get(Layouts.INT, 0);
        boolean good = before >= 0;
        for (int row = 1; row <= rows; row++) {
            int at = offsets.get(Layouts.INT, row * 4L);
            good &= at >= before;
            before = at;
        }
        if (!good || before > end) throw trouble.corrupt("the offsets of texts or lists are wrong");
    }

    private Buffer narrowOffsets(int rows, List<Buffer> held) throws IOException {
        var wide = body.next(rows == 0 ? 0 : (rows + 1) * 8L, 8);
        held.add(wide.buffer());
        if (rows == 0) wide.segment().set(Layouts.LONG, 0, 0);
        Buffer narrow = made((rows + 1) * 4L, held);
        for (int row = 0; row <= rows; row++) {
            long at = ArrowBody.longAt(wide.segment(), row);
            if (at < 0 || at > BYTES_MAX)
                throw trouble.corrupt("a batch has more than 2 GiB of texts or list elements");
            narrow.segment().set(Layouts.INT, row * 4L, (int) at);
        }
        done(wide.buffer(), held);
        return narrow;
    }

    private Buffer evenOffsets(int rows, int width, List<Buffer> held) {
        if (width < 0 || (long) rows * width > BYTES_MAX)
            throw trouble.corrupt("a batch has values of %d bytes or elements".formatted(width));
        Buffer offsets = made((rows + 1) * 4L, held);
        for (int row = 0; row <= rows; row++)
            offsets.segment().set(Layouts.INT, row * 4L, row * width);
        return offsets;
    }

    /// Integers and decimals of other widths.
    private Column integers(
            ArrowField field, int rows, @Nullable Buffer validity, List<Buffer> held)
            throws IOException {
        int from = field.width();
        int to = FixedColumn.width(field.type());
        Buffer source = load((long) rows * from, 0, held).buffer();
        Buffer values = made((long) rows * to, held);
        MemorySegment in = source.segment();
        MemorySegment out = values.segment();
        for (int row = 0; row < rows; row++) {
            long low =
                    switch (from) {
                        case 1 -> in.get(Layouts.BYTE, row);
                        case 2 -> in.get(Layouts.SHORT, row * 2L);
                        case 4 -> in.get(Layouts.INT, row * 4L);
                        default -> in.get(Layouts.LONG, (long) row * from);
                    };
            switch (to) {
                case 8 -> out.set(Layouts.LONG, row * 8L, low);
                case 16 -> {
                    long high = from > 8 ? in.get(Layouts.LONG, (long) row * from + 8) : low >> 63;
                    out.set(Layouts.LONG, row * 16L, low);
                    out.set(Layouts.LONG, row * 16L + 8, high);
                }
                default -> throw trouble.corrupt("a value of %d bytes".formatted(from));
            }
        }
        done(source, held);
        return new FixedColumn(field.type(), rows, values, validity);
    }

    private Column days(ArrowField field, int rows, @Nullable Buffer validity, List<Buffer> held)
            throws IOException {
        Buffer source = load(rows * 8L, 0, held).buffer();
        Buffer values = made(rows * 4L, held);
        for (int row = 0; row < rows; row++) {
            long millis = ArrowBody.longAt(source.segment(), row);
            values.segment()
                    .set(Layouts.INT, row * 4L, (int) Math.floorDiv(millis, MILLIS_PER_DAY));
        }
        done(source, held);
        return new FixedColumn(field.type(), rows, values, validity);
    }

    private Column views(ArrowField field, int rows, @Nullable Buffer validity, List<Buffer> held)
            throws IOException {
        Buffer views = load((long) rows * VIEW_BYTES, 0, held).buffer();
        var parts = new ArrayList<ArrowBody.Loaded>();
        for (int i = body.nextVariadic(); i > 0; i--) parts.add(load(0, 0, held));
        Buffer offsets = made((rows + 1) * 4L, held);
        MemorySegment in = views.segment();
        long end = 0;
        offsets.segment().set(Layouts.INT, 0, 0);
        for (int row = 0; row < rows; row++) {
            int length = in.get(Layouts.INT, (long) row * VIEW_BYTES);
            if (Validity.isValid(validity, row)) end += length;
            if (length < 0 || end > BYTES_MAX) throw trouble.corrupt("a text has a wrong length");
            offsets.segment().set(Layouts.INT, (row + 1) * 4L, (int) end);
        }
        Buffer data = made(end + VariableColumn.PADDING_BYTES, held);
        for (int row = 0; row < rows; row++) {
            if (!Validity.isValid(validity, row)) continue;
            long view = (long) row * VIEW_BYTES;
            int length = in.get(Layouts.INT, view);
            long to = offsets.segment().get(Layouts.INT, row * 4L);
            if (length <= VIEW_INLINE_BYTES) {
                MemorySegment.copy(in, view + 4, data.segment(), to, length);
                continue;
            }
            ArrowBody.Loaded part = parts.get(in.get(Layouts.INT, view + 8));
            long from = in.get(Layouts.INT, view + 12);
            if (from < 0 || from + length > part.bytes())
                throw trouble.corrupt("a text lies outside of its buffer");
            MemorySegment.copy(part.segment(), from, data.segment(), to, length);
        }
        done(views, held);
        for (ArrowBody.Loaded part : parts) done(part.buffer(), held);
        return new VariableColumn(field.type(), rows, offsets, data, validity);
    }

    private Column lists(ArrowField field, int rows, Buffer offsets, @Nullable Buffer validity)
            throws IOException {
        Column elements = next(field.children().getFirst());
        try {
            checkOffsets(offsets.segment(), rows, elements.rows());
            return new ListColumn(
                    (DataType.ListOf) field.type(), rows, offsets, elements, validity);
        } catch (RuntimeException | Error e) {
            elements.close();
            throw e;
        }
    }

    private Column structs(ArrowField field, int rows, @Nullable Buffer validity)
            throws IOException {
        var made = new ArrayList<Column>();
        try {
            for (ArrowField child : field.children()) {
                made.add(next(child));
                if (made.getLast().rows() != rows)
                    throw trouble.corrupt("a struct's fields have different numbers of rows");
            }
            return new StructColumn((DataType.Struct) field.type(), rows, made, validity);
        } catch (IOException | RuntimeException | Error e) {
            made.forEach(Column::close);
            throw e;
        }
    }

    private Column encoded(ArrowField field, int rows, @Nullable Buffer validity, List<Buffer> held)
            throws IOException {
        Buffer source = load((long) rows * field.width(), 0, held).buffer();
        Buffer codes = made(Math.max(4, rows * 4L), held);
        MemorySegment in = source.segment();
        for (int row = 0; row < rows; row++) {
            long code =
                    !Validity.isValid(validity, row)
                            ? 0
                            : switch (field.width()) {
                                case 1 -> in.get(Layouts.BYTE, row) & mask(field, 0xFF);
                                case 2 -> in.get(Layouts.SHORT, row * 2L) & mask(field, 0xFFFF);
                                case 4 -> in.get(Layouts.INT, row * 4L);
                                default -> in.get(Layouts.LONG, row * 8L);
                            };
            if (code < 0 || code > Integer.MAX_VALUE)
                throw trouble.corrupt("an index of a dictionary is %d".formatted(code));
            codes.segment().set(Layouts.INT, row * 4L, (int) code);
        }
        done(source, held);
        return dictionaries.column(field, rows, codes, validity, held);
    }

    private static int mask(ArrowField field, int unsigned) {
        return field.signedIndices() ? -1 : unsigned;
    }
}
