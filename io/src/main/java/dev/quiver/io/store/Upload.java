package dev.quiver.io.store;

import java.io.IOException;

/// Files that are on their way into a store. Closing it before [#complete] takes everything back.
public interface Upload extends AutoCloseable {
    /// Sends the next part of the files.
    ///
    /// @return whether there is more to send
    boolean send() throws IOException, InterruptedException;

    /// Gives the files their names, one after the other, in the order of their addresses; called
    /// again after a failure it goes on.
    void complete() throws IOException, InterruptedException;

    /// @throws StoreFailure when the store keeps parts that nobody sees
    @Override
    void close() throws IOException;
}
