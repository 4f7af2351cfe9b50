package dev.quiver.io.rows;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DictionaryEncoder;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Text: as dictionary codes while that pays, else plain. Categorical and enumerations always as
/// codes, binary and text in lists always plain.
public final class TextAppender extends ColumnAppender {
    private static final char REPLACEMENT = '\uFFFD';

    private final @Nullable DictionaryEncoder encoder;
    private final boolean alwaysCodes;
    private final List<String> categories;
    private boolean plain;
    private @Nullable Buffer numbers;
    private @Nullable Buffer values;
    private Buffer scratch; // 16 readable bytes behind what it holds
    private int valuesEnd;
    private long textBytes;
    private boolean closed;

    TextAppender(Field field, String path, Context context) {
        super(field, context);
        DataType type = field.type();
        this.alwaysCodes = DataType.isText(type) && !(type instanceof DataType.Utf8);
        this.categories = type instanceof DataType.Enumeration(var declared) ? declared : List.of();
        boolean encoded = !(type instanceof DataType.Binary) && (alwaysCodes || !path.isEmpty());
        String column = path.isEmpty() ? field.name() : path;
        this.encoder = encoded ? context.dictionaries().encoder(column) : null;
        this.scratch = context.account().allocate(1024);
        begin();
    }

    private void begin() {
        plain = encoder == null || (!alwaysCodes && !encoder.pays());
        valuesEnd = 0;
        textBytes = 0;
    }

    public void append(String text) {
        append(text.toCharArray(), 0, text.length());
    }

    /// Appends UTF-16 text; a surrogate without its other half becomes U+FFFD.
    public void append(char[] text, int from, int length) {
        int bytes = encode(text, from, length);
        append(scratch.segment(), 0, bytes);
    }

    /// Appends bytes as they are.
    public void append(byte[] bytes) {
        scratch = account().grow(scratch, 0, bytes.length + 16L);
        MemorySegment.copy(bytes, 0, scratch.segment(), Layouts.BYTE, 0, bytes.length);
        append(scratch.segment(), 0, bytes.length);
    }

    /// Appends `length` bytes, behind which 16 more can be read.
    public void append(MemorySegment data, long offset, int length) {
        if (plain) putPlain(rows(), data, offset, length);
        else putCode(data, offset, length);
        textBytes += length;
        appended();
    }

    private int encode(char[] text, int from, int length) {
        scratch = account().grow(scratch, 0, length * 3L + DictionaryEncoder.PADDING_BYTES);
        MemorySegment to = scratch.segment();
        int end = from + length;
        int at = from;
        while (at < end && text[at] < 0x80) {
            to.set(Layouts.BYTE, at - from, (byte) text[at]);
            at++;
        }
        return at == end ? length : encodeRest(text, at, end, to, at - from);
    }

