package dev.quiver.cluster.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Machines on one network, which can be cut between any two of them, and be slow and lossy:
/// network namespaces of this machine on a bridge. Takes root, nftables and a kernel with the token
/// bucket filter.
final class TestNetwork implements AutoCloseable {
    private static final Pattern PACKETS = Pattern.compile("counter packets (\\d+)");

    private final String name = "qv" + ProcessHandle.current().pid() % 100_000;
    private final String addresses =
            "10.%d.%d."
                    .formatted(
                            200 + ProcessHandle.current().pid() / 200 % 50,
                            ProcessHandle.current().pid() % 200);
    private final int count;

    TestNetwork(int count) {
        this.count = count;
        try {
            ip("link", "add", name, "type", "bridge");
            ip("addr", "add", addresses + "1/24", "dev", name);
            ip("link", "set", name, "up");
            for (int i = 0; i < count; i++) add(i);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void add(int machine) {
        String space = space(machine);
        ip("netns", "add", space);
        ip("link", "add", space, "type", "veth", "peer", "name", "eth0", "netns", space);
        ip("link", "set", space, "master", name, "up");
        ip("-n", space, "addr", "add", address(machine) + "/24", "dev", "eth0");
        ip("-n", space, "link", "set", "eth0", "up");
        ip("-n", space, "link", "set", "lo", "up");
    }

    private String space(int machine) {
        return name + "-" + machine;
    }

    private String address(int machine) {
        return addresses + (machine + 2);
    }

    List<Machine> machines() {
        return IntStream.range(0, count)
                .mapToObj(i -> new Machine(address(i), List.of("ip", "netns", "exec", space(i))))
                .toList();
    }

    List<String> hosts() {
        return IntStream.range(0, count).mapToObj(this::address).toList();
    }

    /// Nothing goes between two machines any more.
    void cut(int one, int other) {
        route("add", one, other);
        route("add", other, one);
    }

    void heal(int one, int other) {
        route("del", one, other);
        route("del", other, one);
    }

    /// What each machine sends waits in front of a slow link, so that it comes late, and some of
    /// what comes to each is lost.
    ///
    /// @param megabits a second
    /// @param queueMillis at most so late; what doesn't fit into the queue is lost, too
    /// @param lostPercent of packets, at random
    void worsen(int megabits, int queueMillis, int lostPercent) {
        for (int i = 0; i < count; i++) {
            in(
                    i,
                    "tc qdisc add dev eth0 root tbf rate %dmbit burst 32kb latency %dms"
                            .formatted(megabits, queueMillis));
            in(i, "nft add table inet loss");
            in(i, "nft add chain inet loss input { type filter hook input priority 0; }");
            in(
                    i,
                    "nft add rule inet loss input iif eth0 numgen random mod 100 < %d counter drop"
                            .formatted(lostPercent));
        }
    }

    /// Undoes [#worsen].
    ///
    /// @return how many packets were lost at random
    long mend() {
        long lost = 0;
        for (int i = 0; i < count; i++) {
            Matcher packets = PACKETS.matcher(in(i, "nft list table inet loss"));
            if (packets.find()) lost += Long.parseLong(packets.group(1));
            in(i, "nft delete table inet loss");
            in(i, "tc qdisc del dev eth0 root");
        }
        return lost;
    }

    /// Has a machine run a command.
    private String in(int machine, String command) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", space(machine)));
        all.addAll(List.of(command.split(" ")));
        return run(all);
    }

    private void route(String verb, int from, int to) {
        ip("-n", space(from), "route", verb, "blackhole", address(to) + "/32");
    }

    private static void ip(String... arguments) {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new AssertionError(command + ": " + said);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < count; i++) ip("netns", "del", space(i));
        ip("link", "del", name);
    }
}
