package dev.quiver.io.parquet.kernel;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads the values of a page that are byte strings: says where they lie.
public sealed interface ArrayDecoder extends AutoCloseable {
    /// Finds the next `count` values: value `i` is `lengths[i]` bytes from `starts[i]` on.
    ///
    /// @return the memory they lie in, valid until the next call, with 16 readable bytes behind
    ///   each value
    /// @throws DamagedPage when the page has fewer
    MemorySegment read(int count, int[] starts, int[] lengths);

    @Override
    default void close() {}

    /// Each value behind its length of four bytes.
    final class Plain implements ArrayDecoder {
        private final MemorySegment data;
        private final long to;
        private long at;

        public Plain(MemorySegment data, long from, long to) {
            this.data = data;
            this.at = from;
            this.to = to;
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            long position = at;
            for (int i = 0; i < count; i++) {
                if (to - position < 4) throw new DamagedPage("has fewer values than it says");
                int length = data.get(Layouts.INT, position);
                position += 4;
                if (length < 0 || length > to - position)
                    throw new DamagedPage("has a value longer than the page");
                starts[i] = (int) position;
                lengths[i] = length;
                position += length;
            }
            at = position;
            return data;
        }
    }

    /// Values of one width, end to end.
    final class Fixed implements ArrayDecoder {
        private final MemorySegment data;
        private final long to;
        private final int width;
        private long at;

        public Fixed(MemorySegment data, long from, long to, int width) {
            this.data = data;
            this.at = from;
            this.to = to;
            this.width = width;
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            if ((long) count * width > to - at)
                throw new DamagedPage("has fewer values than it says");
            for (int i = 0; i < count; i++) {
                starts[i] = (int) at;
                lengths[i] = width;
                at += width;
            }
            return data;
        }
    }

    /// Values of one width whose bytes lie apart.
    final class Joined implements ArrayDecoder {
        private static final int SLACK_BYTES = 16;

        private final FixedDecoder values;
        private final int width;
        private final MemoryAccount account;
        private Buffer joined;

        public Joined(FixedDecoder values, int width, MemoryAccount account) {
            this.values = values;
            this.width = width;
            this.account = account;
            this.joined = account.allocate(1024);
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            long bytes = (long) count * width;
            if (bytes > Integer.MAX_VALUE - SLACK_BYTES)
                throw new DamagedPage("has values of more than 2 GiB");
            joined = account.grow(joined, 0, bytes + SLACK_BYTES);
            values.read(count, joined.segment(), 0);
            for (int i = 0; i < count; i++) {
                starts[i] = i * width;
                lengths[i] = width;
            }
            return joined.segment();
        }

        @Override
        public void close() {
            joined.close();
        }
    }

    /// 16 bytes each as text, such as `123e4567-e89b-12d3-a456-426614174000`.
    final class Uuids implements ArrayDecoder {
        private static final int TEXT_BYTES = 36;
        private static final int SLACK_BYTES = 16;
        private static final String DIGITS = "0123456789abcdef";

        private final ArrayDecoder values;
        private final MemoryAccount account;
        private Buffer texts;

        /// Takes `values` over.
        public Uuids(ArrayDecoder values, MemoryAccount account) {
            this.values = values;
            this.account = account;
            try {
                this.texts = account.allocate(1024);
            } catch (RuntimeException e) {
                values.close();
                throw e;
            }
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            long bytes = (long) count * TEXT_BYTES;
            if (bytes > Integer.MAX_VALUE - SLACK_BYTES)
                throw new DamagedPage("has values of more than 2 GiB");
            MemorySegment source = values.read(count, starts, lengths);
            texts = account.grow(texts, 0, bytes + SLACK_BYTES);
            MemorySegment out = texts.segment();
            for (int i = 0; i < count; i++) {
                write(source, starts[i], out, (long) i * TEXT_BYTES);
                starts[i] = i * TEXT_BYTES;
                lengths[i] = TEXT_BYTES;
            }
            return out;
        }

        private static void write(MemorySegment source, int start, MemorySegment out, long to) {
            long at = to;
            for (int i = 0; i < 16; i++) {
                if (i == 4 || i == 6 || i == 8 || i == 10) out.set(Layouts.BYTE, at++, (byte) '-');
                int value = source.get(Layouts.BYTE, (long) start + i) & 0xFF;
                out.set(Layouts.BYTE, at++, (byte) DIGITS.charAt(value >>> 4));
                out.set(Layouts.BYTE, at++, (byte) DIGITS.charAt(value & 15));
            }
        }

