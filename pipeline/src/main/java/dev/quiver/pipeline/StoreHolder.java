package dev.quiver.pipeline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The process that holds a directory of a store, as the store is told.
///
/// @param host empty when it isn't known
/// @param began when the process did, as its system says it, since process numbers come again
/// @param token different for each hold
record StoreHolder(String host, long pid, String began, String token) {
    static StoreHolder ofProcess() {
        ProcessHandle process = ProcessHandle.current();
        return new StoreHolder(
                thisHost(), process.pid(), began(process), UUID.randomUUID().toString());
    }

    private static String began(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }

    /// Reads what [#text] says; empty when it is something else.
    static Optional<StoreHolder> of(byte[] text) {
        String[] parts = new String(text, StandardCharsets.UTF_8).split("\n", -1);
        if (parts.length != 5 || !parts[1].matches("\\d{1,18}")) return Optional.empty();
        return Optional.of(new StoreHolder(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]));
    }

    /// @param count different each time
    byte[] text(long count) {
        return "%s\n%d\n%s\n%s\n%d"
                .formatted(host, pid, began, token, count)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Whether it is surely gone: this process, which knows that it doesn't hold it any more, or
    /// one of this machine that has ended.
    boolean isGone() {
        if (host.isEmpty() || !host.equals(thisHost())) return false;
        if (pid == ProcessHandle.current().pid()) return true;
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> began(process).equals(began))
                .isEmpty();
    }

    /// What people call it.
    String name() {
        return "%d on %s".formatted(pid, host);
    }
}
