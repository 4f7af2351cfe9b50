package dev.quiver.pipeline.history;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/// A process that works on a run.
///
/// @param host the machine, by name
/// @param process its number there
/// @param began when the process did, which tells it from a later one of the same number
record Maker(String host, long process, String began) {
    private static final String HOST = hostName();

    static Maker ofProcess() {
        return new Maker(HOST, ProcessHandle.current().pid(), began(ProcessHandle.current()));
    }

    private static String hostName() {
        String said = System.getenv("HOSTNAME");
        if (said != null && !said.isBlank()) return said;
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost"; // a machine without a name has no other to be mixed up with
        }
    }

    private static String began(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /// Whether it still works; of another machine that can't be told, so it is assumed.
    boolean isAlive() {
        if (!host.equals(HOST)) return true;
        Optional<ProcessHandle> there = ProcessHandle.of(process);
        return there.isPresent() && there.get().isAlive() && began(there.get()).equals(began);
    }
}