        @Override
        public void close() {
            values.close();
            texts.close();
        }
    }

    /// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
    final class DeltaLength implements ArrayDecoder {
        private final MemorySegment data;
        private final long to;
        private final Lengths all;
        private long at;

        /// @param valuesMax how many values there can be at most
        public DeltaLength(
                MemorySegment data, long from, long to, int valuesMax, MemoryAccount account) {
            this.data = data;
            this.to = to;
            this.all = new Lengths(data, from, to, valuesMax, account);
            this.at = all.end();
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            for (int i = 0; i < count; i++) {
                int length = all.next();
                if (length < 0 || length > to - at)
                    throw new DamagedPage("has a value longer than the page");
                starts[i] = (int) at;
                lengths[i] = length;
                at += length;
            }
            return data;
        }

        @Override
        public void close() {
            all.close();
        }
    }

    /// DELTA_BYTE_ARRAY: each value begins with some bytes of the one before.
    final class DeltaPrefix implements ArrayDecoder {
        private static final int SLACK_BYTES = 16;

        private final MemorySegment data;
        private final long to;
        private final Lengths prefixes;
        private final Lengths suffixes;
        private final MemoryAccount account;
        private Buffer values;
        private long at;
        private int lastStart;
        private int lastLength;

        /// @param valuesMax how many values there can be at most
        public DeltaPrefix(
                MemorySegment data, long from, long to, int valuesMax, MemoryAccount account) {
            this.data = data;
            this.to = to;
            this.account = account;
            this.prefixes = new Lengths(data, from, to, valuesMax, account);
            Lengths second = null;
            try {
                second = new Lengths(data, prefixes.end(), to, valuesMax, account);
                this.values = account.allocate(1024);
            } catch (RuntimeException e) {
                prefixes.close();
                if (second != null) second.close();
                throw e;
            }
            this.suffixes = second;
            this.at = suffixes.end();
        }

        @Override
        public MemorySegment read(int count, int[] starts, int[] lengths) {
            // The last value of the batch before is all that is still needed of it.
            MemorySegment.copy(values.segment(), lastStart, values.segment(), 0, lastLength);
            lastStart = 0;
            long end = lastLength;
            for (int i = 0; i < count; i++) {
                int prefix = prefixes.next();
                int suffix = suffixes.next();
                if (prefix < 0 || prefix > lastLength || suffix < 0 || suffix > to - at)
                    throw new DamagedPage("has a value longer than the page");
                long next = end + prefix + suffix;
                if (next > Integer.MAX_VALUE - SLACK_BYTES)
                    throw new DamagedPage("has values of more than 2 GiB");
                if (next + SLACK_BYTES > values.capacityBytes())
                    values =
                            account.grow(
                                    values,
                                    end,
                                    Math.max(next + SLACK_BYTES, values.capacityBytes() * 2));
                MemorySegment out = values.segment();
                MemorySegment.copy(out, lastStart, out, end, prefix);
                MemorySegment.copy(data, at, out, end + prefix, suffix);
                at += suffix;
                lastStart = (int) end;
                lastLength = prefix + suffix;
                starts[i] = lastStart;
                lengths[i] = lastLength;
                end = next;
            }
            return values.segment();
        }

        @Override
        public void close() {
            prefixes.close();
            suffixes.close();
            values.close();
        }
    }

    /// A delta-encoded list of lengths, decoded at once because the bytes begin behind it.
    final class Lengths implements AutoCloseable {
        private final int count;
        private final long end;
        private @Nullable Buffer decoded;
        private int next;

        private Lengths(
                MemorySegment data, long from, long to, int valuesMax, MemoryAccount account) {
            var deltas = new DeltaDecoder(data, from, to);
            count = deltas.count();
            if (count > valuesMax) throw new DamagedPage("has more lengths than values");
            Buffer buffer = account.allocate(count * 4L);
            try {
                deltas.readInts(buffer.segment(), 0, count);
            } catch (RuntimeException e) {
                buffer.close();
                throw e;
            }
            decoded = buffer;
            end = deltas.position();
        }

        private int next() {
            if (next >= count || decoded == null)
                throw new DamagedPage("has fewer values than it says");
            return decoded.segment().get(Layouts.INT, 4L * next++);
        }

        private long end() {
            return end;
        }

        @Override
        public void close() {
            if (decoded != null) decoded.close();
            decoded = null;
        }
    }
}