    private static int encodeRest(char[] text, int from, int end, MemorySegment to, int begin) {
        int put = begin;
        for (int at = from; at < end; at++) {
            char c = text[at];
            if (c < 0x80) {
                to.set(Layouts.BYTE, put++, (byte) c);
            } else if (c < 0x800) {
                to.set(Layouts.BYTE, put++, (byte) (0xC0 | c >> 6));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | c & 0x3F));
            } else if (Character.isHighSurrogate(c)
                    && at + 1 < end
                    && Character.isLowSurrogate(text[at + 1])) {
                int point = Character.toCodePoint(c, text[++at]);
                to.set(Layouts.BYTE, put++, (byte) (0xF0 | point >> 18));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | point >> 12 & 0x3F));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | point >> 6 & 0x3F));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | point & 0x3F));
            } else {
                char whole = Character.isSurrogate(c) ? REPLACEMENT : c;
                to.set(Layouts.BYTE, put++, (byte) (0xE0 | whole >> 12));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | whole >> 6 & 0x3F));
                to.set(Layouts.BYTE, put++, (byte) (0x80 | whole & 0x3F));
            }
        }
        return put;
    }

    private void putCode(MemorySegment data, long offset, int length) {
        int code = encoder().code(data, offset, length);
        if (!categories.isEmpty() && DictionaryEncoder.isPending(code)) checkCategory(code);
        room(rows()).set(Layouts.INT, rows() * 4L, code);
    }

    /// Codes or ends of texts, with room behind row `row`.
    private MemorySegment room(int row) {
        long kept = (row + 1) * 4L;
        Buffer buffer = numbers;
        if (buffer == null || kept + 4 > buffer.capacityBytes()) {
            boolean first = buffer == null;
            buffer = grown(buffer, kept, kept + 4);
            if (first) buffer.segment().set(Layouts.INT, 0, 0);
            numbers = buffer;
        }
        return buffer.segment();
    }

    private void checkCategory(int code) {
        byte[] bytes =
                encoder()
                        .data(code)
                        .asSlice(encoder().start(code), encoder().length(code))
                        .toArray(Layouts.BYTE);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (categories.contains(text)) return;
        encoder().forget();
        throw new QuiverException(
                ErrorCode.BAD_VALUE,
                "'%s' is not one of the categories of %s".formatted(text, field().name()),
                List.of("has: " + String.join(", ", categories)),
                "add it to the enum, or use CATEGORICAL, which takes every value");
    }

    private void putPlain(int row, MemorySegment data, long offset, int length) {
        MemorySegment ends = room(row);
        long needed = (long) valuesEnd + length + DictionaryEncoder.PADDING_BYTES;
        Buffer to = values;
        if (to == null || needed > to.capacityBytes()) {
            to = grown(to, valuesEnd, needed);
            values = to;
        }
        MemorySegment.copy(data, offset, to.segment(), valuesEnd, length);
        valuesEnd = Math.addExact(valuesEnd, length);
        ends.set(Layouts.INT, (row + 1) * 4L, valuesEnd);
    }

    @Override
    void putNothing() {
        if (plain) putPlain(rows(), scratch.segment(), 0, 0);
        else room(rows()).set(Layouts.INT, rows() * 4L, 0);
    }

    @Override
    void cutValues(int count) {
        if (plain && numbers != null) valuesEnd = numbers.segment().get(Layouts.INT, count * 4L);
    }

    @Override
    public long bytes() {
        return rows() * 4L + textBytes;
    }

    @Override
    Column column(int count, @Nullable Buffer bits) {
        try {
            if (!plain && !published(count)) makePlain(count, bits);
            room(0);
            if (plain && values == null) values = account().allocate(1024);
            return plain ? plainColumn(count, bits) : codedColumn(count, bits);
        } catch (RuntimeException | Error e) {
            if (bits != null) bits.close();
            throw e;
        } finally {
            begin();
        }
    }

    private Column plainColumn(int count, @Nullable Buffer bits) {
        Buffer ends = fitted(held(numbers), (count + 1) * 4L);
        numbers = null;
        Buffer texts = fitted(held(values), valuesEnd + (long) VariableColumn.PADDING_BYTES);
        values = null;
        return new VariableColumn(field().type(), count, ends, texts, bits);
    }

    private Column codedColumn(int count, @Nullable Buffer bits) {
        encoder().addRows(count);
        Buffer codes = fitted(held(numbers), count * 4L);
        numbers = null;
        return new DictionaryColumn(
                field().type(), count, codes, encoder().dictionary(), encoder().pin(), bits);
    }

    /// Whether all codes are now those of the dictionary.
    private boolean published(int count) {
        if (!alwaysCodes && !encoder().pays()) return false;
        if (encoder().publish(room(0), count)) return true;
        if (!alwaysCodes) return false;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "column '%s' has more than %d categories"
                        .formatted(field().name(), Dictionary.SIZE_MAX),
                List.of(),
                "read it as text: .type(\"%s\", DataType.UTF8)".formatted(field().name()));
    }

    /// Turns the codes so far into plain text.
    private void makePlain(int count, @Nullable Buffer bits) {
        Buffer coded = held(numbers);
        numbers = null;
        try {
            plain = true;
            valuesEnd = 0;
            for (int row = 0; row < count; row++) {
                if (Validity.isValid(bits, row)) {
                    int code = coded.segment().get(Layouts.INT, row * 4L);
                    putPlain(
                            row,
                            encoder().data(code),
                            encoder().start(code),
                            encoder().length(code));
                } else putPlain(row, scratch.segment(), 0, 0);
            }
        } finally {
            coded.close();
        }
        encoder().giveUp();
    }

    private DictionaryEncoder encoder() {
        return Objects.requireNonNull(encoder);
    }

    private static Buffer held(@Nullable Buffer buffer) {
        return Objects.requireNonNull(buffer);
    }

    @Override
    void closeValues() {
        if (numbers != null) numbers.close();
        if (values != null) values.close();
        numbers = null;
        values = null;
        if (closed) return;
        closed = true;
        scratch.close();
    }
}
