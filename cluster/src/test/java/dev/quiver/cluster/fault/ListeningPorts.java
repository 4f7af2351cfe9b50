package dev.quiver.cluster.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// All ports at which a process of this machine listens, as the kernel has them.
final class ListeningPorts {
    private static final String LISTENING = "0A";
    private static final String SOCKET = "socket:[";

    private ListeningPorts() {}

    static Set<Integer> of(Process process) throws IOException {
        Path proc = Path.of("/proc/" + process.pid());
        var sockets = new HashSet<String>();
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            for (Path each : open.toList()) {
                String target = target(each);
                if (target.startsWith(SOCKET))
                    sockets.add(target.substring(SOCKET.length(), target.length() - 1));
            }
        }
        var ports = new TreeSet<Integer>();
        for (String table : List.of("net/tcp", "net/tcp6"))
            for (String line : Files.readAllLines(proc.resolve(table))) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length > 9 && words[3].equals(LISTENING) && sockets.contains(words[9]))
                    ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
            }
        return ports;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
