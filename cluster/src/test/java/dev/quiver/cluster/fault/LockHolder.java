package dev.quiver.cluster.fault;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import java.time.Duration;

/// The `main` of a client that takes a lock and never gives it back.
final class LockHolder {
    private LockHolder() {}

    /// @param arguments the cluster's address, the lock's name
    public static void main(String[] arguments) {
        var end = ProcessHandle.current().parent().orElseThrow().onExit();
        Options options = Options.defaults().quiet().lease(Duration.ofSeconds(1));
        Session q = Quiver.connect(arguments[0], options);
        q.<Long>variable("token").set(q.lock(arguments[1]).acquire().token());
        end.join();
    }
}
