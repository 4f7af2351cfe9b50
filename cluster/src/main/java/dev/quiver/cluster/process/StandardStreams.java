package dev.quiver.cluster.process;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/// Standard output and standard error of this process, where a thread can have a copy of what it
/// prints itself. The streams get all of it as before.
public final class StandardStreams {
    private static final ThreadLocal<@Nullable Listener> HERE = new ThreadLocal<>();

    private StandardStreams() {}

    /// Hears what one thread prints.
    public interface Listener {
        /// Bytes that are valid during the call only, in the charset of the stream.
        ///
        /// @param error whether on standard error
        void printed(boolean error, byte[] bytes, int from, int to);
    }

    /// Code that is listened to.
    public interface Printing<T> {
        T call() throws Exception;
    }

    /// Has the streams of this process heard; does nothing where they are.
    public static synchronized void hear() {
        if (!(System.out instanceof Heard)) System.setOut(new Heard(System.out, false));
        if (!(System.err instanceof Heard)) System.setErr(new Heard(System.err, true));
    }

    /// Calls `code`; what this thread prints meanwhile is told to `listener` too.
    public static <T> T heardBy(Listener listener, Printing<T> code) throws Exception {
        Listener outer = HERE.get();
        HERE.set(listener);
        try {
            return code.call();
        } finally {
            if (outer == null) HERE.remove();
            else HERE.set(outer);
        }
    }

    private static final class Heard extends PrintStream {
        Heard(PrintStream stream, boolean error) {
            super(new Copying(stream, error), false, stream.charset());
        }
    }

    private static final class Copying extends FilterOutputStream {
        private final boolean error;

        Copying(OutputStream stream, boolean error) {
            super(stream);
            this.error = error;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            Listener listener = HERE.get();
            if (listener != null) listener.printed(error, bytes, from, from + count);
        }
    }

    /// The charset of standard output or standard error.
    public static Charset charset(boolean error) {
        return (error ? System.err : System.out).charset();
    }
}
