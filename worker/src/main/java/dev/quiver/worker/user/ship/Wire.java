package dev.quiver.worker.user.ship;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// How the lists in bundles are laid out: big-endian words, texts in modified UTF-8.
final class Wire {
    /// The most entries that any list in a bundle has.
    static final int COUNT_MAX = 100_000;

    private Wire() {}

    @FunctionalInterface
    interface Writer {
        void write(DataOutput out) throws IOException;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(DataInput in) throws IOException;
    }

    static byte[] written(Writer writer) {
        var bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /// @throws IOException when the bytes end early, go on, or say what can't be
    static <T> T read(byte[] bytes, Reader<T> reader) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            T value = reader.read(in);
            if (in.read() >= 0) throw new IOException("a bundle goes on behind its end");
            return value;
        } catch (IllegalArgumentException e) {
            throw new IOException("a bundle that makes no sense", e);
        }
    }

    static void write(DataOutput out, BundleHash hash) throws IOException {
        out.writeLong(hash.first());
        out.writeLong(hash.second());
        out.writeLong(hash.third());
        out.writeLong(hash.fourth());
    }

    static BundleHash readHash(DataInput in) throws IOException {
        return new BundleHash(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    static int readCount(DataInput in, String what) throws IOException {
        return checked(in.readInt(), what);
    }

    static int checked(long count, String what) throws IOException {
        if (count < 0 || count > COUNT_MAX)
            throw new IOException("%d %s in a bundle".formatted(count, what));
        return (int) count;
    }
}
