package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.kernel.TextSigns;
import dev.quiver.operator.CsvFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How texts and null stand in the fields of a CSV file, put into an array of bytes. Each method
/// that puts gives the position behind what it put.
final class CsvSigns {
    /// Readable bytes behind a text.
    static final int PADDING_BYTES = Long.BYTES;

    /// Texts up to this length are put word by word.
    private static final int WORDS_BYTES_MAX = 64;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final TextSigns signs;
    private final NullTokens nulls;
    private final byte[] nullText;

    /// @throws QuiverException when the text for null would need quotes
    CsvSigns(CsvFormat format) {
        this.delimiter = (byte) format.delimiter();
        this.quote = (byte) format.quote();
        this.escape = (byte) format.escape();
        this.signs = new TextSigns(delimiter, quote, escape);
        this.nulls = new NullTokens(format.nulls());
        this.nullText = nullText(format).getBytes(StandardCharsets.UTF_8);
    }

    private static String nullText(CsvFormat format) {
        String text = format.nulls().isEmpty() ? "" : format.nulls().getFirst();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == format.delimiter() || c == format.quote() || c == '\n' || c == '\r')
                throw new QuiverException(
                        ErrorCode.ARGUMENT_INVALID,
                        "null can't be written as '%s'".formatted(text),
                        List.of("it would need quotes, and in quotes it is a text"),
                        "choose a text without delimiters, quotes and line ends");
        }
        return text;
    }

    byte delimiter() {
        return delimiter;
    }

    /// Bytes that null takes.
    int nullBytes() {
        return nullText.length;
    }

    int putNull(byte[] to, int at) {
        System.arraycopy(nullText, 0, to, at, nullText.length);
        return at + nullText.length;
    }

    /// Puts a value without bytes that isn't null.
    int putEmpty(byte[] to, int at) {
        to[at] = quote;
        to[at + 1] = quote;
        return at + 2;
    }

    /// Bytes that a text of this length takes at most, with some of room behind it.
    static long roomFor(int length) {
        return 2L * length + 2 + Long.BYTES;
    }

    /// Whether a text would be read as something else without quotes.
    ///
    /// @param data with [#PADDING_BYTES] behind the text
    boolean needQuotes(MemorySegment data, long from, int length) {
        return length == 0
                || signs.areIn(data, from, length)
                || !nulls.isEmpty()
                        && nulls.match(data, Math.toIntExact(from), Math.toIntExact(from + length));
    }

    /// @param to with [#roomFor] the length
    int putText(byte[] to, int at, MemorySegment data, long from, int length) {
        return needQuotes(data, from, length)
                ? putQuoted(to, at, data, from, length)
                : putPlain(to, at, data, from, length);
    }

    int putPlain(byte[] to, int at, MemorySegment data, long from, int length) {
        if (length <= WORDS_BYTES_MAX) {
            for (int i = 0; i < length; i += Long.BYTES)
                WORD.set(to, at + i, data.get(Layouts.LONG, from + i));
        } else {
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, to, at, length);
        }
        return at + length;
    }

    private int putQuoted(byte[] to, int at, MemorySegment data, long from, int length) {
        int behind = at;
        to[behind++] = quote;
        for (long i = from; i < from + length; i++) {
            byte value = data.get(Layouts.BYTE, i);
            if (value == quote || value == escape) to[behind++] = escape;
            to[behind++] = value;
        }
        to[behind++] = quote;
        return behind;
    }
}
