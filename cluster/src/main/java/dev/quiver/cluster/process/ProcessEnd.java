package dev.quiver.cluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a process ended, in words.
final class ProcessEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final Path EVENTS = Path.of("/sys/fs/cgroup/memory.events");
    private static final String KILLS = "oom_kill ";
    private static final int SIGNALLED = 128;

    private final long killedBefore = killedForMemory();

    /// Made when a process begins: what the kernel does from now on may be about it.
    ProcessEnd() {}

    /// @param status as [Process#exitValue] gives it
    String inWords(int status) {
        if (status > SIGNALLED && killedForMemory() > killedBefore)
            return "the system killed it, because memory ran out";
        if (status == 0) return "it stopped by itself";
        if (status <= SIGNALLED) return "exit status " + status;
        int signal = status - SIGNALLED;
        String known =
                switch (signal) {
                    case 6 -> " (SIGABRT: the JVM broke)";
                    case 9 -> " (SIGKILL: somebody or the system killed it)";
                    case 11 -> " (SIGSEGV: the JVM broke)";
                    case 15 -> " (SIGTERM: somebody stopped it)";
                    default -> "";
                };
        return "signal " + signal + known;
    }

    /// How many processes of this control group the kernel has killed because memory ran out; 0
    /// where that can't be known.
    private static long killedForMemory() {
        try {
            for (String line : Files.readAllLines(EVENTS))
                if (line.startsWith(KILLS))
                    return Long.parseLong(line.substring(KILLS.length()).strip());
        } catch (IOException e) {
            LOG.trace("no control group tells of kills", e);
        }
        return 0;
    }
}
