package dev.quiver.io.store;

import java.io.IOException;

/// Files that are on their way into a store. Closing it before [#complete] takes everything back.
public interface Upload extends AutoCloseable {
    /// In how many parts the bytes of all files are sent.
    int parts();

    /// Sends a part; after a failure it may be sent again. For many threads, each with its own
    /// part.
    ///
    /// @param part from 0 on
    void send(int part) throws IOException, InterruptedException;

    /// The address of a part's file.
    String url(int part);

    /// Gives the files their names, one after the other, in the order of their addresses; called
    /// again after a failure it goes on.
    void complete() throws IOException, InterruptedException;

    /// @throws IOException when the store keeps parts that nobody sees
    @Override
    void close() throws IOException;
}
