package dev.quiver.cluster.client;

import dev.quiver.client.Packing;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the user's code gets from a client to workers.
interface Shipping extends AutoCloseable {
    void start();

    /// Whose classes the code has.
    ///
    /// @param client that submits it
    int owner(int client);

    /// For code and results of a loader's classes.
    Packing packing(@Nullable ClassLoader loader);

    /// Packs the functions of queries.
    Foreign functions();

    /// Sends bundles that were asked for.
    void upload(List<Bytes> wanted, int client, SchedulerLine line);

    @Override
    void close();
}
