package dev.quiver.cluster.data;

import static dev.quiver.cluster.data.OutputAssembly.require;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The schemas and the dictionaries that a stream told: each dictionary of the peer's with the
/// codes that its words have in a dictionary of this process. For one thread at a time.
final class KnownTerms implements AutoCloseable {
    private static final class Known {
        SharedDictionaries.Target target;
        int[] codes = new int[0];
        int words;

        /// Whether each word has the same code here and there.
        boolean same = true;

        Known(SharedDictionaries.Target target) {
            this.target = target;
        }
    }

    private final SharedDictionaries shared;
    private final List<Schema> schemas = new ArrayList<>();
    private final List<Known> dictionaries = new ArrayList<>();
    private long bytes;

    KnownTerms(SharedDictionaries shared) {
        this.shared = shared;
    }

    void add(StreamFormat.SchemaTold told) {
        require(told.schema() == schemas.size(), "schemas in order");
        schemas.add(told.fields());
    }

    Schema schema(int number) {
        require(number >= 0 && number < schemas.size(), "a schema that was told");
        return schemas.get(number);
    }

    /// Bytes of the words that were told.
    long bytes() {
        return bytes;
    }

    /// @param offsets one more than there are words, from any base on
    /// @param text with readable bytes behind, as dictionaries want it
    void add(StreamFormat.WordsTold told, MemorySegment offsets, MemorySegment text) {
        require(
                told.dictionary() >= 0 && told.dictionary() <= dictionaries.size(),
                "dictionaries in order");
        if (told.dictionary() == dictionaries.size())
            dictionaries.add(new Known(shared.target(told.stage(), told.column())));
        Known known = dictionaries.get(told.dictionary());
        int count = told.to() - told.from();
        require(told.from() == known.words && count >= 0, "words in order");
        int base = offsets.get(Layouts.INT, 0);
        var starts = new int[count + 1];
        for (int i = 0; i <= count; i++) {
            starts[i] = offsets.get(Layouts.INT, i * 4L) - base;
            require(
                    starts[i] >= (i == 0 ? 0 : starts[i - 1]) && starts[i] <= told.bytes(),
                    "words in order");
        }
        if (!known.target.hasRoomFor(count, told.bytes())) moveAlone(known);
        known.codes = Arrays.copyOf(known.codes, told.to());
        known.target.add(starts, text, known.codes, told.from());
        for (int i = told.from(); i < told.to(); i++) known.same &= known.codes[i] == i;
        known.words = told.to();
        bytes += told.bytes() + count * 16L;
    }

    /// Goes on with a dictionary of its own when the shared one is full: a peer's own words have
    /// room in one.
    private void moveAlone(Known known) {
        SharedDictionaries.Target old = known.target;
        SharedDictionaries.Target alone = shared.alone();
        var codes = new int[known.words];
        boolean same = true;
        try (DictionaryValues words = old.pin()) {
            for (int i = 0; i < codes.length; i++) {
                int code = known.codes[i];
                int length = words.end(code) - words.start(code);
                codes[i] = alone.dictionary().add(words.data(), words.start(code), length);
                same &= codes[i] == i;
            }
        } catch (RuntimeException | Error e) {
            alone.close();
            throw e;
        }
        known.target = alone;
        known.codes = codes;
        known.same = same;
        old.close();
    }

    /// A column of the peer's codes, which are rewritten in place. Takes the buffers over, but not
    /// when this fails.
    Column column(
            DataType type,
            int rows,
            Buffer codes,
            @Nullable Buffer validity,
            int dictionary,
            int words) {
        require(dictionary >= 0 && dictionary < dictionaries.size(), "a dictionary that was told");
        Known known = dictionaries.get(dictionary);
        require(words >= 0 && words <= known.words, "a dictionary's words");
        if (known.same) check(codes.segment(), rows, words);
        else if (validity == null) rewrite(codes.segment(), rows, known.codes, words);
        else rewrite(codes.segment(), rows, known.codes, words, validity.segment());
        DictionaryValues values = known.target.pin();
        try {
            return new DictionaryColumn(
                    type, rows, codes, known.target.dictionary(), values, validity);
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    /// 0 stands for null, also where there are no words.
    private static void check(MemorySegment codes, int rows, int words) {
        int most = 0;
        int signs = 0;
        for (int i = 0; i < rows; i++) {
            int code = codes.get(Layouts.INT, i * 4L);
            most = Math.max(most, code);
            signs |= code;
        }
        require(signs >= 0 && most < Math.max(words, 1), "codes of its dictionary");
    }

    private static void rewrite(MemorySegment codes, int rows, int[] to, int words) {
        check(codes, rows, words);
        if (words == 0) return;
        for (int i = 0; i < rows; i++)
            codes.set(Layouts.INT, i * 4L, to[codes.get(Layouts.INT, i * 4L)]);
    }

    private static void rewrite(
            MemorySegment codes, int rows, int[] to, int words, MemorySegment valid) {
        check(codes, rows, words);
        if (words == 0) return;
        for (int i = 0; i < rows; i++) {
            int code = to[codes.get(Layouts.INT, i * 4L)];
            codes.set(Layouts.INT, i * 4L, Validity.get(valid, i) ? code : 0);
        }
    }

    @Override
    public void close() {
        for (Known known : dictionaries) known.target.close();
        dictionaries.clear();
    }
}
