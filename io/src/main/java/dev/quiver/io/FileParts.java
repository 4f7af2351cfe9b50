package dev.quiver.io;

import dev.quiver.columnar.memory.Checkpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;

/// Moves bytes from files into another one, without a way through this process's memory where the
/// operating system can.
public final class FileParts {
    private static final long BYTES_PER_STEP = 16L << 20;

    private FileParts() {}

    /// Puts bytes `[offset, offset + count)` of `from` where `into` stands, which moves on.
    ///
    /// @param force of `into`
    /// @throws IOException also when there are fewer bytes
    public static void copy(
            FileChannel from,
            long offset,
            long count,
            FileChannel into,
            EarlyForce force,
            Checkpoint checkpoint)
            throws IOException {
        long done = 0;
        while (done < count) {
            checkpoint.check();
            long step = Math.min(BYTES_PER_STEP, count - done);
            long moved = from.transferTo(offset + done, step, into);
            if (moved <= 0)
                throw new IOException("a part has fewer than %d bytes".formatted(offset + count));
            done += moved;
            force.written(moved);
        }
    }
}
