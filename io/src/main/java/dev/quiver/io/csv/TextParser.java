package dev.quiver.io.csv;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.io.DictionaryEncoder;
import dev.quiver.io.csv.kernel.FieldIndex;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text: as dictionary codes while that pays, else plain. Categorical and enumerations always as
/// codes.
///
/// An unquoted empty field or null token is null, a quoted one is the text that it says unless
/// quoted nulls are asked for.
final class TextParser implements ColumnParser {
    private final Field field;
    private final List<String> categories;
    private final boolean alwaysCodes;
    private final Context context;
    private final DictionaryEncoder encoder;
    private final boolean quotedNulls;
    private boolean plain;
    private int capacity;
    private @Nullable Buffer codes;
    private @Nullable Buffer validity;
    private @Nullable Buffer bytes;
    private Buffer scratch;

    /// The bytes that a plain column has so far; its offsets are in `codes`.
    private int plainEnd;

    TextParser(Field field, Context context) {
        this.field = field;
        this.context = context;
        this.categories =
                field.type() instanceof DataType.Enumeration(var declared) ? declared : List.of();
        this.quotedNulls = context.text().quotedNulls();
        this.alwaysCodes = !(field.type() instanceof DataType.Utf8);
        this.encoder = context.dictionaries().encoder(field.name());
        this.scratch = context.account().allocate(1024);
    }

    @Override
    public void begin(int rowCapacity) {
        capacity = rowCapacity;
        plain = !alwaysCodes && !encoder.pays();
        codes = context.account().allocate((rowCapacity + 1) * 4L);
        validity = ColumnParser.allValid(context.account(), rowCapacity);
        if (!plain) return;
        bytes = context.account().allocate(rowCapacity * 16L);
        plainEnd = 0;
        codes.segment().set(Layouts.INT, 0, 0);
    }

    @Override
    public void parse(Fields fields) {
        if (plain) parsePlain(fields);
        else parseCodes(fields);
    }

    private void parseCodes(Fields fields) {
        MemorySegment data = fields.data();
        MemorySegment to = buffer(codes).segment();
        MemorySegment bits = buffer(validity).segment();
        NullTokens nulls = context.nulls();
        boolean hasNulls = !nulls.isEmpty();
        boolean checked = !categories.isEmpty();
        boolean diverts = checked && context.diversion().diverts();
        int rows = fields.rows();
        int firstRow = fields.firstRow();
        for (int row = 0; row < rows; row++) {
            int start = fields.start(row);
            int end = fields.rawEnd(row);
            int code;
            if (diverts && !isCategory(fields, row)) {
                context.diversion().badValue(firstRow + row, field.name());
                code = 0;
                Validity.set(bits, firstRow + row, false);
            } else if (end < 0 && quotedNulls && isQuotedNull(data, start, end)) {
                Validity.set(bits, firstRow + row, false);
                code = 0;
            } else if (end < 0) {
                code = quotedCode(data, start, end);
            } else if (start == end || (hasNulls && nulls.match(data, start, end))) {
                Validity.set(bits, firstRow + row, false);
                code = 0;
            } else {
                code = encoder.code(data, start, end - start);
            }
            if (checked && DictionaryEncoder.isPending(code)) checkCategory(code, start);
            to.set(Layouts.INT, (firstRow + row) * 4L, code);
        }
        encoder.addRows(rows);
    }

    /// Whether a field is null or one of the categories; asked before it gets a code, which would
    /// stay.
    private boolean isCategory(Fields fields, int row) {
        int start = fields.start(row);
        int end = fields.end(row);
        if (!fields.isQuoted(row))
            return start == end
                    || context.nulls().match(fields.data(), start, end)
                    || categories.contains(CsvTrouble.text(fields.data(), start, end));
        if (quotedNulls && isQuotedNull(fields.data(), start, fields.rawEnd(row))) return true;
        if (!fields.isEscaped(row))
            return categories.contains(CsvTrouble.text(fields.data(), start + 1L, end - 1L));
        int length = unescape(fields.data(), start + 1, end - 1);
        return categories.contains(CsvTrouble.text(scratch.segment(), 0, length));
    }

    private boolean isQuotedNull(MemorySegment data, int start, int rawEnd) {
        int end = (rawEnd & FieldIndex.POSITION) - 1;
        if ((rawEnd & FieldIndex.ESCAPED) == 0)
            return start + 1 == end || context.nulls().match(data, start + 1, end);
        int length = unescape(data, start + 1, end);
        return context.nulls().match(scratch.segment(), 0, length);
    }

    private int quotedCode(MemorySegment data, int start, int rawEnd) {
        int end = (rawEnd & FieldIndex.POSITION) - 1;
        if ((rawEnd & FieldIndex.ESCAPED) == 0)
            return encoder.code(data, start + 1L, end - start - 1);
        int length = unescape(data, start + 1, end);
        return encoder.code(scratch.segment(), 0, length);
    }

    /// Copies `[start, end)` into the scratch buffer without what escapes quotes.
    ///
    /// @return the length there
    private int unescape(MemorySegment data, int start, int end) {
        long needed = end - start + (long) DictionaryEncoder.PADDING_BYTES;
        scratch = context.account().grow(scratch, 0, needed);
        MemorySegment to = scratch.segment();
        byte quote = data.get(Layouts.BYTE, start - 1L);
        byte escape = context.text().escape().map(c -> (byte) (char) c).orElse(quote);
        int length = 0;
        for (int at = start; at < end; at++) {
            byte value = data.get(Layouts.BYTE, at);
            if (value == escape && at + 1 < end) {
                byte next = data.get(Layouts.BYTE, at + 1L);
                if (next == quote || next == escape) {
                    value = next;
                    at++;
                }
            }
            to.set(Layouts.BYTE, length++, value);
        }
        return length;
    }

