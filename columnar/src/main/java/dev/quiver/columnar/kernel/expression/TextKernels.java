package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.expression.Texts;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Loops over the bytes of plain texts. Encoded columns are left to the memo, which calls a
/// function once an entry.
final class TextKernels {
    private TextKernels() {}

    static CallNode.Kernel of(Expression.Call call, List<DataType> types) {
        return switch (call.function()) {
            case LENGTH -> plain(TextKernels::lengths);
            case CONTAINS, STARTS_WITH, ENDS_WITH -> plain(search(call.function()));
            case LOWER -> plain((node, operands, in, mask) -> letters(true, operands, in, mask));
            case UPPER -> plain((node, operands, in, mask) -> letters(false, operands, in, mask));
            case SUBSTRING -> plain(TextKernels::substrings);
            case CONCAT -> TextKernels::concat;
            default -> CallNode.Kernel.NONE;
        };
    }

    /// The kernel for a plain first operand and constants behind it.
    private static CallNode.Kernel plain(CallNode.Kernel kernel) {
        return (node, operands, in, mask) -> {
            for (int i = 0; i < operands.size(); i++) {
                boolean constant = Physical.isConstant(operands.get(i));
                if (constant != (i > 0)) return null;
            }
            boolean coded = operands.getFirst() instanceof Operand.Vector(DictionaryColumn _);
            return coded ? null : kernel.run(node, operands, in, mask);
        };
    }

    private static Column lengths(CallNode node, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        return ArithmeticKernels.fixed(
                node,
                operands,
                in,
                mask,
                (to, rows) -> {
                    for (int i = 0; i < rows; i++) {
                        long count =
                                Utf8Bytes.codePoints(texts.data(), texts.start(i), texts.end(i));
                        to.set(Layouts.LONG, (long) i << 3, count);
                    }
                    return 0;
                });
    }

    private static CallNode.Kernel search(Function function) {
        return (_, operands, in, _) -> {
            var wanted = new Utf8Bytes.Pattern(TextComparison.bytes(operands.get(1)));
            TextView texts = TextView.of(operands.getFirst());
            return ArithmeticKernels.bits(
                    operands, in, (to, rows) -> search(function, texts, wanted, to, rows));
        };
    }

    private static long search(
            Function function,
            TextView texts,
            Utf8Bytes.Pattern wanted,
            MemorySegment to,
            int rows) {
        MemorySegment data = texts.data();
        for (int base = 0; base < rows; base += 64) {
            long word = 0;
            int count = Math.min(64, rows - base);
            for (int i = 0; i < count; i++) {
                int start = texts.start(base + i);
                int end = texts.end(base + i);
                if (end - start < wanted.length()) continue;
                boolean found =
                        switch (function) {
                            case STARTS_WITH -> wanted.isAt(data, start);
                            case ENDS_WITH -> wanted.isAt(data, end - wanted.length());
                            default -> wanted.isWithin(data, start, end);
                        };
                word |= (found ? 1L : 0L) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
        return 0;
    }

    private static Column letters(boolean lower, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        return build(
                operands,
                in,
                mask,
                texts,
                (to, row) -> {
                    int start = texts.start(row);
                    int length = texts.end(row) - start;
                    MemorySegment room = to.room(length);
                    if (Utf8Bytes.changeCase(lower, texts.data(), start, length, room, to.end())) {
                        to.advance(length);
                        return;
                    }
                    String text = string(texts, row);
                    to.append(
                            lower ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT));
                });
    }

    private static String string(TextView texts, int row) {
        int start = texts.start(row);
        byte[] bytes =
                texts.data()
                        .asSlice(start, texts.end(row) - (long) start)
                        .toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Column substrings(CallNode node, List<Operand> operands, Input in, Mask mask) {
        TextView texts = TextView.of(operands.getFirst());
        long from = Physical.longOf(operands.get(1));
        long count = operands.size() > 2 ? Physical.longOf(operands.get(2)) : Long.MAX_VALUE;
        return build(
                operands,
                in,
                mask,
                texts,
                (to, row) -> {
                    MemorySegment data = texts.data();
                    int start = texts.start(row);
                    int end = texts.end(row);
                    boolean ascii = Utf8Bytes.isAscii(data, start, end);
                    if (ascii && from > 0 && count >= 0) {
                        long left = Math.max(0, end - start - (from - 1));
                        int length = (int) Math.min(left, count);
                        to.append(data, start + from - 1, length);
                        return;
                    }
                    int[] range = Texts.range(Utf8Bytes.codePoints(data, start, end), from, count);
                    int first = skip(data, start, end, range[0]);
                    int last = skip(data, first, end, range[1] - range[0]);
                    to.append(data, first, last - first);
                });
    }

    /// The byte that begins the character `count` further on.
    private static int skip(MemorySegment data, int start, int end, int count) {
        int at = start;
        for (int i = 0; i < count; i++) {
            at++;
            while (at < end && (data.get(Layouts.BYTE, at) & 0xC0) == 0x80) at++;
        }
        return at;
    }

    /// What a row's text becomes.
    @FunctionalInterface
    private interface RowText {
        void write(TextBuilder to, int row);
    }

    private static Column build(
            List<Operand> operands, Input in, Mask mask, TextView texts, RowText rowText) {
        long expected = in.rows() == 0 ? 0 : (long) texts.end(in.rows() - 1) - texts.start(0);
        return build(in, Math.max(0, expected), mask, NullBits.all(operands, in), rowText);
    }

    private static Column build(
            Input in, long expected, Mask mask, @Nullable Buffer validity, RowText rowText) {
        try (var builder = new TextBuilder(in, expected)) {
            for (int row = 0; row < in.rows(); row++) {
                if (mask.get(row) && Validity.isValid(validity, row)) rowText.write(builder, row);
                builder.endRow();
            }
            return builder.build(validity);
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    /// Nulls count as empty.
    private static Column concat(CallNode node, List<Operand> operands, Input in, Mask mask) {
        var views = new @Nullable TextView[operands.size()];
        var constants = new byte[operands.size()][];
        for (int i = 0; i < views.length; i++) {
            if (Physical.isConstant(operands.get(i)))
                constants[i] = TextComparison.bytes(operands.get(i));
            else views[i] = TextView.of(operands.get(i));
        }
        return build(
                in,
                in.rows() * 16L,
                mask,
                null,
                (to, row) -> {
                    for (int i = 0; i < views.length; i++) {
                        TextView view = views[i];
                        if (view == null) {
                            to.append(constants[i]);
                        } else if (!((Operand.Vector) operands.get(i)).column().isNull(row)) {
                            int start = view.start(row);
                            to.append(view.data(), start, view.end(row) - start);
                        }
                    }
                });
    }
}
