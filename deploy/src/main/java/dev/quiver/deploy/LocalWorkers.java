package dev.quiver.deploy;

import dev.quiver.cluster.process.Supervisor;
import dev.quiver.cluster.scale.Scaler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Workers in supervised processes of this machine. What they print goes to standard output behind
/// their names. Thread-safe.
final class LocalWorkers implements Scaler, AutoCloseable {
    private final Function<String, List<String>> command;
    private final Map<String, Supervisor> supervisors = new LinkedHashMap<>();
    private int begun;
    private boolean closed;

    /// @param command the command line of a worker with that name
    LocalWorkers(Function<String, List<String>> command) {
        this.command = command;
    }

    @Override
    public synchronized List<String> started() {
        supervisors.values().removeIf(supervisor -> !supervisor.isRunning());
        return List.copyOf(supervisors.keySet());
    }

    @Override
    public synchronized void start() {
        if (closed) return;
        String name = "worker-" + ++begun;
        var supervisor =
                new Supervisor(
                        name, command.apply(name), line -> System.out.println(name + ": " + line));
        supervisors.put(name, supervisor);
        supervisor.start();
    }

    /// Ends all.
    @Override
    public void close() {
        List<Supervisor> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(supervisors.values());
        }
        all.parallelStream().forEach(Supervisor::close);
    }
}