    private void checkCategory(int code, int start) {
        String text = text(code);
        if (categories.contains(text)) return;
        encoder.forget();
        throw context.trouble()
                .categoryUnknown(context.window().position(start), field, text, categories);
    }

    private String text(int code) {
        int from = encoder.start(code);
        return CsvTrouble.text(encoder.data(code), from, (long) from + encoder.length(code));
    }

    private void parsePlain(Fields fields) {
        MemorySegment data = fields.data();
        MemorySegment bits = buffer(validity).segment();
        NullTokens nulls = context.nulls();
        boolean hasNulls = !nulls.isEmpty();
        int rows = fields.rows();
        for (int row = 0; row < rows; row++) {
            int start = fields.start(row);
            int end = fields.rawEnd(row);
            int chunkRow = fields.firstRow() + row;
            if (end < 0) {
                if (quotedNulls && isQuotedNull(data, start, end)) {
                    Validity.set(bits, chunkRow, false);
                    append(data, start, 0, chunkRow);
                    continue;
                }
                boolean escaped = (end & FieldIndex.ESCAPED) != 0;
                int last = (end & FieldIndex.POSITION) - 1;
                if (escaped)
                    append(scratchAfter(data, start + 1, last), 0, scratchLength, chunkRow);
                else append(data, start + 1, last - start - 1, chunkRow);
                continue;
            }
            boolean isNull = start == end || (hasNulls && nulls.match(data, start, end));
            if (isNull) Validity.set(bits, chunkRow, false);
            append(data, start, isNull ? 0 : end - start, chunkRow);
        }
    }

    private int scratchLength;

    private MemorySegment scratchAfter(MemorySegment data, int start, int end) {
        scratchLength = unescape(data, start, end);
        return scratch.segment();
    }

    /// Adds the bytes of a row; 16 readable bytes must follow them.
    private void append(MemorySegment from, int start, int length, int chunkRow) {
        Buffer to = buffer(bytes);
        long needed = (long) plainEnd + length + DictionaryEncoder.PADDING_BYTES;
        if (needed > to.capacityBytes()) {
            to = context.account().grow(to, plainEnd, Math.max(needed, to.capacityBytes() * 2));
            bytes = to;
        }
        if (length <= 16) {
            to.segment().set(Layouts.LONG, plainEnd, from.get(Layouts.LONG, start));
            to.segment().set(Layouts.LONG, plainEnd + 8L, from.get(Layouts.LONG, start + 8L));
        } else {
            MemorySegment.copy(from, start, to.segment(), plainEnd, length);
        }
        plainEnd = Math.addExact(plainEnd, length);
        buffer(codes).segment().set(Layouts.INT, (chunkRow + 1) * 4L, plainEnd);
    }

    @Override
    public Column finish(int rows) {
        if (!plain && !published(rows)) makePlain(rows);
        Buffer numbers = buffer(codes);
        codes = null;
        Buffer bits = buffer(validity);
        validity = null;
        Buffer none = ColumnParser.validityOrNone(context.account(), bits, rows);
        numbers = ColumnParser.fitted(context.account(), numbers, (rows + 1) * 4L);
        if (plain) {
            Buffer values = buffer(bytes);
            bytes = null;
            values =
                    ColumnParser.fitted(
                            context.account(),
                            values,
                            plainEnd + (long) VariableColumn.PADDING_BYTES);
            return new VariableColumn(field.type(), rows, numbers, values, none);
        }
        return new DictionaryColumn(
                field.type(), rows, numbers, encoder.dictionary(), encoder.pin(), none);
    }

    /// Whether all codes are now those of the dictionary.
    private boolean published(int rows) {
        if (!alwaysCodes && !encoder.pays()) return false;
        if (encoder.publish(buffer(codes).segment(), rows)) return true;
        if (alwaysCodes) throw context.trouble().tooManyCategories(field, Dictionary.SIZE_MAX);
        return false;
    }

    /// Turns the codes so far into plain text.
    private void makePlain(int rows) {
        Buffer coded = buffer(codes);
        codes = null;
        try {
            codes = context.account().allocate((capacity + 1) * 4L);
            bytes = context.account().allocate(capacity * 16L);
            plainEnd = 0;
            codes.segment().set(Layouts.INT, 0, 0);
            MemorySegment bits = buffer(validity).segment();
            for (int row = 0; row < rows; row++) {
                int code = coded.segment().get(Layouts.INT, row * 4L);
                if (Validity.get(bits, row)) appendValue(code, row);
                else append(scratch.segment(), 0, 0, row);
            }
            plain = true;
        } finally {
            coded.close();
        }
        encoder.giveUp();
    }

    private void appendValue(int code, int row) {
        int length = encoder.length(code);
        int start = encoder.start(code);
        scratch = context.account().grow(scratch, 0, length + 16L);
        MemorySegment.copy(encoder.data(code), start, scratch.segment(), 0, length);
        append(scratch.segment(), 0, length, row);
    }

    private static Buffer buffer(@Nullable Buffer buffer) {
        if (buffer == null) throw new IllegalStateException("no column was begun");
        return buffer;
    }

    @Override
    public void close() {
        if (codes != null) codes.close();
        if (validity != null) validity.close();
        if (bytes != null) bytes.close();
        codes = null;
        validity = null;
        bytes = null;
        scratch.close();
    }
}
